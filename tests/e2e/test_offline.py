"""The phone without a net: what it shows, what it keeps, and that all that was written on it comes home once, in order.

Nothing is replaced: the net is cut in the browser, and the web server's processes are killed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from .conftest import PATIENCE, PHONE, WATCH_POLICY, Site, log_in
from .looking import WATCH_SHIFTS, barriers, look

USER = "medarbejder"
# The page's own module, by the address it was loaded from.
MODULE = """async (name) => {
  const found = performance.getEntriesByType("resource").find((one) => one.name.includes(`offline/${name}`));
  window.own = { ...window.own, [name]: await import(found.name) };
}"""
READY = """async () => {
  const until = Date.now() + 45_000;
  const stands = async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated";
  while (!(await stands()) || !(await window.own.store.kept()))
    if (Date.now() > until) throw new Error(`worker: ${await stands()}`);
    else await new Promise((done) => setTimeout(done, 50));
}"""
HASTY = """
const own = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode) { return own.call(this, stores, mode); };
"""
# Written as a tap writes it, one after another.
WRITE = """async ([marker, first, count, people, level, goals]) => {
  for (let n = first; n < first + count; n++) {
    const citizen = people[n % people.length];
    const text = `${marker} ${String(n).padStart(3, "0")}`;
    const entry = n % 25 === 7 ? { kind: "risk", what: { citizen, level, text } }
      : n % 25 === 13 && goals.length ? { kind: "rating", what: { goal: goals[n % goals.length], level: n % 5 - 2, text } }
      : { kind: "note", what: { citizen, text } };
    if (!(await window.own.store.write({ ...entry, said: "prøve" }))) throw new Error("no key");
  }
}"""
EVERYTHING_KEPT = """async () => {
  const base = await new Promise((done) => {
    indexedDB.open("roedtraad-uden-net").onsuccess = (event) => done(event.target.result);
  });
  const found = {};
  for (const name of base.objectStoreNames)
    found[name] = await new Promise((done) => {
      base.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result);
    });
  base.close();
  const text = JSON.stringify(found, (_key, value) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? new TextDecoder("latin1").decode(value instanceof ArrayBuffer ? new Uint8Array(value) : value) : value);
  const cached = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      cached.push([new URL(request.url).pathname, await (await (await caches.open(name)).match(request)).text()]);
  return { text, kept: found.kept.length, queue: found.queue.length, cached };
}"""
ROWS = """
import json
from django.db.models import CharField, Value
from roedtraad.access import rows
from roedtraad.duty.models import RiskReading
from roedtraad.practice.models import GoalRating, Note
with rows.as_system("prøve"):
    found = []
    for model in (Note, RiskReading, GoalRating):
        found += [(str(key), text, pk, model.__name__) for key, text, pk in
                  model.objects.filter(text__startswith={marker!r}).order_by("pk").values_list("key", "text", "pk")]
