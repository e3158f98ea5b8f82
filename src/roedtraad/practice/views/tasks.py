"""A citizen's tasks: what is coming, what was done, and planning what is to come."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice import occurrences
from roedtraad.practice.forms.common import say
from roedtraad.practice.forms.tasks import LastDayForm, PlanForm, SeriesForm
from roedtraad.practice.models import TaskSeries
from roedtraad.practice.queries import tasks as queries
from roedtraad.practice.queries.delivered import planned_minutes
from roedtraad.practice.queries.workers import running_efforts
from roedtraad.practice.rules import recurrence
from roedtraad.practice.services import series as series_services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.tasks import plan_task
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:tasks"
BACK = dt.timedelta(days=14)
AHEAD = dt.timedelta(days=7)


@requires("record.view")
def tasks(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's tasks: today and the week ahead, what comes again, what was done, and minutes for each goal."""
    record = opened(request, key, "opgaver")
    today = clock.today()
    month, monday = today.replace(day=1), today - dt.timedelta(days=today.weekday())
    begins = occurrences.midnight(today - BACK)
    series = queries.series_of_citizen(record.citizen.pk)
    lines = queries.of_citizen(
        record.citizen.pk, begins, occurrences.midnight(today + AHEAD), running=True, series=series
    )
    efforts = running_efforts([record.citizen.pk])
    shown = [line for line in lines if line.is_open and _is_shown(line, today)]
    tonight = occurrences.midnight(today + dt.timedelta(days=1))
    context = {
        **frame(record, HERE),
        "open": shown,
        "now": [line for line in shown if line.due_at < tonight],
        "coming": [line for line in shown if line.due_at >= tonight],
        "over": [line for line in reversed(lines) if not line.is_open],
        "series": [(one, recurrence.in_words(recurrence.parse(one.rule), one.at)) for one in series],
        "goals": _by_goal(record.citizen.pk, efforts, monday, month, today),
        "did": queries.who_did(record.citizen.pk, month, today),
        "user_id": visitor(request).pk,
        "back": request.path,
    }
    return render(request, "practice/tasks/citizen.html", context)


def _is_shown(line: queries.DueTask, today: dt.date) -> bool:
    """What nobody did on an earlier day is past, and only what was touched says so."""
    return line.state == "running" or line.due_at >= occurrences.midnight(today)


