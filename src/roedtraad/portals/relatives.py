"""Pårørende: what a citizen shares with one of theirs, block by block with the reason why, and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from roedtraad.access.lookups import record
from roedtraad.core.policy import requires
from roedtraad.portals.my.pages import page, user_of
from roedtraad.portals.my.wishes import file_answer
from roedtraad.portals.queries import shared as queries
from roedtraad.portals.queries.persons import NoCitizenError

PART = "det, der deles"


@requires("shared.view")
@require_GET
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything the citizen shares with the visitor today."""
    user = user_of(request)
    try:
        citizen = queries.related(user, key)
    except NoCitizenError as nobody:
        raise Http404 from nobody
    if citizen is None:
        raise Http404
    record(user, [citizen.pk], PART, action="shared.view")
    shown = queries.shared(user, citizen)
    return page(request, "portals/relatives/person.html", {"shown": shown, "citizen": citizen})


@requires("shared.view")
@require_GET
def picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """A picture of a shared note."""
    user = user_of(request)
    found = queries.picture(user, key)
    if found is None:
        raise Http404
    record(user, [found.citizen_id], PART, action="shared.view")
    return file_answer(found)
