"""Moves, another payer, and undoing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import services
from roedtraad.journeys.models import OccupancyMonth, Stay
from roedtraad.journeys.services.common import STATE
from roedtraad.organisation.models import Place, Unit
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Unit:
    return make.unit("tangkaer", name="Tangkær", parent=make.region_root())


@pytest.fixture
def beds(house: Unit) -> list[Place]:
    return [make.place(f"TK-{n}", house) for n in range(3)]


@pytest.fixture
def leader(house: Unit) -> User:
    return make.user_with("leader", house)


@pytest.fixture
def ane() -> Citizen:
    return make.citizen(1, paying="0751")


@pytest.fixture
def living(ane: Citizen, beds: list[Place]) -> Stay:
    """Ane has lived on the first bed since May."""
    return make.stay(
        ane, beds[0], date(2026, 5, 1), ordered_end=date(2026, 12, 31), actual_start=date(2026, 5, 1)
    )


def states() -> dict[int, tuple[Any, ...]]:
    """What stands in the table, withdrawn rows left out."""
    rows = Stay.objects.booked().values_list("pk", *STATE)
    return {row[0]: row[1:] for row in rows}


def test_a_move_ends_and_begins_on_days_next_to_each_other(
    leader: User, living: Stay, beds: list[Place], house: Unit
) -> None:
    moved = services.move_to_place(leader, living, beds[1], date(2026, 6, 10))
    living.refresh_from_db()
    assert (living.actual_end, moved.actual_start) == (date(2026, 6, 9), date(2026, 6, 10))
    assert moved.ordered_end == date(2026, 12, 31)
    june = OccupancyMonth.objects.get(unit=house, month=date(2026, 6, 1))
    assert june.bed_days == 15


def test_a_move_to_come_is_only_ordered(leader: User, living: Stay, beds: list[Place]) -> None:
    moved = services.move_to_place(leader, living, beds[1], date(2026, 7, 1))
    living.refresh_from_db()
    assert (living.ordered_end, living.actual_end) == (date(2026, 6, 30), None)
    assert (moved.ordered_start, moved.actual_start) == (date(2026, 7, 1), None)


def test_a_booking_nobody_moved_into_changes_its_place(leader: User, ane: Citizen, beds: list[Place]) -> None:
    booked = make.stay(ane, beds[0], date(2026, 7, 1))
    moved = services.move_to_place(leader, booked, beds[1], date(2026, 7, 5))
    assert (moved.pk, moved.place, moved.ordered_start) == (booked.pk, beds[1], date(2026, 7, 5))


def test_a_move_is_refused_before_the_stay_and_onto_a_taken_place(
    leader: User, living: Stay, beds: list[Place]
) -> None:
    with pytest.raises(Refusal, match=r"før opholdet begynder"):
        services.move_to_place(leader, living, beds[1], date(2026, 4, 1))
    make.stay(make.citizen(2), beds[1], date(2026, 6, 20), ordered_end=date(2026, 6, 30))
    before = states()
    with pytest.raises(Refusal, match=r"optaget fra den 20. juni 2026"):
        services.move_to_place(leader, living, beds[1], date(2026, 6, 10))
    assert states() == before


def test_the_same_move_twice_is_one_move(leader: User, living: Stay, beds: list[Place]) -> None:
    first = services.move_to_place(leader, living, beds[1], date(2026, 6, 10), key="flyt")
    assert services.move_to_place(leader, living, beds[1], date(2026, 6, 10), key="flyt") == first
    assert Stay.objects.count() == 2


def test_another_payer_from_a_day_leaves_the_past_with_the_old_one(leader: User, living: Stay) -> None:
    later = services.change_paying_municipality(leader, living, make.municipality("0791"), date(2026, 6, 1))
    living.refresh_from_db()
    assert (living.paying_municipality_id, living.actual_end) == ("0751", date(2026, 5, 31))
    assert (later.paying_municipality_id, later.actual_start, later.actual_end) == (
        "0791",
        date(2026, 6, 1),
        None,
    )
    assert (later.place_id, later.ordered_end) == (living.place_id, date(2026, 12, 31))


def test_another_payer_from_the_first_day_cuts_nothing(leader: User, living: Stay) -> None:
    same = services.change_paying_municipality(leader, living, make.municipality("0791"), date(2026, 5, 1))
    assert (same.pk, same.paying_municipality_id) == (living.pk, "0791")
    with pytest.raises(Refusal, match=r"før opholdet begynder"):
        services.change_paying_municipality(leader, living, make.municipality("0101"), date(2026, 4, 1))


def test_an_ended_stay_can_still_get_another_payer(leader: User, living: Stay) -> None:
    ended = services.end_stay(leader, living, date(2026, 6, 5))
    later = services.change_paying_municipality(leader, ended, make.municipality("0791"), date(2026, 6, 1))
    assert (later.actual_start, later.actual_end) == (date(2026, 6, 1), date(2026, 6, 5))
    with pytest.raises(Refusal, match=r"sluttede den 5. juni 2026"):
        services.change_paying_municipality(leader, later, make.municipality("0101"), date(2026, 6, 6))


@pytest.mark.parametrize("act", ["book", "change", "start", "end", "move", "payer", "withdraw"])
def test_after_undoing_all_is_as_before_and_undoing_that_brings_it_back(
    act: str, leader: User, living: Stay, ane: Citizen, beds: list[Place]
) -> None:
    coming = make.stay(ane, beds[2], date(2026, 6, 10))
    before = states()
    done = {
        "book": lambda: services.book_stay(
            leader, citizen=ane, place=beds[1], ordered_start=date(2026, 8, 1)
        ),
        "change": lambda: services.change_booking(
            leader, coming, ordered_start=date(2026, 6, 12), ordered_end=None, agreed_day_rate=None
        ),
        "start": lambda: services.start_stay(leader, coming, date(2026, 6, 14)),
        "end": lambda: services.end_stay(leader, living, date(2026, 6, 14)),
        "move": lambda: services.move_to_place(leader, living, beds[1], date(2026, 6, 10)),
        "payer": lambda: services.change_paying_municipality(
            leader, living, make.municipality("0791"), date(2026, 6, 1)
        ),
        "withdraw": lambda: services.withdraw_booking(leader, coming),
    }[act]()
    after = states()
    assert after != before
    undone = services.undo_last(leader, done)
    assert states() == before
    services.undo_last(leader, undone)
    assert states() == after


def test_only_who_did_it_and_only_the_same_day(leader: User, living: Stay, house: Unit) -> None:
    ended = services.end_stay(leader, living, date(2026, 6, 10))
    colleague = make.user_with("leader", house)
    with pytest.raises(Refusal, match=r"Kun den, der lavede ændringen"):
        services.undo_last(colleague, ended)
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time())
    with clock.fixed(tomorrow), pytest.raises(Refusal, match=r"samme dag"):
        services.undo_last(leader, ended)


def test_what_others_built_on_cannot_be_undone(
    leader: User, living: Stay, beds: list[Place], house: Unit
) -> None:
    moved = services.move_to_place(leader, living, beds[1], date(2026, 6, 10))
    services.end_stay(make.user_with("leader", house), moved, date(2026, 6, 12))
    with pytest.raises(Refusal, match=r"noget nyt"):
        services.undo_last(leader, living)


def test_an_undo_onto_a_place_taken_meanwhile_is_refused(
    leader: User, living: Stay, beds: list[Place]
) -> None:
    ended = services.end_stay(leader, living, date(2026, 6, 10))
    services.book_stay(leader, citizen=living.citizen, place=beds[0], ordered_start=date(2026, 7, 1))
    with pytest.raises(Refusal, match=r"Det kan ikke fortrydes. Pladsen er optaget fra den 1. juli 2026"):
        services.undo_last(leader, ended)
