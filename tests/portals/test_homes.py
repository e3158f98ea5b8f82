"""Each role's home page: it answers, with what it is about, within its budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access.roles import Role
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
BUDGET = 15


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def as_role(scene: Scene, client: Client) -> Callable[[Role], Client]:
    def login(role: Role) -> Client:
        client.force_login(scene.user(role))
        return client

    return login


SHOWN = {
    Role.CITIZEN: ["Hej Ane", "mandag den 15. juni", "Hvordan har du det i dag?"],
    Role.RELATIVE: ["Ane", "Elmehuset", "Elmevej 1", "Viborg", "har ikke delt noget med dig"],
    Role.SUPPORT_WORKER: ["Min vagt", "Ane", "Dea", "Carl Kommer", "2 borgere"],
    Role.LEADER: ["Min enhed", "Dea Længe", "Carl Kommer", "E4", "Adgange, der snart slutter"],
    Role.ECONOMIST: ["Økonomi", "Region Midtjylland", "Specialområde Prøve"],
    Role.QUALITY: ["Kvalitet", "2 tilbud", "Birkehuset", "Viborg"],
    Role.STRATEGIST: ["Ret planer og mål"],
    Role.COUNCIL: ["Læs planerne"],
    Role.CASEWORKER: ["Aarhus har", "Ane Elm", "Specialområde Prøve"],
    Role.INSPECTOR: ["Tilsyn", "Elmehuset", "om 19 dage"],
    Role.ADMINISTRATOR: ["Administration", "Prøve administrator, administrator", "0 baggrundsopgaver"],
}
HIDDEN = {
    Role.CITIZEN: ["Bo Birk"],
    Role.RELATIVE: ["Elm<", "Bo Birk", "Aarhus"],
    Role.SUPPORT_WORKER: ["Bo Birk"],
    Role.LEADER: ["Bo Birk", "Ane Elm"],
    Role.CASEWORKER: ["Bo Birk"],
    Role.INSPECTOR: ["Ane", "Birkehuset"],
}


@pytest.mark.parametrize("role", list(Role))
def test_home_shows_what_the_role_needs_within_its_budget(
    role: Role, as_role: Callable[[Role], Client], django_assert_max_num_queries: Any
) -> None:
    client = as_role(role)
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(reverse("home"))
    assert answer.status_code == 200
    page = answer.content.decode()
    main = page[page.index("<main") :]
    for words in SHOWN[role]:
        assert words in main, words
    for words in HIDDEN.get(role, []):
        assert words not in main, words
