"""Stays: a citizen on a place, from the ordered day to the day they moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.organisation.models import Municipality, Place, Unit
from roedtraad.organisation.models.places import Category

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


class InclusiveDays(Func):
    """daterange(first, last, '[]'): a period given by its first and last day."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first: Any, last: Any, **extra: Any) -> None:
        super().__init__(first, last, Value("[]"), **extra)


PLANNED = InclusiveDays(
    Coalesce(F("actual_start"), F("ordered_start")), Coalesce(F("actual_end"), F("ordered_end"))
)
ACTUAL = InclusiveDays(F("actual_start"), F("actual_end"))

# The place's life is its terms taken together; a stay may span a change of term but no gap.
STAY_INSIDE_LIFE = """
    IF NEW.withdrawn_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM organisation_placeterm t WHERE t.place_id = NEW.place_id
        HAVING range_agg(t.valid) @> daterange(
            coalesce(NEW.actual_start, NEW.ordered_start), coalesce(NEW.actual_end, NEW.ordered_end), '[]')
    ) THEN
        RAISE EXCEPTION 'stay_outside_place_life' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'stay_outside_place_life', TABLE = 'journeys_stay';
    END IF;
    RETURN NEW;
"""


class StayDaysQuerySet(models.QuerySet["StayDays"]):
    """Questions about the days of stays."""

    def booked(self) -> StayDaysQuerySet:
        """Stays that count: not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def occupying(self, day: Any) -> StayDaysQuerySet:
        """Stays where somebody actually lives on `day`; an overdue order does not empty the bed."""
        return self.booked().filter(actual__contains=day)


class StayQuerySet(models.QuerySet["Stay"]):
    """Questions about stays."""

    def visible_to(self, user: User) -> StayQuerySet:
        """The stays the user's grants let them see."""
        return self.filter(visible_q("journeys.Stay", user))

    def openable_by(self, user: User) -> StayQuerySet:
        """Those, and the stays of citizens the user opened with a written reason: for one citizen's page."""
        return self.filter(visible_q("journeys.Stay", user, in_emergency=True))

    def booked(self) -> StayQuerySet:
        """Stays that count: not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def occupying(self, day: Any) -> StayQuerySet:
        """Stays where the citizen actually lives on `day`; an overdue order does not empty the bed."""
        return self.booked().filter(actual__contains=day)


@pgtrigger.register(
    pgtrigger.Trigger(
        name="inside_place_life",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=STAY_INSIDE_LIFE,
    )
)
@pghistory.track(exclude=["planned", "actual"])
class Stay(models.Model):
    """A citizen's stay on a place, paid for by a municipality.

    Ordered and actual days are different facts. Each end is the last day (til og med). `planned` is what
    the place is reserved for; `actual` is when the citizen really was there (open while they are).
    """

    key = models.CharField(_("nøgle"), max_length=60, unique=True)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="stays", verbose_name=_("borger"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="stays", verbose_name=_("plads"))
    paying_municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("betalingskommune")
    )
    ordered_start = models.DateField(_("bestilt fra"))
    ordered_end = models.DateField(_("bestilt til og med"), null=True, blank=True)
    actual_start = models.DateField(_("flyttet ind"), null=True, blank=True)
    actual_end = models.DateField(_("boede der til og med"), null=True, blank=True)
    agreed_day_rate = models.DecimalField(
        _("aftalt takst pr. døgn, kr."), max_digits=10, decimal_places=2, null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(_("fortrudt"), null=True, blank=True)
    planned = models.GeneratedField(expression=PLANNED, output_field=DateRangeField(), db_persist=True)
    actual = models.GeneratedField(
        expression=models.Case(models.When(actual_start__isnull=False, then=ACTUAL), default=None),
        output_field=DateRangeField(null=True),
        db_persist=True,
    )

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("ophold")
        verbose_name_plural = _("ophold")
        constraints = [
            models.CheckConstraint(
                name="stay_ordered_order",
                condition=Q(ordered_end__isnull=True) | Q(ordered_end__gte=F("ordered_start")),
            ),
            models.CheckConstraint(
                name="stay_actual_order",
                condition=Q(actual_end__isnull=True)
                | Q(actual_start__isnull=False, actual_end__gte=F("actual_start")),
            ),
            models.CheckConstraint(
                name="stay_ordered_end_after_moving_in",
                condition=Q(ordered_end__isnull=True)
                | Q(actual_start__isnull=True)
                | Q(actual_end__isnull=False)
                | Q(ordered_end__gte=F("actual_start")),
            ),
            models.CheckConstraint(
                name="stay_rate_not_negative",
                condition=Q(agreed_day_rate__isnull=True) | Q(agreed_day_rate__gte=0),
            ),
            ExclusionConstraint(
                name="stay_one_booking_a_day",
                expressions=[("place", RangeOperators.EQUAL), ("planned", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
            ),
            ExclusionConstraint(
                name="stay_one_citizen_a_day",
                expressions=[("place", RangeOperators.EQUAL), ("actual", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True, actual_start__isnull=False),
            ),
        ]
        indexes = [
            GistIndex(name="stay_actual_gist", fields=["actual"]),
            models.Index(name="stay_citizen_start", fields=["citizen", "ordered_start"]),
            models.Index(name="stay_payer", fields=["paying_municipality"]),
            models.Index(
                name="stay_open",
                fields=["place"],
                condition=Q(actual_end__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class StayDays(models.Model):
    """The days of every stay, whoever's it is, for questions that name nobody: is the place taken, what is counted.

    A view that belongs to the tables' owner, so row-level security does not stand before it. It has no way to a
    person's page; whoever needs the person asks `Stay`.
    """

    citizen_id = models.BigIntegerField()
    place = models.ForeignKey(Place, models.DO_NOTHING, related_name="+")
    paying_municipality_id = models.CharField(max_length=4)
    ordered_start = models.DateField()
    ordered_end = models.DateField(null=True)
    actual_start = models.DateField(null=True)
    actual_end = models.DateField(null=True)
    agreed_day_rate = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    withdrawn_at = models.DateTimeField(null=True)
    planned = DateRangeField()
    actual = DateRangeField(null=True)

    objects = StayDaysQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "journeys_staydays"

    def __str__(self) -> str:
        return f"{self.place_id} · {self.planned}"


class OccupancyMonth(models.Model):
    """Bed-days actually used in a unit in a calendar month: a sum of stays, kept so that years are quick to add.

    Never typed: `journeys.occupancy` fills it from the stays in the transaction that changed them, and the
    nightly check `occupancy_months_recount` counts it again.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    category = models.CharField(max_length=12, choices=Category)
    month = models.DateField(_("måned"))
    bed_days = models.PositiveIntegerField(_("døgn brugt"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="occupancy_month_once", fields=["unit", "category", "month"])
        ]
        indexes = [models.Index(fields=["month"])]

    def __str__(self) -> str:
        return f"{self.unit_id} · {self.month:%Y-%m} · {self.bed_days}"
