"""The pictures of the walkthrough: taken here, so they stay true.

With ROEDTRAAD_PICTURES=1 each is taken anew into docs/pictures; otherwise it is only seen to that every picture a
document shows is there, and that the page it shows still has the heading its caption names.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import WIDE, Visit

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "walkthrough.md")
SHOWN = re.compile(r"!\[(?P<caption>[^\]]*)\]\((?:docs/)?pictures/(?P<name>[a-z-]+)\.png\)")
HEAVIEST = 250_000


@dataclass(frozen=True)
class Picture:
    """A picture: who sees what page, the heading it shares with its caption, and its height if not a screen's."""

    name: str
    username: str | None
    path: str
    heading: str
    phone: bool = False
    height: int = 0


PICTURES = (
    Picture("login", None, "/konto/login/", "Log ind"),
    Picture("maalbillede", "raad", "/maalbillede/?aar=2026", "Målbillede", height=1500),
    Picture(
        "indikator", "raad", "/maalbillede/indikatorer/kapacitetsudnyttelse/?aar=2025", "Kapacitetsudnyttelse"
    ),
    Picture(
        "raekker",
        "leder",
        "/maalbillede/indikatorer/kapacitetsudnyttelse/raekker/?aar=2025&enhed=kildegade",
        "Rækkerne bag Kapacitetsudnyttelse",
    ),
    Picture("leder", "leder", "/", "Min enhed"),
    Picture("kapacitet", "leder", "/kapacitet/", "Kapacitet"),
    Picture("ledige", "leder", "/kapacitet/ledige/?category=day", "Ledige pladser"),
    Picture("book", "leder", "/kapacitet/book/", "Book et ophold"),
    Picture("organisation", "medarbejder", "/organisation/?dato=2013-06-01&socialomraadet=1", "Organisation"),
    Picture(
        "forskelle",
        "medarbejder",
        "/organisation/forskelle/?fra=2013-06-01&til=2026-11-16",
        "Forskelle mellem to datoer",
    ),
    Picture("scenarier", "oekonom", "/organisation/scenarier/", "Ledelsesscenarier"),
    Picture(
        "stikproeve",
        "admin",
        "/administration/opslag/?first=2026-10-01&last=2026-11-15&size=20&seed=rundtur&until=2026-11-16T00:00:00",
        "Stikprøve i opslagsloggen",
    ),
    Picture("borger-telefon", "borger", "/", "Hej", phone=True),
    Picture("leder-telefon", "leder", "/", "Min enhed", phone=True),
)


def shown() -> dict[str, list[str]]:
    """The pictures the documents show, each with its captions."""
    found: dict[str, list[str]] = {}
    for document in DOCUMENTS:
        for match in SHOWN.finditer(document.read_text()):
            found.setdefault(match["name"], []).append(match["caption"])
    return found


def take(page: Page, picture: Picture) -> None:
    """Take the picture as the visitor first sees the page."""
    FOLDER.mkdir(exist_ok=True)
    if picture.height:
        page.set_viewport_size({"width": WIDE["width"], "height": picture.height})
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled", caret="hide")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_picture_shows_what_its_caption_says(visit: Visit, picture: Picture) -> None:
    page = visit(picture.username, picture.path, phone=picture.phone)
    expect(page.get_by_role("heading", level=1)).to_contain_text(picture.heading)
    if os.environ.get("ROEDTRAAD_PICTURES") == "1":
        take(page, picture)
    file = FOLDER / f"{picture.name}.png"
    assert file.stat().st_size < HEAVIEST
    captions = shown().get(picture.name, [])
    assert captions, "intet dokument viser billedet"
    assert all(picture.heading in caption for caption in captions), captions


def test_the_documents_show_no_other_pictures() -> None:
    names = {picture.name for picture in PICTURES}
    assert set(shown()) == names
    assert {file.stem for file in FOLDER.glob("*.png")} == names
