"""The organisation's pages that show: chart, unit, map, difference, and their tables as files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from roedtraad.access.scope import may
from roedtraad.core import clock, danish
from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.organisation import rules
from roedtraad.organisation.models.unit import UnitKind, UnitSuccession
from roedtraad.organisation.queries.changes import AreaFate, Comparison, compare
from roedtraad.organisation.queries.chart import ChartNode, chart
from roedtraad.organisation.queries.pictures import UnitOnDay, bounds, picture, social_operation_id
from roedtraad.organisation.queries.places import UnitMap, unit_map
from roedtraad.organisation.queries.unit import UnitPage, unit_page
from roedtraad.organisation.sheets import differences_table, units_table
from roedtraad.organisation.wording import CHANGES_IN_WORDS, capital, in_words, kinds_listed, of_kind

VIEW = "organisation.view"
EDIT = "organisation.edit"
# The day the newcomer compares with today: the last of the year the documents of 2013 describe.
FIRST_COMPARED = dt.date(2013, 12, 31)
ON = "1"


def asked_day(request: HttpRequest, name: str, default: dt.date, limits: tuple[dt.date, dt.date]) -> dt.date:
    """The day in the address, held within what can be shown; the default for one that cannot be read."""
    try:
        day = dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        day = default
    return rules.held_within(day, limits)


def time_frame(day: dt.date, limits: tuple[dt.date, dt.date]) -> dict[str, Any]:
    """What a page about a day tells its frame."""
    return {"as_of": day, "is_past": day < clock.today(), "first": limits[0], "last": limits[1]}


def unit_url(key: str, day: dt.date) -> str:
    """A unit's page on the day; today needs no saying."""
    url = reverse("organisation:unit", args=[key])
    return url if day == clock.today() else f"{url}?{urlencode({'dato': day.isoformat()})}"


def thread_to(path: list[UnitOnDay], day: dt.date, *more: str) -> list[tuple[str, str]]:
    """The steps of the thread: the organisation, the units on the way, and this page's own name."""
    steps = [(_("Organisation"), reverse("organisation:chart"))]
    steps += [(unit.label, unit_url(unit.key, day)) for unit in path]
    return steps + [(name, "") for name in more]


@requires(VIEW)
def chart_page(request: HttpRequest) -> HttpResponse:
    """The organisation as a tree on any day."""
    limits = bounds()
    day = asked_day(request, "dato", clock.today(), limits)
    kind = request.GET.get("art", "")
    kind = kind if kind in UnitKind.values else ""
    text = request.GET.get("q", "")[:80].replace("\x00", "")
    only_social = request.GET.get("socialomraadet") == ON
    all_open = request.GET.get("fold") == "ud"
    found = chart(day, kind=kind, text=text, only_social=only_social)
    narrowed = bool(kind or text.strip())
    context = {
        **time_frame(day, limits),
        "chart": found,
        "sentence": _chart_sentence(found.social, found.social_kinds, found.total, day),
        "nodes": [_tree_node(node, day, all_open or narrowed, found.path_to_social) for node in found.roots],
        "narrowed": narrowed,
        "kind": kind,
        "text": text,
        "only_social": only_social,
        "all_open": all_open,
        "kinds": UnitKind.choices,
        "thread": [(_("Organisation"), "")],
        "query": urlencode(
            {"dato": day.isoformat(), "art": kind, "socialomraadet": ON if only_social else ""}
        ),
    }
    return render(request, "organisation/chart.html", context)


def _chart_sentence(social: UnitOnDay | None, kinds: dict[str, int], total: int, day: dt.date) -> str:
    """The answer first: "Den 1. juli 2020 havde Socialområdet otte specialområder og 39 tilbud."."""
    said = {"day": danish.day(day), "units": danish.count(total, "enhed", "enheder")}
    if not total:
        return _("Den %(day)s kendes ingen enheder.") % said
    if social is None:
        return _("Den %(day)s fandtes %(units)s.") % said
    said["name"] = social.label
    said["kinds"] = kinds_listed({k: kinds.get(k, 0) for k in (UnitKind.AREA, UnitKind.OFFER)})
    if day == clock.today():
        return _("I dag har %(name)s %(kinds)s.") % said
    if day > clock.today():
        return _("Den %(day)s har %(name)s %(kinds)s, som det er planlagt nu.") % said
    return _("Den %(day)s havde %(name)s %(kinds)s.") % said


def _tree_node(
    node: ChartNode, day: dt.date, all_open: bool, path_to_social: list[UnitOnDay]
) -> dict[str, Any]:
    unit = node.unit
    notes = [unit.manager_title, unit.staff.phrase if unit.staff else ""]
    if node.offers_below:
        notes.append(of_kind(node.offers_below, UnitKind.OFFER))
    return {
        "url": unit_url(unit.key, day),
        "label": unit.name,
        "badge": unit.kind_label,
        "note": " · ".join(note for note in notes if note),
        "open": all_open or unit in path_to_social,
        "children": [_tree_node(child, day, all_open, path_to_social) for child in node.children],
    }


