"""Pages of the leadership scenarios."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access.scope import may
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.core.sheets import csv_response, xlsx_response
from roedtraad.design.toasts import toast
from roedtraad.organisation.models import Scenario
from roedtraad.organisation.scenarios import queries, services
from roedtraad.organisation.scenarios.forms import LineRows, PostRows, ScenarioForm

STEPS = [(_("Organisation"), "organisation:chart"), (_("Ledelsesscenarier"), "organisation:scenarios")]


def _steps(*last: str) -> list[tuple[str, str | None]]:
    known: list[tuple[str, str | None]] = [(label, reverse(name)) for label, name in STEPS]
    return [*known, *((label, None) for label in last)]


@requires("scenario.view")
@require_GET
def scenarios(request: HttpRequest) -> HttpResponse:
    """All scenarios side by side: posts, pay, room, what fits, and who refers to whom."""
    shown = queries.scenarios_for(request.user)
    form = request.GET.get("format")
    if form in {"csv", "xlsx"}:
        header = [
            _("Scenarie"),
            _("Hvad sker der"),
            _("Stilling"),
            _("Fra stilling"),
            _("Antal"),
            _("Løn pr. stilling"),
            _("Løn i alt"),
            _("Grundlag"),
        ]
        rows = [
            [
                one.name,
                post.action,
                post.title,
                post.from_title,
                post.count,
                post.yearly_pay,
                post.pay,
                post.basis,
            ]
            for one in shown
            for post in one.posts
        ]
        return (csv_response if form == "csv" else xlsx_response)("ledelsesscenarier", header, rows)
    context = {
        "scenarios": shown,
        "fitting": [one for one in shown if one.verdict.fits],
        "rooms": sorted({one.room.year: one.room for one in shown}.values(), key=lambda room: room.year),
        "may_edit": may(request.user, "scenario.edit"),
        "steps": _steps(),
    }
    return render(request, "organisation/scenarios/list.html", context)


@requires("scenario.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a scenario, or change one's own. What was typed is never lost."""
    scenario = get_object_or_404(Scenario, pk=pk) if pk else None
    if scenario is not None and scenario.owner_id != request.user.pk:
        raise Http404(_("Scenariet er ikke dit."))
    posted = request.POST if request.method == "POST" else None
    form = ScenarioForm(posted, initial=_initial(scenario), own_pk=pk)
    posts = PostRows(posted, prefix="posts", initial=_initial_posts(scenario))
    lines = LineRows(posted, prefix="lines", initial=_initial_lines(scenario))
    if posted is not None and all([form.is_valid(), posts.is_valid(), lines.is_valid()]):
        wanted = services.Wanted(
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            base_key=form.cleaned_data["base"],
            room_year=form.cleaned_data["room_year"],
            published=form.cleaned_data["published"],
            posts=[post for row in posts if (post := row.post()) is not None],
            lines=[
                (row.cleaned_data["from_title"], row.cleaned_data["to_title"])
                for row in lines
                if row.cleaned_data.get("from_title")
            ],
        )
        try:
            saved = services.save_scenario(request.user, wanted, scenario=scenario)  # type: ignore[arg-type]  # a user by policy
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            toast(request, _("Scenariet »%(name)s« er gemt.") % {"name": saved.name})
            return redirect(f"{reverse('organisation:scenarios')}#{saved.key}")
    context = {
        "form": form,
        "posts": posts,
        "lines": lines,
        "scenario": scenario,
        "steps": _steps(scenario.name if scenario else _("Nyt scenarie")),
    }
    status = 422 if posted is not None else 200
    return render(request, "organisation/scenarios/edit.html", context, status=status)


@requires("scenario.edit")
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own copy, ready to be changed."""
    scenario = get_object_or_404(Scenario, pk=pk, withdrawn_at__isnull=True)
    try:
        copied = services.copy_scenario(request.user, scenario)  # type: ignore[arg-type]  # a user by policy
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("organisation:scenarios")
    return redirect("organisation:scenario-edit", pk=copied.pk)


@requires("scenario.edit")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own scenario away, with undo."""
    return _change(
        request,
        pk,
        services.withdraw_scenario,
        _("Scenariet »%(name)s« er taget bort."),
        "organisation:scenario-restore",
    )


@requires("scenario.edit")
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it back."""
    return _change(request, pk, services.restore_scenario, _("Scenariet »%(name)s« er tilbage."), "")


def _change(request: HttpRequest, pk: int, event: Any, words: str, undo: str) -> HttpResponse:
    try:
        scenario = event(request.user, pk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        toast(request, words % {"name": scenario.name}, reverse(undo, args=[pk]) if undo else "")
    return redirect("organisation:scenarios")


def _initial(scenario: Scenario | None) -> dict[str, Any]:
    if scenario is None:
        return {}
    return {
        "name": scenario.name,
        "description": scenario.description,
        "base": scenario.base.key if scenario.base else "",
        "room_year": scenario.room_year,
        "published": scenario.published,
    }


def _initial_posts(scenario: Scenario | None) -> list[dict[str, Any]]:
    if scenario is None:
        return []
    return [
        {
            "action": p.action,
            "title": p.title,
            "from_title": p.from_title,
            "count": p.count,
            "yearly_pay": f"{p.yearly_pay:.0f}",
        }
        for p in scenario.posts.order_by("pk")
    ]


def _initial_lines(scenario: Scenario | None) -> list[dict[str, Any]]:
    if scenario is None:
        return []
    return [
        {"from_title": line.from_title, "to_title": line.to_title} for line in scenario.lines.order_by("pk")
    ]