print("rows:" + json.dumps(found))
"""


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url,
        viewport=PHONE,
        has_touch=True,
        locale="da-DK",
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    context.set_default_timeout(2 * PATIENCE)
    expect.set_options(timeout=2 * PATIENCE)
    held_back: list[str] = []
    context.expose_function("heldBack", lambda said: held_back.append(said))
    context.on("weberror", lambda error: held_back.append(str(error.error)))
    context.add_init_script(WATCH_POLICY + WATCH_SHIFTS)
    page = context.new_page()
    log_in(page, USER)
    ready(page)
    yield page
    context.close()
    expect.set_options(timeout=None)
    assert held_back == []


def ready(page: Page) -> None:
    """Min vagt is open, the shift is on the phone, and the worker stands by."""
    page.goto("/min-vagt/")
    expect(page.locator("[data-offline-words]")).to_have_text("Alt er sendt")
    page.evaluate(MODULE, "store")
    page.evaluate(READY)


def cut(page: Page) -> None:
    """The phone goes down in the basement: the next page is its own."""
    page.context.set_offline(True)
    page.goto("/min-vagt/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Min vagt uden net")
    expect(page.locator("[data-shift]")).to_be_visible()
    page.evaluate(MODULE, "store")


def line(page: Page) -> Any:
    return expect(page.locator("[data-offline-words]"))


def rows(site: Site, marker: str) -> list[tuple[str, str, int, str]]:
    """What came home: key, text, number of the row and kind, each kind as its rows were written."""
    made = site.run("manage", "shell", "-c", ROWS.format(marker=marker))
    assert made.returncode == 0, made.stderr.decode()
    found: list[tuple[str, str, int, str]] = json.loads(made.stdout.decode().split("rows:")[1])
    return found


def web_servers(site: Site) -> list[psutil.Process]:
    """The web server's processes of this house."""
    found = []
    for process in psutil.process_iter():
        try:
            if "config.served" in " ".join(process.cmdline()) and process.environ().get(
                "ROEDTRAAD_DATA"
            ) == str(site.data):
                found.append(process)
        except psutil.Error:
            continue
    return found


def kill(site: Site) -> None:
    """As when the power goes; the supervisor starts it anew."""
    struck = web_servers(site)
    assert struck
    for process in struck:
        process.kill()
    psutil.wait_procs(struck, timeout=10)


def test_a_shift_in_the_basement(phone: Page, site: Site) -> None:
    """Reads who is here, writes a note, begins and ends a task, sets a risk; upstairs all of it is sent by itself."""
    marker = f"Kælderen {time.time_ns()}"
    cut(phone)
    wrong, _facts = look(phone, phone.reload())
    assert wrong + barriers(phone) == []
    line(phone).to_have_text("Uden net")
    people = phone.locator("[data-residents] > li")
    name = people.first.locator("[data-name]").inner_text()
    phone.get_by_role("button", name="Notat", exact=True).last.tap()
    expect(phone.get_by_role("dialog", name="Nyt notat")).to_be_visible()
    assert barriers(phone) == []
    phone.get_by_label("Hvem handler notatet om").select_option(label=name)
    note = phone.get_by_role("dialog", name="Nyt notat")
    note.get_by_label("Notat", exact=True).fill(marker)
    note.get_by_role("button", name="Gem", exact=True).tap()
    line(phone).to_have_text("Uden net · 1 venter på at blive sendt")

    begin = phone.locator("[data-tasks] button[data-act=start]:visible").first
    title = phone.locator(
        "[data-tasks] .task-line:has(button[data-act=start]:visible) [data-title]"
    ).first.inner_text()
    begin.focus()
    phone.keyboard.press("Enter")
    ending = phone.get_by_role("button", name=f"Slut {title}").first
    expect(ending).to_be_visible()
    ending.tap()
    line(phone).to_have_text("Uden net · 3 venter på at blive sendt")

    people.first.locator("summary").tap()
    people.first.locator("[data-levels] button").first.tap()
    expect(people.first.locator("[data-risk]")).to_contain_text("venter på net")
    line(phone).to_have_text("Uden net · 4 venter på at blive sendt")
    assert barriers(phone) == []
    phone.emulate_media(color_scheme="dark")
    wrong, _facts = look(phone, phone.reload())
    assert wrong + barriers(phone) == []
    # What waits can be seen, and the line is still there after the page was left and opened again.
    expect(phone.get_by_role("heading", name="Ikke sendt endnu")).to_be_visible()
    expect(phone.locator("[data-unsent-list]")).to_contain_text(marker)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    phone.context.set_offline(False)
    line(phone).to_have_text("Alt er sendt")
    phone.get_by_role("link", name="Til Min vagt").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Min vagt")
    assert [text for _key, text, _pk, _kind in rows(site, marker)] == [marker]


