"""Whether somebody may read or write about one citizen, for the services of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, may, refusal
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def within(user: User, citizen: Citizen, action: str, *, in_emergency: bool = False) -> bool:
    """Whether the user may do `action` with this citizen. At most one SQL statement beside the reach."""
    if not may(user, action):
        return False
    seen = visible_q("citizens.Citizen", user, action, in_emergency=in_emergency)
    return Citizen.objects.filter(seen, pk=citizen.pk).exists()


def check_writer(user: User, citizen: Citizen, *, own_too: bool = False) -> bool:
    """Whether the user writes about themselves; AccessDenied for who may not write about the citizen.

    Written by those who work where the citizen lives now, and with `own_too` by the citizen.
    """
    if within(user, citizen, "record.write"):
        return False
    if own_too and within(user, citizen, "own.write"):
        return True
    if not may(user, "record.write"):
        raise AccessDenied(refusal(user, "record.write"))
    raise AccessDenied(_("Du har ikke adgang til at skrive om denne borger."))
