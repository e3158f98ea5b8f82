"""What somebody types comes back as what it is: as words on a page, as words in a file, and never as something that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.citizens.models import Citizen
from roedtraad.core import danish
from roedtraad.organisation.models import Scenario, UnitVersion
from tests.access.scene import Scene
from tests.security.hostile import MARKERS
from tests.security.sending import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=MARKERS, ids=range(len(MARKERS)))
def marker(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Page(HTMLParser):
    """Reads a page as a browser does, and collects what would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.runs.append(tag)
        if tag == "img" and given.get("src") == "x":
            self.runs.append(tag)
        self.runs += [name for name in given if name.startswith("on")]
        self.words += " ".join(value or "" for value in given.values())

    def handle_data(self, data: str) -> None:
        self.words += data


def is_harmless(answer: Any, marker: str) -> None:
    """The page shows the words as words: they are there, and nothing of them runs or was worked out."""
    page = Page(answer.content.decode())
    assert page.runs == []
    assert "".join(marker.split()) in "".join(page.words.split())
    if "7*7" in marker:
        assert "{{ 7*7 }}" in page.words


@pytest.fixture
def scene(marker: str) -> Scene:
    """A house where a name of each kind is the marker."""
    made = Scene()
    Citizen.objects.filter(pk=made.ane.pk).update(
        first_name=marker, last_name=marker, address=marker, sort_key=danish.sort_key(marker)
    )
    UnitVersion.objects.filter(unit=made.offer).update(name=marker, short_name=marker[:60], address=marker)
    return made


def pages(scene: Scene) -> Iterator[tuple[Role, str]]:
    """Pages with the names on them."""
    yield Role.LEADER, reverse("journeys:citizen", args=[scene.ane.key])
    yield Role.LEADER, reverse("journeys:citizens") + "?vis=alle"
    yield Role.LEADER, reverse("journeys:stay-end", args=[scene.ane.stays.get().pk])
    yield Role.LEADER, reverse("journeys:place", args=[scene.ane.stays.get().place_id])
    yield Role.LEADER, reverse("home")
    yield Role.CITIZEN, reverse("home")
    yield Role.CASEWORKER, reverse("home")
    yield Role.STRATEGIST, reverse("organisation:chart") + "?fold=ud"
    yield Role.STRATEGIST, reverse("organisation:unit", args=[scene.offer.key])
    yield Role.STRATEGIST, reverse("organisation:unit-edit", args=[scene.offer.key])
    yield Role.LEADER, reverse("journeys:unit", args=[scene.offer.key])


def test_on_pages(scene: Scene, marker: str) -> None:
    users = {role: scene.user(role) for role in {role for role, _address in pages(scene)}}
    for role, address in pages(scene):
        client = Client()
        client.force_login(users[role])
        answer = client.get(address)
        assert answer.status_code == 200, (role, address)
        is_harmless(answer, marker)


def test_in_forms_that_come_back(scene: Scene, marker: str) -> None:
    """A form that is refused shows again what was typed."""
    client = Client()
    client.force_login(scene.user(Role.LEADER))
    typed = dict.fromkeys(
        ("first_name", "last_name", "cpr", "address", "place", "ordered_start", "search"), marker
    )
    answer = client.post(reverse("journeys:book"), {**typed, "who": "new", "key": marker})
    assert answer.status_code == 200
    is_harmless(answer, marker)
    client.force_login(scene.user(Role.ADMINISTRATOR))
    typed = dict.fromkeys(("username", "name", "days", "scopes"), marker)
    answer = client.post(reverse("portals:tokens"), typed)
    assert answer.status_code == 422
    is_harmless(answer, marker)
    answer = client.post(
        reverse("portals:user-create"), {"username": marker, "full_name": marker, "reason": marker}
    )
    assert answer.status_code == 422
    is_harmless(answer, marker)


def test_as_the_name_of_a_key_and_of_a_scenario(scene: Scene, marker: str) -> None:
    admin, economist = scene.user(Role.ADMINISTRATOR), scene.user(Role.ECONOMIST)
    issue(admin, marker, ["*"], 1)
    Scenario.objects.create(key="m", name=marker, description=marker, owner=economist)
    client = Client()
    client.force_login(admin)
    is_harmless(client.get(reverse("portals:tokens")), marker)
    client.force_login(economist)
    is_harmless(client.get(reverse("organisation:scenarios")), marker)


def cells(content: bytes, kind: str) -> list[Any]:
    if kind == "csv":
        return [
            cell
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
            for cell in row
        ]
    found = []
    for row in load_workbook(io.BytesIO(content)).active.iter_rows():
        for cell in row:
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None
            found.append(cell.value)
    return found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_in_files(scene: Scene, marker: str, kind: str) -> None:
    """A spreadsheet takes no cell for a formula."""
    client = Client()
    for role, address in (
        (Role.LEADER, reverse("journeys:citizens") + f"?vis=alle&format={kind}"),
        (Role.STRATEGIST, reverse("organisation:units-file", args=[kind])),
        (Role.LEADER, reverse("journeys:capacity-export", args=[kind])),
    ):
        client.force_login(scene.user(role))
        answer = client.get(address)
        assert answer.status_code == 200, address
        found = [cell for cell in cells(content_of(answer), kind) if isinstance(cell, str)]
        # openpyxl tells a formula by its first sign alone, so a workbook's text may begin with one.
        dangerous = [cell for cell in found if cell[:1] in ("=", "+", "@", "\t", "\r")]
        assert kind == "xlsx" or not dangerous, dangerous
        if "citizens" in address or "borgere" in address:
            assert any(marker in cell for cell in found)


def test_in_the_name_of_a_file(scene: Scene, marker: str) -> None:
    """A file's name comes back as words, and in no header."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = Client()
    client.force_login(scene.user(Role.ADMINISTRATOR))
    file = SimpleUploadedFile(f"{marker}.csv", b"hej;med;dig\r\n")
    answer = client.post(reverse("exchange:upload"), {"kind": "enheder", "file": file})
    assert answer.status_code == 422
    assert Page(answer.content.decode()).runs == []
    assert not any(marker in value for value in answer.headers.values())
