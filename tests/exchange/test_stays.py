"""Importing stays: what is written, what is refused and with which words, and what happens the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from roedtraad.access.models import LookupLog
from roedtraad.exchange.pipeline import Outcome
from roedtraad.journeys.models import OccupancyMonth, Stay
from tests import factories as make
from tests.exchange.worlds import World, stay_row

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


def test_a_stay_is_written_with_history_lookups_and_bed_days(world: World, run: Run) -> None:
    outcome = run("ophold", [stay_row(world)])
    assert outcome.faults == []
    assert outcome.counts == {"new": 1, "changed": 0, "same": 0, "faulty": 0}
    stay = Stay.objects.get(key="o-1")
    assert (stay.citizen, stay.place.code, stay.paying_municipality_id) == (world.citizens[0], "T-1", "0751")
    assert (stay.ordered_start, stay.ordered_end, stay.actual_start) == (
        date(2024, 3, 1),
        date(2024, 12, 31),
        date(2024, 3, 1),
    )
    assert stay.agreed_day_rate == Decimal("2831.50")
    event = stay.events.get()
    assert event.pgh_context.metadata["reason"] == "indlæst fra prøve.csv"
    assert event.pgh_context.metadata["user"] == world.admin.pk
    looked = LookupLog.objects.get()
    assert (looked.citizen, looked.actor, looked.part) == (world.citizens[0], "system", "indlæsning")
    assert OccupancyMonth.objects.get(unit=world.offer, month=date(2024, 3, 1)).bed_days == 31


def test_a_preview_writes_nothing_and_says_what_would_be(world: World, run: Run) -> None:
    outcome = run("ophold", [stay_row(world)], keep=False)
    assert outcome.counts["new"] == 1
    assert [(sample.row, sample.label, sample.state) for sample in outcome.samples] == [(2, "o-1", "new")]
    assert not Stay.objects.exists()
    assert not LookupLog.objects.exists()


def test_the_same_file_again_changes_nothing(world: World, run: Run) -> None:
    rows = [stay_row(world), stay_row(world, key="o-2", place="T-2", withdrawn="2024-02-01", actual_start="")]
    run("ophold", rows)
    events = Stay.events.rel.related_model.objects.count()
    outcome = run("ophold", rows)
    assert outcome.counts == {"new": 0, "changed": 0, "same": 2, "faulty": 0}
    assert Stay.objects.count() == 2
    assert Stay.events.rel.related_model.objects.count() == events


def test_a_changed_row_says_which_columns(world: World, run: Run) -> None:
    run("ophold", [stay_row(world)])
    outcome = run("ophold", [stay_row(world, actual_end="2024-11-30", payer="0791")])
    assert outcome.counts["changed"] == 1
    assert outcome.samples[0].changes == ["betalingskommune", "boede der til og med"]
    assert Stay.objects.get().actual_end == date(2024, 11, 30)


def test_a_column_that_is_left_out_is_left_alone(world: World, run: Run) -> None:
    run("ophold", [stay_row(world)])
    needed = ["key", "citizen", "place", "payer", "ordered_start"]
    assert run("ophold", [stay_row(world)], columns=needed).counts["same"] == 1
    assert Stay.objects.get().agreed_day_rate == Decimal("2831.50")


def test_citizens_are_found_by_cpr_also_when_the_sheet_took_the_zero(world: World, run: Run) -> None:
    citizen = world.citizens[0]
    assert citizen.cpr is not None and citizen.cpr.startswith("0")
    outcome = run("ophold", [stay_row(world, citizen=citizen.cpr.lstrip("0"))])
    assert outcome.faults == []
    assert Stay.objects.get().citizen == citizen


def test_two_stays_may_change_places(world: World, run: Run) -> None:
    first, second = stay_row(world), stay_row(world, key="o-2", place="T-2")
    run("ophold", [first, second])
    outcome = run("ophold", [{**first, "place": "T-2"}, {**second, "place": "T-1"}])
    assert outcome.counts["changed"] == 2
    assert Stay.objects.get(key="o-1").place.code == "T-2"
    assert Stay.objects.get(key="o-2").withdrawn_at is None


FAULTS = [
    ({"key": ""}, "»nøgle« mangler."),
    ({"citizen": "310299-9901"}, "CPR-nummeret har en dato, der ikke findes."),
    ({"citizen": "010190-9999"}, "Borgeren findes ikke."),
    ({"place": "T-9"}, "»plads« peger på »T-9«, som ikke findes."),
    ({"payer": "Atlantis"}, "»betalingskommune« er ikke en kommune, systemet kender: »Atlantis«."),
    ({"payer": ""}, "»betalingskommune« mangler."),
    ({"ordered_start": "31-02-2024"}, "»bestilt fra« er en dato, der ikke findes"),
    ({"ordered_start": "i går"}, "»bestilt fra« skal være en dato"),
    ({"ordered_start": "0001-01-01"}, "»bestilt fra« har et årstal, der ser forkert ud"),
    ({"ordered_end": "2024-02-01"}, "Datoen ligger før opholdet begynder"),
    ({"actual_end": "2026-07-01"}, "Datoen ligger i fremtiden"),
    ({"agreed_day_rate": "meget"}, "»aftalt takst« skal være et beløb"),
    ({"agreed_day_rate": "-1"}, "»aftalt takst« skal være mellem 0 og 100.000 kr."),
    ({"withdrawn": "2024-02-01"}, "kan ikke være fortrudt"),
    ({"ordered_start": "2012-03-01", "actual_start": "2012-03-01"}, "Plads T-1 er ikke åben i hele opholdet"),
]


@pytest.mark.parametrize(("wrong", "words"), FAULTS)
def test_each_fault_names_its_row_and_nothing_is_written(
    world: World, run: Run, wrong: dict[str, Any], words: str
) -> None:
    good = stay_row(world, key="o-2", place="T-2")
    outcome = run("ophold", [good, stay_row(world, **wrong)])
    assert outcome.counts["faulty"] == 1
    assert [fault.row for fault in outcome.faults] == [3]
    assert words in outcome.faults[0].sentence
    assert str(outcome.faults[0]).startswith("række 3: ")
    assert not Stay.objects.exists()


def test_two_rows_on_one_place_on_one_day_name_each_other(world: World, run: Run) -> None:
    rows = [
        stay_row(world, ordered_end="2024-06-01", actual_end="2024-06-01"),
        stay_row(world, key="o-3", place="T-2"),
        stay_row(world, key="o-2", ordered_start="2024-06-01", actual_start="2024-06-01"),
    ]
    outcome = run("ophold", rows)
    assert {(fault.row, fault.sentence) for fault in outcome.faults} == {
        (4, "Pladsen er optaget fra den 1. juni 2024 til og med den 1. juni 2024 også i række 2."),
        (4, "Der bor en borger på pladsen fra den 1. juni 2024 til og med den 1. juni 2024 også i række 2."),
    }
    assert outcome.counts["faulty"] == 1


def test_a_place_taken_in_the_system_already(world: World, run: Run) -> None:
    make.stay(world.citizens[1], world.places[0], date(2024, 6, 1), key="er-her")
    outcome = run("ophold", [stay_row(world)])
    assert [fault.row for fault in outcome.faults] == [2]
    assert "også i opholdet »er-her«, som ikke er i filen" in outcome.faults[0].sentence


def test_a_key_twice_names_the_other_row(world: World, run: Run) -> None:
    outcome = run("ophold", [stay_row(world), stay_row(world, place="T-2")])
    assert [str(fault) for fault in outcome.faults] == [
        "række 3: Nøglen »o-1« står også i række 2. Hver nøgle må kun stå én gang."
    ]


def test_a_stay_keeps_its_citizen(world: World, run: Run) -> None:
    run("ophold", [stay_row(world)])
    outcome = run("ophold", [stay_row(world, citizen=str(world.citizens[1].key))])
    assert "findes allerede for en anden borger" in outcome.faults[0].sentence
    assert Stay.objects.get().citizen == world.citizens[0]


def test_more_faults_than_a_page_shows_are_kept_and_all_are_counted(world: World, run: Run) -> None:
    outcome = run("ophold", [stay_row(world, key=f"o-{n}", place="T-9") for n in range(250)])
    assert outcome.counts["faulty"] == 250
    assert len(outcome.faults) == 250
    assert outcome.faults[-1].row == 251
