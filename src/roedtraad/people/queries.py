"""Questions about posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from roedtraad.core.shares import percent_of
from roedtraad.people.models import Position, StaffCategory

STAFFING = _(
    "Besatte og ubesatte stillinger på dagen, omregnet til fuldtid (1,00 er 37 timer om ugen), fordelt på faggruppe. "
    "Procenten er faggruppens del af alle fuldtidsstillinger."
)


@dataclass(frozen=True)
class CategoryStaff:
    """A group of staff: its full-time posts, and their part of all in per cent."""

    category: str
    fte: Decimal
    percent: Decimal | None

    @property
    def label(self) -> str:
        """The group in words."""
        return str(StaffCategory(self.category).label)


@dataclass(frozen=True)
class Staffing:
    """Full-time posts on a day."""

    as_of: dt.date
    total: Decimal
    categories: list[CategoryStaff]


def staffing(as_of: dt.date, unit_ids: Iterable[int] | None = None) -> Staffing:
    """`STAFFING`: full-time posts by category on the day, in the order of `StaffCategory`. One SQL statement."""
    posts = Position.objects.filter(valid__contains=as_of)
    if unit_ids is not None:
        posts = posts.filter(unit__in=set(unit_ids))
    sums = dict(posts.order_by().values_list("category").annotate(Sum("fte")))
    total = sum(sums.values(), Decimal(0))
    categories = [
        CategoryStaff(category, sums[category], percent_of(sums[category], total))
        for category in StaffCategory.values
        if category in sums
    ]
    return Staffing(as_of, total, categories)
