"""What the pages of a shift share: which unit is looked at, and the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, may, reach
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty.models import Appointment
from roedtraad.duty.queries.calendar import appointments_for
from roedtraad.duty.queries.homes import units_of
from roedtraad.duty.services.common import require_owner
from roedtraad.journeys.queries.homes import Home, home_of
from roedtraad.organisation.models import PlaceTerm, Unit
from roedtraad.organisation.tree import Node, Tree, tree
from roedtraad.practice.access import Opened
from roedtraad.practice.views.common import opened, visitor

__all__ = [
    "Where",
    "home_address",
    "opened",
    "sections",
    "visitor",
    "where",
    "writable",
    "writable_appointment",
]

WORK = "duty.work"


@dataclass(frozen=True)
class Where:
    """The unit a page looks at (with all below it), and the units to choose from with their depth."""

    tree: Tree
    unit: Node | None
    choices: list[tuple[Node, str]]

    @property
    def unit_ids(self) -> set[int]:
        """The unit and all below it."""
        return self.tree.below(self.unit.id) if self.unit else set()


def where(request: HttpRequest, action: str = WORK) -> Where:
    """The unit the address asks for, else the first in reach where anybody can live. Http404 out of reach.

    Two SQL statements besides the user's reach.
    """
    user, known = visitor(request), tree()
    units = units_of(user, known, action)
    mine = {node.id for node in units}
    choices = [(node, _indented(known, node, mine)) for node in units]
    asked = request.GET.get("enhed", "")
    if asked:
        found = next((node for node in units if node.key == asked), None)
        if found is None:
            raise Http404
        return Where(known, found, choices)
    lived_in = set(
        PlaceTerm.objects.filter(unit__in=reach(user, action).all_units, valid__contains=clock.today())
        .values_list("unit", flat=True)
        .distinct()
    )
    found = next((node for node in units if node.id in lived_in), next(iter(units), None))
    return Where(known, found, choices)


def _indented(known: Tree, node: Node, mine: set[int]) -> str:
    depth = sum(1 for step in known.path(node.id) if step.id in mine) - 1
    return "\u2007\u2007" * depth + node.label


def sections(request: HttpRequest, here: str, unit: Node | None) -> list[tuple[str, Any, bool]]:
    """The pages of a shift, to go between: address, word, whether one is there."""
    pages = [
        ("duty:present", _("Hvem er her"), WORK),
        ("duty:calendar", _("Kalender"), WORK),
        ("duty:handovers", _("Overlevering"), WORK),
        ("duty:settings", _("Indstil vagten"), "duty.configure"),
    ]
    asked = f"?enhed={unit.key}" if unit else ""
    return [
        (reverse(name) + ("" if name == "duty:settings" else asked), label, name == here)
        for name, label, action in pages
        if may(visitor(request), action)
    ]


def writable(request: HttpRequest, key: UUID, part: str) -> Opened:
    """The citizen whose record the visitor may write in. Http404 for who is not there, AccessDenied for reading only."""
    return opened(request, key, part, writing=True)


def home_address(name: str, citizen: Citizen, home: Home | None = None) -> str:
    """The address of a shift's page for the unit the citizen lives in. One SQL statement unless `home` is given."""
    lives = home or home_of(citizen.pk, clock.today())
    return reverse(name) + (f"?enhed={lives.key}" if lives else "")


def configured(request: HttpRequest, key: str) -> Unit:
    """The unit the visitor leads, by its key. Http404 when there is none, AccessDenied out of reach."""
    unit = get_object_or_404(Unit, key=key)
    if unit.pk not in reach(visitor(request), "duty.configure").all_units:
        raise AccessDenied(_("Du kan kun indstille vagten i de enheder, du leder."))
    return unit


def writable_appointment(request: HttpRequest, key: UUID) -> Appointment:
    """The appointment when the visitor may see it; AccessDenied when they may not write it."""
    about = get_object_or_404(appointments_for(visitor(request)), key=key)
    require_owner(visitor(request), about.citizen, about.unit)
    return about