def test_five_hundred_come_home_once_and_in_order(phone: Page, site: Site) -> None:
    """The net is cut and the server killed in the middle of the sending, three times."""
    marker = f"Femhundrede {time.time_ns()}"
    # Each entry waits for the disk, as it should; five hundred of them need not in a test of the sending.
    phone.context.add_init_script(HASTY)
    cut(phone)
    shift = phone.evaluate("async () => (await window.own.store.kept()).shift")
    people = [one["key"] for one in shift["residents"]][:20]
    scale = next(one["scale"] for one in shift["residents"] if one["scale"])
    level = shift["scales"][scale][0]["id"]
    goals = [goal["key"] for one in shift["residents"] for goal in one["goals"] if goal["levels"]][:20]
    people = [one["key"] for one in shift["residents"] if one["scale"] == scale][:20] or people
    phone.evaluate(WRITE, [marker, 0, 500, people, level, goals])
    line(phone).to_have_text("Uden net · 500 venter på at blive sendt")
    queue = phone.evaluate(
        "async () => (await window.own.store.queued()).own.map((one) => [one.key, one.entry.what.text])"
    )
    keys = [key for key, _text in queue]
    assert keys == sorted(keys)
    assert [text for _key, text in queue] == [f"{marker} {n:03}" for n in range(500)]

    sent: list[int] = []
    strikes = [60, 200, 340]

    def sending(request: Request) -> None:
        if request.url.endswith("/uden-net/send/"):
            sent.append(len(json.loads(request.post_data or "{}")["entries"]))

    phone.context.on("request", sending)
    phone.context.set_offline(False)
    deadline = time.monotonic() + 600
    while (waiting := phone.evaluate("async () => (await window.own.store.counted()).waiting")) or strikes:
        assert time.monotonic() < deadline, f"{waiting} venter endnu"
        if strikes and 500 - waiting >= strikes[0]:
            strikes.pop(0)
            under_way = len(sent)
            while len(sent) == under_way:
                phone.wait_for_timeout(10)
            # A batch is on its way, and some of it has been carried out.
            phone.wait_for_timeout(250)
            kill(site)
            phone.context.set_offline(True)
            phone.wait_for_timeout(1_500)
            phone.context.set_offline(False)
        phone.wait_for_timeout(50)
    line(phone).to_have_text("Alt er sendt")
    assert sum(sent) > 500, "nothing had to be sent again, so nothing was shown"

    found = rows(site, marker)
    assert len(found) == 500
    assert sorted(text for _key, text, _pk, _kind in found) == [f"{marker} {n:03}" for n in range(500)]
    assert sorted((key, text) for key, text, _pk, _kind in found) == [(key, text) for key, text in queue]
    for kind in {kind for *_rest, kind in found}:
        written = [(pk, key) for key, _text, pk, found_kind in found if found_kind == kind]
        assert [key for _pk, key in sorted(written)] == sorted(key for _pk, key in written), kind


def test_what_lies_on_the_phone_is_no_plain_text(phone: Page) -> None:
    marker = "Hemmelig sætning om en borger"
    cut(phone)
    names = phone.locator("[data-residents] [data-name]").all_inner_texts()[:5]
    tasks = phone.locator("[data-tasks] [data-title]").all_inner_texts()[:3]
    assert names
    person = phone.evaluate("async () => (await window.own.store.kept()).shift.residents[0].key")
    phone.evaluate(WRITE, [marker, 0, 3, [person], 0, []])
    found = phone.evaluate(EVERYTHING_KEPT)
    assert (found["kept"], found["queue"]) == (1, 3)
    assert len(found["text"]) > 5_000
    for said in [marker, person, *names, *tasks]:
        assert said not in found["text"]
        assert not [path for path, text in found["cached"] if said in text]
    # The empty page, and files: no page of anybody's.
    assert [path for path, _text in found["cached"] if not path.startswith("/static/")] == ["/uden-net/"]
    # The key cannot be taken out again, and is not beside what it opens.
    assert (
        phone.evaluate("JSON.parse(sessionStorage.getItem('roedtraad-noegler')).reading") not in found["text"]
    )
    phone.context.new_page().close()
    phone.evaluate(
        "async () => { for (const { number } of (await window.own.store.queued()).own) await window.own.store.remove(number); }"
    )


