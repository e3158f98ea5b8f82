"""Who is coming and who is leaving, and where an order has run out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.sql import ask, unit_list

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


class MoveKind(StrEnum):
    """What is to happen, or should have happened."""

    COMING = "coming"
    LATE = "late"
    LEAVING = "leaving"
    OVERDUE = "overdue"


KIND_WORDS: dict[MoveKind, str | Promise] = {
    MoveKind.COMING: _("flytter ind"),
    MoveKind.LATE: _("skulle være flyttet ind"),
    MoveKind.LEAVING: _("flytter ud"),
    MoveKind.OVERDUE: _("er der længere end bestilt"),
}

_MOVES = """
    SELECT m.kind, m.day, m.stay_id, m.citizen_id, p.code, t.unit_id, p.category FROM (
        SELECT CASE WHEN ordered_start < %(day)s::date THEN 'late' ELSE 'coming' END AS kind,
               ordered_start AS day, id AS stay_id, citizen_id, place_id
        FROM journeys_staydays
        WHERE withdrawn_at IS NULL AND actual_end IS NULL AND actual_start IS NULL
          AND ordered_start <= %(until)s::date AND (ordered_end IS NULL OR ordered_end >= %(day)s::date)
        UNION ALL
        SELECT CASE WHEN ordered_end < %(day)s::date THEN 'overdue' ELSE 'leaving' END,
               ordered_end, id, citizen_id, place_id
        FROM journeys_staydays
        WHERE withdrawn_at IS NULL AND actual_end IS NULL AND actual_start IS NOT NULL
          AND ordered_end <= %(until)s::date
    ) m
    JOIN organisation_place p ON p.id = m.place_id
    JOIN organisation_placeterm t ON t.place_id = m.place_id AND t.valid @> m.day
    WHERE %(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s)
    ORDER BY m.day, p.code, m.stay_id
"""


@dataclass(frozen=True)
class Move:
    """A planned move, without the person's name; `day` is the first or the last day ordered."""

    kind: MoveKind
    day: dt.date
    stay_id: int
    citizen_id: int
    place_code: str
    unit_id: int
    category: str

    @property
    def words(self) -> str | Promise:
        """What happens, in words."""
        return KIND_WORDS[self.kind]

    @property
    def needs_attention(self) -> bool:
        """The ordered day has passed."""
        return self.kind in (MoveKind.LATE, MoveKind.OVERDUE)


def coming_moves(as_of: dt.date, weeks: int = 8, unit_ids: Iterable[int] | None = None) -> list[Move]:
    """Moves in and out ordered within the weeks, and those whose ordered day has passed, by day. One SQL."""
    asked = {"day": as_of, "until": as_of + dt.timedelta(weeks=weeks), "units": unit_list(unit_ids)}
    return [Move(MoveKind(row[0]), *row[1:]) for row in ask(_MOVES, asked)]


@dataclass(frozen=True)
class KnownCitizen:
    """A citizen the user may see."""

    id: int
    key: str
    name: str


def citizens_of(user: User, stay_ids: Iterable[int]) -> dict[int, KnownCitizen]:
    """The citizens of those of the stays that the user may see: {stay: citizen}. One SQL besides the user's reach.

    Whoever shows them writes it in the log of look-ups.
    """
    stays = (
        Stay.objects.visible_to(user).filter(Q(pk__in=list(stay_ids))).select_related("citizen").distinct()
    )
    return {
        stay.pk: KnownCitizen(stay.citizen_id, str(stay.citizen.key), str(stay.citizen)) for stay in stays
    }
