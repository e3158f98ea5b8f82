"""Efforts: planned for a goal, changed and ended; and the list of methods they use."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys.queries.colleagues import colleagues
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.forms.goals import EffortForm, effort_initial
from roedtraad.practice.models import Effort, Goal
from roedtraad.practice.services import efforts as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:goals"


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_effort(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """Plan an effort for a goal."""
    record = opened(request, key, "indsatser", writing=True)
    goal = Goal.objects.filter(citizen=record.citizen, key=goal_key).first()
    if goal is None:
        raise Http404
    form = EffortForm(request.POST or None, people=_people(record), initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_effort(visitor(request), goal, form.text())
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Indsatsen er planlagt."))
            return redirect("practice:goal", key=key, goal_key=goal_key)
    context = {**frame(record, HERE, _("Ny indsats")), "form": form, "goal": goal, "effort": None}
    return render(request, "practice/goals/effort.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_effort(request: HttpRequest, key: UUID, effort_key: UUID) -> HttpResponse:
    """Change an effort."""
    record = opened(request, key, "indsatser", writing=True)
    effort = _effort(record, effort_key)
    form = EffortForm(
        request.POST or None, people=_people(record), effort=effort, initial=effort_initial(effort)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_effort(
                visitor(request), effort, form.text(), version=form.cleaned_data["version"] or 0
            )
        except Changed as changed:
            with_version(form, changed.current.version)
            form.add_error(
                None,
                _(
                    "En anden har rettet imens: »%(title)s«, %(times)s × %(minutes)s min. Gem igen, hvis dit skal gælde."
                )
                % {
                    "title": changed.current.title,
                    "times": changed.current.times,
                    "minutes": changed.current.minutes,
                },
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Indsatsen er rettet."))
            return redirect("practice:goal", key=key, goal_key=effort.goal.key)
    context = {**frame(record, HERE, effort.title), "form": form, "goal": effort.goal, "effort": effort}
    return render(request, "practice/goals/effort.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def end_effort(request: HttpRequest, key: UUID, effort_key: UUID) -> HttpResponse:
    """End an effort with today as its last day."""
    record = opened(request, key, "indsatser", writing=True)
    effort = services.end_effort(visitor(request), _effort(record, effort_key))
    toast(request, _("Indsatsen slutter i dag."))
    return redirect("practice:goal", key=key, goal_key=effort.goal.key)


def _effort(record: Opened, effort_key: UUID) -> Effort:
    found = (
        Effort.objects.filter(citizen=record.citizen, key=effort_key)
        .select_related("goal", "citizen")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _people(record: Opened) -> list[int]:
    """Those who may answer for an effort: who works with the citizen."""
    return [one.user.pk for one in colleagues(record.citizen) if one.near]
