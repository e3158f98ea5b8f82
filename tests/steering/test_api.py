"""The plans and the indicators over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.steering import figures
from roedtraad.steering.models import Plan
from tests import factories as make


@pytest.fixture
def api(scene: Any, client: Client) -> Any:
    """Ask with a token of a council member."""
    user = make.user_with(Role.COUNCIL, scene.units["region"])
    _token, secret = issue(user, "prøve", ["maalbillede"], 30)

    def get(path: str, status: int = 200) -> Any:
        response = client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert response.status_code == status, response.content
        return response.json()

    return get


def test_plans_come_whole(api: Any, django_assert_max_num_queries: Any) -> None:
    # Of these one counts the call, so that all server processes share the limit.
    with django_assert_max_num_queries(14):
        items = api("plans")["items"]
    assert [plan["key"] for plan in items] == ["maalbillede-2017", "visions-og-udviklingsplan-2024-27"]
    newest = items[1]
    counts = {
        name: len(newest[name])
        for name in ("tracks", "statements", "goals", "pejlemaerker", "un_goals", "efforts")
    }
    assert counts == {
        "tracks": 3, "statements": 9, "goals": 0, "pejlemaerker": 15, "un_goals": 7, "efforts": 53,
    }  # fmt: skip
    assert len(items[0]["goals"]) == 7
    assert (newest["valid_from"], newest["valid_to"]) == ("2024-01-01", "2028-01-01")
    assert newest["successor_of"] == "maalbillede-2017"
    assert [mark["number"] for mark in newest["pejlemaerker"]] == list(range(1, 16))


def test_one_plan_by_id_or_key(api: Any) -> None:
    plan = Plan.objects.get(key="maalbillede-2017")
    assert api(f"plans/{plan.pk}") == api("plans/maalbillede-2017")
    assert api("plans/findes-ikke", 404)["detail"] == "Planen findes ikke."
    assert api(f"plans/{'9' * 30}", 404)


def test_paging(api: Any) -> None:
    first = api("plans?limit=1")
    assert len(first["items"]) == 1
    second = api(f"plans?limit=1&after={first['next']}")
    assert second["items"][0]["key"] == "visions-og-udviklingsplan-2024-27"
    assert second["next"] is None


def test_indicators_of_a_year(api: Any, django_assert_max_num_queries: Any) -> None:
    figures._kept.clear()
    with django_assert_max_num_queries(15):
        items = {item["key"]: item for item in api("indicators?year=2019")["items"]}
    used = items["kapacitetsudnyttelse"]
    assert (used["numerator"], used["denominator"]) == (32 * 365, 41 * 365)
    assert (used["value"], used["target"], used["state"]) == (78.0, 95.0, "attention")
    assert [item["year"] for item in used["trend"]] == [2018, 2019]
    assert items["tilfredshed"]["no_data"] is True
    assert items["tilfredshed"]["value"] is None


def test_indicators_of_a_unit_hide_small_groups(api: Any) -> None:
    def used(unit: str) -> Any:
        return api(f"indicators?year=2019&unit={unit}")["items"][1]

    assert used("storgaarden")["value"] == 80.0
    hidden = used("lillebo")
    assert hidden["hidden"] is True
    assert {hidden[name] for name in ("value", "numerator", "denominator", "persons")} == {None}
    assert all(item["value"] is None for item in hidden["trend"] if item["hidden"])
    assert api("indicators?year=2019&unit=findes-ikke", 404)["detail"].startswith("Enheden findes ikke")


@pytest.mark.parametrize("query", ["year=abc", "year=1", "limit=0", "limit=501", f"unit={'x' * 81}"])
def test_what_cannot_be_read_is_refused(api: Any, query: str) -> None:
    assert "kan ikke bruges" in api(f"indicators?{query}", 422)["detail"]


def test_a_bad_cursor_is_refused(api: Any) -> None:
    assert "markør" in api("plans?after=x", 400)["detail"]


def test_strangers_and_others_are_refused(scene: Any, client: Client) -> None:
    assert client.get("/api/v1/plans").status_code == 401
    user = make.user_with(Role.INSPECTOR, scene.units["region"])
    _token, secret = issue(user, "prøve", ["*"], 30)
    assert client.get("/api/v1/plans", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 403