def _by_goal(
    citizen_id: int, efforts: list[Any], monday: dt.date, month: dt.date, today: dt.date
) -> list[dict[str, Any]]:
    """For each goal with efforts: minutes delivered this week and month, and planned for the whole week."""
    week = queries.delivered_minutes(monday, today, citizen_id=citizen_id)
    so_far = queries.delivered_minutes(month, today, citizen_id=citizen_id)
    sunday = monday + dt.timedelta(days=6)
    found: dict[int, dict[str, Any]] = {}
    nothing = queries.Minutes()
    for effort in efforts:
        line = found.setdefault(
            effort.goal_id,
            {
                "goal": effort.goal,
                "week": week.by_goal.get(effort.goal_id, nothing).minutes,
                "month": so_far.by_goal.get(effort.goal_id, nothing).minutes,
                "planned": 0,
            },
        )
        line["planned"] += planned_minutes(effort, monday, sunday)
    return list(found.values())


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Plan a task for the citizen, once or again and again; the next five times are shown before it is saved."""
    record = opened(request, key, "opgaver", writing=True)
    now = clock.now()
    first = {
        "first_on": now.date(),
        "at": now.replace(minute=0),
        "effort": request.GET.get("indsats", ""),
    }
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        efforts=running_efforts([record.citizen.pk]),
        initial=first,
    )
    sent = request.method == "POST"
    if sent and form.is_valid() and "preview" not in request.POST:
        try:
            plan_from(request, form, citizen=record.citizen, effort=form.effort_row)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Opgaven er planlagt."))
            return redirect(HERE, key=key)
    context = {**frame(record, HERE, _("Ny opgave")), "form": form, **previewed(request, form)}
    return render(request, "practice/tasks/new.html", context, status=status_of(request, form))


def plan_from(request: HttpRequest, form: PlanForm, **for_whom: Any) -> None:
    """Plan what a valid form says: a task, or a series when it comes again."""
    typed = form.cleaned_data
    words = {name: typed[name] for name in ("title", "instruction", "minutes")}
    if typed["repeat"]:
        series_services.plan_series(
            visitor(request),
            rule=form.rule(typed["first_on"]).text,
            first_on=typed["first_on"],
            last_on=typed["last_on"],
            at=typed["at"],
            **words,
            **for_whom,
        )
        return
    due_at = dt.datetime.combine(typed["first_on"], typed["at"], clock.COPENHAGEN)
    plan_task(visitor(request), due_at=due_at, **words, **for_whom)


def previewed(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    """The next five times of what is typed, for the page."""
    if request.method != "POST":
        return {"words": "", "coming": []}
    form.is_valid()
    words, coming = form.preview()
    return {"words": words, "coming": coming}


def status_of(request: HttpRequest, form: Any) -> int:
    """422 for a form that was refused; looking ahead is no refusal."""
    return 422 if form.errors and "preview" not in request.POST else 200


def _series(request: HttpRequest, key: UUID, series_key: UUID) -> tuple[Any, TaskSeries]:
    record = opened(request, key, "opgaver", writing=True)
    found = (
        TaskSeries.objects.filter(for_citizens__citizen=record.citizen, key=series_key)
        .select_related("citizen", "unit")
        .first()
    )
    if found is None:
        raise Http404
    return record, found


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_series(request: HttpRequest, key: UUID, series_key: UUID) -> HttpResponse:
    """Change a series from a day on, leave a day out, or end it."""
    record, series = _series(request, key, series_key)
    form = SeriesForm(request.POST if request.method == "POST" else None, series=series)
    current = None
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        version, from_day = typed.pop("version"), typed.pop("from_day")
        typed.pop("days")
        typed.pop("repeat")
        try:
            typed["rule"] = form.rule(max(from_day, series.first_on)).text
            series_services.change_series(
                visitor(request), series, version=version, from_day=from_day, **typed
            )
        except Changed as changed:
            current = changed.current
            form.on_top_of(current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Opgaven er ændret fra den dag."))
            return redirect(HERE, key=key)
    now = clock.now()
    rule = recurrence.parse(series.rule)
    context = {
        **frame(record, HERE, series.title),
        "series": series,
        "words": recurrence.in_words(rule, series.at),
        "coming": occurrences.times(series, now, now + recurrence.LONGEST_WINDOW)[:5],
        "form": form,
        "current": current,
        "current_words": recurrence.in_words(recurrence.parse(current.rule), current.at) if current else "",
        "last_day": LastDayForm(initial={"last_day": clock.today()}),
    }
    return render(request, "practice/tasks/series.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def end_series(request: HttpRequest, key: UUID, series_key: UUID) -> HttpResponse:
    """End a series with a day, or (`day`) leave one day out."""
    _record, series = _series(request, key, series_key)
    left_out = request.POST.get("day", "")
    try:
        if left_out:
            series_services.except_date(visitor(request), series, dt.date.fromisoformat(left_out[:10]))
            toast(request, _("Dagen er taget ud."))
            return redirect("practice:series", key=key, series_key=series_key)
        form = LastDayForm(request.POST)
        if form.is_valid():
            series_services.end_series(visitor(request), series, form.cleaned_data["last_day"])
            toast(request, _("Opgaven slutter den dag."))
            return redirect(HERE, key=key)
        toast(request, str(form.errors["last_day"][0]))
    except ValueError as refusal:
        toast(request, str(refusal) if isinstance(refusal, Refusal) else _("Dagen kan ikke læses."))
    return redirect("practice:series", key=key, series_key=series_key)
