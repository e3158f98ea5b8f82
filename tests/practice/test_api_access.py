"""Who gets in where in the API of the record: scope, role and reach of every operation, and what each one costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roedtraad.access import emergencies
from roedtraad.access.models import LookupLog
from roedtraad.access.policies import ACTIONS
from roedtraad.access.tokens import WRITES, covers, known_scopes, scope_for
from roedtraad.accounts.models import User
from roedtraad.exchange.api import api
from tests import factories as make
from tests.access.test_policies_everywhere import operations
from tests.exchange.calls import Call, calls
from tests.practice.api_scene import ApiRecord

pytestmark = pytest.mark.django_db
ACTION = {
    name.replace(" /", " /api/v1/"): operation.view_func.policy.action for name, operation in operations()
}
LIST, OTHER = 8, 15
# Rows, times of series, and who takes part.
TASKS = 9
SCOPES = ("*", "record", "record.write", "duty.work", "lookup_log", "capacity")


@pytest.fixture
def record(db: None) -> ApiRecord:
    return ApiRecord()


def about_a_citizen(call: Call) -> bool:
    """Does the operation name one citizen, or something of theirs?"""
    return bool({"citizen", "goal", "note", "task"} & set(named(call)))


def named(call: Call) -> set[str]:
    path = {part[1:-1] for part in call.name.split("/") if part.startswith("{")}
    return path | set(call.query) | set(call.body or {})


def record_calls(record: ApiRecord, **other: Any) -> list[Call]:
    found = [call for call in calls({**record.things, **other}) if about_a_citizen(call)]
    assert len(found) >= 25
    return found


def sender(record: ApiRecord, call: Call) -> User:
    """Somebody who may."""
    return record.herself if ACTION[call.name] == "lookup_log.own" else record.worker


def test_each_operation_lets_in_who_may(record: ApiRecord) -> None:
    for call in record_calls(record):
        answer = call.send(record.secret(sender(record, call)))
        # A second map on one day, and a task that is over, are refused in words.
        assert answer.status_code in (200, 201, 422), (call.name, answer.content)


def test_every_scope_but_the_right_ones_is_refused(record: ApiRecord) -> None:
    for call in record_calls(record):
        action = ACTION[call.name]
        for scope in SCOPES:
            answer = call.send(record.secret(sender(record, call), scope))
            allowed = scope == scope_for(action) or (scope == "*" and action not in WRITES)
            assert (answer.status_code != 403) is allowed, (call.name, scope)


def test_scopes_for_reading_never_write() -> None:
    for action in ACTIONS:
        for scope in known_scopes() - WRITES:
            assert not (action in WRITES and covers([scope], action))
        assert covers([scope_for(action)], action)


def test_a_role_that_may_not_is_refused(record: ApiRecord) -> None:
    clerk = make.user_with("economist", make.region_root())
    for call in record_calls(record):
        assert call.send(record.secret(clerk)).status_code == 403, call.name


def test_somebody_out_of_reach_and_nobody_at_all_answer_alike(record: ApiRecord) -> None:
    """The same status, the same words and the same number of statements: nothing tells whether there is anybody."""
    nobody = {name: str(uuid4()) for name in ("citizen", "goal", "note", "task", "person")}
    other_self = make.user_with("citizen", record.bo)
    asked = Counter[str]()
    for there, gone in zip(record_calls(record), record_calls(record, **nobody), strict=True):
        user = other_self if ACTION[there.name] == "lookup_log.own" else record.stranger
        secret = record.secret(user)
        there.send(secret)
        answers, costs = [], []
        for call in (there, gone):
            with CaptureQueriesContext(
                connection,
            ) as ran:
                answers.append(call.send(secret))
            costs.append(len(ran))
        assert [answer.status_code for answer in answers] == [404, 404], there.name
        assert answers[0].content == answers[1].content
        assert costs[0] == costs[1], there.name
        asked[there.method] += 1
    assert not LookupLog.objects.filter(user=record.stranger).exists()
    assert asked["GET"] >= 10
    assert asked["POST"] >= 10


def test_a_written_reason_opens_nothing_for_a_program(record: ApiRecord) -> None:
    emergency = emergencies.open_in_emergency(record.stranger, record.ane, "Akut sygdom om natten i huset")
    assert emergency
    for call in record_calls(record):
        if ACTION[call.name] != "lookup_log.own":
            assert call.send(record.secret(record.stranger)).status_code == 404, call.name
    assert record.get("search", record.stranger, q="frikadeller").json()["items"] == []


def test_who_reads_only_is_told_so(record: ApiRecord) -> None:
    inspector = make.user_with("inspector", record.offer)
    for call in record_calls(record):
        if ACTION[call.name] == "lookup_log.own":
            continue
        expected = {403} if call.writes else {200}
        assert {call.send(record.secret(inspector)).status_code} == expected, call.name


def test_whoever_is_shown_is_logged(record: ApiRecord) -> None:
    for call in record_calls(record):
        user = sender(record, call)
        before = LookupLog.objects.filter(user=user, actor="token", citizen=record.ane).count()
        answer = call.send(record.secret(user))
        if answer.status_code < 300:
            after = LookupLog.objects.filter(user=user, actor="token", citizen=record.ane).count()
            assert after == before + 1, call.name
    record.get("search", q="frikadeller")
    assert LookupLog.objects.filter(part="søgning", actor="token", citizen=record.ane).exists()


def cost(send: Callable[[], Any]) -> tuple[int, Any]:
    send()
    with CaptureQueriesContext(connection) as ran:
        answer = send()
    return len(ran), answer


def test_what_reading_costs(record: ApiRecord) -> None:
    """Key, rate, grants, units, citizen and log are six statements of each."""
    costs = {}
    for call in record_calls(record):
        if not call.writes:
            secret = record.secret(sender(record, call))
            number, answer = cost(partial(call.send, secret))
            assert answer.status_code == 200, call.name
            costs[call.name] = number, "items" in answer.json()
    costs["GET /api/v1/search"] = cost(lambda: record.get("search", q="frikadeller"))[0], True
    for name, (number, is_list) in costs.items():
        most = TASKS if name.endswith("/tasks") else LIST if is_list else OTHER
        assert number <= most, (name, number)


@pytest.mark.parametrize("path", ["wishes", "goals", "efforts", "notes"])
def test_a_list_costs_the_same_however_long(record: ApiRecord, path: str) -> None:
    bodies = {
        "wishes": {"text": "Et ønske", "citizen": record.ane.key},
        "goals": {"title": "Et mål", "kind": "develop", "starts_on": "2026-06-15", "citizen": record.ane.key},
        "efforts": {
            "title": "En indsats", "times": 1, "minutes": 30, "starts_on": "2026-06-15", "goal": record.goal.key,
        },
        "notes": {"text": "Et notat", "citizen": record.ane.key, "goals": [record.goal.key]},
    }  # fmt: skip
    few, _answer = cost(lambda: record.get(path, citizen=record.ane.key))
    for _n in range(8):
        assert record.write(path, bodies[path]).status_code == 201
    many, answer = cost(lambda: record.get(path, citizen=record.ane.key))
    assert len(answer.json()["items"]) == 9
    assert many == few


def test_pages_join_without_gap_or_repeat(record: ApiRecord) -> None:
    for n in range(7):
        record.write("notes", {"citizen": record.ane.key, "text": f"Notat {n}"})
        record.write("wishes", {"citizen": record.ane.key, "text": f"Ønske {n}"})
        record.write(f"goals/{record.goal.key}/ratings", {"level": 0})
    paths = {
        "notes": {"citizen": record.ane.key},
        "wishes": {"citizen": record.ane.key},
        f"goals/{record.goal.key}/ratings": {},
        f"citizens/{record.ane.key}/timeline": {},
        "tasks": {"citizen": record.ane.key, "from": "2026-06-01", "to": "2026-06-20"},
        "search": {"q": "notat"},
    }
    for path, query in paths.items():
        whole = record.get(path, **query, limit=100).json()
        assert whole["next"] is None
        found: list[Any] = []
        after: dict[str, str] = {}
        while True:
            page = record.get(path, **query, **after, limit=3).json()
            assert len(page["items"]) <= 3
            found += page["items"]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert found == whole["items"], path
    assert record.get("notes", citizen=record.ane.key, after="ikke-en-markør").status_code == 400
    assert record.get(f"citizens/{record.ane.key}/timeline", after="x").status_code == 400
    assert record.get("search", q="notat", after="x").status_code == 400


def test_the_description_says_what_is_needed(record: ApiRecord) -> None:
    schema = api.get_openapi_schema()
    schemas = schema["components"]["schemas"]
    for call in record_calls(record):
        path = call.name.partition(" ")[2]
        described = schema["paths"][path][call.method.lower()]
        assert described["summary"]
        assert "Omfang: " + scope_for(ACTION[call.name]) in described["description"], call.name
        answers = {int(status): answer for status, answer in described["responses"].items()}
        assert {400, 401, 403, 404, 422, 429} <= set(answers)
        parameters = {one["name"] for one in described["parameters"]}
        assert ("Idempotency-Key" in parameters) is call.writes
        assert (409 in answers) is call.writes
        done = next(answer for status, answer in answers.items() if status < 300)
        shown = schemas[done["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        if "items" in shown["properties"]:
            shown = schemas[shown["properties"]["items"]["items"]["$ref"].rpartition("/")[2]]
        assert shown["examples"], call.name
        assert set(shown["examples"][0]) == set(shown["properties"]), call.name
