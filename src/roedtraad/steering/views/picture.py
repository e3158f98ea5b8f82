"""The picture of a year, one indicator, and the rows it was counted from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roedtraad.access.scope import may
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.steering.models import Indicator
from roedtraad.steering.queries import IndicatorView, counted_rows, indicators_of
from roedtraad.steering.views.asked import Step, address, picture_of, unit_steps, year_of


@requires("maalbillede.view")
@require_safe
def maalbillede(request: HttpRequest) -> HttpResponse:
    """The target picture: vision, tracks, marks and indicators, with the units below."""
    picture = picture_of(request)
    context = {
        "picture": picture,
        "steps": unit_steps(picture),
        "is_past": picture.year < clock.today().year,
        "as_of": picture.as_of,
        "may_edit": may(request.user, "plan.edit"),
        "leads": [view.sentence for view in picture.indicators if not view.measured.no_data],
    }
    return render(request, "steering/maalbillede.html", context)


@requires("maalbillede.view")
@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: definition, formula with the numbers put in, history, units, targets."""
    row = get_object_or_404(Indicator.objects.prefetch_related("goals", "pejlemaerker"), key=key)
    view = _shown(request, key)
    year, unit = year_of(request), request.GET.get("enhed", "")
    names = {node.id: node.name for tree in view.trees.values() for node in tree.by_key.values()}
    context = {
        "indicator": row,
        "view": view,
        "year": year,
        "years": [each for each in sorted(view.trees) if each <= clock.today().year],
        "unit": unit,
        "steps": _steps(view, year, unit),
        "is_past": year < clock.today().year,
        "as_of": None,
        "targets": [
            (target, names.get(target.unit_id or 0, str(target.unit or ""))) for target in view.targets
        ],
        "may_edit": may(request.user, "plan.edit"),
    }
    return render(request, "steering/indicator.html", context)


@requires("maalbillede.view")
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows a unit's figure was counted from, as far as the visitor may see them."""
    row = get_object_or_404(Indicator, key=key)
    year, unit = year_of(request), request.GET.get("enhed", "")
    try:
        counted = counted_rows(row, year, unit, request.user)
    except LookupError as refusal:
        raise Http404(str(refusal)) from refusal
    steps = [
        (step.name, address("maalbillede", aar=year, enhed=step.key if place else ""))
        for place, step in enumerate(counted.path)
    ]
    steps += [(row.name, address("indicator", key, aar=year, enhed=unit)), (counted.row_word or row.name, "")]
    context = {
        "indicator": row,
        "year": year,
        "counted": counted,
        "steps": steps,
        "is_past": year < clock.today().year,
        "as_of": None,
    }
    return render(request, "steering/rows.html", context)


def _shown(request: HttpRequest, key: str) -> IndicatorView:
    try:
        found = indicators_of(year_of(request), request.GET.get("enhed", ""), key=key)
    except LookupError as refusal:
        raise Http404(str(refusal)) from refusal
    return found[0]


def _steps(view: IndicatorView, year: int, unit: str) -> list[Step]:
    tree = view.trees.get(year)
    node = tree.by_key.get(unit) if tree and unit else None
    top = tree.top if tree else None
    path = node.path[len(top.path) - 1 :] if node and top and node.id != top.id else ([top] if top else [])
    steps = [
        (step.name, address("maalbillede", aar=year, enhed="" if top and step.id == top.id else step.key))
        for step in path
    ]
    return [*steps, (view.name, address("indicator", view.key, aar=year, enhed=unit))]
