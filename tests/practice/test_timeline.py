"""Everything about a citizen in one line of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roedtraad.access import rows
from roedtraad.core import clock
from roedtraad.practice.models import (
    Assessment,
    Effort,
    FollowUp,
    Goal,
    GoalRating,
    Note,
    StatusReport,
    Task,
    TaskCitizen,
    Transition,
    Wish,
)
from roedtraad.practice.queries.timeline import Entry, Place, kinds, timeline
from roedtraad.practice.services import notes
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[Any]]


def one_of_each(scene: Record) -> Goal:
    """A row of every kind on the same day, at noon where a time is known."""
    now, today = clock.now(), clock.today()
    about: dict[str, Any] = {"citizen": scene.ane, "written_by": scene.worker}
    wish = Wish.objects.create(**about, text="Jeg vil cykle.", words="own", written_at=now)
    goal = Goal.objects.create(
        **about,
        wish=wish,
        title="Cykle selv",
        kind="develop",
        starts_on=today,
        closed_on=today,
        closed_note="Nået.",
    )
    GoalRating.objects.create(**about, goal=goal, level=-1, rater="citizen", rated_at=now)
    FollowUp.objects.create(**about, goal=goal, held_on=today, decision="end")
    Effort.objects.create(
        **about, goal=goal, title="Cykeltur", times=2, minutes=30, starts_on=today, ends_on=today
    )
    Assessment.objects.create(**about, list="short", assessed_on=today, finished_at=now, summary="God form.")
    Assessment.objects.create(**about, list="short", assessed_on=today, summary="En kladde.")
    period: dict[str, Any] = {"first_day": today, "last_day": today, "sections": [], "inputs": {}}
    StatusReport.objects.create(
        **about,
        **period,
        state="approved",
        sent_by=scene.worker,
        sent_at=now,
        approved_by=scene.leader,
        approved_at=now,
        approver="Lene",
        seal="x",
    )
    StatusReport.objects.create(**about, **period)
    Transition.objects.create(
        **about,
        why="provider",
        from_unit=scene.offer,
        to_outside="Fonden Havblik",
        planned_on=today,
        happened_on=today,
        reason="Vil bo ved havet.",
    )
    task: dict[str, Any] = {"unit": scene.offer, "written_by": scene.worker, "due_at": now}
    Task.objects.create(
        **task, citizen=scene.ane, title="Pump dækkene", started_at=now, ended_at=now, ended_by=scene.worker
    )
    Task.objects.create(**task, citizen=scene.ane, title="Ikke gjort endnu")
    group = Task.objects.create(
        **task, title="Fælles tur", skipped_at=now, skipped_by=scene.colleague, skipped_reason="Regn"
    )
    TaskCitizen.objects.create(task=group, citizen=scene.ane)
    Task.objects.create(**task, title="Andres tur", skipped_at=now, skipped_reason="Regn")
    notes.write_note(scene.worker, scene.ane, text="Ane cyklede.", goals=[goal], occurred_at=now)
    taken = notes.write_note(scene.worker, scene.ane, text="Om en anden.", occurred_at=now)
    notes.withdraw_note(scene.worker, taken, "Det var Bo.")
    return goal


def all_pages(scene: Record, limit: int, **values: Any) -> list[Entry]:
    found: list[Entry] = []
    place = None
    while True:
        line = timeline(scene.worker, scene.ane, before=place, limit=limit, **values)
        found += line.entries
        if line.next is None:
            return found
        place = Place.read(line.next.cursor())
        assert place == line.next


def test_every_kind_is_there(scene: Record, django_assert_num_queries: Queries) -> None:
    one_of_each(scene)
    with rows.as_user(scene.worker), django_assert_num_queries(1):
        line = timeline(scene.worker, scene.ane)
    told = [(entry.kind, str(entry.title), entry.text, entry.who, entry.goals) for entry in line.entries]
    mette, jonas = str(scene.worker), str(scene.colleague)
    assert sorted(told) == sorted(
        [
            ("notater", "Dagsnotat", "Ane cyklede.", mette, ("Cykle selv",)),
            ("oensker", "Et ønske, håb eller en drøm", "Jeg vil cykle.", mette, ()),
            ("maal", "Mål begyndt", "Cykle selv", mette, ("Cykle selv",)),
            ("maal", "Mål afsluttet", "Nået.", "", ("Cykle selv",)),
            ("maal", "Målet står på −1, siger borgeren", "", mette, ("Cykle selv",)),
            ("maal", "Opfølgning: afslut", "", mette, ("Cykle selv",)),
            ("indsatser", "Indsats begyndt", "Cykeltur", mette, ("Cykle selv",)),
            ("indsatser", "Indsats slut", "Cykeltur", "", ("Cykle selv",)),
            ("udredninger", "Udredning", "God form.", mette, ()),
            ("opgaver", "Opgave udført", "Pump dækkene", mette, ()),
            ("opgaver", "Opgave sprunget over", "Fælles tur: Regn", jonas, ()),
            ("overgange", "Overgang: skift til et sted uden for regionen", "Vil bo ved havet.", mette, ()),
            ("ophold", "Flyttet ind", "Elmehuset, E1", "", ()),
            ("rapporter", "Statusrapport godkendt", "15. juni 2026 til 15. juni 2026, udgave 1", "Lene", ()),
        ]
    )
    of_floors_above = {"fravaer", "humoer", "risiko"}
    assert {entry.kind for entry in line.entries} == set(kinds()) - of_floors_above
    assert [entry.at for entry in line.entries] == sorted((e.at for e in line.entries), reverse=True)
    days = {str(entry.title) for entry in line.entries if entry.whole_day}
    assert "Mål begyndt" in days and "Dagsnotat" not in days


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_page_by_page_nothing_is_skipped_or_told_twice(scene: Record, limit: int) -> None:
    goal = one_of_each(scene)
    midnight = dt.datetime.combine(clock.today(), dt.time(), clock.COPENHAGEN)
    for n in range(3):
        # The very moment that a day is counted from, where the two kinds of column meet.
        notes.write_note(scene.worker, scene.ane, text=f"Midnat {n}.", occurred_at=midnight)
        Goal.objects.create(
            citizen=scene.ane,
            written_by=scene.worker,
            title=f"Mål {n}",
            kind="develop",
            starts_on=goal.starts_on,
        )
    whole = timeline(scene.worker, scene.ane, limit=100).entries
    assert len(whole) == 20
    assert [entry.key for entry in all_pages(scene, limit)] == [entry.key for entry in whole]


def test_chips_and_days(scene: Record) -> None:
    one_of_each(scene)
    assert {entry.kind for entry in all_pages(scene, 2, kinds=["maal", "opgaver"])} == {"maal", "opgaver"}
    assert timeline(scene.worker, scene.ane, kinds=["ukendt"]).entries == []
    yesterday = clock.today() - dt.timedelta(days=1)
    line = timeline(scene.worker, scene.ane, before=Place.end_of(yesterday))
    assert [entry.kind for entry in line.entries] == ["ophold"]
    # What is only planned has not happened.
    Goal.objects.create(
        citizen=scene.ane,
        written_by=scene.worker,
        title="Senere",
        kind="develop",
        starts_on=clock.today() + dt.timedelta(days=1),
    )
    assert "Senere" not in {entry.text for entry in timeline(scene.worker, scene.ane).entries}


@pytest.mark.parametrize("limit", [1, 50])
def test_each_kind_alone_is_that_kind_of_all(scene: Record, limit: int) -> None:
    """Also the kinds that have a single source."""
    one_of_each(scene)
    with rows.as_user(scene.worker):
        everything = all_pages(scene, 50)
        for kind in kinds():
            wanted = [entry.key for entry in everything if entry.kind == kind]
            assert [entry.key for entry in all_pages(scene, limit, kinds=[kind])] == wanted, kind


@pytest.mark.parametrize("cursor", ["", "x", "WyIyMDI2IiwiYSIsMV0", "WyJ4IiwiYSIsMV0"])
def test_a_place_that_is_none(cursor: str) -> None:
    assert Place.read(cursor) is None


def test_others_see_nothing(scene: Record) -> None:
    one_of_each(scene)
    with rows.as_user(scene.stranger):
        assert timeline(scene.stranger, scene.ane).entries == []


def test_fifty_and_many_entries_cost_the_same(scene: Record) -> None:
    """One statement, that walks the index of the citizen's notes and stops, and sorts no pile of them."""
    now = clock.now()
    Note.objects.bulk_create(
        Note(
            citizen=(scene.ane, scene.bo)[n % 2],
            written_by=scene.worker,
            text=f"Nr. {n}",
            occurred_at=now - dt.timedelta(minutes=n),
        )
        for n in range(6_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE practice_note")
    with rows.as_user(scene.worker), CaptureQueriesContext(connection) as caught:
        line = timeline(scene.worker, scene.ane)
        assert line.next is not None
        timeline(scene.worker, scene.ane, before=line.next)
    pages = [query for query in caught.captured_queries if "practice_note" in query["sql"]]
    assert len(pages) == 2
    for query in pages:
        with rows.as_user(scene.worker), connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query["sql"])
            nodes = list(every_node(cursor.fetchone()[0][0]["Plan"]))
        read = [node for node in nodes if node.get("Relation Name") == "practice_note"]
        assert read[0]["Index Name"] == "note_citizen_time"
        # Once for the page, and once for each note on it that may have goals.
        assert sum(node["Actual Rows"] * node["Actual Loops"] for node in read) <= 62


def every_node(plan: dict[str, Any]) -> Any:
    yield plan
    for below in plan.get("Plans", []):
        yield from every_node(below)
