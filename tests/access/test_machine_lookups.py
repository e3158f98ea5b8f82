"""Whoever reads persons' data without being a person at a page is written down by its own name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roedtraad.access.lookups import record
from roedtraad.access.models import LookupLog
from roedtraad.access.tokens import WRITES, issue
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.exchange import exporting, services
from roedtraad.exchange.formats import FORMATS
from roedtraad.practice.services.goals import GoalText, set_goal
from roedtraad.practice.services.notes import write_note
from tests import factories as make
from tests.exchange.calls import calls
from tests.exchange.conftest import _own_folder, run, world, write
from tests.exchange.worlds import World, stay_row

__all__ = ["_own_folder", "run", "world", "write"]
pytestmark = pytest.mark.django_db

# Which kinds of files are about persons. A kind that is neither must be thought of here.
ABOUT_PERSONS = {"borgere", "ophold"}
ABOUT_HOUSES = {"enheder", "pladser"}


def written() -> set[tuple[str, str, str, int]]:
    return set(LookupLog.objects.values_list("actor", "actor_name", "part", "citizen"))


@pytest.fixture
def lived_in(world: World) -> World:
    for citizen, place in zip(world.citizens, world.places, strict=True):
        make.stay(citizen, place, dt.date(2024, 1, 1), moved_in=True)
    return world


def test_every_kind_of_file_is_thought_of() -> None:
    # What is only read in is about persons and is shown in tests/exchange/test_import_*.
    assert {kind for kind, form in FORMATS.items() if form.exported} == ABOUT_PERSONS | ABOUT_HOUSES


@pytest.mark.parametrize("kind", sorted(ABOUT_PERSONS | ABOUT_HOUSES))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_from_the_terminal(lived_in: World, kind: str, ending: str, tmp_path: Path) -> None:
    exporting.Export(kind).write(tmp_path / f"ud.{ending}")
    about = lived_in.citizens if kind in ABOUT_PERSONS else []
    assert written() == {("system", "kommandolinjen", "udtræk", citizen.pk) for citizen in about}


@pytest.mark.parametrize("kind", sorted(ABOUT_PERSONS))
@pytest.mark.parametrize("at_once", [10_000, 0])
def test_an_export_by_a_user_at_once_or_by_the_job(lived_in: World, kind: str, at_once: int) -> None:
    options = {"format": "csv", "as_of": "", "with_cpr": True}
    transfer = services.order_export(lived_in.leader, kind, options, at_once=at_once)
    if not at_once:
        assert written() == set()
        services.run_export(transfer.pk)
    assert written() == {
        ("user", str(lived_in.leader), "udtræk med CPR-numre", citizen.pk) for citizen in lived_in.citizens
    }


def test_an_import_of_stays_and_of_citizens(world: World, run: Callable[..., Any]) -> None:
    run("ophold", [stay_row(world)], keep=False)
    assert written() == set()
    run("ophold", [stay_row(world)])
    assert written() == {("system", "indlæsning", "indlæsning", world.citizens[0].pk)}
    other = world.citizens[1]
    run(
        "borgere",
        [{"key": str(other.key), "first_name": "Ny", "last_name": "Navn", "birth_date": other.birth_date}],
    )
    assert ("system", "indlæsning", "indlæsning", world.citizens[1].pk) in written()
    assert set(LookupLog.objects.values_list("purpose", flat=True)) == {"indlæst fra prøve.csv"}


def test_a_key_has_a_name_of_its_own(world: World) -> None:
    token, _secret = issue(world.leader, "BI-udtræk", ["*"], 30)
    asked = User.objects.get(pk=world.leader.pk)
    asked.api_token_name = token.name  # type: ignore[attr-defined]  # as TokenAuth sets it
    record(asked, [world.citizens[0].pk], "ophold")
    log = LookupLog.objects.get()
    assert (log.actor, log.actor_name) == ("token", f"{world.leader} (BI-udtræk)")


def test_an_operation_of_the_api_that_gives_a_person_writes_it(lived_in: World) -> None:
    """Every operation is called as one who sees both citizens; an answer with a citizen in it must have left a row for
    that citizen, written by that call."""
    for number, citizen in enumerate(lived_in.citizens):
        citizen.last_name = f"Mærkenavn{number}"
        citizen.save()
    shown_in = set()
    _token, secret = issue(lived_in.leader, "prøve", ["*", *WRITES], 30)
    first = lived_in.citizens[0]
    note = write_note(lived_in.leader, first, text="Om frikadeller")
    goal = set_goal(lived_in.leader, first, GoalText("Et mål", "develop", clock.today()))
    for call in calls({"citizen": first.key, "note": note.key, "goal": goal.key, "unit": lived_in.offer.pk}):
        before = LookupLog.objects.filter(actor="token").count()
        text = call.send(secret).content.decode()
        for citizen in lived_in.citizens:
            if citizen.last_name in text or str(citizen.key) in text:
                written = LookupLog.objects.filter(actor="token", citizen=citizen).count()
                assert written > before, call.name
                shown_in.add(call.name)
    assert {"GET /api/v1/search", "GET /api/v1/notes", "POST /api/v1/goals"} <= shown_in
