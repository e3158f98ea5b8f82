"""A note in three taps on a phone: »+ Notat«, the citizen, »Gem«. Writing is no tap."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from .conftest import PATIENCE, Site, log_in
from .looking import WATCH_SHIFTS, barriers, look

TEXT = "Gik en lang tur i skoven efter aftensmaden."
# A recogniser as the browser's own is used, that hears one sentence at once.
HEARS = """
window.SpeechRecognition = class extends EventTarget {
  start() {
    const heard = Object.assign([{ transcript: "sagt med stemmen" }], { isFinal: true });
    setTimeout(() => this.dispatchEvent(Object.assign(new Event("result"), { results: [heard], resultIndex: 0 })), 50);
  }
  stop() { this.dispatchEvent(new Event("end")); }
};
"""
COUNT_TAPS = "window.addEventListener('click', (event) => event.isTrusted && window.tapped(), true);"


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="da-DK",
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    log_in(page, "medarbejder")
    yield page
    context.close()


def tap_home(page: Page) -> None:
    """The first tap: the home page's button."""
    page.goto("/")
    page.locator("a[href='/borgere/notat/']").first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem handler notatet om")


def test_three_taps_from_home_to_saved(phone: Page) -> None:
    taps: list[int] = []
    phone.expose_function("tapped", lambda: taps.append(1))
    phone.add_init_script(COUNT_TAPS)
    tap_home(phone)
    wrong, _facts = look(phone, phone.reload())
    assert wrong + barriers(phone) == []
    target = phone.locator(".people a").first
    box = target.bounding_box()
    assert box is not None and box["height"] >= 44
    target.tap()
    # The pen is there already: nobody taps to begin.
    field = phone.get_by_label("Notat", exact=True)
    expect(field).to_be_focused()
    phone.keyboard.type(TEXT)
    save = phone.get_by_role("button", name="Gem", exact=True)
    expect(save).to_be_in_viewport()
    save.tap()
    expect(phone.locator("#toasts")).to_contain_text("er gemt")
    expect(phone).to_have_url(re.compile(r"/$"))
    assert len(taps) == 3


def test_dictation_and_a_picture_made_small_on_the_phone(phone: Page) -> None:
    phone.add_init_script(HEARS)
    tap_home(phone)
    phone.locator(".people a").first.tap()
    expect(phone.get_by_label("Notat", exact=True)).to_be_focused()
    wrong, _facts = look(phone, phone.reload())
    assert wrong + barriers(phone) == []
    phone.get_by_role("button", name="Diktér").tap()
    expect(phone.get_by_label("Notat", exact=True)).to_have_value("sagt med stemmen")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    large = io.BytesIO()
    Image.new("RGB", (3000, 2000), "green").save(large, "JPEG", exif=exif)
    field = phone.locator("input[type=file]")
    field.set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": large.getvalue()})
    expect(field).to_have_value(re.compile("billede.jpg$"))
    width = field.evaluate("async (field) => (await createImageBitmap(field.files[0])).width")
    place = field.evaluate(
        "async (field) => new TextDecoder('latin1').decode(await field.files[0].arrayBuffer()).includes('Exif')"
    )
    assert (width, place) == (1600, False)
    phone.get_by_role("button", name="Gem", exact=True).tap()
    expect(phone.locator("#toasts")).to_contain_text("er gemt")


def test_the_key_of_the_search_leads_to_it(phone: Page) -> None:
    phone.goto("/")
    phone.keyboard.press("/")
    phone.keyboard.type("skoven")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile(r"/borgere/soeg/$"))
    wrong, _facts = look(phone, phone.reload())
    assert wrong + barriers(phone) == []
