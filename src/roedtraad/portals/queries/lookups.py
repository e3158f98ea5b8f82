"""Random samples of the log of look-ups, for control."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, DateField, Exists, F, Func, OuterRef, Value
from django.db.models.functions import Cast, Concat

from roedtraad.access.models import Grant, LookupLog, LookupReview
from roedtraad.access.scope import role_label
from roedtraad.core.clock import COPENHAGEN
from roedtraad.journeys.models import StayDays
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.tree import ids_below
from roedtraad.portals.queries.scopes import unit_names


@dataclass(frozen=True)
class SampleOrder:
    """What to draw: the same order gives the same sample, as rows of the log never change or go.

    `until` is the moment the sample was first drawn, so that later look-ups do not slip in.
    """

    first: dt.date
    last: dt.date
    size: int
    seed: str
    until: dt.datetime
    username: str = ""
    unit_id: int | None = None
    emergencies_only: bool = False


@dataclass(frozen=True)
class SampledLookup:
    """A look-up as the control sees it. The citizen is a number, and where they lived that day."""

    log: LookupLog
    role: str
    citizen: int
    lived_in: str
    review: LookupReview | None


@dataclass(frozen=True)
class Sample:
    """What was drawn, and out of how many."""

    population: int
    rows: list[SampledLookup]

    @property
    def reviewed(self) -> int:
        """How many have been controlled."""
        return sum(row.review is not None for row in self.rows)


class Md5(Func):
    """PostgreSQL's md5(text)."""

    function = "MD5"
    output_field = CharField()


def draw(order: SampleOrder) -> Sample:
    """The sample. Up to five SQL statements; reads the whole period once to shuffle it."""
    rows = LookupLog.objects.filter(
        at__gte=_midnight(order.first), at__lt=min(_midnight(order.last + dt.timedelta(days=1)), order.until)
    )
    if order.emergencies_only:
        rows = rows.filter(emergency__isnull=False)
    if order.username:
        rows = rows.filter(user__username=order.username)
    if order.unit_id is not None:
        held = Grant.objects.filter(
            user=OuterRef("user"),
            unit__in=ids_below([order.unit_id]),
            valid__contains=Cast(OuterRef("at"), DateField()),
        )
        rows = rows.filter(Exists(held))
    shuffled = rows.annotate(
        ticket=Md5(Concat(Cast(F("pk"), CharField()), Value(":" + order.seed)))
    ).order_by("ticket", "pk")
    drawn = list(shuffled.select_related("review", "review__reviewer", "user", "emergency")[: order.size])
    homes = _homes(drawn)
    return Sample(population=rows.count(), rows=[_sampled(log, homes.get(log.pk, "")) for log in drawn])


def _sampled(log: LookupLog, lived_in: str) -> SampledLookup:
    return SampledLookup(
        log=log,
        role=role_label(log.role) if log.role else "",
        citizen=log.citizen_id,
        lived_in=lived_in,
        review=getattr(log, "review", None),
    )


def _homes(logs: Sequence[LookupLog]) -> dict[int, str]:
    """For each look-up, the unit where the citizen lived or was to live that day. Three SQL statements."""
    stays = (
        StayDays.objects.booked()
        .filter(citizen_id__in={log.citizen_id for log in logs})
        .order_by("ordered_start")
    )
    by_citizen: dict[int, list[StayDays]] = {}
    for stay in stays:
        by_citizen.setdefault(stay.citizen_id, []).append(stay)
    places: dict[int, tuple[int, dt.date]] = {}
    for log in logs:
        day = log.at.astimezone(COPENHAGEN).date()
        for stay in by_citizen.get(log.citizen_id, []):
            if _covers(stay.planned, day):
                places[log.pk] = (stay.place_id, day)
    terms = PlaceTerm.objects.filter(place__in={place for place, _day in places.values()})
    units: dict[int, int] = {}
    of_place: dict[int, list[PlaceTerm]] = {}
    for term in terms:
        of_place.setdefault(term.place_id, []).append(term)
    for number, (place, day) in places.items():
        for term in of_place.get(place, []):
            if _covers(term.valid, day):
                units[number] = term.unit_id
    names = unit_names(units.values())
    return {number: names.get(unit, "") for number, unit in units.items()}


def _covers(days: object, day: dt.date) -> bool:
    lower, upper = getattr(days, "lower", None), getattr(days, "upper", None)
    return (lower is None or lower <= day) and (upper is None or day < upper)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), COPENHAGEN)
