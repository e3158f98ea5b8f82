"""People and moments the pages meet seldom, on the real pages: names of the world, twins, hidden addresses, lost sessions."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.drafts import queries as drafts
from roedtraad.practice.models import Note
from roedtraad.practice.services import notes
from roedtraad.practice.services.series import plan_series
from roedtraad.practice.views.common import TABS
from tests import factories as make
from tests.practice.planned import at, effort
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db

# By last name in Danish order: accents do not count, aa is å and comes after ø, and Arabic after all of ours.
NAMES = [
    ("José Núñez", "D’Ángelo"),
    ("Aviâja", "Kûitse-ĸujaukitsoĸ"),
    ("🌻", "Solsikke"),
    ("Zoë", "Østergård"),
    ("Åse", "Aaby"),
    ("Ærlig", "Ål"),
    ("عائشة", "الحسن"),
]


def shown(scene: Record, path: str, user: User | None = None) -> str:
    answer = scene.client(user or scene.worker).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def moved_in(scene: Record, first: str, last: str, **facts: Any) -> Citizen:
    citizen = make.citizen(first_name=first, last_name=last, **facts)
    place = make.place(f"N{citizen.pk}", scene.offer)
    make.stay(citizen, place, clock.today() - dt.timedelta(days=30), moved_in=True)
    return citizen


def pages_of(citizen: Citizen) -> list[str]:
    """Every page of the record that there is."""
    found = []
    for name, _label in TABS:
        try:
            found.append(reverse(name, args=[citizen.key]))
        except NoReverseMatch:
            continue
    return found


@pytest.fixture
def world(scene: Record) -> list[Citizen]:
    return [moved_in(scene, first, last) for first, last in reversed(NAMES)]


LISTS = ("/kapacitet/borgere/", "/borgere/notat/", "/vagt/hvem-er-her/", "/min-vagt/")


@pytest.mark.parametrize("path", LISTS)
def test_names_of_the_world_stand_in_the_lists(scene: Record, world: list[Citizen], path: str) -> None:
    page = unescape(shown(scene, path))
    for first, last in NAMES:
        # On the shift a face has room for the first of the first names.
        name = first.split()[0] if path == "/min-vagt/" else first
        assert name in page, name
        assert last in page or path == "/min-vagt/", last


@pytest.mark.parametrize("path", ["/kapacitet/borgere/", "/borgere/notat/", "/vagt/hvem-er-her/"])
def test_names_of_the_world_stand_in_danish_order(scene: Record, world: list[Citizen], path: str) -> None:
    page = unescape(shown(scene, path))
    main = page[page.index("<main") :]
    places = [main.index(last) for _first, last in NAMES]
    assert places == sorted(places)


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_record_opens_under_any_name(scene: Record, world: list[Citizen], number: int) -> None:
    citizen = world[number]
    for path in pages_of(citizen):
        page = unescape(shown(scene, path))
        assert citizen.first_name in page, path
        assert re.search(r"<title>[^<]+</title>", page), path


@pytest.mark.parametrize("word", ["qujanaq", "Kûitseĸ", "السلام", "dyreværnsforening", "José"])
def test_notes_in_any_language_are_found(scene: Record, word: str) -> None:
    notes.write_note(scene.worker, scene.ane, text=f"Ane sagde {word} til alle 👩🏽‍🦽 og smilede.")
    notes.write_note(scene.worker, scene.ane, text="Noget helt andet.")
    page = scene.client(scene.worker).post("/borgere/soeg/", {"q": word}, follow=True).content.decode()
    assert word in page and "👩🏽‍🦽" in page
    assert "Noget helt andet" not in page


def test_twins_of_one_birthday_are_told_apart_wherever_they_stand(scene: Record) -> None:
    twin = moved_in(scene, "Ane", "Elm", birth_date=scene.ane.birth_date)
    code = f"N{twin.pk}"
    for path in LISTS:
        page = shown(scene, path)
        main = page[page.index("<main") :]
        assert code in main and "E1" in main, path
    for citizen, place, other in ((twin, code, "E1"), (scene.ane, "E1", code)):
        for path in [*pages_of(citizen), f"/borgere/notat/{citizen.key}/"]:
            # These stand below the floor that knows where somebody lives; one comes to them from the record.
            if "/netvaerk/" in path or "/relationer/" in path:
                continue
            page = shown(scene, path)
            assert f"Flere hedder Ane Elm. Denne bor på {place}, Elmehuset." in page, path
            assert f"bor på {other}" not in page, path


def test_nobody_learns_of_a_namesake_they_may_not_see(scene: Record) -> None:
    make.stay(
        make.citizen(first_name="Ane", last_name="Elm"),
        make.place("B9", scene.other),
        clock.today(),
        moved_in=True,
    )
    assert "Flere hedder" not in shown(scene, scene.path(""))


def test_a_protected_address_stands_on_no_page(scene: Record) -> None:
    hidden = moved_in(scene, "Gerda", "Gemt", address="Skjulestien 17, 8000 Aarhus C", address_protected=True)
    notes.write_note(scene.worker, hidden, text="Gerda fik post.")
    for user in (scene.worker, scene.leader):
        for path in [*LISTS, *pages_of(hidden), f"/kapacitet/borgere/{hidden.key}/"]:
            assert "Skjulestien" not in shown(scene, path, user), path
    found = scene.client(scene.worker).post("/borgere/soeg/", {"q": "Skjulestien"}, follow=True)
    assert "Gerda fik post" not in found.content.decode()


def test_a_twenty_thousand_sign_note_comes_whole_through_the_form_and_back(scene: Record) -> None:
    client = scene.client(scene.worker)
    text = ("Ane ville gerne ud at gå. 🌲 " * 800)[:20_000].strip()
    path = f"/borgere/notat/{scene.ane.key}/"
    assert client.post(path, {"text": text, "kind": "daily"}).status_code == 302
    note = Note.objects.get()
    assert note.text == text
    assert text in unescape(shown(scene, scene.path("notater", note.key, "")))
    too_long = client.post(path, {"text": text + "x" * 20_001, "kind": "daily"})
    assert too_long.status_code == 422
    assert "x" * 1000 in too_long.content.decode()
    assert Note.objects.count() == 1


def _sent_after_the_end(client: Client, path: str, values: dict[str, str]) -> Any:
    """Open the form, let the session end, and send what was typed."""
    form = client.get(path).content.decode()
    form = form[form.index("<main") :]
    hidden = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("written_by", "request_id")
    }
    with clock.fixed(clock.running() + dt.timedelta(hours=2)):
        return client.post(path, {**hidden, **values})


@pytest.mark.parametrize(
    ("page", "field"),
    [("notater/nyt/", "text"), ("oensker/nyt/", "text"), ("maal/nyt/", "title")],
)
def test_a_session_that_ends_while_writing_loses_nothing(scene: Record, page: str, field: str) -> None:
    client = scene.client(scene.worker)
    path = scene.path(page)
    typed = "Det her tog en time at skrive."
    answer = _sent_after_the_end(client, path, {field: typed})
    assert answer.status_code == 302 and answer["Location"].startswith("/konto/login/?next=/kladder/")
    (kept,) = drafts.mine(scene.worker.pk)
    assert (field, typed) in {(one.name, one.value) for one in kept.content.fields}
    back = scene.client(scene.worker)
    assert typed in unescape(back.get(f"{path}?kladde={kept.key}").content.decode())
    assert typed not in unescape(
        scene.client(scene.colleague).get(f"{path}?kladde={kept.key}").content.decode()
    )


def test_who_has_died_is_at_peace_and_is_still_read_by_the_leader(
    scene: Record, world: list[Citizen]
) -> None:
    """A death is the end of the stay: nobody is called to anything more, nothing more is written, nothing is lost."""
    dead = world[0]
    notes.write_note(scene.worker, dead, text="Sad længe i haven.")
    plan_series(
        scene.worker,
        effort=effort(scene.worker, dead, "Aftenmedicin"),
        rule="FREQ=DAILY",
        first_on=clock.today(),
        at=dt.time(13),
    )
    with clock.fixed(at(12)):
        assert "Aftenmedicin" in shown(scene, "/min-vagt/")
    stay = dead.stays.get()
    stay.actual_end = clock.today() - dt.timedelta(days=1)
    stay.save(update_fields=["actual_end"])
    with clock.fixed(at(12)):
        for path in (*LISTS, "/vagt/kalender/", reverse("practice:unit-tasks")):
            page = shown(scene, path)
            assert dead.first_name not in page and "Aftenmedicin" not in page, path
    for path in pages_of(dead):
        assert scene.client(scene.worker).get(path).status_code == 404, path
        assert dead.first_name in shown(scene, path, scene.leader), path
    assert "Sad længe i haven." in shown(scene, reverse("practice:notes", args=[dead.key]), scene.leader)
    for user, status in ((scene.worker, 404), (scene.leader, 403)):
        answer = scene.client(user).post(reverse("practice:new-note", args=[dead.key]), {"text": "Mere."})
        assert answer.status_code == status
    assert Note.objects.filter(citizen=dead).count() == 1
