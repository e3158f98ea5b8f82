"""Who reads and works on a transition beside those who have the citizen's record.

The end a citizen leaves keeps it for some time after the change, so that questions are answered; the end that receives
reads what was sent from when it was sent, before the citizen has moved in. Row-level security says the same underneath
(migrations/0008_transitions); whether a consent that a municipality reads by still holds, it alone says, because the
municipality does not read the consents.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
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
_CHANGE_OF_PACKAGE = Coalesce("transition__happened_on", "transition__planned_on")


def _since() -> dt.date:
    return clock.today() - BOTH_ENDS_READ


def left_from(user: User) -> Q:
    """Transitions out of where the user works, until some time after the change; a filter that needs `change`."""
    there = reach(user, "record.write")
    return Q(from_unit__in=there.all_units, change__gte=_since()) & not_hidden(there, "citizen_id")


def received(user: User) -> Q:
    """Packages that were sent to where the user works, or to the user's municipality; a filter that needs `change`."""
    near = reach(user, READ)
    ours = Exists(Citizen.objects.filter(visible_q(CITIZEN, user, READ), pk=OuterRef("citizen_id")))
    sent = Q(sent_at__isnull=False, recalled_at__isnull=True, transition__cancelled_on__isnull=True)
    to_us = Q(to_unit__in=near.all_units, change__gte=_since())
    to_town = Q(to_municipality__in=near.municipalities) & (Q(ours) | Q(consent__isnull=False))
    return sent & (to_us | to_town) & not_hidden(near, "citizen_id")


def transitions() -> Any:
    """All transitions with `change`, the day of the change."""
    return Transition.objects.annotate(change=_CHANGE)


def packages() -> Any:
    """All packages with `change`, the day of the change."""
    return HandoverPackage.objects.annotate(change=_CHANGE_OF_PACKAGE)


def received_package(user: User, key: UUID) -> HandoverPackage | None:
    """The package with this key, when it was sent to the user's end. At most one SQL statement beside the reach."""
    found: HandoverPackage | None = (
        packages()
        .filter(received(user), key=key)
        .select_related("transition", "to_unit", "to_municipality", "written_by", "sent_by", "reviewed_by")
        .first()
    )
    return found


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
    if (
        receiving_too
        and packages().filter(received(user), transition=transition, to_unit__isnull=False).exists()
    ):
        return
    if not reach(user, "record.write"):
        raise AccessDenied(refusal(user, "record.write"))
    raise AccessDenied(_("Du arbejder ikke ved en af enderne af denne overgang."))


def require_receiver(user: User, package: HandoverPackage) -> None:
    """AccessDenied unless the package was sent to where the user works."""
    if not packages().filter(received(user), pk=package.pk).exists():
        raise AccessDenied(_("Pakken er ikke sendt til dig."))