@requires(VIEW)
def unit_view(request: HttpRequest, key: str) -> HttpResponse:
    """A unit on a day."""
    limits = bounds()
    day = asked_day(request, "dato", clock.today(), limits)
    page = unit_page(key, day)
    if page is None:
        raise Http404(_("Der er ingen enhed med den nøgle."))
    context = {
        **time_frame(day, limits),
        "page": page,
        "sentence": _unit_sentence(page),
        "thread": thread_to(page.path, day) if page.now else thread_to([], day, page.name),
        "children": [(child, unit_url(child.key, day)) for child in page.children],
        "history": [(chapter, unit_url(page.key, chapter.period.start)) for chapter in page.history],
        "may_edit": may(request.user, EDIT),
        "may_see_places": may(request.user, "capacity.view"),
    }
    return render(request, "organisation/unit.html", context)


def _unit_sentence(page: UnitPage) -> str:
    """What the unit is, in one or two sentences."""
    if page.now is None:
        said = {"name": page.name, "day": danish.day(page.as_of), "first": danish.day(page.first_day)}
        if page.as_of < page.first_day:
            return _("%(name)s fandtes ikke den %(day)s. Enheden begyndte %(first)s.") % said
        if page.last_day and page.as_of > page.last_day:
            said["last"] = danish.day(page.last_day)
            return _("%(name)s findes ikke den %(day)s. Den sidste dag var %(last)s.") % said
        return _("%(name)s fandtes ikke den %(day)s.") % said
    is_now = page.as_of >= clock.today()
    parent = page.path[-2].label if len(page.path) > 1 else ""
    said = {
        "name": page.now.label,
        "kind": of_kind(1, page.now.kind).replace("én ", "en ").replace("ét ", "et "),
        "parent": parent,
    }
    if parent and is_now:
        sentence = _("%(name)s er %(kind)s under %(parent)s.") % said
    elif parent:
        sentence = _("%(name)s var %(kind)s under %(parent)s.") % said
    else:
        sentence = (_("%(name)s er %(kind)s.") if is_now else _("%(name)s var %(kind)s.")) % said
    if page.kinds_below:
        words = kinds_listed(page.kinds_below)
        under = _("Under enheden hører %(kinds)s.") if is_now else _("Under enheden hørte %(kinds)s.")
        sentence = f"{sentence} {under % {'kinds': words}}"
    return sentence


@requires(VIEW)
def map_page(request: HttpRequest) -> HttpResponse:
    """Where the offers lie."""
    limits = bounds()
    day = asked_day(request, "dato", clock.today(), limits)
    found = unit_map(day)
    places = may(request.user, "capacity.view")
    context = {
        **time_frame(day, limits),
        "map": found,
        "sentence": _map_sentence(found),
        "tiles": [
            {
                "x": one.column,
                "y": one.row,
                "label": one.name,
                "value": len(one.offers) or None,
                "text": str(len(one.offers)) if one.offers else "",
                "url": f"#kommune-{one.code}" if one.offers else "",
            }
            for one in found.municipalities
        ],
        "rows": [
            (one, [(offer, unit_url(offer.key, day)) for offer in one.offers]) for one in found.with_offers
        ],
        "elsewhere": [(offer, unit_url(offer.key, day)) for offer in found.elsewhere],
        "may_see_places": places,
        "thread": thread_to([], day, _("Kort")),
    }
    return render(request, "organisation/map.html", context)


def _map_sentence(found: UnitMap) -> str:
    said = {"day": danish.day(found.as_of), "offers": of_kind(found.offers, UnitKind.OFFER)}
    if not found.with_offers:
        return _("Den %(day)s kendes ingen tilbud.") % said
    most = max(len(one.offers) for one in found.with_offers)
    said |= {
        "with": in_words(len(found.with_offers), common=True),
        "all": in_words(len(found.municipalities), common=True),
        "most": danish.joined([one.name for one in found.with_offers if len(one.offers) == most]),
        "count": in_words(most),
    }
    if found.as_of < clock.today():
        sentence = _(
            "Den %(day)s lå %(offers)s i %(with)s af %(all)s kommuner, flest i %(most)s (%(count)s)."
        )
    else:
        sentence = _("%(offers)s ligger i %(with)s af %(all)s kommuner, flest i %(most)s (%(count)s).")
    return capital(sentence % said)


