"""Who reads and works on a transition beside those who have the citizen's record.

The end a citizen leaves keeps it for some time after the change, so that questions are answered; the end that receives
reads what was sent from when it was sent, before the citizen has moved in. Row-level security says the same underneath
(migrations/0008_transitions); of what is sent to a municipality it alone says whether the consent it is read by still
holds and the transition stands, because the municipality reads neither.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, reach, refusal
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.reach import within
from roedtraad.citizens.visibility import not_hidden
from roedtraad.core import clock
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import HandoverPackage, Transition
from roedtraad.practice.rules.transitions import BOTH_ENDS_READ

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

READ = "handover.read"
_CHANGE = Coalesce("happened_on", "planned_on")


def _since() -> dt.date:
    return clock.today() - BOTH_ENDS_READ


def left_from(user: User) -> Q:
    """Transitions out of where the user works, until some time after the change; a filter that needs `change`."""
    there = reach(user, "record.write")
    return Q(from_unit__in=there.all_units, change__gte=_since()) & not_hidden(there, "citizen_id")


def received(user: User) -> Q:
    """Packages that were sent to where the user works, or to the user's municipality.

    A municipality does not read the transition a package belongs to, so nothing is joined here.
    """
    near = reach(user, READ)
    still = transitions().filter(
        pk=OuterRef("transition_id"), change__gte=_since(), cancelled_on__isnull=True
    )
    ours = Citizen.objects.filter(visible_q(CITIZEN, user, READ), pk=OuterRef("citizen_id"))
    sent = Q(sent_at__isnull=False, recalled_at__isnull=True)
    to_us = Q(Exists(still), to_unit__in=near.all_units)
    to_town = Q(Exists(ours), to_municipality__in=near.municipalities)
    to_town |= Q(to_municipality__in=near.municipalities, consent__isnull=False)
    return sent & (to_us | to_town) & not_hidden(near, "citizen_id")


def transitions() -> Any:
    """All transitions with `change`, the day of the change."""
    return Transition.objects.annotate(change=_CHANGE)


def received_packages(user: User) -> QuerySet[HandoverPackage]:
    """The packages that were sent to the user's end."""
    return HandoverPackage.objects.filter(received(user)).select_related(
        "written_by", "sent_by", "reviewed_by"
    )


def received_package(user: User, key: UUID) -> HandoverPackage | None:
    """The package with this key, when it was sent to the user's end. One SQL statement beside the reach."""
    return received_packages(user).filter(key=key).first()


def left_transition(user: User, key: UUID) -> Transition | None:
    """The transition with this key, when the citizen left or leaves the user's end. One SQL statement."""
    found: Transition | None = transitions().filter(left_from(user), key=key).first()
    return found


def require_end(user: User, transition: Transition, *, receiving_too: bool = False) -> None:
    """AccessDenied unless the user writes in the citizen's record, or works where the citizen leaves from.

    With `receiving_too` also for those who have been sent a package of it.
    """
    if within(user, Citizen(pk=transition.citizen_id), "record.write"):
        return
    if transitions().filter(left_from(user), pk=transition.pk).exists():
        return
    sent = received_packages(user).filter(transition=transition, to_unit__isnull=False)
    if receiving_too and sent.exists():
        return
    if not reach(user, "record.write"):
        raise AccessDenied(refusal(user, "record.write"))
    raise AccessDenied(_("Du arbejder ikke ved en af enderne af denne overgang."))


def require_receiver(user: User, package: HandoverPackage) -> None:
    """AccessDenied unless the package was sent to where the user works."""
    if not received_packages(user).filter(pk=package.pk).exists():
        raise AccessDenied(_("Pakken er ikke sendt til dig."))
