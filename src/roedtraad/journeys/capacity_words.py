"""The capacity pages' sentences and pictures, from the answers of the queries. No SQL here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.design.shapes import HeatCell, HeatRow
from roedtraad.journeys.queries.capacity import Capacity, Places
from roedtraad.journeys.queries.heat import DAYS_IN_WEEK, HeatMap, Week
from roedtraad.journeys.queries.occupancy import TimeDays
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.tree import Tree

SHORT_MONTHS = [name[:3] for name in danish.MONTHS]


def answer(total: Capacity, is_today: bool) -> str:
    """The page's first sentence: how full, and how many are free."""
    said = [
        _used(total.residential, (_("døgnplads"), _("døgnpladser")), is_today),
        _used(total.day, (_("dagplads"), _("dagpladser")), is_today),
    ]
    return " ".join(filter(None, said)) or _("Her er ingen pladser på dagen.")


def _used(places: Places, what: tuple[str, str], is_today: bool) -> str:
    if not places.existing and not places.agreed:
        return ""
    free = (_("er ledig"), _("er ledige")) if is_today else (_("var ledig"), _("var ledige"))
    words = {
        "occupied": danish.count(places.occupied, *what),
        "are": _("er") if is_today else _("var"),
        "existing": danish.number(places.existing),
        "free": danish.count(places.free, *free),
    }
    if places.percent is None:
        return _("%(occupied)s af %(existing)s %(are)s belagt, og %(free)s.") % words
    words["agreed"] = danish.count(places.agreed or 0, _("aftalt"), _("aftalte"))
    words["percent"] = danish.percent(places.percent)
    return _("%(occupied)s %(are)s belagt mod %(agreed)s (%(percent)s), og %(free)s.") % words


def chart(months: list[TimeDays]) -> dict[str, Any] | None:
    """Kapacitetsudnyttelse month by month as lines, with a sentence; None when nothing was agreed."""
    lines = [
        {"label": _("Døgn"), "values": [month.residential.percent for month in months]},
        {"label": _("Dag"), "values": [month.day.percent for month in months]},
    ]
    lines = [line for line in lines if any(value is not None for value in line["values"])]
    known = [month for month in months if month.total.percent is not None]
    if not lines or not known:
        return None
    parts = [
        _("%(name)s på %(percent)s") % {"name": name, "percent": danish.percent(percent)}
        for name, percent in ((_("døgn"), known[-1].residential.percent), (_("dag"), known[-1].day.percent))
        if percent is not None
    ]
    said = {"month": _month(known[-1].start), "parts": danish.joined(parts)}
    return {
        "series": lines,
        "labels": [f"{SHORT_MONTHS[month.start.month - 1]} {month.start:%y}" for month in months],
        "summary": _("I %(month)s lå %(parts)s.") % said,
    }


def _month(day: dt.date) -> str:
    return f"{danish.MONTHS[day.month - 1]} {day.year}"


def heat(found: HeatMap, tree: Tree) -> dict[str, Any]:
    """The heat map's columns and rows: places under their unit, weeks with the days in use."""
    titles = [
        _("uge %(week)s, fra %(day)s") % {"week": _week(day), "day": danish.day(day)} for day in found.mondays
    ]
    said: dict[Week, str] = {}
    rows = [
        HeatRow(
            place.code,
            [_cell(week, title, said) for week, title in zip(place.weeks, titles, strict=True)],
            reverse("journeys:place", args=[place.place_id]),
            _group(tree, place.unit_id, place.category),
        )
        for place in found.rows
    ]
    # Rows of one group must stand together to have one heading.
    rows.sort(key=lambda row: (danish.sort_key(row.group), danish.sort_key(row.label)))
    return {"columns": [_column(day) for day in found.mondays], "rows": rows}


def _group(tree: Tree, unit_id: int, category: str) -> str:
    node = tree.by_id.get(unit_id)
    kind = Category(category).label
    return f"{node.name}, {kind}" if node else str(kind)


def _week(day: dt.date) -> int:
    return day.isocalendar().week


def _column(day: dt.date) -> str:
    return _("uge %(week)s") % {"week": _week(day)}


def _cell(week: Week, when: str, said: dict[Week, str]) -> HeatCell:
    """A cell; `said` remembers the words of each kind of week, as hundreds of cells are alike."""
    if week not in said:
        said[week] = _in_words(week)
    if week.closed == DAYS_IN_WEEK:
        return HeatCell(None, "–", f"{when}: {said[week]}")
    text = str(week.lived) if not week.reserved else f"{week.lived or ''}+{week.reserved}"
    return HeatCell(_tone(week), text, f"{when}: {said[week]}")


def _in_words(week: Week) -> str:
    if week.closed == DAYS_IN_WEEK:
        return _("pladsen findes ikke")
    parts = [
        words % {"days": danish.count(days, _("dag"), _("dage"))}
        for days, words in (
            (week.lived, _("%(days)s brugt")),
            (week.reserved, _("%(days)s reserveret")),
            (week.closed, _("%(days)s uden for pladsens periode")),
        )
        if days
    ]
    return danish.joined(parts) if parts else _("ledig")


def _tone(week: Week) -> int:
    """Five tones for 0, 1–2, 3–4, 5–6 and 7 days in use."""
    return sum(week.used >= limit for limit in (1, 3, 5, 7))
