"""Whose data an operation of the API may touch: asked, and logged, here for every part of the house.

A key opens nobody by a written reason (emergency access): that is for a person at a page. Who is not there and who
must not be seen are answered alike and by the same statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from ninja import Path, Query

from roedtraad.access import lookups
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.reach import citizen_in

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

READ = "record.view"
Row = TypeVar("Row", bound=Model)

CitizenPath = Annotated[UUID, Path(description="Borgerens id (»key« i udtrækket over borgere).")]
CitizenQuery = Annotated[
    UUID, Query(alias="citizen", description="Borgerens id (»key« i udtrækket over borgere).")
]


def caller(request: HttpRequest) -> User:
    """The user the key acts as."""
    return cast("User", request.user)


def opened(request: HttpRequest, key: UUID, part: str, *, action: str = READ) -> Citizen:
    """The citizen with this key within reach of the action, and a line in the log that `part` of them was opened.

    Http404 for who is not there or must not be seen.
    """
    person = citizen_in(caller(request), key, action)
    if person is None:
        raise Http404
    lookups.record(caller(request), [person.pk], part, action=action)
    return person


def opened_row(request: HttpRequest, rows: QuerySet[Row], key: UUID, part: str) -> Row:
    """A row about a citizen whose record may be read, with its citizen, logged as `opened`. Http404 as there."""
    seen = Citizen.objects.filter(visible_q("citizens.Citizen", caller(request), READ))
    found: Any = rows.filter(key=key, citizen__in=seen).select_related("citizen").first()
    if found is None:
        raise Http404
    lookups.record(caller(request), [found.citizen_id], part, action=READ)
    return cast(Row, found)
