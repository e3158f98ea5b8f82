"""Whose record may be opened, and whose may be written in: asked once, here, for the whole app.

Row-level security says the same underneath (migrations/0002_rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from roedtraad.access.models import EmergencyAccess
from roedtraad.access.scope import AccessDenied, require
from roedtraad.citizens import reach
from roedtraad.citizens.models import Citizen

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

CITIZEN = "citizens.Citizen"


@dataclass(frozen=True)
class Opened:
    """A record that may be read: whose, through which emergency if any, and whether it may be written in.

    `namesake` says where the citizen lives when the reader may see somebody else of the same name; empty otherwise.
    """

    citizen: Citizen
    emergency: EmergencyAccess | None
    may_write: bool
    namesake: str = ""


def open_record(user: User, key: UUID) -> Opened | None:
    """The record the user may read, or None for who is not there or must not be seen. At most four SQL statements."""
    writable = reach.citizen_in(user, key, "record.write")
    if writable is not None:
        return Opened(writable, None, True)
    found = reach.open_record(user, key)
    return Opened(*found, False) if found else None


def require_write(user: User, citizen: Citizen) -> None:
    """Raise AccessDenied with a sentence unless the user may write in the citizen's record today."""
    require(user, "record.write")
    if not reach.within(user, citizen, "record.write"):
        raise AccessDenied(_("Du har ikke adgang til at skrive i denne borgers journal."))


def is_own(user: User, citizen: Citizen) -> bool:
    """Is this the user's own record (role Borger)? One SQL statement."""
    return reach.within(user, citizen, "own.view")
