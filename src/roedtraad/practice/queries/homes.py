"""Where a citizen lives now."""

from __future__ import annotations

from django.db.models import Case, DateField, Q, Value, When
from django.db.models.functions import Greatest

from roedtraad.core import clock
from roedtraad.journeys.models import StayDays


def home_unit_id(citizen_id: int) -> int | None:
    """The number of the unit where the citizen lives today, else where they are coming; None for neither.

    Round the clock goes before by day. One SQL statement.
    """
    today = clock.today()
    lives = Q(actual__contains=today)
    first_day = Greatest("ordered_start", Value(today, output_field=DateField()))
    unit: int | None = (
        StayDays.objects.booked()
        .filter(lives | Q(actual_start__isnull=True), citizen_id=citizen_id)
        .annotate(coming=Case(When(lives, then=0), default=1), day=first_day)
        .filter(place__terms__valid__contains=first_day)
        .order_by("coming", "-place__category", "ordered_start", "pk")
        .values_list("place__terms__unit_id", flat=True)
        .first()
    )
    return unit
