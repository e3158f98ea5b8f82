"""A status report from the thread to the municipality: drawn and written on by one, approved by another, read by a third.

On a computer and on a phone. Whom it is about is found by what each may see, so that the journey can be made again.
"""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from .conftest import Visit
from .looking import WATCH_SHIFTS, barriers, look

WRITER, LEADER, CASEWORKER = "vikar", "leder", "viborg"
OFFER = "Hinnerup"
OWN_WORDS = "Vi aftalte på mødet, at aftenturen fortsætter hele vinteren."
RECORD = re.compile(r"/borgere/([0-9a-f-]{36})/")


def sound(page: Page) -> None:
    """The page as it stands has no barriers and stays within the screen."""
    assert barriers(page) == []
    assert look(page, page.reload())[0] == []


def citizens_of_the_municipality(page: Page) -> list[str]:
    """Whom the caseworker sees living at the offer, by the keys in their addresses."""
    page.goto("/")
    rows = page.locator("tbody tr", has_text=OFFER)
    links = [row.locator("th a").get_attribute("href") or "" for row in rows.all()]
    return [found[1] for link in links if (found := RECORD.search(link))]


def without_draft(page: Page, keys: list[str]) -> str:
    """The first of them about whom no report is being written; their list of reports stands open."""
    for key in keys:
        answer = page.goto(f"/borgere/{key}/rapporter/")
        # A page of the record opens only where the writer works.
        if answer and answer.status == 200 and page.get_by_role("link", name="Ny statusrapport").count():
            return key
    raise AssertionError("Der er ingen at skrive om.")


@pytest.mark.parametrize("phone", [False, True], ids=["computer", "telefon"])
def test_from_the_thread_to_the_municipality(visit: Visit, phone: bool) -> None:
    reader = visit.page(CASEWORKER, phone=phone, watch=WATCH_SHIFTS)
    keys = citizens_of_the_municipality(reader)

    writer = visit.page(WRITER, phone=phone, watch=WATCH_SHIFTS)
    key = without_draft(writer, keys)
    writer.get_by_role("link", name="Ny statusrapport").click()
    sound(writer)
    writer.get_by_label("Fra og med").fill("2026-10-19")
    writer.get_by_label("Til og med").fill("2026-11-15")
    writer.get_by_role("button", name="Hent kladden").click()
    expect(writer.get_by_role("heading", name="Statusrapport, kladde", level=1)).to_be_visible()
    # Nothing is typed yet, and it is all there, with the way back to where it comes from.
    goals = writer.get_by_role("textbox", name="Mål og udvikling")
    expect(goals).to_have_value(re.compile("Målet “.+” går ud på at"))
    drawn = goals.input_value()
    way_back = writer.locator(".report-drawn a[href*='/maal/']").first
    expect(way_back).to_contain_text("Mål: ")
    sound(writer)
    goals.fill(f"{drawn}\n\n{OWN_WORDS}")
    writer.get_by_role("button", name="Gem kladden").click()
    expect(writer.locator(".toasts")).to_contain_text("Kladden er gemt.")
    writer.get_by_role("link", name="Se, om der er nyt i tråden").click()
    expect(writer.get_by_text("Der er intet nyt i tråden.")).to_be_visible()
    sound(writer)
    writer.go_back()
    writer.get_by_role("button", name="Send til godkendelse").click()
    expect(writer.locator(".toasts")).to_contain_text("Rapporten er sendt til godkendelse.")
    expect(writer.locator(".report")).to_contain_text(OWN_WORDS)
    expect(writer.get_by_role("button", name="Godkend og lås")).to_have_count(0)
    report = writer.url
    # Until it is approved it is nowhere in the municipality.
    report_key = report.rstrip("/").rsplit("/", 1)[-1]
    answer = reader.goto(f"/borgere/statusrapporter/{report_key}/")
    assert answer is not None
    assert answer.status == 404

    leader = visit.page(LEADER, phone=phone, watch=WATCH_SHIFTS)
    leader.goto("/")
    leader.get_by_role("link", name="Læs dem").click()
    sound(leader)
    leader.locator(f"a[href*='{report_key}']").click()
    sound(leader)
    leader.get_by_role("button", name="Godkend og lås").click()
    expect(leader.locator(".toasts")).to_contain_text("Rapporten er godkendt og låst.")

    reader.goto("/")
    reader.get_by_role("link", name="Nye statusrapporter").click()
    sound(reader)
    reader.locator(f"a[href*='{report_key}']").click()
    expect(reader.locator(".report")).to_contain_text(OWN_WORDS)
    expect(reader.locator(".report")).to_contain_text("Indholdet er det, der blev godkendt.")
    assert key not in reader.locator("main").inner_html()
    sound(reader)
    with reader.expect_download() as waiting:
        reader.get_by_role("link", name="Hent PDF").click()
    paper = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert " ".join(OWN_WORDS.split()) in words
    assert paper.metadata is not None
    assert (paper.metadata.title or "").startswith("Statusrapport om ")
    reader.get_by_role("button", name="Jeg har læst rapporten").click()
    expect(reader.locator(".toasts")).to_contain_text("Tilbuddet kan se, at du har læst rapporten.")
    for part in ("", "rapporter/", "maal/", "notater/"):
        answer = reader.goto(f"/borgere/{key}/{part}")
        assert answer is not None
        assert answer.status in (403, 404), part

    writer.goto(report)
    expect(writer.locator("main")).to_contain_text("Vibeke")
    writer.get_by_text("Lav en ny udgave").click()
    writer.get_by_role("button", name="Begynd på en ny udgave").click()
    writer.get_by_role("textbox", name="Mål og udvikling").fill(f"{drawn}\n\n{OWN_WORDS} Ny aftale i marts.")
    writer.get_by_role("button", name="Gem og vis").click()
    writer.get_by_role("link", name="Forskel fra udgaven før").click()
    expect(writer.locator("ins").first).to_be_visible()
    sound(writer)
    # The next to make the journey finds nothing half done.
    writer.get_by_role("link", name="Til rapporten").click()
    writer.get_by_text("Slet kladden").first.click()
    writer.get_by_role("button", name="Slet kladden").click()
    expect(writer.locator(".toasts")).to_contain_text("Kladden er slettet.")
