"""A small region: two areas, four offers, one of them with two citizens only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.journeys import occupancy
from roedtraad.organisation.models import Unit
from roedtraad.steering.loading import load_plans
from tests import factories as make


@dataclass
class Scene:
    """What the tests look at. `people` holds the citizens of each offer."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, list[Citizen]] = field(default_factory=dict)


OFFERS = {
    # offer: (area, citizens, places agreed)
    "storgaarden": ("omraade-nord", 8, 10),
    "lillebo": ("omraade-nord", 2, 4),
    "mellemhuset": ("omraade-nord", 6, 8),
    "sydgaarden": ("omraade-syd", 9, 9),
    "sydhuset": ("omraade-syd", 7, 10),
}


@pytest.fixture
def scene(db: None) -> Scene:
    """Everybody moved in on 1 January 2019 and stays; the plans are loaded."""
    load_plans()
    found = Scene()
    root = make.region_root()
    found.units["region"] = root
    for area in ("omraade-nord", "omraade-syd"):
        found.units[area] = make.unit(area, kind="specialomraade", parent=root)
    for offer, (area, citizens, places) in OFFERS.items():
        unit = found.units[offer] = make.unit(offer, parent=found.units[area])
        make.agreed(unit, places, start=date(2018, 1, 1))
        found.people[offer] = []
        for number in range(citizens):
            bed = make.place(f"{offer}-{number + 1}", unit)
            citizen = make.citizen(last_name=f"{offer} {number + 1}")
            make.stay(citizen, bed, date(2019, 1, 1), moved_in=True)
            found.people[offer].append(citizen)
    occupancy.refresh()
    return found


@pytest.fixture
def as_role(scene: Scene, client: Client) -> Callable[..., Client]:
    """The test client logged in with a role, for the region unless another unit is named."""

    def log_in(role: Role, unit: str = "region") -> Client:
        user = make.user_with(role, scene.units[unit])
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def strategist(scene: Scene) -> User:
    """One of the strategy staff."""
    return make.user_with(Role.STRATEGIST, scene.units["region"])
