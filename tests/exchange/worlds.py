"""The small world the exchange tests share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.organisation.models import Place, Unit


@dataclass
class World:
    """A region with one offer, two places and two citizens."""

    root: Unit
    offer: Unit
    places: list[Place]
    citizens: list[Citizen]
    admin: User
    leader: User


def stay_row(world: World, **more: Any) -> dict[str, Any]:
    """A stay on the first place by the first citizen, with every column of the file."""
    return {
        "key": "o-1",
        "citizen": str(world.citizens[0].key),
        "place": "T-1",
        "payer": "Aarhus",
        "ordered_start": date(2024, 3, 1),
        "ordered_end": date(2024, 12, 31),
        "actual_start": "01-03-2024",
        "actual_end": "",
        "agreed_day_rate": "2.831,50",
        "withdrawn": "",
        **more,
    }
