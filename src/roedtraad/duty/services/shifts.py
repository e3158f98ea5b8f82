"""A leader says which shifts a unit's day is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from roedtraad.access.scope import require
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import ShiftKind
from roedtraad.duty.rules.shifts import Kind, check_kinds
from roedtraad.organisation.models import Unit

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def configure_shifts(user: User, unit: Unit, kinds: Sequence[Kind]) -> None:
    """Give the unit, and those below it without any of their own, these shifts from now on; none: those above it.

    Handovers already begun keep the shift they were begun for. Refusal unless the shifts follow each other round the
    clock; AccessDenied for who does not lead the unit.
    """
    require(user, "duty.configure", unit_id=unit.pk)
    if kinds:
        check_kinds(kinds)
    now = clock.now()
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    with change(user, "vagter ændret"):
        for row in ShiftKind.objects.filter(unit=unit, valid__contains=now):
            if row.valid.lower >= now:
                raise Refusal(_("Vagterne er lige ændret. Vent et øjeblik, og prøv igen."))
            row.valid = TimestamptzRange(row.valid.lower, now, "[)")
            row.save(update_fields=["valid"])
        for kind in kinds:
            ShiftKind.objects.create(unit=unit, valid=TimestamptzRange(now, None, "[)"), **kind.__dict__)
