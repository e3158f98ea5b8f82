"""The calendar as one's own calendar program reads it: an address with a secret, which can be stopped."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from roedtraad.access import lookups, rows
from roedtraad.access.rates import Kind, Rate, wait_for
from roedtraad.access.scope import may, reach
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.policy import public, requires
from roedtraad.design.toasts import toast
from roedtraad.duty.ics import calendar_of
from roedtraad.duty.models import CalendarFeed
from roedtraad.duty.queries.calendar import agenda, feed_of, in_order, live_feed, own_agenda, relatives_agenda
from roedtraad.duty.services.feeds import open_feed, stop_feed
from roedtraad.duty.views.common import WORK, visitor

BACK, AHEAD = dt.timedelta(days=14), dt.timedelta(days=180)


@requires("home.view")
@never_cache
@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """The visitor's address: make one, stop it. The address is shown on the answer to the form and never again."""
    user = visitor(request)
    address = ""
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            if stop_feed(user):
                toast(request, _("Adressen virker ikke længere."))
            return redirect("duty:subscription")
        _feed, secret = open_feed(user, with_names=request.POST.get("with_names") == "on")
        address = request.build_absolute_uri(reverse("duty:feed", args=[secret]))
    context = {
        "address": address,
        "feed": live_feed(user),
        "of_others": may(user, WORK) or may(user, "shared.view"),
        "has_calendar": any(may(user, action) for action in (WORK, "own.view", "shared.view")),
    }
    return render(request, "duty/subscription.html", context)


@public("Adressen har sin egen hemmelighed, som kun dens ejer kender; den viser det, ejeren må se lige nu")
@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of the address's owner. 404 for an address that is not, or no longer."""
    found = feed_of(secret)
    if found is None:
        raise Http404
    if seconds := wait_for(Kind.EXPORT, found.user_id, Rate.read(settings.RATES[Kind.EXPORT])):
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    with rows.as_user(found.user):
        body = _body(found)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="roedtraad.ics"'
    return answer


def _body(found: CalendarFeed) -> bytes:
    user: User = found.user
    begins, ends = clock.now() - BACK, clock.now() + AHEAD
    own = [
        one for citizen_id in reach(user, "own.view").citizens for one in own_agenda(citizen_id, begins, ends)
    ]
    if own:
        return calendar_of(in_order(own), with_names=False, own=True)
    times = relatives_agenda(user, begins, ends)
    if may(user, WORK):
        times = in_order([*times, *agenda(user, reach(user, WORK).all_units, begins, ends)])
    if found.with_names:
        # Without names nobody is told of; with them, whose days they are is.
        people = {one.citizen.pk for one in times if one.citizen}
        lookups.record(user, people, "kalenderabonnement", action=WORK if may(user, WORK) else "shared.view")
    return calendar_of(times, with_names=found.with_names)
