"""A house with two citizens, those who work there, and a house next door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.test import Client

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty import defaults
from roedtraad.organisation.models import Unit
from tests import factories as make

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=clock.COPENHAGEN)


@dataclass(frozen=True)
class House:
    """Ane and Bo live in hus 3 of Tangkær; Carl lives next door."""

    offer: Unit
    unit: Unit
    next_door: Unit
    ane: Citizen
    bo: Citizen
    carl: Citizen
    mette: User
    leader: User
    stranger: User


@pytest.fixture
def house(db: None) -> House:
    # Tests that empty the tables take the defaults of the migration along.
    defaults.write(lambda name: apps.get_model("duty", name))
    offer = make.unit("tangkaer", name="Tangkær", parent=make.region_root())
    unit = make.unit("hus-3", kind="afdeling", name="Hus 3", parent=offer)
    next_door = make.unit("hus-4", kind="afdeling", name="Hus 4", parent=offer)
    mette = make.user_with("support_worker", unit, "mette")
    mette.full_name = "Mette Holm"
    mette.save()
    return House(
        offer=offer,
        unit=unit,
        next_door=next_door,
        ane=living("Ane", make.place("H3-1", unit)),
        bo=living("Bo", make.place("H3-2", unit)),
        carl=living("Carl", make.place("H4-1", next_door)),
        mette=mette,
        leader=make.user_with("leader", offer, "lene"),
        stranger=make.user_with("support_worker", next_door, "frede"),
    )


def living(name: str, place: object) -> Citizen:
    person = make.citizen(first_name=name, last_name="Prøve", sort_key=f"prøve {name.lower()}")
    make.stay(person, place, dt.date(2026, 1, 1), actual_start=dt.date(2026, 1, 1))  # type: ignore[arg-type]
    return person


def at(hour: int, minute: int = 0, day: int = 15, month: int = 6) -> dt.datetime:
    """A moment of June 2026, Danish time."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.COPENHAGEN)


@pytest.fixture
def noon() -> Iterator[dt.datetime]:
    """Noon of the suite's day."""
    with clock.fixed(NOW) as moment:
        yield moment


@pytest.fixture
def mette(client: Client, house: House) -> Client:
    client.force_login(house.mette)
    return client


@pytest.fixture
def lene(house: House) -> Client:
    other = Client()
    other.force_login(house.leader)
    return other