def test_logging_out_throws_away_what_could_be_read(phone: Page) -> None:
    phone.goto("/min-vagt/")
    phone.locator("details.menu summary").tap()
    phone.get_by_role("button", name="Log ud").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Log ind")
    found = phone.evaluate(
        EVERYTHING_KEPT.replace("found.kept.length", "found.kept?.length ?? 0").replace(
            "found.queue.length", "found.queue?.length ?? 0"
        )
    )
    assert (found["kept"], found["queue"], found["cached"]) == (0, 0, [])
    assert phone.evaluate("sessionStorage.getItem('roedtraad-noegler')") is None
    assert phone.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_a_session_that_ends_locks_it_and_what_was_written_waits_for_its_writer(
    phone: Page, site: Site
) -> None:
    marker = f"Skrevet før udlogning {time.time_ns()}"
    cut(phone)
    person = phone.evaluate("async () => (await window.own.store.kept()).shift.residents[0].key")
    phone.evaluate(WRITE, [marker, 0, 2, [person], 0, []])
    session = next(one for one in phone.context.cookies() if "session" in one["name"])
    phone.context.clear_cookies(name=session["name"])
    phone.context.set_offline(False)
    line(phone).to_contain_text("Du er logget ud")
    expect(phone.locator("[data-locked]")).to_be_visible()
    expect(phone.locator("[data-shift]")).to_be_hidden()
    assert barriers(phone) == []
    found = phone.evaluate(EVERYTHING_KEPT)
    assert (found["kept"], found["queue"]) == (0, 2)
    assert phone.evaluate("async () => (await window.own.store.queued()).own") == []
    assert rows(site, marker) == []
    # Somebody else logs in here: it is not theirs to read or to send.
    log_in(phone, "vikar")
    phone.goto("/min-vagt/")
    line(phone).to_have_text("2 ligger låst, til den, der skrev dem, logger ind")
    phone.locator("details.menu summary").tap()
    phone.get_by_role("button", name="Log ud").tap()
    expect(phone.locator("[data-device]")).to_have_text("2 ligger låst, til den, der skrev dem, logger ind")
    log_in(phone, USER)
    phone.goto("/min-vagt/")
    line(phone).to_have_text("Alt er sendt")
    assert [text for _key, text, _pk, _kind in rows(site, marker)] == [f"{marker} 000", f"{marker} 001"]


def test_after_its_time_it_is_gone_from_the_phone(phone: Page) -> None:
    cut(phone)
    phone.clock.set_system_time(time.time() + 9 * 3600)
    phone.reload()
    expect(phone.locator("[data-locked]")).to_be_visible()
    assert phone.evaluate(EVERYTHING_KEPT)["kept"] == 0


