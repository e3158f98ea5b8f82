"""What a federated login does to somebody's access, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.access import services
from roedtraad.access.federation import ENDED, GIVEN, KEPT, LEASE, FederatedAccess
from roedtraad.access.history import history_of
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import may, roles_of
from roedtraad.accounts.federation.mapping import Wanted
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.period import Period
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LEADER = Wanted("leader", "unit", "elmehuset")
WORKER = Wanted("support_worker", "unit", "elmehuset")
CASEWORKER = Wanted("caseworker", "municipality", "0751")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def user(scene: Scene) -> User:
    return User.objects.create_user("lis")


def apply(user: User, *wanted: Wanted) -> None:
    FederatedAccess().apply(user, wanted)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def held(user: User) -> list[tuple[str, Any, str]]:
    """Role, scope and source of the accesses in force."""
    grants = Grant.objects.in_force().filter(user=user).order_by("role", "pk")
    return [(g.role, g.unit.key if g.unit else g.municipality_id, g.source) for g in grants]


def test_what_is_asserted_is_given_from_today_and_the_history_says_why(user: User) -> None:
    apply(user, LEADER, CASEWORKER)
    assert held(user) == [("caseworker", "0751", "federation"), ("leader", "elmehuset", "federation")]
    grant = Grant.objects.get(user=user, role="leader")
    assert Period.from_range(grant.valid) == Period(clock.today(), clock.today() + LEASE)
    assert [change.why for change in history_of(grant)] == [GIVEN]


def test_saying_it_again_changes_nothing(user: User, django_assert_max_num_queries: Any) -> None:
    apply(user, LEADER, CASEWORKER)
    before = list(Grant.objects.values_list("pk", "valid"))
    with clock.fixed(clock.today() + 20 * DAY), django_assert_max_num_queries(8):
        apply(user, LEADER, CASEWORKER, LEADER)
    assert list(Grant.objects.values_list("pk", "valid")) == before


def test_it_runs_out_by_itself_unless_a_login_keeps_it(user: User) -> None:
    """Somebody who leaves never logs in again; the access ends all the same."""
    begun = clock.today()
    apply(user, LEADER)
    with clock.fixed(begun + LEASE - DAY):
        assert may(fresh(user), "stay.book")
    with clock.fixed(begun + LEASE):
        assert not may(fresh(user), "stay.book")
    with clock.fixed(begun + 40 * DAY):
        apply(user, LEADER)
    grant = Grant.objects.get(user=user)
    assert Period.from_range(grant.valid) == Period(begun, begun + 40 * DAY + LEASE)
    assert [change.why for change in history_of(grant)] == [KEPT, GIVEN]


def test_what_ran_out_comes_back_with_the_next_login(user: User) -> None:
    apply(user, LEADER)
    with clock.fixed(clock.today() + 2 * LEASE):
        apply(user, LEADER)
        assert may(fresh(user), "stay.book")
    assert Grant.objects.filter(user=user).count() == 2


def test_who_changes_role_loses_the_old_one_on_the_day(user: User) -> None:
    apply(user, LEADER)
    change = clock.today() + 10 * DAY
    with clock.fixed(change):
        assert may(fresh(user), "stay.book")
        apply(user, WORKER)
        assert roles_of(fresh(user)) == [Role.SUPPORT_WORKER]
        assert not may(fresh(user), "stay.book")
    old = Grant.objects.get(user=user, role="leader")
    assert Period.from_range(old.valid).last == change - DAY
    assert [change.why for change in history_of(old)] == [ENDED, GIVEN]


def test_a_role_that_came_and_went_on_one_day_is_gone_and_kept_in_the_history(user: User) -> None:
    apply(user, LEADER)
    number = Grant.objects.get(user=user).pk
    apply(user)
    assert roles_of(fresh(user)) == []
    events = Grant.pgh_event_model.objects.filter(pgh_obj_id=number).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(e.pgh_label, e.pgh_context.metadata["reason"]) for e in events] == [
        ("insert", GIVEN),
        ("delete", ENDED),
    ]


def test_the_same_user_object_knows_at_once(user: User) -> None:
    assert roles_of(user) == []
    apply(user, LEADER)
    assert roles_of(user) == [Role.LEADER]


def test_what_was_given_by_hand_is_neither_ended_nor_given_twice(user: User, scene: Scene) -> None:
    services.grant_role(user, Role.LEADER, scene.offer, start=clock.today())
    services.grant_role(user, Role.QUALITY, scene.area, start=clock.today())
    apply(user, LEADER, WORKER)
    assert held(user) == [
        ("leader", "elmehuset", "hand"),
        ("quality", "omraade", "hand"),
        ("support_worker", "elmehuset", "federation"),
    ]
    apply(user)
    assert held(user) == [("leader", "elmehuset", "hand"), ("quality", "omraade", "hand")]


def test_what_begins_by_hand_later_is_not_overlapped(user: User, scene: Scene) -> None:
    later = clock.today() + 5 * DAY
    services.grant_role(user, Role.LEADER, scene.offer, start=later)
    apply(user, LEADER)
    periods = [Period.from_range(g.valid) for g in Grant.objects.filter(user=user).order_by("valid")]
    assert periods == [Period(clock.today(), later), Period(later)]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("leader", "unit", "en-enhed-der-ikke-er"),
        Wanted("caseworker", "municipality", "9999"),
        Wanted("konge", "unit", "elmehuset"),
        Wanted("leader", "municipality", "0751"),
        Wanted("citizen", "unit", "elmehuset"),
    ],
)
def test_what_does_not_exist_here_gives_nothing_and_the_rest_is_given(
    user: User, wanted: Wanted, caplog: pytest.LogCaptureFixture
) -> None:
    apply(user, wanted, WORKER)
    assert held(user) == [("support_worker", "elmehuset", "federation")]
    (line,) = [record.msg for record in caplog.records if record.name == "roedtraad.federation"]
    assert (line["event"], line["number"]) == ("unknown_scopes", 1)


@pytest.mark.parametrize("role", list(Role))
def test_only_citizens_and_relatives_are_only_that(role: Role, scene: Scene) -> None:
    user = scene.user(role)
    assert FederatedAccess().only_citizen(user) is (role in (Role.CITIZEN, Role.RELATIVE))
    services.grant_role(user, Role.COUNCIL, scene.area, start=clock.today())
    assert not FederatedAccess().only_citizen(fresh(user))


def test_nobody_is_only_a_citizen_by_having_nothing(user: User) -> None:
    assert not FederatedAccess().only_citizen(user)
