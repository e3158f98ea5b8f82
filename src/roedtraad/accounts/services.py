"""What can happen to an account's ways of logging in. Each keeps who and why in the history of the user.

Whether the one who does it may is asked by the caller, a floor above.
"""

from __future__ import annotations

import pghistory
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from roedtraad.accounts import lockout
from roedtraad.accounts.models import KnownDevice, User
from roedtraad.core import clock


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """The user's own choice of password. All sessions made with the old one have ended."""
    with pghistory.context(reason="skiftede adgangskode"):
        _set_password(user, password, first=False)


@transaction.atomic
def give_first_password(user: User, password: str) -> None:
    """A password somebody else has seen: it opens nothing but the page where a new one is chosen.

    Failed tries are forgotten, so that the user need not wait for what others did.
    """
    _set_password(user, password, first=True)
    lockout.forget(user)


@transaction.atomic
def end_sessions(user: User) -> None:
    """End every session of the user, wherever it is. The caller keeps its own by logging it in again."""
    user.session_round = F("session_round") + 1
    user.save(update_fields=["session_round"])
    user.refresh_from_db(fields=["session_round"])


@transaction.atomic
def remove_second_factors(user: User) -> int:
    """Take away every second factor and recovery code, for one who has lost them; returns how many there were."""
    count, _each = Authenticator.objects.filter(user=user).delete()
    lockout.forget(user)
    end_sessions(user)
    return count


def forget_device(user: User, device_id: int) -> bool:
    """The user no longer knows the device. False when it was not one of theirs."""
    return bool(KnownDevice.objects.filter(user=user, pk=device_id).delete()[0])


def _set_password(user: User, password: str, *, first: bool) -> None:
    user.set_password(password)
    user.password_is_first = first
    user.password_changed_at = clock.now()
    fields = ["password", "password_is_first", "password_changed_at"]
    user.save(update_fields=None if user._state.adding else fields)
