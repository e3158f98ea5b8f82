"""Full-time posts by category."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.core.period import Period
from roedtraad.organisation.models import Unit
from roedtraad.people.models import Position
from roedtraad.people.queries import staffing
from tests.factories import region_root, unit, user_with

pytestmark = pytest.mark.django_db
D = dt.date


def post(code: str, of: Unit, category: str, fte: str = "1.00", end: dt.date | None = None) -> None:
    Position.objects.create(
        code=code,
        unit=of,
        category=category,
        title="Stilling",
        fte=Decimal(fte),
        valid=Period(D(2020, 1, 1), end).to_range(),
    )


@pytest.fixture
def offer() -> Unit:
    made = unit("solsiden", parent=region_root())
    post("1", made, "pedagogical")
    post("2", made, "pedagogical", "0.50")
    post("3", made, "care")
    post("4", made, "care", end=D(2021, 1, 1))
    post("5", region_root(), "administrative", "0.50")
    return made


def test_posts_of_the_day_by_category(offer: Unit, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = staffing(D(2026, 6, 15))

    assert found.total == Decimal("3.00")
    assert [(line.category, line.fte, line.percent) for line in found.categories] == [
        ("pedagogical", Decimal("1.50"), Decimal("50.0")),
        ("care", Decimal("1.00"), Decimal("33.3")),
        ("administrative", Decimal("0.50"), Decimal("16.7")),
    ]
    assert staffing(D(2020, 12, 31)).total == 4
    assert staffing(D(2019, 12, 31)).categories == []
    assert staffing(D(2026, 6, 15), [offer.pk]).total == Decimal("2.50")


def test_api(offer: Unit) -> None:
    _token, secret = issue(user_with(Role.COUNCIL, region_root()), "prøve", ["staffing"], 30)

    def ask(**query: Any) -> Any:
        return Client().get("/api/v1/staffing", query, headers={"Authorization": f"Bearer {secret}"})

    answer = ask(as_of="2026-06-15").json()
    assert answer["total"] == 3.0
    assert answer["items"][0] == {
        "category": "pedagogical",
        "label": "Pædagogisk personale",
        "fte": 1.5,
        "percent": 50.0,
    }
    assert ask(unit=offer.pk).json()["total"] == 2.5
    assert ask(unit=999999).status_code == 404
    assert ask(as_of="0001-01-01").status_code == 400
    assert ask(as_of="vejr").status_code == 422
    assert Client().get("/api/v1/staffing").status_code == 401
