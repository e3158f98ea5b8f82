"""The organisation over the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.tokens import issue
from roedtraad.accounts.models import User
from roedtraad.organisation.models import Unit
from roedtraad.organisation.queries.changes import compare

pytestmark = pytest.mark.django_db
Get = Callable[..., Any]

FIELDS = {
    "id", "key", "kind", "name", "short_name", "parent_id", "valid_from", "valid_to", "manager_title",
    "headcount", "municipality",
}  # fmt: skip


@pytest.fixture
def get(person: Callable[[Role], User]) -> Get:
    """Asks the API as a council member's key and gives status and answer."""
    issue(person(Role.COUNCIL), "prøve", ["*"], 30, secret="en-noegle-til-proever")
    client = Client(headers={"authorization": "Bearer en-noegle-til-proever"})

    def ask(path: str, **query: str) -> tuple[int, Any]:
        response = client.get(f"/api/v1/{path}", query)
        return response.status_code, response.json()

    return ask


def test_units_of_a_day_have_exactly_the_promised_fields(get: Get) -> None:
    status, answer = get("units", as_of="2020-07-01", kind="specialomraade")
    assert status == 200 and answer["next"] is None
    assert len(answer["items"]) == 8
    assert set(answer["items"][0]) == FIELDS


@pytest.mark.parametrize(("day", "offers"), [("2013-06-01", 31), ("2026-06-15", 39)])
def test_offers_under_the_social_area_at_any_depth(get: Get, day: str, offers: int) -> None:
    for under in ("socialomraadet", str(Unit.objects.get(key="socialomraadet").pk)):
        _status, answer = get("units", as_of=day, kind="tilbud", under=under)
        assert len(answer["items"]) == offers


def test_a_unit_carries_its_headcount_and_municipality(get: Get) -> None:
    items = {item["key"]: item for item in get("units", limit="500")[1]["items"]}
    assert items["socialomraadet"]["headcount"] == 2300
    assert items["tangkaer"]["municipality"] == "Norddjurs"
    assert items["region-midtjylland"]["parent_id"] is None


def test_pages_follow_on_one_another(get: Get) -> None:
    whole = [item["id"] for item in get("units", limit="500")[1]["items"]]
    met: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        _status, answer = get("units", limit="25", **({"after": cursor} if cursor else {}))
        met += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert met == whole


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("units", {"kind": "ministerium"}, 422, "kind skal være en af disse: region"),
        ("units", {"as_of": "i går"}, 422, "as_of"),
        ("units", {"limit": "501"}, 422, "limit"),
        ("units", {"under": "findes-ikke"}, 404, "findes ikke på den dag"),
        ("units", {"under": "socialstaben", "as_of": "2013-01-01"}, 404, "findes ikke på den dag"),
        ("units", {"under": "9" * 40}, 404, "findes ikke på den dag"),
        ("units", {"after": "volapyk"}, 400, "markør"),
        ("units/diff", {}, 422, "from"),
        ("units/findes-ikke/history", {}, 404, "ingen enhed"),
        ("units/" + "9" * 30 + "/history", {}, 404, "ingen enhed"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    get: Get, path: str, query: dict[str, str], status: int, says: str
) -> None:
    answered, answer = get(path, **query)
    assert answered == status
    assert says in answer["detail"]


def test_a_stranger_gets_nothing(organisation: None) -> None:
    response = Client().get("/api/v1/units")
    assert response.status_code == 401
    assert "Nøglen mangler" in response.json()["detail"]


def test_the_history_by_key_and_by_id(get: Get) -> None:
    _status, answer = get("units/socialomraadet/history")
    assert [(i["valid_from"], i["valid_to"], i["basis"]) for i in answer["items"]] == [
        ("2007-01-01", "2020-07-01", "assumption"),
        ("2020-07-01", "2026-01-01", "document"),
        ("2026-01-01", None, "assumption"),
    ]
    assert [item["headcount"] for item in answer["items"]] == [None, 2220, 2300]
    assert get(f"units/{answer['items'][0]['id']}/history")[1] == answer


def test_the_difference_over_1_july_2020(get: Get) -> None:
    _status, answer = get("units/diff", **{"from": "2020-06-30", "to": "2020-07-01"})
    told = {(item["key"], item["change"]): (item["before"], item["after"]) for item in answer["items"]}
    assert told["socialomraadet", "moved"] == ("Psykiatri og Social", "Region Midtjylland")
    assert told["socialstaben", "appeared"] == ("", "Socialstaben")
    assert told["psykiatri-og-social", "disappeared"] == ("Psykiatri og Social", "")


def test_each_answer_costs_few_statements(get: Get, django_assert_max_num_queries: Any) -> None:
    for path, query in (
        ("units", {}),
        ("units/tangkaer/history", {}),
        ("units/diff", {"from": "2013-01-01"}),
    ):
        with django_assert_max_num_queries(8):
            assert get(path, **query)[0] == 200


def test_each_area_of_2013_is_followed_to_2026(organisation: None) -> None:
    areas = {a.before.key: a for a in compare(dt.date(2013, 12, 31), dt.date(2026, 6, 15)).areas}
    assert len(areas) == 9
    assert {key for area in areas.values() for key in area.fate.lives_on_in} == {
        "sau", "soh", "svo", "sua", "dok", "ikh-omraade", "holmstrupgaard-omraade", "sbu",
    }  # fmt: skip
    for key in ("socialpsykiatri-boern-unge", "udviklingsforstyrrelser-fysisk-handicap"):
        assert areas[key].fate.lives_on_in == ("sbu",)
    assert sum(len(area.offers) for area in areas.values()) == 31
    # Every offer of 2013 either lives on or is known to have closed.
    for area in areas.values():
        for offer in area.offers:
            assert offer.now or offer.fate.closed, offer.before.key
