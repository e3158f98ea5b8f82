"""Where citizens live, and which units somebody works a shift in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from roedtraad.access.scope import reach
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.tree import Node, Tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def homes(citizen_ids: Collection[int], day: dt.date) -> dict[int, int]:
    """The unit each of the citizens lives in on the day; without those who live nowhere. One SQL statement.

    Who has both a home and a day place lives at home.
    """
    living: dict[int, int] = {}
    for stay in stays_of_day(day).filter(citizen__in=citizen_ids):
        if stay.unit_id is not None:
            living.setdefault(stay.citizen_id, stay.unit_id)
    return living


def stays_of_day(day: dt.date) -> QuerySet[Any]:
    """The stays where somebody lives on the day, each with its `unit_id`; homes before day places."""
    terms = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=day)
    return (
        Stay.objects.occupying(day)
        .annotate(unit_id=Subquery(terms.values("unit")[:1]))
        .order_by(Case(When(place__category=Category.RESIDENTIAL, then=0), default=1), "pk")
    )


def home_of(citizen_id: int, day: dt.date) -> int | None:
    """The unit the citizen lives in on the day. One SQL statement."""
    return homes([citizen_id], day).get(citizen_id)


def units_of(user: User, tree: Tree, action: str = "duty.work") -> list[Node]:
    """The units the user may do `action` in today, parents first, in the order of the tree."""
    mine = reach(user, action).all_units
    return [node for root in tree.roots for node in root.walk() if node.id in mine]


def below(tree: Tree, unit_ids: Iterable[int]) -> set[int]:
    """The units and all below them."""
    return {found for unit_id in unit_ids for found in tree.below(unit_id)}