def test_two_who_correct_the_same_note_see_both_texts(phone: Page, site: Site, browser: Browser) -> None:
    marker = f"Skal ringe til lægen {time.time_ns()}"
    person = phone.evaluate("async () => (await window.own.store.kept()).shift.residents[0].key")
    # Read anew: what was read a moment ago is not read again.
    phone.evaluate("() => window.own.store.wipe()")
    write_on_the_board(phone, person, marker)
    ready(phone)
    cut(phone)
    mine = phone.locator(f"details[data-key='{person}']")
    phone.evaluate("for (const one of document.querySelectorAll('.shift-over')) one.open = true")
    mine.locator("summary").tap()
    mine.locator(".note", has_text=marker).get_by_role("button", name="Ret").tap()
    phone.get_by_role("dialog", name="Ret notatet").get_by_label("Notat").fill(
        f"{marker}: ring efter klokken ti"
    )
    phone.get_by_role("dialog", name="Ret notatet").get_by_role("button", name="Gem").tap()
    line(phone).to_have_text("Uden net · 1 venter på at blive sendt")

    other = browser.new_context(base_url=site.url, viewport=PHONE, locale="da-DK")
    note = rows(site, marker)[0][0]
    correct_elsewhere(other, f"/borgere/{person}/notater/{note}/", f"{marker}: er ringet op klokken otte")

    phone.context.set_offline(False)
    line(phone).to_have_text("1 kunne ikke gemmes")
    entry = phone.locator("[data-unsent-list] > li")
    expect(entry.locator("[data-mine]")).to_have_text(f"{marker}: ring efter klokken ti")
    expect(entry.locator("[data-theirs]")).to_have_text(f"{marker}: er ringet op klokken otte")
    assert barriers(phone) == []
    # It waits there until somebody decides, also on Min vagt itself.
    phone.reload()
    line(phone).to_have_text("1 kunne ikke gemmes")
    phone.locator("[data-offline] a").tap()
    field = phone.get_by_label("Teksten, som den skal være")
    expect(field).to_have_value(re.compile(r"klokken otte[\s\S]*klokken ti"))
    field.fill(f"{marker}: er ringet op klokken otte, ring igen efter klokken ti")
    phone.get_by_role("button", name="Gem teksten").tap()
    line(phone).to_have_text("Alt er sendt")
    assert [text for _key, text, _pk, _kind in rows(site, marker)] == [
        f"{marker}: er ringet op klokken otte, ring igen efter klokken ti"
    ]
    other.close()


def write_on_the_board(page: Page, person: str, text: str) -> None:
    page.goto(f"/borgere/notat/{person}/")
    page.get_by_label("Notat", exact=True).fill(text)
    page.get_by_text("Art, tidspunkt, mærker og deling").tap()
    page.get_by_label("Hæng på tavlen til og med").fill("2026-11-20")
    page.get_by_role("button", name="Gem", exact=True).tap()
    expect(page.locator("#toasts")).to_contain_text("er gemt")


def correct_elsewhere(context: BrowserContext, address: str, text: str) -> None:
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    log_in(page, USER)
    page.goto(f"{address}ret/")
    page.get_by_label("Notat", exact=True).fill(text)
    page.get_by_role("button", name="Gem").first.click()
    expect(page.locator("main")).to_contain_text(text)


def test_a_note_that_was_being_sent_when_the_net_went_is_kept(phone: Page, site: Site) -> None:
    marker = f"Midt i et notat {time.time_ns()}"
    person = phone.evaluate("async () => (await window.own.store.kept()).shift.residents[0].key")
    phone.goto(f"/borgere/notat/{person}/")
    phone.get_by_label("Notat", exact=True).fill(marker)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Gem", exact=True).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Min vagt uden net")
    expect(phone.locator("[data-unsent-list]")).to_contain_text(marker)
    phone.context.set_offline(False)
    line(phone).to_have_text("Alt er sendt")
    assert len(rows(site, marker)) == 1


def test_a_tap_that_did_not_reach_the_house_is_kept(phone: Page) -> None:
    phone.context.set_offline(True)
    phone.locator(".task-line button:has-text('Begynd')").first.tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Min vagt uden net")
    line(phone).to_have_text("Uden net · 1 venter på at blive sendt")
    phone.get_by_role("button", name="Fortryd").first.tap()
    line(phone).to_have_text("Uden net")


def test_it_can_be_put_on_the_start_screen(phone: Page) -> None:
    address = phone.locator("link[rel=manifest]").get_attribute("href")
    app = phone.evaluate("async (address) => (await fetch(address)).json()", address)
    assert (app["start_url"], app["display"], app["lang"]) == ("/min-vagt/", "standalone", "da")
    for icon in app["icons"]:
        size = phone.evaluate(
            "async (src) => { const one = await createImageBitmap(await (await fetch(src)).blob());"
            " return `${one.width}x${one.height}`; }",
            icon["src"],
        )
        assert size == icon["sizes"]
