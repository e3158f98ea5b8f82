"""Who changed what and why: in every row's history, with the user's number and never the path."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
import pytest
from django.test import RequestFactory
from django.urls import reverse

from roedtraad.access import services
from roedtraad.access.history import history_of
from roedtraad.access.middleware import HistoryMiddleware
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_change_through_a_page_carries_user_and_reason_and_no_path(scene: Scene, client: Any) -> None:
    administrator = scene.user(Role.ADMINISTRATOR)
    client.force_login(administrator)
    answer = client.post(
        reverse("portals:user-create"), {"username": "ny", "full_name": "Nina Ny", "reason": "ny i huset"}
    )
    assert answer.status_code == 200
    event = User.objects.get(username="ny").events.get()  # type: ignore[attr-defined]  # pghistory's relation
    assert event.pgh_context.metadata == {"user": administrator.pk, "method": "POST", "reason": "ny i huset"}


def test_the_context_of_a_request_names_the_user_only(scene: Scene) -> None:
    request = RequestFactory().get("/kapacitet/borger/hemmelig/")
    request.user = scene.user(Role.LEADER)
    context = HistoryMiddleware(lambda _request: None).get_context(request)  # type: ignore[arg-type, return-value]
    assert context == {"user": request.user.pk, "method": "GET"}


def test_history_tells_who_when_why_and_what(scene: Scene, django_assert_max_num_queries: Any) -> None:
    administrator = scene.user(Role.ADMINISTRATOR)
    user = User.objects.create_user("ny")
    today = clock.today()
    # Two requests: what happens within one shares its reason.
    with pghistory.context(user=administrator.pk):
        grant = services.grant_role(
            user, Role.LEADER, scene.offer, start=today, granted_by=administrator, reason="ny leder"
        )
    with pghistory.context(user=administrator.pk):
        services.end_grant(grant, today + dt.timedelta(days=9), reason="holder op", ended_by=administrator)
    # The events, who made them, and the names of user, unit and giver.
    with django_assert_max_num_queries(5):
        last, first = history_of(grant)
    assert (first.what, first.who, first.why) == ("Oprettet", "Prøve administrator", "ny leder")
    assert ("rolle", "", "Leder") in [(f.label, f.before, f.after) for f in first.fields]
    assert (last.what, last.why) == ("Ændret", "holder op")
    assert [(f.label, f.before, f.after) for f in last.fields] == [
        ("gælder", "15.06.2026 – ", "15.06.2026 – 24.06.2026")
    ]


def test_a_deletion_is_told_and_the_limit_still_knows_what_was_before(scene: Scene) -> None:
    user = User.objects.create_user("ny", full_name="A")
    for name in ("B", "C"):
        user.full_name = name
        user.save()
    (latest,) = history_of(user, limit=1)
    assert [(field.before, field.after) for field in latest.fields] == [("B", "C")]
    assert latest.who == "systemet"
    number = user.pk
    user.delete()
    user.pk = user.id = number
    assert history_of(user)[0].what == "Slettet"
