"""*Min vagt*, the support worker's home page; a leader opens it from theirs."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access.scope import reach
from roedtraad.accounts import sessions
from roedtraad.accounts.models import User
from roedtraad.accounts.tablets.services import tablet_of
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.portals.offline import shell
from roedtraad.portals.queries import shift

# Which unit this phone stands in. It names no person, so it outlives the login: the next colleague begins there.
UNIT = "vagt_enhed"
KEPT = dt.timedelta(days=90)


def shift_page(request: HttpRequest) -> HttpResponse:
    """The page, for the unit this phone was last used in."""
    user = cast(User, request.user)
    context = {
        "home": shift.my_shift(user, request.COOKIES.get(UNIT, "")),
        "user_id": user.pk,
        "back": request.path,
        "tablet": tablet_of(request),
        "with_pin": sessions.PIN in request.session,
        "words": shell.line_words(),
    }
    return render(request, "portals/home/support_worker.html", context)


@requires("duty.work")
@require_GET
def my_shift(request: HttpRequest) -> HttpResponse:
    """Min vagt, whatever role the visitor's front page is for."""
    return shift_page(request)


@requires("duty.work")
@require_POST
def choose_unit(request: HttpRequest) -> HttpResponse:
    """Look at another unit's shift; the phone remembers it."""
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = redirect(back if safe else reverse("portals:my-shift"))
    node = last_known_tree(clock.today()).by_key(request.POST.get("unit", ""))
    if node is not None and node.id in reach(request.user, shift.WORK).all_units:
        answer.set_cookie(
            UNIT,
            node.key,
            max_age=KEPT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer
