"""»Kommet, flyttet, stoppet«, and that an access ends by itself at midnight whatever is open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access import services
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.access.tokens import issue
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.portals.queries.movers import GrantLine, movers
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return make.user_with(Role.LEADER, scene.offer)


def person(name: str, *, used: int | None = 1) -> User:
    user = User.objects.create_user(name, full_name=name)
    if used is not None:
        user.last_login = clock.now() - used * DAY
        user.save()
    return user


def give(
    user: User, unit: Any, start: int, last: int | None = None, role: Role = Role.SUPPORT_WORKER
) -> Grant:
    today = clock.today()
    days = Period.inclusive(today + start * DAY, None if last is None else today + last * DAY)
    return Grant.objects.create(user=user, role=role.value, unit=unit, valid=days.to_range())


def who(lines: list[GrantLine]) -> list[str]:
    return [line.who for line in lines]


def test_each_is_told_once_where_it_belongs(scene: Scene, leader: User) -> None:
    give(person("Ny"), scene.offer, -5)
    give(person("Kommer"), scene.offer, 20)
    give(person("Gammel"), scene.offer, -400)
    moved = person("Flyttet ind")
    give(moved, scene.other, -400, -4)
    give(moved, scene.offer, -3)
    away = person("Flyttet væk")
    give(away, scene.offer, -400, -2)
    give(away, scene.other, -1)
    give(person("Stoppet"), scene.offer, -400, -20)
    give(person("Stopper"), scene.offer, -400, 25)
    give(person("For længst"), scene.offer, -400, -40)
    give(person("Langt ude"), scene.offer, -400, 40)
    give(person("Et andet sted"), scene.other, -5)
    found = movers(leader)
    assert who(found.came) == ["Kommer", "Ny"]
    assert who(found.moved) == ["Flyttet ind", "Flyttet væk"]
    assert [line.other for line in found.moved] == ["Birkehuset", "Birkehuset"]
    assert who(found.stopped) == ["Stopper", "Stoppet"]


def test_unused_is_ninety_days_without_login_or_key(scene: Scene, leader: User) -> None:
    give(person("Glemt", used=95), scene.offer, -400)
    give(person("Aldrig", used=None), scene.offer, -400)
    give(person("Ny uden login", used=None), scene.offer, -60)
    give(person("Bruger", used=89), scene.offer, -400)
    machine = person("Maskine", used=None)
    give(machine, scene.offer, -400)
    token, _secret = issue(machine, "nøgle", ["*"], 30)
    token.last_used_at = clock.now()
    token.save()
    closed = person("Lukket", used=None)
    give(closed, scene.offer, -400)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    # The leader of the fixture has never logged in either.
    assert who(movers(leader).unused) == ["Aldrig", "Glemt", "Prøve leader"]


def test_a_leader_ends_workers_and_leaders_below_and_nobody_else(scene: Scene) -> None:
    boss = make.user_with(Role.LEADER, scene.area)
    worker = give(person("A"), scene.offer, -400)
    below = give(person("B"), scene.offer, -400, role=Role.LEADER)
    equal = give(person("C"), scene.area, -400, role=Role.LEADER)
    inspector = give(person("D"), scene.offer, -400, role=Role.INSPECTOR)
    own = Grant.objects.get(user=boss)
    elsewhere = give(person("E"), make.unit("tredje"), -400)
    today = clock.today()
    for grant in (worker, below):
        services.end_grant(grant, today, reason="stopper", ended_by=boss)
        grant.refresh_from_db()
        assert grant.valid.upper == today + DAY
    for grant in (equal, inspector, own, elsewhere):
        with pytest.raises(AccessDenied):
            services.end_grant(grant, today, reason="stopper", ended_by=boss)
    with pytest.raises(AccessDenied):
        services.end_grant(worker, today, reason="stopper", ended_by=scene.user(Role.SUPPORT_WORKER))


def test_the_page_ends_an_access_with_a_reason(
    scene: Scene, leader: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    grant = give(person("Medarbejder M"), scene.offer, -5)
    give(person("Flere"), scene.offer, -400, 5)
    other = give(person("Tilsyn T"), scene.offer, -5, role=Role.INSPECTOR)
    client.force_login(leader)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("portals:movers")).content.decode()
    end = reverse("portals:mover-end", args=[grant.pk])
    assert end in page
    assert reverse("portals:mover-end", args=[other.pk]) not in page
    assert client.get(reverse("portals:mover-end", args=[other.pk])).status_code == 403
    assert client.post(end, {"last": "2026-06-20"}).status_code == 422
    assert client.post(end, {"last": "2026-06-20", "reason": "nyt arbejde"}).status_code == 302
    grant.refresh_from_db()
    assert grant.valid.upper == dt.date(2026, 6, 21)
    client.force_login(make.user_with(Role.LEADER, scene.other))
    assert client.get(end).status_code == 404


def test_an_access_ends_at_midnight_in_the_middle_of_a_session(scene: Scene, client: Client) -> None:
    """Until and with the last day: at 23.59 the page is there, at 00.01 it is not, nor the API's, with the same key."""
    user = make.user_with(Role.LEADER, scene.offer)
    grant = Grant.objects.get(user=user)
    services.end_grant(grant, clock.today(), reason="stopper")
    _token, secret = issue(user, "nøgle", ["*"], 30)
    page = reverse("journeys:citizen", args=[scene.ane.key])
    api = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    midnight = dt.datetime.combine(clock.today() + DAY, dt.time(), clock.COPENHAGEN)
    with clock.fixed(midnight - dt.timedelta(minutes=1)):
        client.force_login(user)
        assert client.get(page).status_code == 200
        assert client.get("/api/v1/capacity", **api).status_code == 200  # type: ignore[arg-type]  # a header
    with clock.fixed(midnight + dt.timedelta(minutes=1)):
        answer = client.get(page)
        assert answer.status_code == 403
        assert "Ane" not in answer.content.decode()
        assert client.get("/api/v1/capacity", **api).status_code == 403  # type: ignore[arg-type]  # a header
        assert client.get(reverse("home")).status_code == 403
