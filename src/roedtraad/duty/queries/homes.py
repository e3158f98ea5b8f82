"""Where citizens live, and which units somebody works a shift in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from roedtraad.access.scope import reach
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.tree import Node, Tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def stays_of_day(day: dt.date) -> QuerySet[Any]:
    """The stays where somebody lives on the day, each with its `unit_id` and `unit_key`; homes before day places."""
    terms = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=day)
    return (
        Stay.objects.occupying(day)
        .annotate(
            unit_id=Subquery(terms.values("unit")[:1]), unit_key=Subquery(terms.values("unit__key")[:1])
        )
        .order_by(Case(When(place__category=Category.RESIDENTIAL, then=0), default=1), "pk")
    )


@dataclass(frozen=True)
class Home:
    """The unit a citizen lives in."""

    unit_id: int
    key: str


def home_of(citizen_id: int, day: dt.date) -> Home | None:
    """Where the citizen lives on the day. One SQL statement."""
    stay = stays_of_day(day).filter(citizen=citizen_id, unit_id__isnull=False).first()
    return Home(stay.unit_id, stay.unit_key) if stay is not None else None


def units_of(user: User, tree: Tree, action: str = "duty.work") -> list[Node]:
    """The units the user may do `action` in today, parents first, in the order of the tree."""
    mine = reach(user, action).all_units
    return [node for root in tree.roots for node in root.walk() if node.id in mine]
