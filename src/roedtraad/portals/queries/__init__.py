"""What each role's home page shows: one function a role, from the user to a dataclass.

A support worker's home is *Min vagt* (`portals.shift`), which also needs to know the unit that was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.portals.queries.administrator import administrator_home
from roedtraad.portals.queries.persons import citizen_home, relative_home
from roedtraad.portals.queries.staffs import council_home, economist_home, quality_home, strategist_home
from roedtraad.portals.queries.units import caseworker_home, inspector_home, leader_home

HOMES: dict[Role, Callable[[User], Any]] = {
    Role.CITIZEN: citizen_home,
    Role.RELATIVE: relative_home,
    Role.LEADER: leader_home,
    Role.ECONOMIST: economist_home,
    Role.QUALITY: quality_home,
    Role.STRATEGIST: strategist_home,
    Role.COUNCIL: council_home,
    Role.CASEWORKER: caseworker_home,
    Role.INSPECTOR: inspector_home,
    Role.ADMINISTRATOR: administrator_home,
}
