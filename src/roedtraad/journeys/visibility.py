"""How stays, and citizens through their stays, become visible."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from roedtraad.access.scope import Reach
from roedtraad.citizens.visibility import not_hidden, opened_in_emergency
from roedtraad.core import clock
from roedtraad.organisation.models import PlaceTerm


def stays_in_reach(reach: Reach) -> Q:
    """Stays on places of the units in reach, paid for by the municipalities in reach, or of the named citizens.

    Support workers see who lives there now or is coming; the past is for those who lead.
    """
    condition = Q(citizen__in=reach.citizens)
    if reach.municipalities:
        condition |= Q(paying_municipality__in=reach.municipalities)
    if reach.units:
        condition |= Q(Exists(_terms(reach.units)))
    if reach.units_now:
        today = clock.today()
        still = Q(actual_end__isnull=True) | Q(actual_end__gte=today)
        condition |= Q(Exists(_terms(reach.units_now))) & still & Q(withdrawn_at__isnull=True)
    return condition


def citizens_by_stay(reach: Reach) -> Q:
    """Citizens with a stay in reach through its unit or payer."""
    from roedtraad.journeys.models import Stay

    if not (reach.all_units or reach.municipalities):
        return Q(pk__in=[])
    return Q(Exists(Stay.objects.filter(stays_in_reach(reach), citizen=OuterRef("pk"))))


def _terms(units: frozenset[int]) -> QuerySet[PlaceTerm]:
    return PlaceTerm.objects.filter(
        place=OuterRef("place"), unit__in=units, valid__overlap=OuterRef("planned")
    )


def stays_opened_in_emergency(reach: Reach) -> Q:
    """The stays of citizens opened with a written reason."""
    return opened_in_emergency(reach, "citizen_id")


def stays_not_hidden(reach: Reach) -> Q:
    """The stays of citizens who are not hidden from the user."""
    return not_hidden(reach, "citizen_id")
