"""How a citizen becomes visible without a stay: by being the citizen, by relation, by municipality."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from roedtraad.access.scope import Reach
from roedtraad.core import clock


def citizens_by_relation(reach: Reach) -> Q:
    """The citizens granted by name, and those whose acting or paying municipality is in reach today."""
    from roedtraad.citizens.models import MunicipalityRelation

    condition = Q(pk__in=reach.citizens)
    if reach.municipalities:
        condition |= Q(
            Exists(
                MunicipalityRelation.objects.filter(
                    citizen=OuterRef("pk"),
                    kind__in=["acting", "paying"],
                    municipality__in=reach.municipalities,
                    valid__contains=clock.today(),
                )
            )
        )
    return condition
