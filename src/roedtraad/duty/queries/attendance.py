"""Who is here and who is away."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty.models import Absence
from roedtraad.duty.rules import attendance as rules
from roedtraad.duty.rules.moments import moment_words
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.homes import living
from roedtraad.practice.attendance import Away

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True)
class Presence:
    """One who lives in the units: here, or away as `absence` says."""

    citizen: Citizen
    unit_id: int
    place: str
    at: dt.datetime
    absence: Absence | None = None

    @property
    def is_here(self) -> bool:
        """Is the citizen here?"""
        return self.absence is None

    @property
    def kind(self) -> str:
        """The kind of absence; empty for who is here."""
        return self.absence.kind if self.absence else ""

    @property
    def since(self) -> dt.datetime | None:
        """Since when the citizen is away."""
        return self.absence.from_at if self.absence else None

    @property
    def is_overdue(self) -> bool:
        """Is the citizen still away after the moment they were expected back?"""
        expected = self.absence.expected_back if self.absence else None
        return expected is not None and expected < self.at

    @property
    def words(self) -> str:
        """The state in one phrase: "her", "indlagt siden i går kl. 22.10, ventes tilbage kl. 15.00"."""
        if self.absence is None:
            return "her"
        said = f"{self.absence.get_kind_display()} siden {moment_words(self.absence.from_at, self.at)}"
        expected = self.absence.expected_back
        return said if expected is None else f"{said}, ventes tilbage {moment_words(expected, self.at)}"


def present(user: User, unit_ids: Collection[int], at: dt.datetime | None = None) -> list[Presence]:
    """Everybody who lives in the units (not those below them) now, and where they are; by name in Danish order.

    Only those the user works with (duty.work) are told of. Two SQL statements besides the user's reach.
    """
    moment = at or clock.now()
    stays = (
        living(Stay.objects, moment.astimezone(clock.COPENHAGEN).date())
        .filter(visible_q("journeys.Stay", user, "duty.work"), unit_id__in=list(unit_ids))
        .select_related("citizen", "place")
    )
    at_home = {stay.citizen_id: stay for stay in reversed(list(stays))}
    away = absences_at(list(at_home), moment)
    found = [
        Presence(stay.citizen, stay.unit_id, stay.place.code, moment, away.get(citizen_id))
        for citizen_id, stay in at_home.items()
    ]
    return sorted(found, key=lambda one: (one.citizen.sort_key, one.citizen.pk))


def absences_at(citizen_ids: Collection[int], at: dt.datetime) -> dict[int, Absence]:
    """Who of the citizens is away at the moment. One SQL statement."""
    rows = Absence.objects.counting().filter(
        Q(back_at__isnull=True) | Q(back_at__gt=at), citizen__in=citizen_ids, from_at__lte=at
    )
    return {row.citizen_id: row for row in rows}


def absence_days(citizen_id: int, first: dt.date, last: dt.date) -> int:
    """How many days from `first` to `last` (included) the citizen was away; see `rules.absence_days`. One SQL."""
    begins = dt.datetime.combine(first, dt.time(), clock.COPENHAGEN)
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), clock.COPENHAGEN)
    rows = Absence.objects.counting().filter(
        Q(back_at__isnull=True) | Q(back_at__gt=begins), citizen=citizen_id, from_at__lt=ends
    )
    spells = [rules.Spell(row.from_at, row.back_at) for row in rows]
    return rules.absence_days(spells, first, last, clock.now())


def away_in(citizen_ids: Collection[int], first: dt.date, last: dt.date) -> dict[int, Away]:
    """Who of the citizens was away from `first` to `last` (included), how many days and why. One SQL statement."""
    begins = dt.datetime.combine(first, dt.time(), clock.COPENHAGEN)
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), clock.COPENHAGEN)
    rows = Absence.objects.counting().filter(
        Q(back_at__isnull=True) | Q(back_at__gt=begins), citizen__in=citizen_ids, from_at__lt=ends
    )
    spells: dict[int, list[tuple[rules.Spell, str]]] = defaultdict(list)
    for row in rows.order_by("from_at"):
        spells[row.citizen_id].append((rules.Spell(row.from_at, row.back_at), row.get_kind_display()))
    now = clock.now()
    found = {}
    for citizen_id, told in spells.items():
        days = rules.absence_days([spell for spell, _kind in told], first, last, now)
        over_night = [kind for spell, kind in told if rules.absence_days([spell], first, last, now)]
        if days:
            found[citizen_id] = Away(days, tuple(dict.fromkeys(over_night)))
    return found


def absences_of(citizen_id: int, limit: int = 20) -> list[Absence]:
    """The citizen's latest absences, newest first, also those taken back. One SQL statement."""
    rows = Absence.objects.filter(citizen=citizen_id).select_related(
        "recorded_by", "returned_by", "cancelled_by"
    )
    return list(rows.order_by("-from_at", "-pk")[:limit])
