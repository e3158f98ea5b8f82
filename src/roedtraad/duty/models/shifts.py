"""Which shifts a unit's day is made of."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models import Unit


@pghistory.track()
class ShiftKind(models.Model):
    """One of the shifts that follow each other round the clock in a unit, and below it; without a unit: everybody.

    The set of a unit is changed as a whole, from a moment on. `ends` before `starts` is the next day.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )
    code = models.SlugField(_("kode"), max_length=20)
    name = models.CharField(_("navn"), max_length=40)
    starts = models.TimeField(_("begynder"))
    ends = models.TimeField(_("slutter"))
    valid = DateTimeRangeField(_("gælder"))

    class Meta:
        verbose_name = _("vagt")
        verbose_name_plural = _("vagter")
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                name="shift_kind_bounded", condition=Q(valid__isempty=False, valid__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="shift_kind_one_at_a_time",
                expressions=[
                    (Coalesce(F("unit"), Value(0)), RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts:%H.%M}–{self.ends:%H.%M}"
