"""Searching the notes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from roedtraad.access import lookups
from roedtraad.core.policy import requires
from roedtraad.practice.queries.notes import cursor_of, read_cursor
from roedtraad.practice.queries.search import search_notes
from roedtraad.practice.views.common import visitor

SEARCH = "note_search"
LONGEST = 120


@requires("record.view")
@never_cache
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search by POST and session, so that no name stands in an address; whoever is found is logged."""
    if request.method == "POST":
        request.session[SEARCH] = request.POST.get("q", "").strip()[:LONGEST]
        return redirect("practice:search")
    asked = request.session.get(SEARCH, "")
    found = search_notes(visitor(request), asked, before=read_cursor(request.GET.get("efter", "")))
    if found.hits:
        lookups.record(
            visitor(request), [hit.note.citizen_id for hit in found.hits], "søgning", action="record.view"
        )
    context = {
        "asked": asked,
        "hits": found.hits,
        "next": cursor_of(*found.next) if found.next else "",
        "steps": [(_("Søgning"), "")],
    }
    return render(request, "practice/search.html", context)
