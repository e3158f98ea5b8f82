"""Whether somebody may read or write about one citizen, for the services of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from roedtraad.access import emergencies
from roedtraad.access.models import EmergencyAccess
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


def open_record(user: User, key: UUID) -> tuple[Citizen, EmergencyAccess | None] | None:
    """The citizen whose record the user may read, and the emergency that opens it where nothing else does.

    None for who is not there or must not be seen. One SQL statement beside the reach, three else.
    """
    person = citizen_in(user, key, "record.view")
    if person is not None:
        return person, None
    opened = visible_q("citizens.Citizen", user, "record.view", in_emergency=True)
    person = Citizen.objects.filter(opened, key=key).first()
    return (person, emergencies.in_force(user, person.pk)) if person else None


def citizen_in(user: User, key: UUID, action: str) -> Citizen | None:
    """The citizen with this key within reach of the action. One SQL statement beside the reach.

    `has_namesake` on the answer says whether the database shows the user another citizen of the very same name.
    """
    same = Citizen.objects.filter(
        sort_key=OuterRef("sort_key"), first_name=OuterRef("first_name"), last_name=OuterRef("last_name")
    )
    found = Citizen.objects.annotate(has_namesake=Exists(same.exclude(pk=OuterRef("pk"))))
    return found.filter(visible_q("citizens.Citizen", user, action), key=key).first()


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


def one_at_a_time(citizen: Citizen) -> None:
    """Wait until nobody else is in the middle of the same for this citizen; let go when the transaction ends.

    Not the citizen's own row: those who write in the record may not change that, and so not lock it either.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('citizens.reach'), %s)", [citizen.pk])
