"""The capacity pages: places as they are used, unit by unit, and those that are free."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Min
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.access import lookups
from roedtraad.access.scope import may, reach
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.journeys import capacity_words
from roedtraad.journeys.filters import AXIS_WORDS, AxisForm, FreeForm, read_day
from roedtraad.journeys.queries import definitions, table
from roedtraad.journeys.queries.capacity import snapshot
from roedtraad.journeys.queries.free import WEEKS_AHEAD, FreePlace, free_places
from roedtraad.journeys.queries.heat import HeatMap, heatmap
from roedtraad.journeys.queries.moves import Move, citizens_of, coming_moves
from roedtraad.journeys.queries.occupancy import monthly
from roedtraad.journeys.queries.units import OFFER, last_known_tree
from roedtraad.organisation.models import PlaceTerm
from roedtraad.organisation.tree import Node, Tree

MONTHS_SHOWN = 24
WEEKS_SHOWN = 12
WEEKS_BACK = 4
# More rows than this are not read as a picture; the page offers the offers below instead.
HEAT_ROWS = 120
FREE_SHOWN = 50


@requires("capacity.view")
def overview(request: HttpRequest) -> HttpResponse:
    """All places on a day: how many, how used, told apart by a chosen fact, and the last two years."""
    first, today = _first_day(), clock.today()
    as_of, readable = read_day(request.GET.get("dato", ""), first, today)
    form = AxisForm(request.GET, opdel="area")
    axis = form.asked["opdel"]
    found = snapshot(as_of)
    total = found.total()
    rows = table.table(found.by(axis), _own_units(request, found.tree), request.GET.get("sort", ""))
    months = monthly(None, _months_before(as_of, MONTHS_SHOWN - 1), as_of)
    return render(
        request,
        "journeys/capacity/overview.html",
        {
            "as_of": as_of,
            "first": first,
            "today": today,
            "is_past": as_of < today,
            "unreadable": not readable,
            "sentence": capacity_words.answer(total, as_of == today),
            "total": total,
            "form": form,
            "axis": axis,
            "axis_word": dict(AXIS_WORDS)[axis],
            "agreed_shown": axis in ("area", "offer", "municipality"),
            "linked": axis in ("area", "offer"),
            "rows": rows,
            "export": _export_links("journeys:capacity-export", dato=as_of.isoformat(), opdel=axis),
            "chart": capacity_words.chart(months),
            "defined": definitions,
        },
    )


@requires("capacity.view")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The breakdown of the overview, or of one unit (`enhed`), as a file."""
    as_of, _readable = read_day(request.GET.get("dato", ""), dt.date.min, clock.today())
    axis = AxisForm(request.GET, opdel="area").asked["opdel"]
    tree = last_known_tree(as_of)
    units = _asked_units(request, tree)
    found = snapshot(as_of, units, tree)
    rows = table.table(found.by(axis), frozenset(), request.GET.get("sort", ""))
    lines = [table.cells(row.label, row.capacity) for row in rows]
    lines.append(table.cells(_("I alt"), found.total()))
    return _file(kind, f"kapacitet-{as_of.isoformat()}", table.header(dict(AXIS_WORDS)[axis]), lines)


@requires("capacity.view")
def unit(request: HttpRequest, key: str) -> HttpResponse:
    """One unit: its places week by week, which are free, and who is coming and leaving."""
    first, today = _first_day(), clock.today()
    as_of, readable = read_day(request.GET.get("dato", ""), first, today)
    tree = last_known_tree(as_of)
    node = tree.by_key(key)
    if node is None:
        raise Http404(_("Enheden findes ikke."))
    below = tree.below(node.id)
    found = snapshot(as_of, below, tree)
    total = found.total()
    is_today = as_of == today
    few = total.residential.existing + total.day.existing <= HEAT_ROWS
    moves = coming_moves(as_of, unit_ids=below) if is_today else []
    free = free_places(as_of, unit_ids=below) if is_today else []
    rows = (
        table.table(found.by("offer"), frozenset(), request.GET.get("sort", "")) if node.kind != OFFER else []
    )
    return render(
        request,
        "journeys/capacity/unit.html",
        {
            "node": node,
            "steps": _steps(tree, node, as_of, today),
            "as_of": as_of,
            "first": first,
            "today": today,
            "is_past": not is_today,
            "unreadable": not readable,
            "sentence": capacity_words.answer(total, is_today),
            "total": total,
            "rows": rows if len(rows) > 1 else [],
            "export": _export_links(
                "journeys:capacity-export", dato=as_of.isoformat(), opdel="offer", enhed=node.key
            ),
            "heat": capacity_words.heat(_weeks(below, as_of), tree) if few else None,
            "moves": _with_citizens(request, moves, tree),
            "free": _with_links(request, free[:FREE_SHOWN], tree),
            "may_book": may(request.user, "stay.book"),
            "free_count": len(free),
            "free_more": f"{reverse('journeys:free')}?enhed={node.key}" if len(free) > FREE_SHOWN else "",
            "defined": definitions,
        },
    )


