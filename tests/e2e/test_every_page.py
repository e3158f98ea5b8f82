"""Every page each role can reach: accessible, steady, within the screen and honest about its data.

A page is found by following links: one example of each kind of page for each role, and the variants in `pages`.
The cheap questions are asked of every page at both sizes; axe looks at every structure once a size, for pages
built of the same pieces have the same barriers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Page, expect

from .conftest import Visit
from .looking import WATCH_SHIFTS, barriers, kind_of, look
from .pages import ANYBODY, DARK, NOT_PAGES, REFUSED, ROLES, STEPS, VARIANTS

# Milliseconds for the background job to read or write a small file.
WORKED_OFF = 30_000

ADDRESS = "node => node.href || `${node.action}?${new URLSearchParams(new FormData(node))}`"


@pytest.fixture(scope="module")
def seen_shapes() -> set[tuple[bool, str]]:
    """The structures axe has looked at, by size."""
    return set()


@pytest.fixture(scope="module")
def kinds_walked() -> dict[str | None, set[str]]:
    """The kinds of pages each user has walked."""
    return {}


@pytest.mark.parametrize("username", [None, *ROLES])
def test_each_page_of_the_role(
    visit: Visit,
    seen_shapes: set[tuple[bool, str]],
    kinds_walked: dict[str | None, set[str]],
    username: str | None,
) -> None:
    wrong: list[str] = []
    if username in PREPARED:
        page = visit.page(username, watch=WATCH_SHIFTS)
        PREPARED[username](page)
    walked = _walk(visit, seen_shapes, username, wrong)
    kinds_walked[username] = set(walked.values())
    for path in walked:
        _look_at(visit, seen_shapes, username, path, phone=True, wrong=wrong)
    assert len(walked) >= (2 if username in {None, "borger", "paaroerende"} else 5), walked
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_page_is_left_out(kinds_walked: dict[str | None, set[str]]) -> None:
    if len(kinds_walked) <= len(ROLES):
        pytest.skip("Kun nogle af rollerne er gået igennem.")
    ours = {name for name in _names(get_resolver()) if not name.startswith(("api-1:", "account_"))}
    walked = set().union(*kinds_walked.values())
    left_out = sorted(ours - NOT_PAGES - walked)
    assert not left_out, "\n".join(left_out)


def _send_files(page: Page) -> None:
    """A file in, with a row that cannot be, and a file out, so that there are such pages to see."""
    page.goto("/udveksling/")
    template = page.request.get("/udveksling/skabelon/enheder.csv").text().splitlines()[0]
    broken = template + "\r\n" + ";".join(["ikke til at læse"] * len(template.split(";"))) + "\r\n"
    form = page.locator("form", has=page.get_by_role("button", name="Se filen efter"))
    form.locator("[name=kind]").select_option(label="Enheder")
    form.locator("input[type=file]").set_input_files(
        {"name": "enheder.csv", "mimeType": "text/csv", "buffer": broken.encode("utf-8-sig")}
    )
    form.locator("button[type=submit]").click()
    expect(page.get_by_role("heading", name="Det skal rettes")).to_be_visible(timeout=WORKED_OFF)
    page.goto("/udveksling/")
    form = page.locator("form", has=page.get_by_role("button", name="Hent", exact=True))
    form.locator("[name=kind]").select_option(label="Enheder")
    with page.expect_download(timeout=WORKED_OFF):
        form.locator("button[type=submit]").click()


def _copy_a_scenario(page: Page) -> None:
    """A scenario of one's own, so that there is one to edit, and a draft of it, so that there is one to see."""
    page.goto("/organisation/scenarier/")
    page.get_by_role("button", name="Lav en kopi").first.click()
    expect(page.get_by_role("button", name="Gem scenariet")).to_be_visible()
    page.locator("form[data-draft] input[type=text]").first.fill("Et andet navn")
    expect(page.locator(".draft-line").first).to_contain_text("Kladde gemt")


PREPARED: dict[str | None, Callable[[Page], None]] = {"admin": _send_files, "oekonom": _copy_a_scenario}


def _end_of(page: Page, first: str, *steps: str) -> str:
    """Where one ends by following each step's link, or form as it stands."""
    page.goto(first)
    for step in steps:
        page.goto(page.locator(step).first.evaluate(ADDRESS))
    return page.evaluate("location.pathname + location.search")


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield f"{space}{entry.name}"


def _walk(
    visit: Visit, seen: set[tuple[bool, str]], username: str | None, wrong: list[str]
) -> dict[str, str]:
    """Follow links from the front page, one of each kind; the paths walked with the kind of each."""
    waiting = list(ANYBODY) if username is None else ["/"]
    known = {kind_of(visit.site.url + path, visit.site.url) for path in waiting} | NOT_PAGES | {""}
    walked: dict[str, str] = {}
    while waiting:
        path = waiting.pop(0)
        links = _look_at(visit, seen, username, path, phone=False, wrong=wrong)
        walked[path] = kind_of(visit.site.url + path, visit.site.url)
        for link in links if username else []:
            kind = kind_of(link, visit.site.url)
            if kind not in known:
                known.add(kind)
                waiting.append(link.removeprefix(visit.site.url).split("#")[0])
    for steps in STEPS.get(username or "", ()):
        path = _end_of(visit.page(username), *steps)
        _look_at(visit, seen, username, path, phone=False, wrong=wrong)
        walked[path] = kind_of(visit.site.url + path, visit.site.url)
    for path in VARIANTS.get(username or "", ()):
        _look_at(visit, seen, username, path, phone=False, wrong=wrong)
        walked[path] = kind_of(visit.site.url + path, visit.site.url)
    return walked


def _look_at(
    visit: Visit,
    seen: set[tuple[bool, str]],
    username: str | None,
    path: str,
    *,
    phone: bool,
    wrong: list[str],
) -> list[str]:
    """Ask the page everything; adds what is wrong to `wrong` and gives the page's links."""
    page = visit.page(username, phone=phone, watch=WATCH_SHIFTS)
    visit.problems.clear()
    answer = page.goto(path, wait_until="load")
    expected = REFUSED.get((username, path), 200)
    faults, facts = look(page, answer, expected)
    faults += [text for text in visit.problems if expected == 200 or f"status of {expected}" not in text]
    if (phone, facts["shape"]) not in seen:
        seen.add((phone, facts["shape"]))
        faults += barriers(page)
    where = f"{username or 'ingen'} {path} ({'360' if phone else '1280'})"
    wrong += [f"{where}: {fault}" for fault in faults]
    links: list[str] = facts["links"]
    return links


@pytest.mark.parametrize(("username", "path"), DARK)
def test_a_handful_in_the_dark(visit: Visit, username: str | None, path: str) -> None:
    page = visit(username, path, scheme="dark")
    assert barriers(page) == []
