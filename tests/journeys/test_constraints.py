"""What the database itself refuses, whoever writes to it: raw SQL, past every service."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from roedtraad.organisation.models import Place
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bed() -> Place:
    return make.place("T-1", make.unit("tang", parent=make.region_root()), end=date(2026, 1, 1))


def insert(place: Place, **columns: Any) -> None:
    """One stay, straight into the table."""
    row = {
        "key": f"raw-{columns}",
        "citizen_id": make.citizen().pk,
        "place_id": place.pk,
        "paying_municipality_id": make.municipality().pk,
        "ordered_start": date(2024, 3, 1),
        **columns,
    }
    row["key"] = str(hash(row["key"]))
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO journeys_stay ({names}) VALUES ({marks})", list(row.values()))


def constraint_of(error: IntegrityError) -> str:
    return error.__cause__.diag.constraint_name or ""  # type: ignore[union-attr]  # psycopg's own error


def test_two_bookings_on_a_place_on_a_day(bed: Place) -> None:
    insert(bed, ordered_end=date(2024, 3, 10))
    with pytest.raises(IntegrityError) as refused:
        insert(bed, ordered_start=date(2024, 3, 10), ordered_end=date(2024, 4, 1))
    assert constraint_of(refused.value) == "stay_one_booking_a_day"
    insert(bed, ordered_start=date(2024, 3, 11), ordered_end=date(2024, 4, 1))


def test_two_citizens_living_on_a_place_on_a_day(bed: Place) -> None:
    """An overdue citizen still lives there, although the order has run out."""
    insert(bed, ordered_end=date(2024, 3, 10), actual_start=date(2024, 3, 1))
    with pytest.raises(IntegrityError) as refused:
        insert(
            bed,
            ordered_start=date(2024, 3, 11),
            ordered_end=date(2024, 4, 1),
            actual_start=date(2024, 3, 11),
        )
    assert constraint_of(refused.value) == "stay_one_citizen_a_day"


def test_a_withdrawn_booking_takes_no_room(bed: Place) -> None:
    insert(bed, ordered_end=date(2024, 3, 10), withdrawn_at="2024-02-01T12:00:00Z")
    insert(bed, ordered_end=date(2024, 3, 10))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2012, 12, 31), date(2013, 5, 1)),
        (date(2025, 12, 1), date(2026, 1, 1)),
        (date(2025, 12, 1), None),
    ],
)
def test_a_stay_outside_the_places_life(bed: Place, start: date, end: date | None) -> None:
    with pytest.raises(IntegrityError) as refused:
        insert(bed, ordered_start=start, ordered_end=end)
    assert constraint_of(refused.value) == "stay_outside_place_life"


def test_a_stay_across_two_terms_but_no_gap() -> None:
    unit = make.unit("tang", parent=make.region_root())
    bed = make.place("T-1", unit, end=date(2024, 1, 1))
    make.term(bed, unit, date(2024, 1, 1), date(2025, 1, 1))
    make.term(bed, unit, date(2025, 2, 1))
    insert(bed, ordered_start=date(2023, 12, 1), ordered_end=date(2024, 12, 31))
    with pytest.raises(IntegrityError):
        insert(bed, ordered_start=date(2025, 1, 1), ordered_end=date(2025, 3, 1))


def test_a_stay_without_a_payer(bed: Place) -> None:
    with pytest.raises(IntegrityError, match=r"paying_municipality_id"):
        insert(bed, ordered_end=date(2024, 3, 10), paying_municipality_id=None)


@pytest.mark.parametrize(
    "days",
    [
        {"ordered_end": date(2024, 2, 29)},
        {"ordered_end": date(2024, 3, 10), "actual_start": date(2024, 3, 2), "actual_end": date(2024, 3, 1)},
        {"ordered_end": date(2024, 3, 10), "actual_end": date(2024, 3, 5)},
        {"ordered_end": date(2024, 3, 10), "actual_start": date(2024, 3, 11)},
    ],
)
def test_dates_in_the_wrong_order(bed: Place, days: dict[str, date]) -> None:
    # A range whose end lies before its start is refused before any constraint is asked.
    with pytest.raises(Exception, match=r"stay_|range lower bound"):
        insert(bed, **days)


def shorten(place: Place, last: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisation_placeterm SET valid = daterange(lower(valid), %s) WHERE place_id = %s",
            [last, place.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_term_shortened_under_a_stay(bed: Place) -> None:
    insert(bed, ordered_end=date(2024, 3, 10))
    with pytest.raises(IntegrityError) as refused:
        shorten(bed, "2024-03-10")
    assert constraint_of(refused.value) == "placeterm_keeps_stays"
    shorten(bed, "2024-03-11")


def test_a_term_removed_under_a_stay(bed: Place) -> None:
    insert(bed, ordered_end=date(2024, 3, 10))
    with (
        pytest.raises(IntegrityError, match=r"placeterm_keeps_stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM organisation_placeterm WHERE place_id = %s", [bed.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_term_may_be_cut_in_two_while_its_stays_stay_covered(bed: Place) -> None:
    """The trigger waits for the end of the transaction."""
    insert(bed, ordered_end=date(2024, 3, 10))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisation_placeterm SET valid = '[2013-01-01,2024-03-05)' WHERE place_id = %s",
            [bed.pk],
        )
        make.term(bed, make.unit("ny"), date(2024, 3, 5), date(2026, 1, 1))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_withdrawn_booking_holds_no_term(bed: Place) -> None:
    insert(bed, ordered_end=date(2024, 3, 10), withdrawn_at="2024-02-01T12:00:00Z")
    shorten(bed, "2024-01-01")


def test_two_acting_municipalities_on_a_day() -> None:
    citizen = make.citizen(acting="0751")
    with (
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO citizens_municipalityrelation (citizen_id, kind, municipality_id, valid) "
            "VALUES (%s, 'acting', %s, '[2024-01-01,)')",
            [citizen.pk, make.municipality("0791").pk],
        )
    assert constraint_of(refused.value) == "municipality_relation_no_overlap"
