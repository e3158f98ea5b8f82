"""The frame around a page: few entries, one of them current, and who one is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from roedtraad.access.policies import roles_for
from roedtraad.access.roles import SCOPE, Role
from roedtraad.portals.frame import ENTRIES, HOME, frame_for
from roedtraad.portals.queries import HOMES
from tests import factories as make
from tests.access.scene import Scene

MOST_ENTRIES = 7


def test_every_role_has_a_home_and_a_navigation() -> None:
    # A support worker's home is Min vagt, a page of its own.
    assert {*HOMES, Role.SUPPORT_WORKER} == set(ENTRIES) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_at_most_seven_entries_all_of_which_it_may_open(role: Role) -> None:
    entries = ENTRIES[role]
    assert entries[0].url_name == HOME.url_name
    assert len({entry.url_name for entry in entries}) == len(entries) <= MOST_ENTRIES
    assert all(role in roles_for(entry.action) for entry in entries)


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_the_frame_says_who_and_for_what(role: Role, django_assert_max_num_queries: Any) -> None:
    scene = Scene()
    request = RequestFactory().get("/")
    request.user = scene.user(role)
    with django_assert_max_num_queries(2):
        frame = frame_for(request)
    assert frame.role == role
    assert frame.unit_label == {"unit": "Elmehuset", "municipality": "Aarhus", "citizen": ""}[SCOPE[role]]
    assert [item.url for item in frame.items if item.current] == ["/"]
    assert [current for _value, _label, current in frame.roles] == [True]


@pytest.mark.django_db
def test_the_entry_that_reaches_furthest_is_current() -> None:
    request = RequestFactory().get(reverse("organisation:scenarios"))
    request.user = Scene().user(Role.LEADER)
    current = [item.url for item in frame_for(request).items if item.current]
    assert current == [reverse("organisation:scenarios")]


@pytest.mark.django_db
def test_several_units_are_told_in_the_width_of_one() -> None:
    scene = Scene()
    user = make.user_with(Role.LEADER, scene.offer)
    make.Grant.objects.create(
        user=user, role="leader", unit=scene.other, valid=make.Period(make.BEGINNING).to_range()
    )
    request = RequestFactory().get("/")
    request.user = user
    assert frame_for(request).unit_label == "Birkehuset og 1 anden"


@pytest.mark.django_db
def test_a_stranger_has_an_empty_frame(client: Any) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert '<nav class="rail"' not in page
    assert "Skift adgangskode" not in page
