"""One task, and the list of a unit's tasks: what the phone shows, where one tap begins and one tap ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import reach
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.practice import occurrences
from roedtraad.practice.forms.common import say
from roedtraad.practice.forms.tasks import ColleagueForm, MinutesForm, SkipForm, UnitPlanForm
from roedtraad.practice.models import Task, TaskSeries
from roedtraad.practice.queries import tasks as queries
from roedtraad.practice.queries.workers import lived_in, residents, workers_for
from roedtraad.practice.rules.tasks import REASONS
from roedtraad.practice.services import tasks as services
from roedtraad.practice.views.common import visitor
from roedtraad.practice.views.tasks import plan_from, previewed, status_of

Act = Callable[[HttpRequest, User, Task], Any]
DAY = dt.timedelta(days=1)
FURTHEST = dt.timedelta(days=60)


def _minutes(request: HttpRequest) -> int | None:
    """The minutes that were typed; None when the field was not there. Refusal for what is no number of minutes."""
    if "minutes" not in request.POST:
        return None
    form = MinutesForm(request.POST)
    if not form.is_valid():
        raise Refusal(str(form.errors["minutes"][0]), "minutes")
    return int(form.cleaned_data["minutes"])


def _hand_over(request: HttpRequest, user: User, task: Task) -> None:
    chosen = next(
        (one.user for one in workers_for(task) if str(one.user.pk) == request.POST.get("colleague")), None
    )
    if chosen is None:
        raise Refusal(_("Vælg en kollega."), "colleague")
    services.hand_over(user, task, chosen)


# What the buttons do, by the last part of their address.
ACTS: dict[str, Act] = {
    "begynd": lambda _request, user, task: services.start(user, task),
    "slut": lambda request, user, task: services.end(user, task, minutes=_minutes(request)),
    "gjort": lambda request, user, task: services.done(user, task, _minutes(request)),
    "spring-over": lambda request, user, task: services.skip(user, task, request.POST.get("reason", "")),
    "giv-videre": _hand_over,
    "aflys": lambda _request, user, task: services.cancel(user, task),
    "fortryd-begynd": lambda _request, user, task: services.undo_start(user, task),
    "fortryd-slut": lambda _request, user, task: services.undo_end(user, task),
    "fortryd-gjort": lambda _request, user, task: services.undo_end(user, task, also_start=True),
    "fortryd-spring-over": lambda _request, user, task: services.undo_skip(user, task),
}


def _time_of(values: Any) -> tuple[UUID, dt.datetime] | None:
    """The series and the time (`serie`, `tid`) of a line that nobody has touched."""
    try:
        found = UUID(values["serie"]), dt.datetime.fromisoformat(values["tid"])
    except (KeyError, ValueError):
        return None
    return found if found[1].tzinfo is not None else None


def _found(request: HttpRequest, task_key: UUID) -> Task:
    """The task of the address; one of a series is written down first."""
    series, due_at = _time_of(request.POST) or (None, None)
    task = services.found_task(visitor(request), task_key, series, due_at)
    if task is None:
        raise Http404
    return task


def _looked_at(request: HttpRequest, task_key: UUID) -> tuple[queries.DueTask, Task | TaskSeries]:
    """The line of the address and the row it comes from; looking writes nothing."""
    task = queries.tasks_to_work_on(visitor(request)).filter(key=task_key).select_related("citizen").first()
    if task is not None:
        return queries.one(task), task
    time = _time_of(request.GET)
    if time is None:
        raise Http404
    series = queries.series_to_work_on(visitor(request)).filter(key=time[0]).first()
    line = queries.untouched(series, time[1]) if series is not None else None
    if series is None or line is None or line.key != task_key:
        raise Http404
    return line, series


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("back", "") or request.GET.get("back", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return reverse("practice:unit-tasks")


@requires("record.write")
@require_POST
def act(request: HttpRequest, task_key: UUID, what: str) -> HttpResponse:
    """Do one thing to a task. A tap in a list gets its line back, a plain form goes back to the page it stood on."""
    do = ACTS.get(what)
    if do is None:
        raise Http404
    error = ""
    try:
        task = _found(request, task_key)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    try:
        do(request, visitor(request), task)
    except Refusal as refusal:
        error = str(refusal)
        if refusal.field == "minutes" and not request.htmx:  # type: ignore[attr-defined]  # the middleware's
            messages.error(request, error)
            return redirect(
                f"{reverse('practice:task', args=[task.key])}?{urlencode({'back': _back(request)})}"
            )
    line = queries.one(task)
    if request.htmx:  # type: ignore[attr-defined]  # the middleware's
        lookups.record(
            visitor(request), [part.citizen_id for part in line.parts], "opgaver", action="record.view"
        )
        context = {
            "task": line,
            "error": error,
            "back": _back(request),
            "user_id": visitor(request).pk,
            "now": clock.now(),
        }
        return render(request, "practice/tasks/row.html", context)
    if error:
        messages.error(request, error)
    return redirect(_back(request))


@requires("record.write")
@require_http_methods(["GET"])
def task(request: HttpRequest, task_key: UUID) -> HttpResponse:
    """A task: how it is done, why it is not, who takes it, how long it took."""
    line, found = _looked_at(request, task_key)
    lookups.record(visitor(request), [part.citizen_id for part in line.parts], "opgave", action="record.view")
    people = [(str(one.user.pk), one.label) for one in workers_for(found)]
    context = {
        "task": line,
        "reasons": REASONS,
        "skip": SkipForm(),
        "minutes": MinutesForm(initial={"minutes": line.minutes}),
        "colleague": ColleagueForm(people=people),
        "back": _back(request),
        "user_id": visitor(request).pk,
        "now": clock.now(),
        "steps": [(_("Opgaver"), reverse("practice:unit-tasks")), (line.title, "")],
    }
    return render(request, "practice/tasks/task.html", context)


@requires("record.write")
def unit_tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of a day in the units the visitor works in."""
    today = clock.today()
    try:
        day = dt.date.fromisoformat(request.GET.get("dag", "")[:10])
    except ValueError:
        day = today
    day = min(max(day, today - FURTHEST), today + FURTHEST)
    user = visitor(request)
    lines = queries.due(
        user,
        reach(user, "record.write").all_units,
        occurrences.midnight(day),
        occurrences.midnight(day + DAY),
    )
    shown = {part.citizen_id for line in lines for part in line.parts}
    if shown:
        lookups.record(user, sorted(shown), "opgaver", action="record.view")
    context = {
        "open": [line for line in lines if line.is_open],
        "over": [line for line in lines if not line.is_open],
        "mine": sum(line.is_open and line.responsible_id == user.pk for line in lines),
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        "user_id": user.pk,
        "back": request.get_full_path(),
    }
    return render(request, "practice/tasks/unit.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_unit_task(request: HttpRequest) -> HttpResponse:
    """Plan a task of the unit: for nobody in particular or for a group."""
    user = visitor(request)
    units = reach(user, "record.write").all_units
    people = residents(user, units)
    if people:
        lookups.record(user, [citizen.pk for citizen, _e in people], "ny opgave", action="record.view")
    now = clock.now()
    form = UnitPlanForm(
        request.POST if request.method == "POST" else None,
        units=lived_in(last_known_tree(now.date()), units),
        people=people,
        initial={"first_on": now.date(), "at": now.replace(minute=0)},
    )
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        unit = form.units[form.cleaned_data["unit"]]
        try:
            plan_from(request, form, unit=unit, group=form.chosen())
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Opgaven er planlagt."))
            return redirect("practice:unit-tasks")
    context = {
        "form": form,
        "steps": [(_("Opgaver"), reverse("practice:unit-tasks")), (_("Ny opgave"), "")],
        **previewed(request, form),
    }
    return render(request, "practice/tasks/new_unit.html", context, status=status_of(request, form))
