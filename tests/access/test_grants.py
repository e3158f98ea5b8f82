"""Grants begin and end by themselves, reach what they are for, and nothing else."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from roedtraad.access import services
from roedtraad.access.models import Grant
from roedtraad.access.roles import LABELS, SCOPE, Role
from roedtraad.access.scope import AccessDenied, grants_of, may, reach, reach_as, roles_of
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.journeys.models import Stay
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def fresh(user: User) -> User:
    """The user as the next request sees it."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def names(user: User) -> list[str]:
    return [citizen.first_name for citizen in Citizen.objects.visible_to(user).order_by("first_name")]


def test_every_role_has_a_label_and_a_scope() -> None:
    assert set(LABELS) == set(SCOPE) == set(Role)


@pytest.mark.parametrize("scopes", [(), ("unit", "municipality"), ("municipality", "citizen")])
def test_a_grant_is_for_exactly_one_thing(scene: Scene, scopes: tuple[str, ...]) -> None:
    things = {"unit": scene.offer, "municipality": make.municipality("0751"), "citizen": scene.ane}
    user = User.objects.create_user("ny")
    with pytest.raises(IntegrityError, match="grant_one_scope"), transaction.atomic():
        Grant.objects.create(
            user=user, role="leader", valid=Period(clock.today()).to_range(), **{s: things[s] for s in scopes}
        )


def test_a_grant_begins_and_ends_by_itself(scene: Scene) -> None:
    today = clock.today()
    user = User.objects.create_user("ny")
    services.grant_role(user, Role.LEADER, scene.offer, start=today + DAY, last=today + 2 * DAY)
    assert not may(fresh(user), "stay.book")
    for day in (today + DAY, today + 2 * DAY):
        with clock.fixed(day):
            assert may(fresh(user), "stay.book")
            assert names(fresh(user)) == ["Ane", "Carl", "Dea"]
    with clock.fixed(today + 3 * DAY):
        assert not may(fresh(user), "stay.book")
        assert grants_of(fresh(user)) == []
        assert not reach(fresh(user), "citizen.view")
        assert names(fresh(user)) == []


def test_an_ended_grant_gives_nothing(scene: Scene, client: Any) -> None:
    user = scene.user(Role.LEADER)
    grant = Grant.objects.get(user=user)
    services.end_grant(grant, clock.today() - DAY, reason="holdt op")
    client.force_login(user)
    answer = client.get(reverse("home"))
    assert answer.status_code == 403
    assert "ingen adgang i dag" in answer.content.decode()
    assert not Stay.objects.visible_to(fresh(user)).exists()


def test_a_closed_account_gives_nothing(scene: Scene, client: Any) -> None:
    user, administrator = scene.user(Role.LEADER), scene.user(Role.ADMINISTRATOR)
    client.force_login(user)
    assert client.get(reverse("home")).status_code == 200
    services.close_account(user, closed_by=administrator, reason="rejst")
    assert client.get(reverse("home")).status_code == 302
    assert roles_of(fresh(user)) == []


def test_nobody_sees_nobody(scene: Scene) -> None:
    from django.contrib.auth.models import AnonymousUser

    for nobody in (AnonymousUser(), User.objects.create_user("uden-adgang")):
        assert not Citizen.objects.visible_to(nobody).exists()  # type: ignore[arg-type]
        assert not Stay.objects.visible_to(nobody).exists()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.CITIZEN, ["Ane"]),
        (Role.RELATIVE, ["Ane"]),
        (Role.SUPPORT_WORKER, ["Ane", "Carl", "Dea"]),
        (Role.LEADER, ["Ane", "Carl", "Dea", "Eva"]),
        (Role.CASEWORKER, ["Ane", "Carl", "Dea", "Eva"]),
        (Role.INSPECTOR, ["Ane", "Carl", "Dea", "Eva"]),
        (Role.ECONOMIST, []),
        (Role.QUALITY, []),
        (Role.STRATEGIST, []),
        (Role.COUNCIL, []),
        (Role.ADMINISTRATOR, []),
    ],
)
def test_who_sees_whom(scene: Scene, role: Role, seen: list[str]) -> None:
    """Eva has moved out of Elmehuset: the support worker no longer sees her, the leader does."""
    gone = clock.today() - 30 * DAY
    eva = make.citizen(first_name="Eva", last_name="Rejst")
    make.stay(eva, make.place("E9", scene.offer), gone - 30 * DAY, moved_in=True, ordered_end=gone)
    assert names(scene.user(role)) == seen


