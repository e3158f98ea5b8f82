"""A small world for the tests of access: two offers, four citizens, and one user of each role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from roedtraad.access.roles import SCOPE, Role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from tests import factories as make


class Scene:
    """Ane lives in Elmehuset, where Carl is coming and Dea is overdue; Bo lives in Birkehuset."""

    def __init__(self) -> None:
        today = clock.today()
        root = make.region_root()
        self.area = make.unit("omraade", "specialomraade", "Specialområde Prøve", root)
        self.offer = make.unit(
            "elmehuset",
            "tilbud",
            "Elmehuset",
            self.area,
            address="Elmevej 1",
            manager_title="afdelingsleder",
            municipality=make.municipality("0791"),
        )
        self.other = make.unit("birkehuset", "tilbud", "Birkehuset", self.area)
        make.agreed(self.offer, 4)
        places = [make.place(f"E{n}", self.offer) for n in range(1, 5)]
        there = make.place("B1", self.other)
        begin = today - dt.timedelta(days=400)
        self.ane = make.citizen(first_name="Ane", last_name="Elm", acting="0751", paying="0751")
        self.bo = make.citizen(first_name="Bo", last_name="Birk", acting="0851", paying="0851")
        self.carl = make.citizen(first_name="Carl", last_name="Kommer")
        self.dea = make.citizen(first_name="Dea", last_name="Længe")
        make.stay(self.ane, places[0], begin, moved_in=True, agreed_day_rate=2000)
        make.stay(self.bo, there, begin, moved_in=True, paying_municipality=make.municipality("0851"))
        make.stay(self.carl, places[1], today + dt.timedelta(days=3))
        make.stay(
            self.dea,
            places[2],
            begin,
            actual_start=begin,
            ordered_end=today - dt.timedelta(days=10),
        )

    def scope(self, role: Role) -> Any:
        """What the role is granted for: Elmehuset, Aarhus or Ane."""
        scopes = {"unit": self.offer, "municipality": make.municipality("0751"), "citizen": self.ane}
        return scopes[SCOPE[role]]

    def user(self, role: Role) -> User:
        """Somebody with the role, whose access ends in 19 days."""
        return make.user_with(role, self.scope(role), end=clock.today() + dt.timedelta(days=20))
