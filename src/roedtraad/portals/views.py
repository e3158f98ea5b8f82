"""The home page of each role."""

from __future__ import annotations

from urllib.parse import urlencode

import pghistory
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access.roles import Role
from roedtraad.access.scope import roles_of
from roedtraad.core.policy import requires
from roedtraad.portals.frame import active_role
from roedtraad.portals.my.pages import page
from roedtraad.portals.queries import HOMES
from roedtraad.portals.queries.persons import NoCitizenError
from roedtraad.portals.queries.seen import seen_by
from roedtraad.portals.shift import shift_page


@requires("home.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front page of the active role. The data is read and its look-ups written in one transaction."""
    role = active_role(request.user)
    if role is None:
        raise Http404
    if role is Role.SUPPORT_WORKER:
        return shift_page(request)
    try:
        with transaction.atomic():
            shown = HOMES[role](request.user)  # type: ignore[arg-type]  # the policy lets no anonymous user in
    except NoCitizenError as refusal:
        return render(request, "portals/home/nothing.html", {"reason": str(refusal)})
    context = {"home": shown, "reading": getattr(shown, "reading", None)}
    return render(request, f"portals/home/{role.value}.html", context)


@requires("lookup_log.own")
@require_GET
def my_lookups(request: HttpRequest) -> HttpResponse:
    """Everyone else who opened the citizen's data, by day; `?hvem=` one of them, `?before=` the last row seen."""
    asked, who = request.GET.get("before", ""), request.GET.get("hvem", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    shown = seen_by(request.user, who=who, before=before)  # type: ignore[arg-type]  # as above
    kept = {"hvem": who} if who else {}
    next_url = f"?{urlencode({**kept, 'before': shown.next})}" if shown.next else ""
    context = {"shown": shown, "who": who, "next_url": next_url}
    return page(request, "portals/my_lookups.html", context)


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
