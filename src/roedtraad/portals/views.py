"""The home page of each role."""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access.scope import roles_of
from roedtraad.core.policy import requires
from roedtraad.portals.frame import active_role
from roedtraad.portals.queries import HOMES
from roedtraad.portals.queries.persons import NoCitizenError, Seen, own_lookups, seen

PAGE = 50


@requires("home.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front page of the active role. The data is read and its look-ups written in one transaction."""
    role = active_role(request.user)
    if role is None:
        raise Http404
    try:
        with transaction.atomic():
            shown = HOMES[role](request.user)  # type: ignore[arg-type]  # the policy lets no anonymous user in
    except NoCitizenError as refusal:
        return render(request, "portals/home/nothing.html", {"reason": str(refusal)})
    return render(request, f"portals/home/{role.value}.html", {"home": shown})


@requires("lookup_log.own")
@require_GET
def my_lookups(request: HttpRequest) -> HttpResponse:
    """Everyone else who opened the citizen's data, 50 a page; `?before=` is the last row seen."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    rows = own_lookups(request.user, before=before, limit=PAGE + 1)  # type: ignore[arg-type]  # as above
    shown: list[Seen] = [seen(log) for log in rows[:PAGE]]
    next_url = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(request, "portals/my_lookups.html", {"seen": shown, "next_url": next_url})


@requires("home.view")
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Choose which of one's roles the pages are shown for."""
    chosen = request.POST.get("role", "")
    if request.user.is_authenticated and chosen in {role.value for role in roles_of(request.user)}:
        with pghistory.context(reason="skiftede rolle"):
            request.user.active_role = chosen
            request.user.save(update_fields=["active_role"])
    return redirect("home")
