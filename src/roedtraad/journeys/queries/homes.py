"""Who lives where on a day: asked here by every floor above."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from roedtraad.journeys.models import StayDays
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.models.places import Category


def living(stays: Any, day: dt.date) -> QuerySet[Any]:
    """Of the stays (`Stay` or `StayDays`) those where somebody lives on the day; homes before day places.

    Each has the `unit_id` and `unit_key` its place has on the day, None when it has none.
    """
    terms = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=day)
    found: QuerySet[Any] = (
        stays.occupying(day)
        .annotate(
            unit_id=Subquery(terms.values("unit")[:1]), unit_key=Subquery(terms.values("unit__key")[:1])
        )
        .order_by(Case(When(place__category=Category.RESIDENTIAL, then=0), default=1), "pk")
    )
    return found


@dataclass(frozen=True)
class Home:
    """The unit a citizen lives in."""

    unit_id: int
    key: str


def home_of(citizen_id: int, day: dt.date) -> Home | None:
    """Where the citizen lives on the day. One SQL statement."""
    stay = living(StayDays.objects, day).filter(citizen_id=citizen_id, unit_id__isnull=False).first()
    return Home(stay.unit_id, stay.unit_key) if stay is not None else None
