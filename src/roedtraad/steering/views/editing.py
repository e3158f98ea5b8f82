"""The strategy staff's changes: thin forms over the services, history, and undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.organisation.models import Unit
from roedtraad.steering import services
from roedtraad.steering.forms import (
    MarkForm,
    NamedForm,
    PeriodForm,
    PlanForm,
    ReasonForm,
    TargetForm,
    TextForm,
    TimetableForm,
    period_of,
)
from roedtraad.steering.models import (
    Goal,
    Indicator,
    IndicatorTarget,
    Pejlemaerke,
    Plan,
    PlanEffort,
    Statement,
    TimetableEntry,
    Track,
)
from roedtraad.steering.queries import changes
from roedtraad.steering.queries.changes import event_model


@dataclass(frozen=True)
class Kind:
    """A kind of row that can be edited: its form, its service, and how to take it away if that is possible."""

    model: type[models.Model]
    form: type[forms.Form]
    save: Callable[..., Any]
    words: Any
    remove: Callable[..., None] | None = None


KINDS = {
    "plan": Kind(Plan, PlanForm, services.edit_plan, gettext_lazy("planen")),
    "spor": Kind(Track, NamedForm, services.edit_track, gettext_lazy("sporet")),
    "udsagn": Kind(Statement, TextForm, services.edit_statement, gettext_lazy("udsagnet")),
    "maal": Kind(Goal, NamedForm, services.edit_goal, gettext_lazy("målet")),
    "pejlemaerke": Kind(Pejlemaerke, MarkForm, services.edit_pejlemaerke, gettext_lazy("pejlemærket")),
    "indsats": Kind(
        PlanEffort, TextForm, services.edit_effort, gettext_lazy("indsatsen"), services.remove_effort
    ),
    "tidsplan": Kind(
        TimetableEntry,
        TextForm,
        services.edit_timetable_entry,
        gettext_lazy("punktet i tidsplanen"),
        services.remove_timetable_entry,
    ),
    "maaltal": Kind(IndicatorTarget, PeriodForm, services.edit_target, gettext_lazy("måltallet")),
}


@requires("plan.edit")
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Change the texts of a row."""
    chosen = _kind(kind)
    row = get_object_or_404(chosen.model, pk=pk)

    def save(values: dict[str, Any]) -> models.Model:
        chosen.save(request.user, row, **values)
        return row

    title = _("Ret %(what)s") % {"what": chosen.words}
    return _form_page(request, chosen.form, save, title, _home(row), initial=_initial(row, chosen), kind=kind)


@requires("plan.edit")
def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take an effort or a line of the timetable away; it can be undone."""
    chosen = _kind(kind)
    if chosen.remove is None:
        raise Http404
    take_away = chosen.remove
    row = get_object_or_404(chosen.model, pk=pk)
    home = _home(row)

    def save(values: dict[str, Any]) -> int:
        take_away(request.user, row, **values)
        return pk

    title = _("Fjern %(what)s") % {"what": chosen.words}
    return _form_page(
        request,
        ReasonForm,
        save,
        title,
        home,
        kind=kind,
        about=str(row),
        button=_("Fjern"),
        done=_("Fjernet."),
    )


@requires("plan.edit")
def add_effort(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an effort to a pejlemærke."""
    mark = get_object_or_404(Pejlemaerke, pk=pk)

    def save(values: dict[str, Any]) -> models.Model:
        return services.add_effort(request.user, mark, **values)

    return _form_page(request, TextForm, save, _("Ny indsats"), _home(mark), kind="indsats", about=str(mark))


@requires("plan.edit")
def add_timetable_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to a track's timetable."""
    track = get_object_or_404(Track.objects.select_related("plan"), pk=pk)

    def save(values: dict[str, Any]) -> models.Model:
        return services.add_timetable_entry(request.user, track, **values)

    title = _("Nyt punkt i tidsplanen")
    return _form_page(request, TimetableForm, save, title, _home(track), kind="tidsplan", about=track.name)


@requires("plan.edit")
def set_target(request: HttpRequest, key: str) -> HttpResponse:
    """Set an indicator's target for a unit and a period."""
    indicator = get_object_or_404(Indicator, key=key)

    def save(values: dict[str, Any]) -> models.Model:
        unit_id = values.pop("unit")
        unit = Unit.objects.get(pk=unit_id) if unit_id else None
        return services.set_target(request.user, indicator, unit=unit, **values)

    home = reverse("steering:indicator", args=[key])
    title = _("Nyt måltal")
    return _form_page(request, TargetForm, save, title, home, kind="maaltal", about=indicator.name)


@requires("plan.edit")
@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Who changed the row, when and why."""
    chosen = _kind(kind)
    found = changes(chosen.model, pk)
    if not found:
        raise Http404
    row = chosen.model._default_manager.filter(pk=pk).first()
    context = {
        "kind": kind,
        "words": chosen.words,
        "row": row,
        "home": _home(row) if row else reverse("steering:plans"),
        "changes": found,
    }
    return render(request, "steering/history.html", context)


@requires("plan.edit")
@require_POST
def undo(request: HttpRequest, kind: str, event_id: int) -> HttpResponse:
    """Take back the newest change of a row."""
    chosen = _kind(kind)
    event = get_object_or_404(event_model(chosen.model), pgh_id=event_id)
    try:
        services.undo(request.user, chosen.model, event_id)
    except ValueError as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Ændringen er fortrudt."))
    row = chosen.model._default_manager.filter(pk=event.id).first()
    return redirect(_home(row) if row else reverse("steering:history", args=[kind, event.id]))


def _form_page(
    request: HttpRequest,
    form_class: type[forms.Form],
    save: Callable[[dict[str, Any]], Any],
    title: str,
    home: str,
    *,
    kind: str,
    initial: dict[str, Any] | None = None,
    about: str = "",
    button: str = "",
    done: str = "",
) -> HttpResponse:
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(dict(form.cleaned_data))
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            pk = saved.pk if isinstance(saved, models.Model) else saved
            newest = changes(KINDS[kind].model, pk)[0]
            toast(request, done or _("Gemt."), reverse("steering:undo", args=[kind, newest.event_id]))
            return redirect(home)
    context = {"form": form, "title": title, "home": home, "about": about, "button": button or _("Gem")}
    return render(request, "steering/form.html", context, status=422 if form.is_bound else 200)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _initial(row: Any, chosen: Kind) -> dict[str, Any]:
    if isinstance(row, IndicatorTarget):
        return period_of(row)
    return {name: getattr(row, name) for name in chosen.form.base_fields if name != "reason"}


def _home(row: Any) -> str:
    """The page a row is shown on."""
    match row:
        case Plan():
            return reverse("steering:plan", args=[row.key])
        case Track():
            return f"{reverse('steering:plan', args=[row.plan.key])}#spor-{row.number}"
        case Statement() | TimetableEntry():
            return _home(row.track)
        case Goal():
            return reverse("steering:goal", args=[row.key])
        case Pejlemaerke():
            return reverse("steering:pejlemaerke", args=[row.pk])
        case PlanEffort():
            return _home(row.pejlemaerke)
        case IndicatorTarget():
            return reverse("steering:indicator", args=[row.indicator.key])
    raise ObjectDoesNotExist(f"No page shows {row!r}.")
