"""How a citizen becomes visible without a stay, and when a citizen is hidden in spite of everything."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from roedtraad.access.models import EmergencyAccess
from roedtraad.access.roles import Role
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


# Who may open a citizen outside their reach with a written reason. The SQL of the row-level security says the same.
MAY_IN_EMERGENCY = frozenset({Role.SUPPORT_WORKER, Role.LEADER})


def opened_in_emergency(reach: Reach, citizen: str = "pk") -> Q:
    """Rows of the citizens the user has opened with a written reason that has not run out.

    `citizen` is the path from the row to the citizen's number.
    """
    if not reach.roles & MAY_IN_EMERGENCY:
        return Q(pk__in=[])
    return Q(
        Exists(
            EmergencyAccess.objects.filter(
                user=reach.user_id, citizen=OuterRef(citizen), expires_at__gt=clock.now()
            )
        )
    )


def not_hidden(reach: Reach, citizen: str = "pk") -> Q:
    """Rows of citizens who are not protected, or whose protection names the user.

    The one predicate for all paths. A grant for the very citizen (the citizen, a relative) names its holder.
    """
    from roedtraad.citizens.models import Protection, ProtectionMember

    named = ProtectionMember.objects.filter(protection=OuterRef("pk"), user=reach.user_id)
    hiding = Protection.objects.filter(
        ~Exists(named), citizen=OuterRef(citizen), valid__contains=clock.today()
    )
    return Q(~Exists(hiding)) | Q(**{f"{citizen}__in": reach.citizens})