@requires("capacity.view")
def free(request: HttpRequest) -> HttpResponse:
    """Free places now and coming, by what must match a citizen."""
    form, tree, found = _free(request)
    side = request.GET.get("side", "")
    page = int(side) if side.isdecimal() and len(side) < 6 else 1
    start = (max(page, 1) - 1) * FREE_SHOWN
    kept = request.GET.copy()
    kept.pop("side", None)
    links = {
        name: f"?{kept.urlencode()}&side={number}"
        for name, number, wanted in (
            ("prev", page - 1, start > 0),
            ("next", page + 1, len(found) > start + FREE_SHOWN),
        )
        if wanted
    }
    today = clock.today()
    return render(
        request,
        "journeys/capacity/free.html",
        {
            "steps": [(_("Kapacitet"), reverse("journeys:capacity")), (_("Ledige pladser"), "")],
            "form": form,
            "unit": tree.by_key(request.GET.get("enhed", "")),
            "places": _with_links(request, found[start : start + FREE_SHOWN], tree),
            "may_book": may(request.user, "stay.book"),
            "count": len(found),
            "count_now": sum(place.free_from <= today for place in found),
            "export": {
                kind: f"{reverse('journeys:free-export', args=[kind])}?{kept.urlencode()}"
                for kind in ("csv", "xlsx")
            },
            "defined": definitions,
            **links,
        },
    )


@requires("capacity.view")
def free_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The free places asked for, as a file."""
    _form, tree, found = _free(request)
    header = [
        _("plads"), _("enhed"), _("døgn eller dag"), _("paragraf"), _("målgruppe"), _("alder"),
        _("ledig fra"), _("ledig til og med"),
    ]  # fmt: skip
    rows = [[p.code, _name(tree, p.unit_id), *p.facts, p.free_from, p.free_until] for p in found]
    return _file(kind, f"ledige-pladser-{clock.today().isoformat()}", header, rows)


def _free(request: HttpRequest) -> tuple[FreeForm, Tree, list[FreePlace]]:
    today = clock.today()
    tree = last_known_tree(today)
    form = FreeForm(request.GET, weeks=WEEKS_AHEAD)
    chosen = dict(form.asked)
    until = today + dt.timedelta(weeks=int(chosen.pop("weeks")))
    return form, tree, free_places(today, until, unit_ids=_asked_units(request, tree), **chosen)


def _asked_units(request: HttpRequest, tree: Tree) -> set[int] | None:
    key = request.GET.get("enhed", "")
    if not key:
        return None
    node = tree.by_key(key)
    if node is None:
        raise Http404(_("Enheden findes ikke."))
    return tree.below(node.id)


def _own_units(request: HttpRequest, tree: Tree) -> frozenset[int]:
    """The reader's units, unless that is all there are: then nothing stands out."""
    own = reach(request.user, "capacity.view").all_units
    return frozenset() if own >= tree.by_id.keys() else own


def _first_day() -> dt.date:
    """The first day any place existed."""
    found = PlaceTerm.objects.aggregate(first=Min(Lower("valid")))["first"]
    return min(found or clock.today(), clock.today())


def _months_before(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)


def _weeks(units: set[int], as_of: dt.date) -> HeatMap:
    return heatmap(units, as_of - dt.timedelta(weeks=WEEKS_BACK), WEEKS_SHOWN)


def _steps(tree: Tree, node: Node, as_of: dt.date, today: dt.date) -> list[tuple[str, str]]:
    asked = "" if as_of == today else f"?dato={as_of.isoformat()}"
    path = [(step.label, reverse("journeys:unit", args=[step.key]) + asked) for step in tree.path(node.id)]
    return [(_("Kapacitet"), reverse("journeys:capacity") + asked), *path]


def _name(tree: Tree, unit_id: int) -> str:
    node = tree.by_id.get(unit_id)
    return node.name if node else ""


def _with_links(request: HttpRequest, places: list[FreePlace], tree: Tree) -> list[dict[str, Any]]:
    """Free places with their unit, and where to book them for those who may do it there."""
    bookable = reach(request.user, "stay.book").all_units
    return [
        {
            "place": place,
            "unit": tree.by_id.get(place.unit_id),
            "book": f"{reverse('journeys:book')}?plads={place.place_id}" if place.unit_id in bookable else "",
        }
        for place in places
    ]


def _with_citizens(request: HttpRequest, moves: list[Move], tree: Tree) -> list[dict[str, Any]]:
    """Moves with the citizens' names where the reader may see them; each name shown is written in the log."""
    known = {}
    if moves and may(request.user, "citizen.view"):
        known = citizens_of(request.user, [move.stay_id for move in moves])  # type: ignore[arg-type]  # logged in
        if known:
            lookups.record(request.user, [citizen.id for citizen in known.values()], _("kommende flytninger"))
    return [
        {"move": move, "citizen": known.get(move.stay_id), "unit": tree.by_id.get(move.unit_id)}
        for move in moves
    ]


def _export_links(name: str, **asked: str) -> dict[str, str]:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return {kind: f"{reverse(name, args=[kind])}?{query}" for kind in ("csv", "xlsx")}


def _file(kind: str, filename: str, header: list[str], rows: list[list[Any]]) -> HttpResponse:
    response = sheet_response(kind, filename, [head[:1].upper() + head[1:] for head in header], rows)
    if response is None:
        raise Http404(_("Filen findes som csv og xlsx."))
    return response
