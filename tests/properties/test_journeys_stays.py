"""Random sequences of what can happen to stays, against the real database and a count by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import services
from roedtraad.journeys.models import OccupancyMonth, Stay
from roedtraad.journeys.services.common import STATE
from roedtraad.organisation.models import Municipality, Place, Unit
from tests import factories as make

FIRST = dt.date(2026, 5, 1)
# Before every day the sequences use, after the stays of the scene.
SINCE = dt.date(2026, 1, 1)
# Beyond every day the sequences use: where a stay without an end is cut for counting.
HORIZON = dt.date(2026, 9, 1)
ONE_WEEK = dt.timedelta(days=7)

day = st.integers(0, 75).map(lambda n: FIRST + dt.timedelta(days=n))
place = st.integers(0, 2)
pick = st.integers(0, 20)
OPERATIONS = st.one_of(
    st.tuples(st.just("book"), pick, place, day, st.one_of(st.none(), st.integers(0, 40))),
    st.tuples(st.just("start"), pick, place, day, st.none()),
    st.tuples(st.just("end"), pick, place, day, st.none()),
    st.tuples(st.just("move"), pick, place, day, st.none()),
    st.tuples(st.just("payer"), pick, place, day, st.none()),
    st.tuples(st.just("withdraw"), pick, place, day, st.none()),
    st.tuples(st.just("undo"), pick, place, day, st.none()),
)


@dataclass
class World:
    """One house with three beds, three citizens, two municipalities and a leader."""

    house: Unit
    beds: list[Place]
    citizens: list[Citizen]
    payers: list[Municipality]
    leader: User


State = dict[int, tuple[Any, ...]]


def state() -> State:
    """The stays that count, as they stand, those of the scene left out."""
    rows = Stay.objects.booked().filter(ordered_start__gte=SINCE).values_list("pk", *STATE)
    return {row[0]: row[1:] for row in rows}


def span(first: dt.date | None, last: dt.date | None, until: dt.date) -> list[dt.date]:
    """The days from the first to and including the last, as far as `until`."""
    if first is None:
        return []
    end = min(last or until, until)
    return [first + dt.timedelta(days=n) for n in range((end - first).days + 1)]


def planned_days(rows: State, but: int | None = None) -> Counter[tuple[int, dt.date]]:
    """How many citizens each place is reserved for, by day."""
    return Counter(
        (row[1], when)
        for pk, row in rows.items()
        if pk != but
        for when in span(row[5] or row[3], row[6] or row[4], HORIZON)
    )


def lived_days(rows: State) -> Counter[tuple[int, dt.date]]:
    """How many citizens lived on each place, by day up to today."""
    return Counter((row[1], when) for row in rows.values() for when in span(row[5], row[6], clock.today()))


def lived_by_citizen(rows: State) -> Counter[int]:
    """How many days each citizen has lived somewhere."""
    return Counter(row[0] for row in rows.values() for _ in span(row[5], row[6], clock.today()))


def is_free(rows: State, bed: int, first: dt.date, last: dt.date | None) -> bool:
    """Whether the model would let the bed be booked: no day is reserved, and nobody overdue lives there today."""
    reserved = planned_days(rows)
    today = clock.today()
    if any(reserved[bed, when] for when in span(first, last, HORIZON)):
        return False
    overdue = any(
        row[1] == bed and row[5] and not row[6] and row[4] and row[4] < today for row in rows.values()
    )
    return not (overdue and first <= today and (last is None or last >= today))


@pytest.mark.django_db
def test_whatever_happens_the_days_add_up() -> None:
    house = make.unit("hus", parent=make.region_root())
    world = World(
        house=house,
        beds=[make.place(f"S-{n}", house) for n in range(3)],
        citizens=[make.citizen(n + 1, paying="0751") for n in range(3)],
        payers=[make.municipality("0791"), make.municipality("0101")],
        leader=make.user_with("leader", house),
    )
    past = make.place("S-9", house)
    for n, citizen in enumerate(world.citizens):
        when = dt.date(2020, 1 + n, 1)
        make.stay(citizen, past, when, ordered_end=when, moved_in=True)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(OPERATIONS, min_size=6, max_size=14))
    def sequence(operations: list[tuple[str, int, int, dt.date, int | None]]) -> None:
        with transaction.atomic():
            play(world, operations)
            transaction.set_rollback(True)

    sequence()


def play(world: World, operations: list[tuple[str, int, int, dt.date, int | None]]) -> None:
    """Let somebody move in, do one thing after the other, and count by hand after each."""
    booked = services.book_stay(
        world.leader, citizen=world.citizens[0], place=world.beds[0], ordered_start=FIRST + ONE_WEEK
    )
    services.start_stay(world.leader, booked, FIRST + ONE_WEEK)
    latest: tuple[Stay, State] | None = None
    for kind, chosen, bed, when, length in operations:
        before = state()
        stays = list(Stay.objects.filter(ordered_start__gte=SINCE).order_by("withdrawn_at", "pk"))
        stay = stays[chosen % len(stays)]
        if kind != "book":
            # Around the stay's own days, or nearly everything would be refused.
            when = stay.ordered_start + dt.timedelta(days=(when - FIRST).days % 12 - 1)
        last = None if length is None else when + dt.timedelta(days=length)
        try:
            with transaction.atomic():
                done = act(world, kind, stay, latest, world.citizens[chosen % 3], world.beds[bed], when, last)
        except Refusal:
            assert state() == before
            assert kind != "book" or not is_free(before, world.beds[bed].pk, when, last)
            continue
        after = state()
        if kind == "book":
            assert is_free(before, world.beds[bed].pk, when, last)
        if kind in ("book", "payer", "withdraw"):
            assert lived_days(after) == lived_days(before)
        if kind == "move":
            assert lived_by_citizen(after) == lived_by_citizen(before)
        if kind == "undo":
            assert latest is not None
            assert after == latest[1]
        latest = (done, before)
        check(world, after)


def act(
    world: World,
    kind: str,
    stay: Stay,
    latest: tuple[Stay, State] | None,
    citizen: Citizen,
    bed: Place,
    when: dt.date,
    last: dt.date | None,
) -> Stay:
    """Do one thing."""
    leader = world.leader
    if kind == "book":
        return services.book_stay(leader, citizen=citizen, place=bed, ordered_start=when, ordered_end=last)
    if kind == "start":
        return services.start_stay(leader, stay, when)
    if kind == "end":
        return services.end_stay(leader, stay, when)
    if kind == "move":
        return services.move_to_place(leader, stay, bed, when)
    if kind == "payer":
        return services.change_paying_municipality(leader, stay, world.payers[when.day % 2], when)
    if kind == "withdraw":
        return services.withdraw_booking(leader, stay)
    if latest is None:
        raise Refusal("Der er intet at fortryde.")
    return services.undo_last(leader, latest[0])


def check(world: World, rows: State) -> None:
    """Never two on a place a day, and the months hold exactly the days one can count."""
    assert all(n == 1 for n in planned_days(rows).values())
    lived = lived_days(rows)
    assert all(n == 1 for n in lived.values())
    counted = Counter(when.replace(day=1) for _, when in lived.elements())
    months = OccupancyMonth.objects.filter(unit=world.house, month__gte=SINCE, bed_days__gt=0)
    assert dict(months.values_list("month", "bed_days")) == dict(counted)
