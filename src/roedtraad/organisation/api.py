"""The organisation over the API: units of a day, a unit through time, what differs between two days.

Annotations are evaluated at once here: the framework reads them from a wrapped function, where names of this
file are not known.
"""

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access.tokens import api_action
from roedtraad.core import clock
from roedtraad.core.api import DEFAULT_LIMIT, After, Error, Limit, Page, page_of_rows
from roedtraad.organisation.queries.changes import Difference, compare
from roedtraad.organisation.queries.pictures import Picture, UnitOnDay, picture
from roedtraad.organisation.queries.unit import history_of
from roedtraad.organisation.rules import ChangeKind

router = Router(tags=["organisation"])

REFUSALS = {400: Error, 401: Error, 403: Error, 404: Error, 422: Error, 429: Error}
VIEW = "organisation.view"

Kind = Literal[
    "region",
    "direktion",
    "spor",
    "driftsfunktion",
    "faellesfunktion",
    "stab",
    "kontor",
    "team",
    "socialstab",
    "specialomraade",
    "tilbud",
    "afdeling",
    "hus",
]
UnitRef = Annotated[str, Query(max_length=80, description="Enhedens id eller nøgle.")]


class UnitOut(Schema):
    """A unit's facts on a day."""

    id: int
    key: str
    kind: Kind
    name: str
    short_name: str
    parent_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None = Field(description="Den første dag, oplysningerne ikke længere gælder.")
    manager_title: str
    headcount: float | None = Field(description="Det nyeste oplyste antal for hele enheden.")
    municipality: str | None = Field(description="Kommunens navn.")


class UnitVersionOut(UnitOut):
    """A unit's facts in one period, and what they rest on."""

    basis: Literal["document", "assumption", "derived", "registered"]
    source: str = Field(description="Dokument og afsnit.")
    note: str


class DifferenceOut(Schema):
    """One difference about one unit between two days."""

    id: int
    key: str
    kind: Kind
    name: str
    change: ChangeKind
    before: str
    after: str


@router.get("units", response={200: Page[UnitOut], **REFUSALS}, summary="Enheder på en dag")
@api_action(VIEW)
def units(
    request: HttpRequest,
    *,
    as_of: dt.date | None = None,
    kind: Kind | None = None,
    under: UnitRef | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """The units that exist on `as_of` (today), in Danish order; `under` is below that unit at any depth."""
    whole = picture(as_of or clock.today())
    found = list(whole.units.values()) if under is None else whole.below(_referred(whole, under).id)
    if kind is not None:
        found = [unit for unit in found if unit.kind == kind]
    shown, cursor = page_of_rows(found, lambda unit: (unit.sort_key, unit.id), after, limit)
    return {"items": [_out(unit) for unit in shown], "next": cursor}


@router.get("units/diff", response={200: Page[DifferenceOut], **REFUSALS}, summary="Forskelle mellem to dage")
@api_action(VIEW)
def differences(
    request: HttpRequest,
    *,
    first: Annotated[dt.date, Query(alias="from")],
    last: Annotated[dt.date | None, Query(alias="to")] = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """What differs from the day `from` to the day `to` (today), one row a difference, ordered by unit."""
    order = {kind: place for place, kind in enumerate(ChangeKind)}

    def place(one: Difference) -> tuple[str, int, int]:
        return one.unit.sort_key, one.unit.id, order[one.kind]

    found = compare(first, last or clock.today()).differences
    shown, cursor = page_of_rows(found, place, after, limit)
    items = [
        {
            "id": one.unit.id,
            "key": one.unit.key,
            "kind": one.unit.kind,
            "name": one.unit.name,
            "change": one.kind,
            "before": one.before,
            "after": one.after,
        }
        for one in shown
    ]
    return {"items": items, "next": cursor}


@router.get(
    "units/{unit}/history", response={200: Page[UnitVersionOut], **REFUSALS}, summary="En enhed gennem tiden"
)
@api_action(VIEW)
def unit_history(request: HttpRequest, unit: str) -> dict[str, Any]:
    """Every period of a unit, oldest first. `unit` is its id or its key."""
    versions = history_of(unit)
    if not versions:
        raise HttpError(404, _("Der er ingen enhed med det id eller den nøgle."))
    items = [{**_out(row), "basis": row.basis, "source": row.source, "note": note} for row, note in versions]
    return {"items": items, "next": None}


def _referred(whole: Picture, reference: str) -> UnitOnDay:
    """The unit an id or key points to on the day; HttpError 404 with a sentence when there is none."""
    unit = whole.by_key.get(reference)
    if unit is None and reference.isascii() and reference.isdecimal():
        unit = whole.units.get(int(reference))
    if unit is None:
        raise HttpError(404, _("Enheden i »under« findes ikke på den dag."))
    return unit


def _out(unit: UnitOnDay) -> dict[str, Any]:
    return {
        "id": unit.id,
        "key": unit.key,
        "kind": unit.kind,
        "name": unit.name,
        "short_name": unit.short_name,
        "parent_id": unit.parent_id,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "manager_title": unit.manager_title,
        "headcount": float(unit.staff.number) if unit.staff else None,
        "municipality": unit.municipality or None,
    }
