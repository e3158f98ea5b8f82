"""Places and stays in the REST API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.organisation.models import NationalPlaces, Unit
from tests.factories import agreed, citizen, place, region_root, stay, unit, user_with

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def offer() -> Unit:
    return unit("solsiden", name="Solsiden", parent=region_root())


@pytest.fixture
def ask(offer: Unit) -> Any:
    """Ask the API as an economist of the region: (status, answer)."""
    _token, secret = issue(user_with(Role.ECONOMIST, region_root()), "prøve", ["capacity"], 30)

    def asked(path: str, **query: Any) -> tuple[int, Any]:
        response = Client().get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {secret}"})
        return response.status_code, response.json()

    return asked


def test_capacity(ask: Any, offer: Unit) -> None:
    other = unit("skovhuset", parent=region_root())
    for code in "ABC":
        place(code, offer)
    seat = place("D", other, "day")
    stay(citizen(), seat, D(2026, 1, 1), moved_in=True)
    agreed(offer, 2)

    status, answer = ask("capacity")

    assert status == 200
    assert answer == {
        "as_of": "2026-06-15",
        "unit": None,
        "residential": 3,
        "day": 1,
        "occupied_residential": 0,
        "occupied_day": 1,
        "reserved_residential": 0,
        "reserved_day": 0,
        "agreed_residential": 2,
        "agreed_day": 0,
        "free_residential": 3,
        "free_day": 0,
    }
    assert ask("capacity", unit=other.pk)[1]["residential"] == 0
    assert ask("capacity", as_of="2012-01-01")[1]["residential"] == 0


def test_occupancy_in_time(ask: Any, offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2026, 4, 30), ordered_end=D(2026, 5, 2), moved_in=True)
    agreed(offer, 2)

    answer = ask("occupancy", **{"from": "2026-04-01", "to": "2026-05-31", "by": "month"})[1]

    assert (answer["from"], answer["to"], answer["by"]) == ("2026-04-01", "2026-05-31", "month")
    assert answer["denominator"] == "aftalte pladser i rammeaftalen × dage"
    assert [(i["key"], i["bed_days"], i["agreed_days"], i["percent"]) for i in answer["items"]] == [
        ("2026-04", 1, 60, 1.7),
        ("2026-05", 2, 62, 3.2),
    ]
    by_day = ask("occupancy", **{"from": "2026-04-30", "to": "2026-05-01", "by": "day", "kind": "day"})[1]
    assert [(i["key"], i["bed_days"], i["percent"]) for i in by_day["items"]] == [
        ("2026-04-30", 0, None),
        ("2026-05-01", 0, None),
    ]
    assert ask("occupancy", **{"from": "2027-01-01", "to": "2027-01-31"})[1]["items"] == []


@pytest.mark.parametrize(
    "by", ["day", "month", "year", "area", "offer", "paragraph", "age", "target", "municipality", "region"]
)
def test_occupancy_by_anything_adds_up(ask: Any, offer: Unit, by: str) -> None:
    for number in range(7):
        stay(citizen(), place(f"A{number}", offer), D(2025, 12, 25 + number % 5), moved_in=True)

    status, answer = ask("occupancy", **{"from": "2025-12-01", "to": "2026-01-31", "by": by})

    assert status == 200
    assert sum(item["bed_days"] for item in answer["items"]) == sum(31 + 7 - n % 5 for n in range(7))
    assert answer["denominator"]


@pytest.mark.parametrize(("citizens", "count"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_few_citizens_are_not_told(ask: Any, offer: Unit, citizens: int, count: int | None) -> None:
    for number in range(citizens):
        stay(citizen(), place(f"A{number}", offer), D(2025, 1, 1), moved_in=True)

    answer = ask("citizens/count", **{"from": "2025-01-01", "to": "2025-12-31", "kind": "residential"})[1]

    assert answer == {"count": count, "suppressed": count is None}


def test_market_share(ask: Any, offer: Unit) -> None:
    NationalPlaces.objects.create(
        year=2020,
        age_group="adult",
        category="residential",
        places=40,
        stated_own_places=2,
        source_document="000",
        source_section="2.1",
    )
    place("A", offer)

    answer = ask("market-share", as_of="2020-07-01")[1]

    assert answer["items"] == [
        {
            "age_group": "adult",
            "own_places": 1,
            "national_places": 40,
            "percent": 2.5,
            "national_year": 2020,
            "source": "000, 2.1",
            "stated_own_places": 2,
            "difference": -1,
        }
    ]


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("capacity", {"as_of": "i går"}, 422, "as_of"),
        ("capacity", {"as_of": "0001-01-01"}, 400, "Året skal ligge mellem"),
        ("capacity", {"unit": "999999"}, 404, "Der er ingen enhed"),
        ("capacity", {"unit": "0"}, 422, "unit"),
        ("occupancy", {"from": "2026-02-01", "to": "2026-01-01"}, 400, "slutter, før den begynder"),
        ("occupancy", {"from": "1990-01-01", "to": "2026-01-01"}, 400, "Perioden er for lang"),
        ("occupancy", {"from": "2010-01-01", "to": "2026-01-01", "by": "day"}, 400, "højst 1100 dage"),
        ("occupancy", {"from": "2026-01-01", "to": "2026-02-01", "by": "vejr"}, 422, "by"),
        ("occupancy", {"from": "2026-01-01"}, 422, "to"),
        ("citizens/count", {"from": "2026-01-01", "to": "2026-02-01", "kind": "alle"}, 422, "kind"),
        ("staffing", {}, 403, "omfang"),
    ],
)
def test_refusals(ask: Any, path: str, query: dict[str, str], status: int, says: str) -> None:
    found, answer = ask(path, **query)

    assert found == status
    assert says in answer["detail"]


def test_without_a_token_there_is_no_answer() -> None:
    assert Client().get("/api/v1/capacity").status_code == 401


def test_queries_are_few(ask: Any, offer: Unit, django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        stay(citizen(), place(f"A{number}", offer), D(2025, 1, 1), moved_in=True)
    for by in ("day", "month", "year", "area", "paragraph", "region"):
        with django_assert_max_num_queries(8):
            ask("occupancy", **{"from": "2025-01-01", "to": "2025-12-31", "by": by, "unit": offer.pk})
