"""Goals: the list, one goal whole, setting, changing, rating and following up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access.scope import may
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice import compass
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import with_version
from roedtraad.practice.forms.goals import (
    AGREED_WITH,
    FollowUpForm,
    GoalForm,
    RatingForm,
    goal_initial,
    new_goal_initial,
)
from roedtraad.practice.models import Goal, GoalRating
from roedtraad.practice.queries import goals as queries
from roedtraad.practice.queries.thread import PERIOD, curve
from roedtraad.practice.services import goals as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:goals"


@requires("record.view")
def goals(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's goals: those that run, and those that are closed."""
    record = opened(request, key, "mål")
    found = queries.lanes(list(queries.goals_of(record.citizen)), with_notes=False)
    context = {
        **frame(record, HERE),
        "running": [lane for lane in found if lane.goal.closed_on is None],
        "closed": [lane for lane in found if lane.goal.closed_on is not None],
    }
    return render(request, "practice/goals/list.html", context)


@requires("record.view")
def goal(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """One goal: where it hangs, its steps, its curve, its efforts, follow-ups and notes."""
    record = opened(request, key, "mål")
    return _page(request, record, _goal(record, goal_key))


def _page(
    request: HttpRequest, record: Opened, found: Goal, *, status: int = 200, **forms: Any
) -> HttpResponse:
    lane = queries.lanes([found, *found.subgoals.all()], since=queries.days_back(PERIOD))[0]
    context = {
        **frame(record, HERE, found.title),
        "goal": found,
        "lane": lane,
        "chart": curve(lane, width=720),
        "talk": queries.rules.talk_sentence(record.citizen.first_name, lane.standing),
        "steps_in_words": _steps(found, lane.level),
        "follow_ups": queries.follow_ups_of(found),
        "up_steps": _up(visitor(request), found),
        "counted_in": _counted_in(visitor(request), found),
        "agreed": ", ".join(str(words) for name, words in AGREED_WITH if name in found.agreed_with),
        "rating_form": RatingForm(goal=found),
        "follow_up_form": FollowUpForm(initial={"held_on": clock.today()}),
        **forms,
    }
    return render(request, "practice/goals/goal.html", context, status=status)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Set a goal, or with ?delmaal-af= a sub-goal, or with ?oenske= one that comes of a wish."""
    record = opened(request, key, "mål", writing=True)
    initial = new_goal_initial() | {
        "wish": request.GET.get("oenske"),
        "parent": request.GET.get("delmaal-af"),
    }
    form = GoalForm(request.POST or None, citizen=record.citizen, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_goal(
                visitor(request), record.citizen, form.text(), level_now=form.cleaned_data.get("level_now")
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), str(refusal))
        else:
            toast(request, _("Målet er sat."))
            return redirect("practice:goal", key=key, goal_key=made.key)
    context = {**frame(record, HERE, _("Nyt mål")), "form": form, "goal": None}
    return render(request, "practice/goals/edit.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_goal(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """Change what is agreed. Somebody else's change meanwhile is shown beside what was typed."""
    record = opened(request, key, "mål", writing=True)
    found = _goal(record, goal_key)
    form = GoalForm(request.POST or None, citizen=record.citizen, goal=found, initial=goal_initial(found))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.change_goal(
                visitor(request), found, form.text(), version=form.cleaned_data["version"] or 0
            )
        except Changed as changed:
            theirs = _differences(form, changed.current)
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            form.add_error(_field(form, refusal), str(refusal))
        else:
            toast(request, _("Målet er rettet."))
            return redirect("practice:goal", key=key, goal_key=goal_key)
    context = {**frame(record, HERE, found.title), "form": form, "goal": found, "theirs": theirs}
    return render(request, "practice/goals/edit.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def rate(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """Write where the goal stands."""
    record = opened(request, key, "mål", writing=True)
    found = _goal(record, goal_key)
    form = RatingForm(request.POST, goal=found)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            rating = services.rate_goal(
                visitor(request), found, typed["level"], rater=typed["rater"], text=typed["text"]
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), str(refusal))
        else:
            undo = reverse("practice:withdraw-rating", args=[key, goal_key, rating.key])
            toast(request, _("Vurderingen er gemt."), undo_url=undo)
            return redirect("practice:goal", key=key, goal_key=goal_key)
    return _page(request, record, found, rating_form=form, status=422)


@requires("record.write")
@require_POST
def withdraw_rating(request: HttpRequest, key: UUID, goal_key: UUID, rating_key: UUID) -> HttpResponse:
    """Take a rating back."""
    record = opened(request, key, "mål", writing=True)
    rating = GoalRating.objects.filter(citizen=record.citizen, goal__key=goal_key, key=rating_key).first()
    if rating is None:
        raise Http404
    services.withdraw_rating(visitor(request), rating)
    toast(request, _("Vurderingen er taget tilbage."))
    return redirect("practice:goal", key=key, goal_key=goal_key)


@requires("record.write")
@require_POST
def follow_up(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """Write what a follow-up decided."""
    record = opened(request, key, "mål", writing=True)
    found = _goal(record, goal_key)
    form = FollowUpForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.follow_up(visitor(request), found, **typed)
        except Refusal as refusal:
            form.add_error(_field(form, refusal), str(refusal))
        else:
            toast(request, _("Opfølgningen er gemt."))
            return redirect("practice:goal", key=key, goal_key=goal_key)
    return _page(request, record, found, follow_up_form=form, status=422)


@requires("record.write")
@require_POST
def reopen(request: HttpRequest, key: UUID, goal_key: UUID) -> HttpResponse:
    """Open a closed goal again."""
    record = opened(request, key, "mål", writing=True)
    services.reopen_goal(visitor(request), _goal(record, goal_key))
    toast(request, _("Målet er åbnet igen."))
    return redirect("practice:goal", key=key, goal_key=goal_key)


def _goal(record: Opened, goal_key: UUID) -> Goal:
    found = queries.goal_with_all(record.citizen, goal_key)
    if found is None:
        raise Http404
    return found


def _up(user: User, found: Goal) -> list[tuple[str, str]]:
    """From the vision down to this goal, each with its page for who may see the plans; empty when it points nowhere."""
    led = may(user, "maalbillede.view")
    marks = [(mark.words, mark.url if led else "") for mark in compass.path(found.pejlemaerke)]
    return [*marks, (found.title, "")] if marks else []


def _counted_in(user: User, found: Goal) -> list[compass.Mark]:
    """The figures the goal counts in, for who may see them; a sub-goal counts in none."""
    if found.parent_id is not None or not may(user, "maalbillede.view"):
        return []
    return compass.counted_in(found.pejlemaerke)


def _steps(found: Goal, level: int | None) -> list[tuple[str, str, bool]]:
    """The five steps, the best on top: sign, words, and whether the goal stands there today."""
    pairs = zip(queries.rules.LEVELS, found.levels, strict=False)
    return [(queries.rules.signed(step), text, step == level) for step, text in reversed(list(pairs))]


def _field(form: Any, refusal: Refusal) -> str | None:
    """The field a refusal belongs beside; the rules call the next follow-up by a longer name."""
    name = {"next_follow_up": "next_on", "baseline": "level_now"}.get(refusal.field, refusal.field)
    return name if name in form.fields else None


def _differences(form: GoalForm, current: Goal) -> list[tuple[str, str]]:
    """What stands there now in the fields where it is not what was typed: the field's words, and the text."""
    now = goal_initial(current)
    found = []
    for name, field in form.fields.items():
        if name in ("version", "other_themes") or name not in now:
            continue
        typed = form.cleaned_data.get(name)
        typed = getattr(typed, "pk", typed)
        if (typed or "") != (now[name] or ""):
            shown = now[name]
            choices = dict(getattr(field, "choices", []) or [])
            found.append((str(field.label), str(choices.get(shown, shown) or "—")))
    return found
