"""Nødadgang: for a reason, for twelve hours, for one citizen's page; logged, flagged and looked at."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access import emergencies
from roedtraad.access.models import EmergencyAccess, EmergencyAttempt, EmergencyReview, LookupLog
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens import protection
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.models import Stay
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
REASON = "Borgeren er faldet om på stien uden for huset"
WHERE = "journeys:emergency"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene) -> User:
    """Works in Elmehuset; Bo lives in Birkehuset."""
    return scene.user(Role.SUPPORT_WORKER)


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def ask(client: Client, citizen: Citizen | None = None, **typed: str) -> Any:
    number = {"cpr": citizen.cpr} if citizen is not None else {}
    return client.post(reverse(WHERE), {"reason": REASON, **number, **typed})


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_reason_opens_the_page_and_all_is_written(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    page = reverse("journeys:citizen", args=[scene.bo.key])
    assert client.get(page).status_code == 404
    answer = ask(client, scene.bo)
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = body(client.get(page))
    assert "Bo Birk" in shown
    assert "Nødadgang til 16.06. kl. 00.00" in shown
    log = LookupLog.objects.get(citizen=scene.bo)
    opened = EmergencyAccess.objects.get()
    assert (log.purpose, log.emergency, log.role) == ("nødadgang", opened, "support_worker")
    assert opened.reason == REASON
    assert EmergencyAttempt.objects.get().found


def test_it_runs_out(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    ask(client, scene.bo)
    page = reverse("journeys:citizen", args=[scene.bo.key])
    start = clock.now()
    with clock.fixed(start + dt.timedelta(hours=11, minutes=59)):
        client.force_login(worker)
        assert client.get(page).status_code == 200
    with clock.fixed(start + dt.timedelta(hours=12)):
        client.force_login(worker)
        assert client.get(page).status_code == 404


def test_it_opens_no_list_no_search_and_no_other_page(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    ask(client, scene.bo)
    assert scene.bo not in Citizen.objects.visible_to(again(worker))
    assert not Stay.objects.visible_to(again(worker)).filter(citizen=scene.bo).exists()
    assert "Birk" not in body(client.get(reverse("journeys:citizens"), {"vis": "alle"}))
    for name in ("journeys:facts", "journeys:protection"):
        assert client.get(reverse(name, args=[scene.bo.key])).status_code in (403, 404)
    assert "Skjult" in body(client.get(reverse("journeys:citizen", args=[scene.bo.key])))


def test_a_leader_in_an_emergency_changes_nothing(scene: Scene, client: Client) -> None:
    leader = scene.user(Role.LEADER)
    client.force_login(leader)
    ask(client, scene.bo)
    stay = Stay.objects.get(citizen=scene.bo)
    shown = body(client.get(reverse("journeys:citizen", args=[scene.bo.key])))
    assert "Book et ophold" not in shown
    assert reverse("journeys:protection", args=[scene.bo.key]) not in shown
    assert client.post(reverse("journeys:stay-end", args=[stay.pk]), {"day": "2026-06-15"}).status_code == 404


@pytest.mark.parametrize(
    "reason", ["", "kort", "x" * 40, "ha ha ha ha ha ha ha ha", "1234567890 1234567890", " " * 30]
)
def test_a_reason_that_says_nothing_is_refused_and_nothing_is_looked_up(
    scene: Scene, worker: User, client: Client, reason: str
) -> None:
    client.force_login(worker)
    answer = ask(client, scene.bo, reason=reason)
    assert answer.status_code == 422
    assert "Birk" not in body(answer)
    assert not EmergencyAccess.objects.exists()
    assert not EmergencyAttempt.objects.exists()


def test_found_by_exact_name_and_birth_date_only(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    born = scene.bo.birth_date.isoformat()
    for typed in (
        {"name": "Bo", "birth_date": born},
        {"name": "Bo Birk", "birth_date": "1970-01-02"},
        {"name": "Bo Birk"},
        {"birth_date": born},
    ):
        assert ask(client, None, **typed).status_code == 422
    assert ask(client, name=" bo  BIRK ", birth_date=born).status_code == 302


def test_two_of_the_same_name_and_day_are_nobody(scene: Scene, worker: User, client: Client) -> None:
    make.citizen(first_name="Bo", last_name="Birk", birth_date=scene.bo.birth_date)
    client.force_login(worker)
    assert ask(client, name="Bo Birk", birth_date=scene.bo.birth_date.isoformat()).status_code == 422


def test_the_protected_answers_as_nobody_does(scene: Scene, worker: User, client: Client) -> None:
    near = make.user_with(Role.LEADER, scene.other)
    protection.protect(near, scene.bo, reason="I familie med en medarbejder", last=None, named=[])
    client.force_login(worker)
    hidden, unknown = ask(client, scene.bo), ask(client, cpr=make.cpr_number(17_777))
    assert hidden.status_code == unknown.status_code == 422
    # What was typed stands in the form, beside the form's own tokens, and the tries are counted down.
    told = [
        re.sub(r'value="[^"]*"|\d+ forsøg', "", body(answer).split("<main", 1)[1])
        for answer in (hidden, unknown)
    ]
    assert told[0] == told[1]
    assert not EmergencyAccess.objects.exists()
    assert EmergencyAttempt.objects.filter(found=False).count() == 2


def test_protection_set_afterwards_closes_the_page(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    ask(client, scene.bo)
    near = make.user_with(Role.LEADER, scene.other)
    protection.protect(near, scene.bo, reason="I familie med en medarbejder", last=None, named=[])
    assert client.get(reverse("journeys:citizen", args=[scene.bo.key])).status_code == 404


def test_tries_are_counted_and_stop(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    for _n in range(emergencies.TRIES):
        assert "Der er ingen borger" in body(ask(client, cpr=make.cpr_number(17_777)))
    assert "Vent lidt" in body(ask(client, scene.bo))
    assert not EmergencyAccess.objects.exists()
    with clock.fixed(clock.now() + emergencies.WITHIN):
        assert ask(client, scene.bo).status_code == 302


def test_done_twice_it_is_one(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    assert [ask(client, scene.bo).status_code for _n in range(2)] == [302, 302]
    assert EmergencyAccess.objects.count() == 1


def test_within_reach_it_is_no_emergency(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    assert ask(client, scene.ane).status_code == 302
    assert not EmergencyAccess.objects.exists()
    client.get(reverse("journeys:citizen", args=[scene.ane.key]))
    assert LookupLog.objects.get(citizen=scene.ane).emergency is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPPORT_WORKER, Role.LEADER)])
def test_nobody_else_may(scene: Scene, role: Role, client: Client) -> None:
    user = scene.user(role)
    with pytest.raises(AccessDenied):
        emergencies.open_in_emergency(user, scene.bo, REASON)
    client.force_login(user)
    assert ask(client, scene.bo).status_code == 403
    assert not EmergencyAttempt.objects.exists()


def test_the_way_is_shown_where_the_search_found_nobody(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    client.post(reverse("journeys:citizens-search"), {"q": "Birk"})
    assert reverse(WHERE) in body(client.get(reverse("journeys:citizens")))
    client.force_login(scene.user(Role.INSPECTOR))
    assert reverse(WHERE) not in body(client.get(reverse("journeys:citizens")))


# Afterwards


def opened_by(user: User, citizen: Citizen) -> EmergencyAccess:
    made = emergencies.open_in_emergency(user, citizen, REASON)
    assert made is not None
    return made


def test_the_leaders_of_both_and_the_administrator_are_told(scene: Scene, worker: User) -> None:
    opened = opened_by(worker, scene.bo)
    at_work, at_home = make.user_with(Role.LEADER, scene.offer), make.user_with(Role.LEADER, scene.other)
    above, elsewhere = (
        make.user_with(Role.LEADER, scene.area),
        make.user_with(Role.LEADER, make.unit("tredje")),
    )
    administrator = make.user_with(Role.ADMINISTRATOR, scene.area)
    for user in (at_work, at_home, above, administrator):
        assert list(emergencies.reviewable_by(user)) == [opened]
        assert emergencies.waiting_for(user).count() == 1
    for user in (elsewhere, worker, scene.user(Role.INSPECTOR)):
        assert emergencies.waiting_for(user).count() == 0


def test_the_home_page_and_the_review(scene: Scene, worker: User, client: Client) -> None:
    opened = opened_by(worker, scene.bo)
    leader = make.user_with(Role.LEADER, scene.other)
    client.force_login(leader)
    assert "Nødadgange, der venter på dig: 1" in body(client.get(reverse("home")))
    page = body(client.get(reverse("portals:emergencies")))
    assert REASON in page
    assert "åbnede Bo Birk" in page
    assert LookupLog.objects.filter(user=leader, citizen=scene.bo, part="nødadgang set efter").exists()
    review = reverse("portals:emergency-review", args=[opened.pk])
    client.post(review, {"outcome": "ask", "note": ""})
    client.post(review, {"outcome": "andet"})
    assert not EmergencyReview.objects.exists()
    client.post(review, {"outcome": "ok", "note": "Talt med medarbejderen"})
    assert EmergencyReview.objects.get().reviewer == leader
    assert "Nødadgange, der venter" not in body(client.get(reverse("home")))
    assert "Talt med medarbejderen" in body(client.get(reverse("portals:emergencies")))


def test_the_leader_at_work_does_not_learn_who_it_was(scene: Scene, worker: User, client: Client) -> None:
    opened_by(worker, scene.bo)
    client.force_login(make.user_with(Role.LEADER, scene.offer))
    page = body(client.get(reverse("portals:emergencies")))
    assert "en borger, du ikke har adgang til" in page
    assert "Birk" not in page


def test_nobody_reviews_their_own_or_anothers(scene: Scene, client: Client) -> None:
    leader = make.user_with(Role.LEADER, scene.offer)
    opened = opened_by(leader, scene.bo)
    with pytest.raises(AccessDenied, match="din egen"):
        emergencies.review_emergency(opened, "ok", reviewer=leader)
    with pytest.raises(AccessDenied, match="ikke adgang"):
        emergencies.review_emergency(opened, "ok", reviewer=make.user_with(Role.LEADER, make.unit("tredje")))
    with pytest.raises(Refusal, match="følges op"):
        emergencies.review_emergency(opened, "ask", reviewer=make.user_with(Role.LEADER, scene.other))
    client.force_login(leader)
    assert (
        client.post(reverse("portals:emergency-review", args=[opened.pk]), {"outcome": "ok"}).status_code
        == 404
    )


def test_vain_tries_are_shown_to_who_answers_for_the_worker(
    scene: Scene, worker: User, client: Client
) -> None:
    for _n in range(3):
        emergencies.open_in_emergency(worker, None, REASON)
    client.force_login(make.user_with(Role.LEADER, scene.area))
    page = body(client.get(reverse("portals:emergencies")))
    assert "Forgæves forsøg" in page
    assert "3 gange" in page
    client.force_login(make.user_with(Role.LEADER, scene.other))
    assert "Forgæves forsøg" not in body(client.get(reverse("portals:emergencies")))


def test_the_citizen_reads_the_reason(scene: Scene, worker: User, client: Client) -> None:
    client.force_login(worker)
    ask(client, scene.bo)
    client.get(reverse("journeys:citizen", args=[scene.bo.key]))
    client.force_login(make.user_with(Role.CITIZEN, scene.bo))
    page = body(client.get(reverse("portals:my-lookups")))
    assert "fordi: nødadgang" in page
    assert REASON in page
    assert "Elmehuset" in page


def test_the_pages_keep_their_budgets(
    scene: Scene, worker: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for citizen in (scene.bo, make.citizen(), make.citizen()):
        opened_by(worker, citizen)
    client.force_login(make.user_with(Role.LEADER, scene.area))
    with django_assert_max_num_queries(15):
        client.get(reverse("portals:emergencies"))
    client.force_login(worker)
    with django_assert_max_num_queries(15):
        client.get(reverse("journeys:citizen", args=[scene.bo.key]))
    with django_assert_max_num_queries(15):
        client.get(reverse(WHERE))
