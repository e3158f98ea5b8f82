"""The API as a program meets it: over HTTP, with the token the demo was given, on the demo's world."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest

from .conftest import Site

# 000 sections 1 and 2; 001: the figures the documents state, and the world has to hit.
PLACES_2020 = {"residential": 905, "day": 589}
CITIZENS_2019 = {"residential": 1058, "day": 914}
MARKET = {"child": (260, 621), "adult": (645, 2321)}
STAFF = {"pedagogical": 1148, "care": 393, "health": 251, "administrative": 182, "other": 250}


def ask(site: Site, path: str, token: str | None = "", **query: object) -> tuple[int, Any]:
    """GET an endpoint: status and the body as JSON. `token` None asks without one."""
    address = f"{site.url}/api/v1/{path}"
    if query:
        address += "?" + urllib.parse.urlencode(query)
    headers = {} if token is None else {"Authorization": f"Bearer {token or site.token}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def items(site: Site, path: str, **query: object) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    after: dict[str, object] = {}
    while True:
        status, body = ask(site, path, **query, **after)
        assert status == 200, body
        assert set(body) == {"items", "next"} or "items" in body
        found += body["items"]
        if body["next"] is None:
            return found
        after = {"after": body["next"]}


def test_places_on_the_day_of_the_new_leadership(site: Site) -> None:
    status, body = ask(site, "capacity", as_of="2020-07-01")
    assert status == 200
    assert {kind: body[kind] for kind in PLACES_2020} == PLACES_2020
    assert body["occupied_residential"] + body["free_residential"] == body["residential"]


@pytest.mark.parametrize(("kind", "expected"), CITIZENS_2019.items())
def test_unique_citizens_of_2019(site: Site, kind: str, expected: int) -> None:
    whole = {"from": "2019-01-01", "to": "2019-12-31", "kind": kind}
    assert ask(site, "citizens/count", **whole) == (200, {"count": expected, "suppressed": False})


def test_the_share_of_the_country(site: Site) -> None:
    found = {row["age_group"]: row for row in items(site, "market-share", as_of="2020-07-01")}
    assert {age: (row["own_places"], row["national_places"]) for age, row in found.items()} == MARKET
    for row in found.values():
        assert row["percent"] == pytest.approx(100 * row["own_places"] / row["national_places"], abs=0.05)
    assert [round(found[age]["percent"]) for age in ("child", "adult")] == [42, 28]


def test_staff_by_category(site: Site) -> None:
    found = {row["category"]: row for row in items(site, "staffing", as_of="2020-07-01")}
    assert {category: row["fte"] for category, row in found.items()} == STAFF
    assert [found[category]["percent"] for category in STAFF] == [51.6, 17.7, 11.3, 8.2, 11.2]


def test_what_leadership_there_is_room_for(site: Site) -> None:
    verdicts = {row["extra_pay"]: row["fits"] for row in items(site, "scenarios")}
    assert verdicts[500_000] is True
    assert verdicts[1_500_000] is False
    assert {row["room"] for row in items(site, "scenarios")} == {1_100_000}


def test_units_page_by_page_are_all_of_them(site: Site) -> None:
    whole = items(site, "units", as_of="2026-11-16", limit=500)
    by_page = items(site, "units", as_of="2026-11-16", limit=7)
    assert [row["id"] for row in by_page] == [row["id"] for row in whole]
    areas = items(site, "units", as_of="2026-11-16", kind="specialomraade")
    assert len(areas) == 8
    assert len(items(site, "units", as_of="2013-06-01", kind="specialomraade")) == 9
    below = items(site, "units", as_of="2026-11-16", under=areas[0]["id"])
    assert below
    assert {row["id"] for row in below} < {row["id"] for row in whole}
    for name in ("id", "kind", "name", "short_name", "parent_id", "valid_from", "valid_to", "manager_title"):
        assert name in whole[0]
    assert {"headcount", "municipality"} <= set(whole[0])


def test_what_became_of_an_area(site: Site) -> None:
    old = next(
        row for row in items(site, "units", as_of="2013-06-01") if row["key"] == "socialpsykiatri-boern-unge"
    )
    status, history = ask(site, f"units/{old['id']}/history")
    assert status == 200
    assert history["items"]
    changes = items(site, "units/diff", **{"from": "2013-06-01", "to": "2026-11-16"})
    assert old["id"] in {row["id"] for row in changes}


def test_occupancy_by_year_is_that_of_the_indicator(site: Site) -> None:
    year = items(site, "occupancy", **{"from": "2019-01-01", "to": "2019-12-31", "by": "year"})
    indicators = {row["key"]: row for row in items(site, "indicators", year=2019)}
    assert year[0]["percent"] == pytest.approx(indicators["kapacitetsudnyttelse"]["value"], abs=0.05)
    assert indicators["budgetoverholdelse"]["no_data"]
    assert indicators["budgetoverholdelse"]["value"] is None


def test_plans_with_all_their_parts(site: Site) -> None:
    listed = items(site, "plans")
    newest = max(listed, key=lambda plan: plan["valid_from"])
    status, plan = ask(site, f"plans/{newest['id']}")
    assert status == 200
    counts = {name: len(plan[name]) for name in ("tracks", "statements", "pejlemaerker", "un_goals")}
    assert counts == {"tracks": 3, "statements": 9, "pejlemaerker": 15, "un_goals": 7}
    assert plan["efforts"]
    oldest = min(listed, key=lambda plan: plan["valid_from"])
    assert (len(oldest["tracks"]), len(oldest["goals"])) == (3, 7)


@pytest.mark.parametrize(
    "path", ["units", "capacity", "plans", "staffing", "scenarios", "indicators", "market-share"]
)
@pytest.mark.parametrize("token", [None, "rt_nogle-der-ikke-findes"])
def test_no_entrance_without_a_token(site: Site, path: str, token: str | None) -> None:
    status, body = ask(site, path, token)
    assert status == 401
    assert body["detail"].endswith(".")


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("plans/999999", {}, 404),
        ("units/999999/history", {}, 404),
        ("capacity", {"as_of": "i går"}, 422),
        ("citizens/count", {"from": "2019-12-31", "to": "2019-01-01", "kind": "day"}, 400),
        ("units", {"limit": 0}, 422),
        ("units", {"after": "ikke-en-nøgle"}, 400),
    ],
)
def test_refusals_are_sentences(site: Site, path: str, query: dict[str, object], expected: int) -> None:
    status, body = ask(site, path, **query)
    assert status == expected
    assert isinstance(body["detail"], str)
    assert body["detail"].endswith(".")


def test_the_description_names_every_endpoint(site: Site) -> None:
    status, described = ask(site, "openapi.json", None)
    assert status == 200
    assert described["openapi"].startswith("3.")
    paths = {path.removeprefix("/api/v1/") for path in described["paths"]}
    promised = {
        "units",
        "units/diff",
        "capacity",
        "occupancy",
        "citizens/count",
        "market-share",
        "staffing",
        "plans",
        "indicators",
        "scenarios",
        "wishes",
        "goals",
        "efforts",
        "notes",
        "tasks",
        "search",
    }
    assert promised <= paths
    about_one = {"thread", "timeline", "network-map", "risk", "access-log"}
    assert {f"citizens/{{citizen}}/{part}" for part in about_one} <= paths
    assert {path.split("{")[0] for path in paths if "{" in path} >= {
        "units/",
        "plans/",
        "goals/",
        "notes/",
        "tasks/",
    }
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            statuses = set(map(str, operation["responses"]))
            assert {"401", "422"} < statuses, (path, method)
            assert statuses & {"200", "201"}, (path, method)
            assert operation["summary"]
