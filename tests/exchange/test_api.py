"""The API as a whole: keys, refusals in one shape, its own description, and every operation tried with odd values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from roedtraad.access.models import ApiToken
from roedtraad.access.tokens import WRITES, issue
from roedtraad.citizens.network.services import Someone, add_person, draw_map
from roedtraad.config.wsgi import application
from roedtraad.core import clock
from roedtraad.practice.models import Note
from roedtraad.practice.services.goals import GoalText, set_goal
from roedtraad.practice.services.notes import write_note
from roedtraad.practice.services.tasks import plan_task
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
DESCRIPTION = "/api/v1/openapi.json"


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The real application closes the connection after each answer; the test's transaction lives on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(world: World) -> str:
    make.stay(world.citizens[0], world.places[0], dt.date(2024, 1, 1), moved_in=True)
    make.agreed(world.offer, 2)
    return issue(world.leader, "prøve", ["*"], 30)[1]


def call(path: str, secret: str = "", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().get(f"/api/v1/{path}", headers=headers, **more)


def description() -> dict[str, Any]:
    schema: dict[str, Any] = Client().get(DESCRIPTION).json()
    return schema


def test_a_key_is_needed_and_must_live(token: str, world: World) -> None:
    assert call("units", token).status_code == 200
    assert call("units").status_code == 401
    assert call("units", "rt_ukendt").status_code == 401
    row, ended = issue(world.leader, "kort", ["*"], 1)
    with clock.fixed(clock.now() + dt.timedelta(days=2)):
        assert call("units", ended).status_code == 401
    row.revoked_at = clock.now()
    row.save()
    answer = call("units", ended)
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Nøglen mangler, er ukendt eller er udløbet.")


def test_a_key_has_its_scope_and_its_users_role(world: World) -> None:
    assert call("units", issue(world.leader, "smal", ["capacity"], 1)[1]).status_code == 403
    caseworker = make.user_with("caseworker", make.municipality())
    assert call("plans", issue(caseworker, "bred", ["*"], 1)[1]).status_code == 403


def test_no_operation_is_open(token: str) -> None:
    schema = description()
    schemes = schema["components"]["securitySchemes"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert [schemes[name]["scheme"] for used in operation["security"] for name in used] == ["bearer"]
            assert {"400", "401", "403", "404", "422", "429"} <= set(operation["responses"]), path
            bare = path.replace("{", "").replace("}", "")
            assert Client().generic(method.upper(), bare).status_code in (401, 404), path


def test_the_description_has_what_a_reader_needs() -> None:
    schema = description()
    assert schema["openapi"].startswith("3.1")
    assert schema["servers"]
    assert len(schema["paths"]) >= 10
    assert not any(path.startswith("/api/v1/api/") for path in schema["paths"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "findes-ikke", 404),
        ("get", "units/findes-ikke/history", 404),
        ("post", "units", 405),
        ("get", "units?after=ikke-en-markør", 400),
        ("get", "units?limit=0", 422),
        ("get", "units?limit=99999999999999999999999999", 422),
        ("get", "units?as_of=i-går", 422),
        ("get", "units?under=%00", 422),
        ("get", "units/%00/history", 422),
    ],
)
def test_every_refusal_is_a_sentence(token: str, method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status, answer.content
    assert list(answer.json()) == ["detail"]
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_far_days_are_answered(token: str, day: str) -> None:
    for path in ("units?as_of=", "capacity?as_of=", "market-share?as_of=", "staffing?as_of="):
        assert call(f"{path}{day}", token).status_code < 500
    assert call(f"occupancy?from={day}&to={day}&by=month", token).status_code < 500


def test_from_after_to(token: str) -> None:
    for path in ("occupancy?by=month&", "citizens/count?kind=day&"):
        answer = call(f"{path}from=2025-02-01&to=2025-01-01", token)
        assert answer.status_code in (400, 422), path
        assert answer.json()["detail"].endswith(".")


def test_the_rate_is_per_key(token: str, world: World, settings: LazySettings) -> None:
    settings.API_RATE = "3/h"
    other = issue(world.leader, "prøve", ["*"], 30)[1]
    assert ApiToken.objects.filter(name="prøve").count() == 2
    assert [call("units", token).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = call("units", token)
    assert int(refused.headers["Retry-After"]) > 0
    assert "Prøv igen om" in refused.json()["detail"]
    assert call("units", other).status_code == 200


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(params=["leader", "administrator", "economist", "caseworker", "citizen", "closed", "nobody"])
def anyones_token(request: pytest.FixtureRequest, world: World, token: str) -> str:
    """A key of somebody who may all, much, little or nothing; of a closed account; and no key of ours."""
    scopes = {"caseworker": make.municipality(), "citizen": world.citizens[0]}
    if request.param == "leader":
        return token
    if request.param == "nobody":
        return "rt_ukendt"
    role = "economist" if request.param == "closed" else request.param
    user = make.user_with(role, scopes.get(role, world.root))
    secret = issue(user, "prøve", ["*"], 30)[1]
    if request.param == "closed":
        user.is_active = False
        user.save()
    return secret


@pytest.fixture
def things(world: World, token: str) -> dict[str, str]:
    """What is known about the first citizen, by the names the API has for it."""
    citizen, leader = world.citizens[0], world.leader
    note = write_note(leader, citizen, text="Et notat")
    levels = dict.fromkeys(range(-2, 3), "")
    goal = set_goal(leader, citizen, GoalText("Et mål", "develop", clock.today(), levels))
    task = plan_task(leader, citizen=citizen, title="En opgave", due_at=clock.now())
    network = draw_map(leader, citizen)
    person = add_person(leader, network, Someone("Mona", "", "leisure", 1, "primary"))
    rows = {"citizen": citizen, "note": note, "goal": goal, "task": task, "person": person}
    return {name: str(row.key) for name, row in rows.items()}


@pytest.mark.usefixtures("_kept_connection")
def test_every_operation_with_odd_values(anyones_token: str, settings: LazySettings) -> None:
    """Schemathesis, in this process, on a small world: no 5xx, and every answer is as described."""
    settings.API_RATE = "100000/m"
    assert _tried(anyones_token, {}, 4) == sum(len(each) for each in description()["paths"].values())


@pytest.mark.usefixtures("_kept_connection")
def test_odd_values_about_somebody_there(
    world: World, things: dict[str, str], settings: LazySettings
) -> None:
    """The same by one who may read and write, about a citizen who is there: the services meet the odd values."""
    settings.API_RATE = "100000/m"
    secret = issue(world.leader, "skriver", ["*", *WRITES], 30)[1]
    _tried(secret, things, 15)
    assert Note.objects.count() > 1


def _tried(secret: str, things: dict[str, str], examples: int) -> int:
    """Try every operation, with the names in `things` said as they are there. How many operations there were."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
    tried = 0
    for result in schema.get_all_operations():
        _try(result.ok(), secret, things, examples)
        tried += 1
    return tried


def _try(operation: Any, secret: str, things: dict[str, str], examples: int) -> None:
    from hypothesis import given

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def every_value(case: Any) -> None:
        for part in (case.path_parameters, case.query, case.body):
            if isinstance(part, dict):
                part.update({name: value for name, value in things.items() if name in part})
        # The tester does not unpack what is compressed.
        headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    every_value()
