"""Posts in the REST API."""

# Annotations are evaluated here and not later: the decorator's module, where the framework would look them
# up, does not know this one's names.
import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access.tokens import api_action
from roedtraad.core import clock
from roedtraad.core.api import Error
from roedtraad.organisation.tree import tree
from roedtraad.people.queries import staffing

router = Router(tags=["stillinger"])

FIRST_YEAR, LAST_YEAR = 1900, 2999


class StaffItem(Schema):
    """A group of staff: full-time posts, and their part of all in per cent."""

    category: str
    label: str
    fte: float
    percent: float | None


class StaffingOut(Schema):
    """Full-time posts on a day."""

    as_of: dt.date
    unit: int | None
    total: float
    items: list[StaffItem]
    next: str | None = Field(default=None, description="Altid null: svaret har alle dele.")


@router.get(
    "/staffing",
    response={200: StaffingOut, 400: Error, 401: Error, 403: Error, 404: Error, 422: Error},
    summary="Fuldtidsstillinger efter faggruppe",
)
@api_action("staffing.view")
def get_staffing(
    request: HttpRequest,
    as_of: Annotated[dt.date | None, Query(description="Dagen, der spørges til. Uden den: i dag.")] = None,
    unit: Annotated[
        int | None,
        Query(ge=1, le=2**63 - 1, description="Enhedens id: den og alt under den. Uden den: alle."),
    ] = None,
) -> StaffingOut:
    """Full-time posts by category; the percent is computed from the posts."""
    day = as_of or clock.today()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise HttpError(
            400, _("Året skal ligge mellem %(first)s og %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    units = None
    if unit is not None and not (units := tree(day).below(unit)):
        raise HttpError(404, _("Der er ingen enhed med id %(unit)s på dagen.") % {"unit": unit})
    found = staffing(day, units)
    return StaffingOut(
        as_of=day,
        unit=unit,
        total=float(found.total),
        items=[
            StaffItem(
                category=item.category,
                label=item.label,
                fte=float(item.fte),
                percent=None if item.percent is None else float(item.percent),
            )
            for item in found.categories
        ],
    )
