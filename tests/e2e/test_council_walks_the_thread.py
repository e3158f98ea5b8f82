"""A council member goes from the vision down to the rows that were counted, and up again by the thread."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit

MOST_TAPS = 6
PERCENT = re.compile(r"\d+,\d\s%")


class Walker:
    """Follows links and counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Tap the first link of that name and see that the page it promised came."""
        link = self.page.locator(within).get_by_role("link", name=name).first
        href = link.get_attribute("href")
        link.click()
        self.taps += 1
        assert href is not None
        assert self.page.url.endswith(href.split("#")[0]), (href, self.page.url)

    def value(self) -> str:
        """The first percentage the page says."""
        found = PERCENT.search(self.page.locator(".lead").inner_text())
        assert found, self.page.url
        return found.group()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_from_the_vision_to_the_rows_and_up_again(visit: Visit, phone: bool) -> None:
    page = visit("raad", "/", phone=phone)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ønsker, håb og drømme")
    expect(page.get_by_role("heading", name="Ét socialområde")).to_be_visible()
    walker = Walker(page)

    walker.tap(re.compile("En partner kommunerne kan regne med"))
    whole = PERCENT.search(page.locator(".stat", has_text="Kapacitetsudnyttelse").inner_text())
    walker.tap("Kapacitetsudnyttelse")
    assert whole
    assert walker.value() == whole.group()
    walker.tap("SAU", within="table")
    area = walker.value()
    walker.tap("Kildegade", within="table")
    offer = walker.value()
    walker.tap("Se rækkerne bag Kapacitetsudnyttelse")
    assert walker.taps <= MOST_TAPS
    assert walker.value() == offer
    expect(page.locator("main")).to_contain_text("Pladserne vises ikke én for én")
    assert "kildegade-" not in page.locator("main").inner_text()
    assert page.locator("main a[href*='/borgere/']").count() == 0, "et rådsmedlem må ikke se personer"

    walker.tap("Kildegade", within="nav.thread")
    assert walker.value() == offer
    walker.tap("SAU", within="nav.thread")
    assert walker.value() == area
    walker.tap("Socialområdet", within="nav.thread")
    assert walker.value() == whole.group()
    walker.tap(re.compile("ønsker, håb og drømme"), within="nav.thread")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Visions- og udviklingsplan"))


def test_the_figure_on_the_way_is_the_same_as_the_one_at_home(visit: Visit) -> None:
    page = visit("raad", "/")
    told = PERCENT.search(page.locator(".lead").inner_text())
    stat = page.locator(".stat", has_text="Kapacitetsudnyttelse").inner_text()
    assert told
    assert told.group().replace("\xa0", " ") in stat.replace("\xa0", " ")


def test_goals_of_the_first_picture_hang_on_their_indicators(visit: Visit) -> None:
    page = visit("raad", "/maalbillede/?aar=2019")
    walker = Walker(page)
    walker.tap(re.compile("God økonomi og relevant aktivitet"))
    walker.tap("Kapacitetsudnyttelse")
    walker.tap(re.compile("God økonomi og relevant aktivitet"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("God økonomi og relevant aktivitet")


def test_a_leader_may_open_the_persons_a_council_member_may_not(visit: Visit) -> None:
    path = "/maalbillede/indikatorer/kapacitetsudnyttelse/raekker/?aar=2025&enhed=kildegade"
    assert visit("raad", path).locator("main a[href*='/borgere/']").count() == 0
    leader = visit("leder", path)
    expect(leader.locator("tbody tr").first).to_contain_text("kildegade-")
    persons = leader.locator("main a[href*='/borgere/']")
    assert persons.count() >= 5