@requires(VIEW)
def diff_page(request: HttpRequest) -> HttpResponse:
    """What differs between two days, and what became of each area."""
    limits = bounds()
    first = asked_day(request, "fra", FIRST_COMPARED, limits)
    last = asked_day(request, "til", clock.today(), limits)
    whole = request.GET.get("omfang") == "hele"
    found = compare(first, last, only_social=not whole)
    earlier, later = min(first, last), max(first, last)
    context = {
        "found": found,
        "first": limits[0],
        "last": limits[1],
        "whole": whole,
        "earlier": earlier,
        "later": later,
        "sentence": _diff_sentence(found.kinds_first, found.kinds_last, first, last),
        "areas": [_area_row(area, earlier, later) for area in found.areas],
        "areas_in_words": in_words(len(found.areas)),
        "sections": _sections(found),
        "thread": thread_to([], clock.today(), _("Forskelle")),
        "query": urlencode(
            {"fra": first.isoformat(), "til": last.isoformat(), "omfang": "hele" if whole else ""}
        ),
    }
    return render(request, "organisation/diff.html", context)


def _area_row(area: AreaFate, earlier: dt.date, later: dt.date) -> dict[str, Any]:
    """An area of the earlier day and where its thread goes."""
    return {
        "area": area,
        "url": unit_url(area.before.key, earlier),
        "now": [(unit, unit_url(unit.key, later)) for unit in area.now],
        "lives_itself": any(unit.key == area.before.key for unit in area.now),
        "events": _told(area.fate),
        "offers": [
            {
                "offer": offer,
                "events": _told(offer.fate),
                "url": unit_url(offer.before.key, earlier),
                "now": [(unit, unit_url(unit.key, later)) for unit in offer.now],
            }
            for offer in area.offers
        ],
    }


def _told(fate: rules.Fate) -> list[dict[str, Any]]:
    """What happened on the way, in words; a unit that split and lives on is told of once."""
    labels = dict(UnitSuccession.Kind.choices)
    return [
        {"words": labels[kind], "on": on} for kind, on in dict.fromkeys((e.kind, e.on) for e in fate.events)
    ]


def _sections(found: Comparison) -> list[dict[str, Any]]:
    """The differences in three heaps; a unit that is gone links to the day it still existed."""
    come, gone = rules.ChangeKind.APPEARED, rules.ChangeKind.DISAPPEARED
    rest = tuple(kind for kind in rules.ChangeKind if kind not in (come, gone))
    heaps = ((_("Kommet til"), (come,), found.last), (_("Forsvundet"), (gone,), found.first))
    sections = [
        {
            "title": title,
            "whole": True,
            "rows": [{"one": one, "url": unit_url(one.unit.key, day)} for one in found.of(*kinds)],
        }
        for title, kinds, day in heaps
    ]
    changed = [
        {"one": one, "url": unit_url(one.unit.key, found.last), "words": CHANGES_IN_WORDS[one.kind]}
        for one in found.of(*rest)
    ]
    return [*sections, {"title": _("Ændret"), "whole": False, "rows": changed}]


def _diff_sentence(before: dict[str, int], after: dict[str, int], first: dt.date, last: dt.date) -> str:
    kinds = (UnitKind.AREA, UnitKind.OFFER)
    return _("Den %(first)s var der %(before)s. Den %(last)s er der %(after)s.") % {
        "first": danish.day(first),
        "last": danish.day(last),
        "before": kinds_listed({k: before.get(k, 0) for k in kinds}),
        "after": kinds_listed({k: after.get(k, 0) for k in kinds}),
    }


@requires(VIEW)
def units_file(request: HttpRequest, kind_of_file: str) -> HttpResponse:
    """The units of a day as CSV or Excel, narrowed as the chart was by kind and to the Socialområde."""
    limits = bounds()
    day = asked_day(request, "dato", clock.today(), limits)
    whole = picture(day)
    units = list(whole.units.values())
    if request.GET.get("socialomraadet") == ON:
        social = social_operation_id()
        within = {social, *(unit.id for unit in whole.below(social))} if social else set()
        units = [unit for unit in units if unit.id in within]
    if request.GET.get("art"):
        units = [unit for unit in units if unit.kind == request.GET["art"]]
    return _file(kind_of_file, f"enheder-{day.isoformat()}", units_table(whole, units))


@requires(VIEW)
def diff_file(request: HttpRequest, kind_of_file: str) -> HttpResponse:
    """The differences between two days as CSV or Excel."""
    limits = bounds()
    first = asked_day(request, "fra", FIRST_COMPARED, limits)
    last = asked_day(request, "til", clock.today(), limits)
    found = compare(first, last, only_social=request.GET.get("omfang") != "hele")
    return _file(kind_of_file, f"forskelle-{first.isoformat()}-{last.isoformat()}", differences_table(found))


def _file(kind_of_file: str, filename: str, table: tuple[list[str], list[list[Any]]]) -> HttpResponse:
    response = sheet_response(kind_of_file, filename, *table)
    if response is None:
        raise Http404(_("Tabellen findes som csv og xlsx."))
    return response
