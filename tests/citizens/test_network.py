"""What can happen to a network map, who reads it, and what is said of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from roedtraad.access import rows
from roedtraad.access.emergencies import open_in_emergency
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import NetworkMap, NetworkPerson
from roedtraad.citizens.network import queries, rules, services
from roedtraad.citizens.network.services import Conflict, Someone
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MONA = Someone("Mona  Elm", "mor", "family_friends", 2, "primary")
BENT = Someone("Bent", "lærer", "education_work", 4, "tertiary")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene) -> User:
    return scene.user(Role.SUPPORT_WORKER)


@pytest.fixture
def first(scene: Scene, worker: User) -> NetworkMap:
    """A map of ten days ago, with Mona and Bent."""
    made = services.draw_map(worker, scene.ane, drawn_on=clock.today() - 10 * DAY, drawn_with=" Ane  selv ")
    services.add_person(worker, made, MONA)
    services.add_person(worker, made, BENT)
    return made


def named(network: NetworkMap, name: str) -> NetworkPerson:
    return network.people.get(name=name)


def test_somebody_is_put_where_there_is_room(worker: User, first: NetworkMap) -> None:
    mona, bent = named(first, "Mona Elm"), named(first, "Bent")
    assert (mona.sector, mona.ring, mona.tier, mona.version) == ("family_friends", 2, "primary", 1)
    assert (mona.angle, mona.distance) == (36, 0.3)
    again = services.add_person(worker, first, Someone("Far", "far", "family_friends", 2, "primary"))
    assert (again.sector, again.ring) == ("family_friends", 2)
    spots = [rules.Spot(one.angle, one.distance) for one in (mona, again)]
    assert rules.gap(*spots) >= rules.APART
    assert (first.drawn_with, bent.what) == ("Ane selv", "lærer")


def test_a_new_map_takes_everybody_along_and_locks_the_former(
    scene: Scene, worker: User, first: NetworkMap
) -> None:
    new = services.draw_map(worker, scene.ane, note="Efter flytningen")
    before, after = (list(one.people.order_by("key")) for one in (first, new))
    assert [one.key for one in before] == [one.key for one in after]
    assert {one.pk for one in before}.isdisjoint({one.pk for one in after})
    mona = named(first, "Mona Elm")
    for attempt in (
        lambda: services.add_person(worker, first, MONA),
        lambda: services.move_person(worker, mona, 10, 0.1, mona.version),
        lambda: services.change_person(worker, mona, BENT, mona.version),
        lambda: services.remove_person(worker, mona),
        lambda: services.spread_people(worker, first),
    ):
        with pytest.raises(Refusal, match="låst"):
            attempt()
    services.remove_person(worker, named(new, "Mona Elm"))
    services.remove_person(worker, after[0])
    assert first.people.count() == 2


@pytest.mark.parametrize("days", [10, 11, -1])
def test_a_map_is_drawn_after_the_latest_and_not_tomorrow(
    scene: Scene, worker: User, first: NetworkMap, days: int
) -> None:
    with pytest.raises(Refusal) as refused:
        services.draw_map(worker, scene.ane, drawn_on=clock.today() - days * DAY)
    assert refused.value.field == "drawn_on"
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkMap.objects.create(citizen=scene.ane, drawn_on=first.drawn_on, recorded_by=worker)


def test_moving_twice_is_moving_once_and_two_at_once_are_told(worker: User, first: NetworkMap) -> None:
    mona = named(first, "Mona Elm")
    moved = services.move_person(worker, mona, 400.04, 0.05, 1)
    assert (moved.angle, moved.distance, moved.sector, moved.ring) == (40, 0.05, "family_friends", 1)
    assert moved.version == 2
    assert services.move_person(worker, mona, 400.04, 0.05, 1).version == 2
    with pytest.raises(
        Conflict, match="en anden imens: Mona Elm, mor, familie og venner, ring 1, primært"
    ) as refused:
        services.move_person(worker, mona, 200, 0.9, 1)
    assert refused.value.now.ring == 1
    assert services.move_person(worker, mona, 200, 0.9, 2).sector == "leisure"
    with pytest.raises(Refusal, match="kan ikke læses"):
        services.move_person(worker, mona, float("nan"), 0.5, 3)


def test_changing_keeps_the_place_in_the_same_ring(worker: User, first: NetworkMap) -> None:
    mona = services.move_person(worker, named(first, "Mona Elm"), 60, 0.39, 1)
    wanted = Someone("Mona Elm Birk", "mor", "family_friends", 2, "secondary")
    changed = services.change_person(worker, mona, wanted, 2)
    assert (changed.name, changed.tier, changed.angle, changed.version) == (
        "Mona Elm Birk",
        "secondary",
        60,
        3,
    )
    assert services.change_person(worker, mona, wanted, 1).version == 3
    with pytest.raises(Conflict):
        services.change_person(worker, mona, MONA, 2)
    nearer = services.change_person(worker, mona, Someone("Mona", "mor", "home", 1, "primary"), 3)
    assert (nearer.sector, nearer.ring) == ("home", 1)


@pytest.mark.parametrize(
    ("someone", "field"),
    [
        (Someone(" ", "", "home", 1, "primary"), "name"),
        (Someone("x" * 121, "", "home", 1, "primary"), "name"),
        (Someone("Bo", "x" * 81, "home", 1, "primary"), "what"),
        (Someone("Bo", "", "skole", 1, "primary"), "sector"),
        (Someone("Bo", "", "home", 6, "primary"), "ring"),
        (Someone("Bo", "", "home", 1, "nær"), "tier"),
    ],
)
def test_what_cannot_be(worker: User, first: NetworkMap, someone: Someone, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.add_person(worker, first, someone)
    assert refused.value.field == field


def test_a_relation_on_the_map_is_the_citizens_own(scene: Scene, worker: User, first: NetworkMap) -> None:
    own = make.relation(scene.ane)
    someone = Someone("Mor", "", "family_friends", 1, "primary", own)
    assert services.add_person(worker, first, someone).relation == own
    with pytest.raises(Refusal, match="borgerens relationer"):
        services.add_person(worker, first, Someone("Far", "", "home", 1, "primary", make.relation(scene.bo)))


def test_spreading_gives_room_and_keeps_the_rings(worker: User, first: NetworkMap) -> None:
    for n in range(4):
        made = services.add_person(worker, first, Someone(f"Ven {n}", "", "leisure", 3, "secondary"))
        services.move_person(worker, made, 150, 0.5, 1)
    before = {one.key: (one.sector, one.ring) for one in first.people.all()}
    assert services.spread_people(worker, first) > 0
    people = list(first.people.all())
    assert {one.key: (one.sector, one.ring) for one in people} == before
    friends = [rules.Spot(one.angle, one.distance) for one in people if one.sector == "leisure"]
    assert min(rules.gap(a, b) for a in friends for b in friends if a is not b) >= rules.APART


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPPORT_WORKER, Role.LEADER)])
def test_only_those_who_work_with_the_citizen_draw(scene: Scene, first: NetworkMap, role: Role) -> None:
    user, mona = scene.user(role), named(first, "Mona Elm")
    for attempt in (
        lambda: services.draw_map(user, scene.ane),
        lambda: services.add_person(user, first, MONA),
        lambda: services.move_person(user, mona, 1, 0.1, 1),
        lambda: services.remove_person(user, mona),
    ):
        with pytest.raises(AccessDenied):
            attempt()


# Who reads it

READS = {Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR, Role.CITIZEN}


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_map_says_python_and_says_the_database(
    scene: Scene, first: NetworkMap, role: Role
) -> None:
    user = scene.user(role)
    with rows.as_user(user):
        found = queries.network_map_for(user, scene.ane)
        assert NetworkMap.objects.count() == int(role in READS)
        assert NetworkPerson.objects.count() == (2 if role in READS else 0)
        history = NetworkPerson.pgh_event_model.objects.count()  # type: ignore[attr-defined]  # pghistory's model
        assert history == (2 if role in READS - {Role.CITIZEN} else 0)
    assert (found is not None) is (role in READS)


def test_a_relative_reads_it_by_consent_and_an_emergency_opens_it(
    scene: Scene, worker: User, first: NetworkMap
) -> None:
    mother = scene.user(Role.RELATIVE)
    mum = make.relation(scene.ane, user=mother)
    make.consent(mum, "goals", recorded_by=worker)
    assert queries.network_map_for(mother, scene.ane) is None
    make.consent(mum, "network", recorded_by=worker)
    with rows.as_user(mother):
        found = queries.network_map_for(mother, scene.ane)
        assert found is not None
        assert [one.name for one in found.people] == ["Mona Elm", "Bent"]
        with pytest.raises(DatabaseError), transaction.atomic():
            NetworkPerson.objects.create(
                map=first, name="X", sector="home", ring=1, angle=1, distance=0, tier="primary"
            )
        assert NetworkPerson.objects.update(name="X") == 0
    foreign = make.user_with(Role.SUPPORT_WORKER, scene.other)
    assert queries.network_map_for(foreign, scene.ane) is None
    open_in_emergency(foreign, scene.ane, "Fundet alene ude på vejen i nat")
    with rows.as_user(foreign):
        assert queries.network_map_for(foreign, scene.ane) is not None


# What is said of it


def test_two_maps_compared_in_words(scene: Scene, worker: User, first: NetworkMap) -> None:
    new = services.draw_map(worker, scene.ane)
    services.move_person(worker, named(new, "Mona Elm"), 100, 0.05, 1)
    services.remove_person(worker, named(new, "Bent"))
    services.add_person(worker, new, Someone("Cilla", "nabo", "home", 3, "secondary"))
    maps = queries.maps_of(scene.ane)
    assert maps == [new, first]
    after, before = (queries.with_people(one, latest=one is maps[0]) for one in maps)
    moves, people = queries.shown_with_change(before, after)
    assert {row["name"]: (row["change"], row["gone"], "before" in row) for row in people} == {
        "Mona Elm": ("tættere på, fra et andet felt", False, True),
        "Cilla": ("ny på kortet", False, False),
        "Bent": ("ikke på kortet mere", True, False),
    }
    assert queries.difference(first, moves) == (
        "Siden 5. juni 2026: 1 er kommet tættere på, 1 er ny og 1 er ikke på kortet mere."
    )
    assert queries.summary(after.figures) == "2 personer på kortet, 1 i de to inderste ringe."
    assert queries.difference(first, []) == "Ingen har skiftet ring siden 5. juni 2026."
    assert queries.summary(rules.figures([])) == "Der er ingen på kortet endnu."


def test_the_map_is_asked_for_in_few_statements(
    scene: Scene, worker: User, first: NetworkMap, django_assert_max_num_queries: Any
) -> None:
    again = User.objects.get(pk=worker.pk)
    with django_assert_max_num_queries(5):
        found = queries.network_map_for(again, scene.ane, first.key)
    assert found is not None
    assert found.latest


def test_the_names_follow_the_rules() -> None:
    assert NetworkPerson.Sector.values == list(rules.SECTORS)
    assert NetworkPerson.Tier.values == list(rules.TIERS)
    assert len(queries.ring_names()) == rules.RINGS
    assert set(queries.change_names()) == set(rules.Change)
