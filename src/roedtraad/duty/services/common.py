"""What the shift's services share: access, and being sent twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Appointment
from roedtraad.organisation.models import Unit

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

WORK = "duty.work"
# A phone without net keeps what was done; what is older than this is written by hand with its true time.
LATEST_SENT = dt.timedelta(hours=72)
# Clocks of phones differ a little.
CLOCK_ERROR = dt.timedelta(minutes=5)
Row = TypeVar("Row", bound=models.Model)


def require_citizen(user: User, citizen: Citizen) -> None:
    """AccessDenied unless the user works a shift where the citizen lives or is coming."""
    require(user, WORK)
    if not Citizen.objects.filter(visible_q("citizens.Citizen", user, WORK), pk=citizen.pk).exists():
        raise AccessDenied(_("Du har ikke adgang til at skrive om denne borger."))


def require_owner(user: User, citizen: Citizen | None, unit: Unit | None) -> None:
    """AccessDenied unless the user works a shift with the citizen, or in the unit."""
    if citizen is not None:
        require_citizen(user, citizen)
    elif unit is not None:
        require(user, WORK, unit_id=unit.pk)


def held_appointment(user: User, appointment: Appointment) -> Appointment:
    """The appointment as it is now, locked. AccessDenied unless the user works with whose it is."""
    require_owner(user, appointment.citizen, appointment.unit)
    held = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("citizen", "unit")
        .filter(pk=appointment.pk)
        .first()
    )
    if held is None:
        raise AccessDenied(_("Du har ikke adgang til at ændre denne aftale."))
    return held


def once(
    model: type[Row], user: User, key: UUID | None, by: str, make: Callable[[UUID], Row], **same: Any
) -> Row:
    """The row `make` makes under the key, or the one the user has already made with it.

    `by` names the column that says who made the row; `same` are columns that must be alike. Refusal when the key
    belongs to something else.
    """
    if key is None:
        return make(ids.new_id())
    mine = model._default_manager.filter(key=key, **{by: user}, **same)
    if (found := mine.first()) is not None:
        return found
    try:
        with transaction.atomic():
            return make(key)
    except IntegrityError as error:
        # Sent twice at the same moment, the second waits for the first and finds its row.
        if (found := mine.first()) is not None:
            return found
        if "_key_" not in _constraint(error):
            raise
        raise Refusal(
            _("Det er allerede sendt som noget andet. Åbn siden igen, og prøv en gang til.")
        ) from error


def constraint_of(error: IntegrityError, *names: str) -> str:
    """Which of the constraints the database refused by; empty for another."""
    broken = _constraint(error)
    return broken if broken in names else ""


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


def moment_of(at: dt.datetime | None, field: str) -> dt.datetime:
    """When it happened: now, or the moment a phone without net noted. Refusal for the future and the long past."""
    now = clock.now()
    if at is None:
        return now
    if at > now + CLOCK_ERROR:
        raise Refusal(_("Tidspunktet ligger i fremtiden. Ret det til, hvornår det skete."), field)
    if at < now - LATEST_SENT:
        raise Refusal(_("Tidspunktet er mere end tre døgn gammelt. Skriv det som det er nu i stedet."), field)
    return min(at, now)


def line_of(text: str, most: int, field: str) -> str:
    """A short text without loose spaces. Refusal when it is too long."""
    words = " ".join(text.split())
    if len(words) > most:
        raise Refusal(_("Teksten må højst have %(most)s tegn.") % {"most": most}, field)
    return words
