"""The plans: all of them, one whole, one pejlemærke, one goal."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from roedtraad.access.scope import may
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.steering import queries
from roedtraad.steering.models import Goal, Pejlemaerke, Track
from roedtraad.steering.queries import indicators_of
from roedtraad.steering.rules import gathered
from roedtraad.steering.views.asked import Step


@requires("maalbillede.view")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first, with what each took over from."""
    return render(request, "steering/plans.html", {"plans": queries.all_plans(), "today": clock.today()})


@requires("maalbillede.view")
@require_safe
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """One plan, all of it."""
    found = get_object_or_404(queries.plan_with_all(), key=key)
    context = {
        "plan": found,
        "steps": [(found.vision, "")],
        "may_edit": may(request.user, "plan.edit"),
    }
    return render(request, "steering/plan.html", context)


@requires("maalbillede.view")
@require_safe
def pejlemaerke(request: HttpRequest, pk: int) -> HttpResponse:
    """One pejlemærke: its efforts, indicators, UN goals and the timetable of its track."""
    try:
        mark = queries.pejlemaerke(pk)
    except Pejlemaerke.DoesNotExist as missing:
        raise Http404 from missing
    views = indicators_of(clock.today().year, pejlemaerker=mark)
    context = {
        "mark": mark,
        "views": views,
        "state": gathered(view.measured.state for view in views),
        "steps": [*_down_to(mark.track), (f"{mark.number} {mark.title}", "")],
        "may_edit": may(request.user, "plan.edit"),
    }
    return render(request, "steering/pejlemaerke.html", context)


@requires("maalbillede.view")
@require_safe
def goal(request: HttpRequest, key: str) -> HttpResponse:
    """One goal of a target picture with its indicators."""
    try:
        found = queries.goal(key)
    except Goal.DoesNotExist as missing:
        raise Http404 from missing
    views = indicators_of(clock.today().year, goals=found)
    context = {
        "goal": found,
        "views": views,
        "state": gathered(view.measured.state for view in views),
        "steps": [*_down_to(found.track), (f"{found.number} {found.name}", "")],
        "may_edit": may(request.user, "plan.edit"),
    }
    return render(request, "steering/goal.html", context)


def _down_to(track: Track) -> list[Step]:
    address = reverse("steering:plan", args=[track.plan.key])
    return [(track.plan.vision, address), (track.name, f"{address}#spor-{track.number}")]
