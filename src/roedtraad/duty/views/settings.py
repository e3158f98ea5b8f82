"""A leader says how risk is set and which shifts a day has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.risk import ItemForms, LevelForms, ScaleForm, items_of, levels_of
from roedtraad.duty.forms.shifts import ShiftForms, kinds_of
from roedtraad.duty.models import RiskScale, ShiftKind
from roedtraad.duty.queries.homes import units_of
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.queries.shifts import kinds_for
from roedtraad.duty.services.risk import configure_scale, use_common_scale
from roedtraad.duty.services.shifts import configure_shifts
from roedtraad.duty.views.common import configured, sections, visitor
from roedtraad.organisation.models import Unit
from roedtraad.organisation.tree import tree
from roedtraad.practice.forms.common import say

CONFIGURE = "duty.configure"


@requires("duty.configure")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The units the visitor leads: whose scale and whose shifts each of them uses."""
    known, now = tree(), clock.now()
    units = units_of(visitor(request), known, CONFIGURE)
    in_force = Q(valid__contains=now, unit__isnull=False)
    scales = set(RiskScale.objects.filter(in_force).values_list("unit", flat=True))
    shifts = set(ShiftKind.objects.filter(in_force).values_list("unit", flat=True))
    rows = []
    for node in units:
        path = [step.id for step in known.path(node.id)]
        rows.append((node, _nearest(path, scales, known), _nearest(path, shifts, known)))
    context = {"rows": rows, "sections": sections(request, "duty:settings", None)}
    return render(request, "duty/settings.html", context)


def _nearest(path: list[int], own: set[Any], known: Any) -> str:
    """Whose it is: the nearest unit at or above that has one; empty for everybody's."""
    found = next((number for number in reversed(path) if number in own), None)
    return known.by_id[found].label if found is not None else ""


@requires("duty.configure")
@require_http_methods(["GET", "POST"])
def scale(request: HttpRequest, key: str) -> HttpResponse:
    """A unit's scale: its steps and its checklist."""
    unit = configured(request, key)
    known = scale_for(unit.pk)
    if request.method == "POST" and request.POST.get("act") == "common":
        return _done(request, _common_scale, unit, _("Enheden bruger nu den fælles skala."))
    levels = [] if known is None else [_values(row, LevelForms.form) for row in known.levels.all()]
    items = [] if known is None else [_values(row, ItemForms.form) for row in known.items.all()]
    form = ScaleForm(
        request.POST or None,
        initial={"name": known.name, "stale_after_hours": known.stale_after_hours} if known else {},
    )
    level_forms = LevelForms(request.POST or None, initial=levels, prefix="trin")
    item_forms = ItemForms(request.POST or None, initial=items, prefix="punkt")
    if request.method == "POST" and all(one.is_valid() for one in (form, level_forms, item_forms)):
        try:
            configure_scale(
                visitor(request),
                unit,
                **form.cleaned_data,
                levels=levels_of(level_forms),
                items=items_of(item_forms),
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Skalaen gælder fra nu. Det, der allerede er sat, beholder sin skala."))
            return redirect("duty:settings")
    wrong = bool(form.errors or level_forms.total_error_count() or item_forms.total_error_count())
    context = {
        "form": form,
        "level_forms": level_forms,
        "item_forms": item_forms,
        "own": known is not None and known.unit_id == unit.pk,
        **_frame(unit, _("Risikoskala")),
    }
    return render(
        request, "duty/scale.html", context, status=422 if request.method == "POST" and wrong else 200
    )


@requires("duty.configure")
@require_http_methods(["GET", "POST"])
def shifts(request: HttpRequest, key: str) -> HttpResponse:
    """A unit's shifts."""
    unit = configured(request, key)
    if request.method == "POST" and request.POST.get("act") == "common":
        return _done(request, _common_shifts, unit, _("Enheden bruger nu de fælles vagter."))
    first = [{"name": kind.name, "starts": kind.starts, "ends": kind.ends} for kind in kinds_for(unit.pk)]
    forms = ShiftForms(request.POST or None, initial=first, prefix="vagt")
    refused = ""
    if request.method == "POST" and forms.is_valid():
        kinds = kinds_of(forms)
        try:
            if not kinds:
                raise Refusal(_("Skriv mindst én vagt."))
            configure_shifts(visitor(request), unit, kinds)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            toast(request, _("Vagterne gælder fra nu."))
            return redirect("duty:settings")
    own = ShiftKind.objects.filter(unit=unit, valid__contains=clock.now()).exists()
    context = {"forms": forms, "refused": refused, "own": own, **_frame(unit, _("Vagter"))}
    wrong = request.method == "POST" and (refused or forms.total_error_count())
    return render(request, "duty/shifts.html", context, status=422 if wrong else 200)


def _values(row: Any, form: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}


def _common_scale(request: HttpRequest, unit: Unit) -> None:
    use_common_scale(visitor(request), unit)


def _common_shifts(request: HttpRequest, unit: Unit) -> None:
    configure_shifts(visitor(request), unit, [])


def _done(request: HttpRequest, do: Any, unit: Unit, words: str) -> HttpResponse:
    try:
        do(request, unit)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(request, words)
    return redirect("duty:settings")


def _frame(unit: Unit, here: str) -> dict[str, Any]:
    node = tree().by_id.get(unit.pk)
    name = node.name if node else unit.key
    return {
        "unit": unit,
        "unit_name": name,
        "steps": [(_("Indstil vagten"), reverse("duty:settings")), (here, "")],
    }
