"""The page frame, the component page, the error pages, and what every template must keep to."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

import roedtraad
from roedtraad.design import views

SOURCE = Path(roedtraad.__file__).parent
STATIC = SOURCE / "design" / "static"


def frame(**changes: Any) -> SimpleNamespace:
    entries = [
        SimpleNamespace(url=f"/{place}/", label=f"Punkt {place}", icon="home", current=place == 2)
        for place in range(changes.pop("entries", 7))
    ]
    return SimpleNamespace(
        **{
            "items": entries,
            "home_url": "/hjem/",
            "role_label": "Leder",
            "unit_label": "Hus 3",
            "user_label": "Ane Prøve",
            "roles": [("a", "Leder", True), ("b", "Økonom", False)],
            "role_switch_url": "/rolle/",
            "search_url": "",
            "example_data": True,
            "today": dt.date(2026, 6, 15),
            "language_switch_url": "/sprog/",
            **changes,
        }
    )


def page(**context: Any) -> str:
    return get_template("design/page.html").render(context, RequestFactory().get("/"))


def test_the_frame_shows_the_way_the_role_and_what_kind_of_data() -> None:
    html = page(frame=frame())
    assert 'href="#content"' in html
    assert html.count('aria-current="page"') == 2  # rail and bottom bar
    assert "Hus 3" in html
    assert html.count("Eksempeldata") == 2  # on screen and on paper
    assert 'name="role" value="b"' in html
    assert "data-search" not in html
    assert "data-search" in page(frame=frame(search_url="/soeg/"))


def test_the_bottom_bar_never_has_more_than_five() -> None:
    bar = re.compile(r'<nav class="bottombar".*?</nav>', re.S)
    many = bar.search(page(frame=frame(entries=7)))
    few = bar.search(page(frame=frame(entries=5)))
    assert many
    assert few
    head = many.group().split('<div class="menu-body">')[0]
    assert head.count("<a ") + head.count("<summary>") == 5
    assert few.group().count("<a ") == 5
    assert "<details" not in few.group()


def test_without_entries_there_is_no_navigation() -> None:
    html = page(frame=frame(entries=0, user_label="", roles=[]))
    assert 'class="rail"' not in html
    assert 'class="bottombar"' not in html


def test_the_past_is_tinted_and_said() -> None:
    assert "data-past" not in page(frame=frame())
    html = page(frame=frame(), is_past=True, as_of=dt.date(2024, 3, 3))
    assert "data-past" in html
    assert "Du ser 3. marts 2024" in html


def test_messages_become_toasts_with_undo() -> None:
    html = page(frame=frame(), messages=[Message(constants.SUCCESS, "Gemt.", extra_tags="undo:/fortryd/")])
    assert 'role="status"' in html
    assert 'action="/fortryd/"' in html


@pytest.mark.django_db
def test_the_component_page_answers_within_two_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        answer = client.get(reverse("design:design"), {"theme": "dark", "dato": "2020-07-01"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-theme="dark"' in html
    assert "data-past" in html
    assert "<title>Komponenter – Rødtråd</title>" in html
    assert views.components.policy.open_because


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "2020-02-30", "nonsens", "0001-01-01", "9999-12-31"])
def test_the_component_page_takes_any_date(client: Client, asked: str) -> None:
    assert client.get(reverse("design:design"), {"dato": asked}).status_code == 200


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_error_pages_stand_alone(code: int) -> None:
    html = get_template(f"{code}.html").render({"reason": "Du har ikke rollen."})
    assert "<h1>" in html
    assert ("Du har ikke rollen." in html) == (code == 403)


TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_template_carries_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), "a script belongs in a static file"
    assert not re.search(r"<style\b", text), "a style belongs in a static file"
    assert not re.search(r"\sstyle\s*=", text), "use a class"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "listen in a script file"
    assert "javascript:" not in text
    assert "!important" not in text


@pytest.mark.parametrize("path", sorted((STATIC / "design").glob("*.css")), ids=lambda path: path.name)
def test_style_sheets_are_short_and_know_only_the_tokens(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    known = set(re.findall(r"(--[\w-]+):", "".join(p.read_text() for p in path.parent.glob("*.css"))))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known
    if path.name not in ("tokens.css", "print.css"):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"url\([^)]*\)", "", text)), "colours are tokens"


def test_red_is_the_threads_alone() -> None:
    users = [
        rule.split("{")[0].strip()
        for path in (STATIC / "design").glob("*.css")
        for rule in re.findall(r"[^{}]+\{[^{}]*var\(--thread\)[^{}]*\}", path.read_text())
    ]
    assert users
    assert all(re.search(r"\.thread|\.brand-mark", selector) for selector in users), users


def test_every_vendored_file_is_named_with_its_licence() -> None:
    assert "MIT license" in (STATIC / "vendor" / "dkfds" / "LICENSE.md").read_text()
    assert "Zero-Clause BSD" in (STATIC / "vendor" / "htmx" / "LICENSE").read_text()
    assert list((STATIC / "vendor").glob("dkfds/**/LICENSE-OFL.txt"))


@pytest.mark.slow
def test_static_files_hash_and_compress_with_every_address_resolved(tmp_path: Path) -> None:
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for path in tmp_path.glob("**/*.css"):
        if path.relative_to(tmp_path).parts[0] not in ("design", "vendor"):
            continue
        for address in re.findall(r"url\([\"']?([^\"')]+)", path.read_text()):
            if not address.startswith("data:"):
                assert (path.parent / address.split("#")[0].split("?")[0]).resolve().exists(), address
    asked = {
        name
        for path in TEMPLATES
        for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", path.read_text())
    }
    assert asked
    assert asked <= set(names)


@pytest.mark.django_db
def test_the_components_are_not_shown_in_real_use(client: Client) -> None:
    assert client.get("/design/").status_code == 200
    with override_settings(EXAMPLE_DATA=False):
        assert client.get("/design/").status_code == 404
