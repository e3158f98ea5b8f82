"""A newcomer sees how the nine areas of 2013 became the eight of 2026, follows one, and travels by the slider."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from .conftest import Visit

# The width of the handle (2.4 rem): its middle is the value.
THUMB = 24


def test_nine_areas_become_eight(visit: Visit) -> None:
    page = visit("medarbejder", "/organisation/")
    page.get_by_role("link", name="Sammenlign to datoer").click()
    page.get_by_label("Fra", exact=True).fill("2013-06-01")
    page.get_by_label("Til", exact=True).fill("2026-11-16")
    page.get_by_role("button", name="Sammenlign").click()
    expect(page.locator(".lead")).to_contain_text("ni specialområder og 31 tilbud")
    expect(page.locator(".lead")).to_contain_text("otte specialområder")
    table = page.locator("table").first
    assert table.locator("tbody tr").count() == 9
    later = {
        text.strip() for text in table.locator("tbody td:nth-of-type(2) a").all_inner_texts() if text.strip()
    }
    assert len(later) == 8

    merged = table.locator("tbody tr", has_text="Specialområde Socialpsykiatri Børn og Unge")
    expect(merged).to_contain_text("lagt sammen 1. januar 2016")
    merged.get_by_role("link", name="Specialområde Børn og Unge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Specialområde Børn og Unge")
    expect(page.get_by_role("heading", name="Kom fra")).to_be_visible()
    page.locator("main").get_by_role("link", name="Socialpsykiatri Børn og Unge").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Socialpsykiatri Børn og Unge")
    expect(page.get_by_role("heading", name="Blev til")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_the_slider_goes_to_2013_and_tints_the_past(visit: Visit, phone: bool) -> None:
    page = visit("medarbejder", "/organisation/", phone=phone)
    expect(page.locator("body[data-past]")).to_have_count(0)
    now = page.evaluate("getComputedStyle(document.body).backgroundColor")
    slider = page.get_by_role("slider", name="Træk i tiden")
    box = slider.bounding_box()
    assert box
    first = dt.date.fromisoformat(slider.get_attribute("data-first") or "")
    days = int(slider.get_attribute("max") or 0)
    part = (dt.date(2013, 6, 1) - first).days / days
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 4, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + THUMB / 2 + (box["width"] - THUMB) * part, middle, steps=4)
    with page.expect_navigation():
        page.mouse.up()
    assert "dato=2013-" in page.url
    expect(page.locator(".past-note")).to_contain_text("2013, ikke i dag")
    then = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert then != now, "fortiden skal være tonet"
    expect(page.get_by_role("link", name="Specialområde Socialpsykiatri Børn og Unge")).to_be_attached()
