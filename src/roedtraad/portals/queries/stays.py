"""Who lives in some units, who is coming and who is leaving: rows for the home pages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.duty.models import Absence
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.tree import Tree

AHEAD = dt.timedelta(days=7)
LONGEST = 200


@dataclass(frozen=True)
class StayRow:
    """A stay as a line of a list; `until` is the last day that was ordered, None for an open stay.

    `absence` is the kind of absence when it was asked for and the citizen is away.
    """

    citizen_id: int
    citizen_key: uuid.UUID
    name: str
    place: str
    place_id: int
    unit_name: str
    unit_id: int | None
    start: dt.date
    until: dt.date | None
    moved_in: bool
    absence: str = ""


@dataclass(frozen=True)
class Moves:
    """The stays of today and of the days ahead. The same stay is never in both `living` and `coming`."""

    living: list[StayRow]
    coming: list[StayRow]
    leaving: list[StayRow]
    overdue: list[StayRow]
    until: dt.date

    def within(self, unit_ids: Collection[int]) -> Moves:
        """Only those on places of the units."""
        return Moves(
            living=[row for row in self.living if row.unit_id in unit_ids],
            coming=[row for row in self.coming if row.unit_id in unit_ids],
            leaving=[row for row in self.leaving if row.unit_id in unit_ids],
            overdue=[row for row in self.overdue if row.unit_id in unit_ids],
            until=self.until,
        )

    @property
    def citizen_ids(self) -> set[int]:
        """Everyone named in the lists."""
        return {row.citizen_id for row in (*self.living, *self.coming)}

    @property
    def moving_ids(self) -> set[int]:
        """Those who are coming, leaving or past their last ordered day."""
        return {row.citizen_id for row in (*self.coming, *self.leaving, *self.overdue)}


def moves(
    user: User,
    tree: Tree,
    *,
    unit_ids: Iterable[int] | None = None,
    municipalities: Iterable[str] | None = None,
    ahead: dt.timedelta = AHEAD,
    with_absence: bool = False,
) -> Moves:
    """Stays the user may see, in the units or paid by the municipalities. One SQL, at most 200 rows.

    Coming are those whose first day is at most `ahead` away or already past; leaving those whose last ordered
    day is within `ahead`; overdue those who still live there after it.
    """
    today = clock.today()
    last = today + ahead
    living = Q(actual__contains=today)
    # A booking whose last ordered day passed without anyone moving in is no longer coming.
    coming = Q(actual_start__isnull=True, ordered_start__lte=last) & (
        Q(ordered_end__isnull=True) | Q(ordered_end__gte=today)
    )
    term_day = Coalesce(OuterRef("actual_start"), OuterRef("ordered_start"))
    then = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=today)
    first = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=term_day)
    stays = Stay.objects.visible_to(user).booked().filter(living | coming)
    if unit_ids is not None:
        stays = stays.filter(
            Exists(then.filter(unit__in=list(unit_ids))) | Exists(first.filter(unit__in=list(unit_ids)))
        )
    if municipalities is not None:
        stays = stays.filter(paying_municipality__in=list(municipalities))
    if with_absence:
        now = clock.now()
        away = Absence.objects.counting().filter(
            Q(back_at__isnull=True) | Q(back_at__gt=now), citizen=OuterRef("citizen"), from_at__lte=now
        )
        stays = stays.annotate(away_as=Subquery(away.values("kind")[:1]))
    found = (
        stays.select_related("citizen", "place")
        .annotate(
            unit_now=Coalesce(Subquery(then.values("unit_id")[:1]), Subquery(first.values("unit_id")[:1]))
        )
        .order_by("citizen__sort_key", "pk")[:LONGEST]
    )
    rows = [_row(stay, tree) for stay in found]
    here = [row for row in rows if row.moved_in]
    return Moves(
        living=here,
        coming=sorted((row for row in rows if not row.moved_in), key=lambda row: row.start),
        leaving=sorted((row for row in here if row.until and today <= row.until <= last), key=_end),
        overdue=sorted((row for row in here if row.until and row.until < today), key=_end),
        until=last,
    )


def _row(stay: Stay, tree: Tree) -> StayRow:
    node = tree.by_id.get(stay.unit_now)  # type: ignore[attr-defined]  # annotated above
    return StayRow(
        citizen_id=stay.citizen_id,
        citizen_key=stay.citizen.key,
        name=str(stay.citizen),
        place=stay.place.code,
        place_id=stay.place_id,
        unit_name=node.label if node else "",
        unit_id=node.id if node else None,
        start=stay.actual_start or stay.ordered_start,
        until=stay.actual_end or stay.ordered_end,
        moved_in=stay.actual_start is not None,
        absence=getattr(stay, "away_as", None) or "",
    )


def _end(row: StayRow) -> dt.date:
    return row.until or dt.date.max