def test_a_leader_of_the_area_reaches_every_offer_below(scene: Scene) -> None:
    leader = make.user_with(Role.LEADER, scene.area)
    assert names(leader) == ["Ane", "Bo", "Carl", "Dea"]
    assert reach_as(leader, Role.LEADER).units == {scene.area.pk, scene.offer.pk, scene.other.pk}
    assert not reach_as(leader, Role.ECONOMIST)


def test_granting_takes_the_right_kind_the_right_order_and_no_doubles(scene: Scene) -> None:
    administrator = make.user_with(Role.ADMINISTRATOR, scene.area)
    today = clock.today()
    user = User.objects.create_user("ny")

    def give(role: Role, scope: Any, **days: Any) -> Grant:
        return services.grant_role(user, role, scope, **{"start": today, **days}, granted_by=administrator)

    with pytest.raises(ValueError, match="Rollen gives for en kommune"):
        give(Role.CASEWORKER, scene.offer)
    with pytest.raises(ValueError, match="Rollen gives for en enhed"):
        give(Role.LEADER, None)
    with pytest.raises(ValueError, match="kan ikke slutte, før den er begyndt"):
        give(Role.LEADER, scene.offer, last=today - DAY)
    give(Role.LEADER, scene.offer, last=today + 9 * DAY)
    with pytest.raises(ValueError, match="har allerede den adgang"):
        give(Role.LEADER, scene.offer, start=today + 9 * DAY)
    assert give(Role.LEADER, scene.offer, start=today + 10 * DAY).granted_by == administrator


def test_only_an_administrator_grants_and_only_below_the_own_unit(scene: Scene) -> None:
    user = User.objects.create_user("ny")
    for by in (scene.user(Role.LEADER), make.user_with(Role.ADMINISTRATOR, scene.other)):
        with pytest.raises(AccessDenied):
            services.grant_role(user, Role.LEADER, scene.offer, start=clock.today(), granted_by=by)
    assert not Grant.objects.filter(user=user).exists()


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_grants_to_themselves(role: Role, scene: Scene) -> None:
    administrator = make.user_with(Role.ADMINISTRATOR, scene.area)
    with pytest.raises(ValueError, match="kan ikke give dig selv en adgang"):
        services.grant_role(administrator, role, scene.offer, start=clock.today(), granted_by=administrator)
    assert Grant.objects.filter(user=administrator).count() == 1
    colleague = make.user_with(Role.ADMINISTRATOR, scene.area)
    services.grant_role(administrator, role, scene.offer, start=clock.today(), granted_by=colleague)
    assert Grant.objects.filter(user=administrator).count() == 2


def test_a_first_password_cannot_be_guessed(scene: Scene) -> None:
    drawn = {services.first_password() for _n in range(50)}
    letters = {letter for password in drawn for letter in password} - {"-"}
    assert len(drawn) == 50
    assert all(len(password.replace("-", "")) * math.log2(len(letters)) >= 128 for password in drawn)


def test_an_administrator_neither_locks_out_nor_prolongs(scene: Scene) -> None:
    administrator, other = scene.user(Role.ADMINISTRATOR), scene.user(Role.LEADER)
    own, theirs = Grant.objects.get(user=administrator), Grant.objects.get(user=other)
    with pytest.raises(ValueError, match="din egen administratoradgang"):
        services.end_grant(own, clock.today(), reason="prøve", ended_by=administrator)
    with pytest.raises(ValueError, match="din egen konto"):
        services.close_account(administrator, closed_by=administrator, reason="prøve")
    with pytest.raises(ValueError, match="slutter allerede før"):
        services.end_grant(theirs, clock.today() + 99 * DAY, reason="prøve", ended_by=administrator)


def test_one_switches_only_between_own_roles(scene: Scene, client: Any) -> None:
    user = scene.user(Role.LEADER)
    make.Grant.objects.create(
        user=user, role="council", unit=scene.area, valid=Period(make.BEGINNING).to_range()
    )
    client.force_login(user)
    assert "Min enhed" in client.get(reverse("home")).content.decode()
    client.post(reverse("portals:switch-role"), {"role": "administrator"})
    assert fresh(user).active_role == ""
    client.post(reverse("portals:switch-role"), {"role": "council"})
    assert fresh(user).active_role == "council"
    answer = client.get(reverse("home")).content.decode()
    assert "Regionsråd og udvalg" in answer
    assert "Min enhed" not in answer
