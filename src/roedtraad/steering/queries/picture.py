"""The target picture of a year: vision, tracks, goals or pejlemærker, and the indicators of a unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.core.period import Period
from roedtraad.steering import rules
from roedtraad.steering.figures import Reading, UnitFigure, YearTree, figures
from roedtraad.steering.indicators import query_of, source_words
from roedtraad.steering.models import Goal, Indicator, IndicatorTarget, Pejlemaerke, Plan, Track
from roedtraad.steering.queries.parts import Part, parts_of
from roedtraad.steering.rules import Measured, State, YearValue

NO_ID = -1


@dataclass(frozen=True)
class UnitView:
    """A unit on the picture: what it is called, whether one can go down to it, and its figure."""

    key: str
    name: str
    kind: str
    measured: Measured
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with its figure for the unit and the year, and those of the units below."""

    pk: int
    key: str
    number: int
    name: str
    question: str
    definition: str
    numerator_words: str
    denominator_words: str
    unit_of_measure: str
    direction: str
    source: str
    document: str
    measured: Measured
    sentence: str
    parts: tuple[Part, ...] = ()
    units: tuple[UnitView, ...] = ()
    targets: tuple[IndicatorTarget, ...] = ()
    trees: dict[int, YearTree] = field(default_factory=dict, repr=False)

    @property
    def sign(self) -> str:
        """The unit of measure as it stands after a figure."""
        return "%" if self.unit_of_measure == "procent" else self.unit_of_measure


@dataclass(frozen=True)
class MarkView:
    """A goal or a pejlemærke: a number, a name, and the state gathered from its indicators."""

    pk: int
    key: str
    number: int
    title: str
    heading: str
    summary: str
    state: State

    @property
    def is_goal(self) -> bool:
        """Goals have a key of their own, pejlemærker have not."""
        return bool(self.key)


@dataclass(frozen=True)
class TrackView:
    """A track with its statements and its marks."""

    pk: int
    number: int
    name: str
    summary: str
    statements: tuple[str, ...]
    marks: tuple[MarkView, ...]


@dataclass(frozen=True)
class TargetPicture:
    """Everything the picture shows for a year and a unit."""

    year: int
    first_year: int
    last_year: int
    as_of: dt.date
    plan: Plan | None
    plans: tuple[Plan, ...]
    tracks: tuple[TrackView, ...]
    indicators: tuple[IndicatorView, ...]
    unit_key: str
    unit_name: str
    path: tuple[tuple[str, str], ...]

    @property
    def marks(self) -> list[MarkView]:
        """All goals and pejlemærker, in the order of their numbers."""
        return sorted((mark for track in self.tracks for mark in track.marks), key=lambda mark: mark.number)


def target_picture(year: int | None = None, unit: str = "", plan: str = "") -> TargetPicture:
    """The picture of `year` (this year) for the unit with the key (all), seen through the plan (the newest).

    At most fourteen SQL statements, six when nothing has been changed since the last time. LookupError with a
    sentence when the unit has nothing counted in any year, or the plan is not known; ValueError for a year
    outside those that can be shown.
    """
    today = clock.today()
    said = ArrayAgg(
        "statements__text", order_by="statements__number", filter=Q(statements__isnull=False), default=[]
    )
    tracks: list[Any] = list(
        Track.objects.select_related("plan").annotate(said=said).order_by("plan_id", "number")
    )
    everything = {track.plan_id: track.plan for track in tracks}
    rows = list(with_ties(Indicator.objects.all()))
    starts = [row.valid.lower.year for row in everything.values()] + [row.valid.lower.year for row in rows]
    first, last = min(starts, default=today.year), today.year
    chosen_year = today.year if year is None else year
    if not first <= chosen_year <= last:
        raise ValueError(
            _("Målbilledet kan vises for årene %(first)s til %(last)s. Vælg et af dem.")
            % {"first": first, "last": last}
        )
    day = day_of(chosen_year)
    in_force = sorted(
        (
            row
            for row in everything.values()
            if Period.from_range(row.valid).overlaps(Period.year(chosen_year))
        ),
        key=lambda row: row.valid.lower,
        reverse=True,
    )
    if plan and not any(row.key == plan for row in in_force):
        raise LookupError(_("Den plan gælder ikke i %(year)s. Vælg en anden plan.") % {"year": chosen_year})
    shown = next((row for row in in_force if not plan or row.key == plan), None)
    indicators = views([row for row in rows if _holds(row, day)], chosen_year, unit)
    states = _states_by_mark(rows, indicators)
    name, path = _where(indicators, chosen_year, unit)
    return TargetPicture(
        year=chosen_year,
        first_year=first,
        last_year=last,
        as_of=day,
        plan=shown,
        plans=tuple(in_force),
        tracks=_tracks([track for track in tracks if shown and track.plan_id == shown.pk], states),
        indicators=tuple(indicators),
        unit_key=unit,
        unit_name=name,
        path=path,
    )


def indicators_of(year: int, unit: str = "", **only: Any) -> list[IndicatorView]:
    """The indicators of a year for a unit (all); `only` narrows them (`key=…`, `goals=…`, `pejlemaerker=…`).

    At most seven SQL statements. LookupError with a sentence when the unit has nothing counted in any year.
    """
    rows = Indicator.objects.filter(**only).order_by("number")
    found = [row for row in rows if only or _holds(row, day_of(year))]
    shown = views(found, year, unit)
    _where(shown, year, unit)
    return shown


def day_of(year: int) -> dt.date:
    """The day a year is seen from: its last, or today."""
    return min(dt.date(year, 12, 31), clock.today())


def with_ties(rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators with the numbers of the goals and pejlemærker they hang on, in the same statement."""
    return rows.annotate(
        goal_ids=ArrayAgg("goals", distinct=True, filter=Q(goals__isnull=False), default=[]),
        mark_ids=ArrayAgg("pejlemaerker", distinct=True, filter=Q(pejlemaerker__isnull=False), default=[]),
    ).order_by("number")


def _holds(row: Indicator | Plan, day: dt.date) -> bool:
    return Period.from_range(row.valid).contains(day)


def views(rows: list[Indicator], year: int, unit: str) -> list[IndicatorView]:
    """The indicators with their figures."""
    targets: dict[int, list[IndicatorTarget]] = defaultdict(list)
    found = IndicatorTarget.objects.filter(indicator__in=rows).select_related("unit").order_by("valid", "pk")
    for target in found:
        targets[target.indicator_id].append(target)
    reading = Reading()
    return [_view(row, targets[row.pk], year, unit, reading) for row in rows]


def _view(
    row: Indicator, targets: list[IndicatorTarget], year: int, unit: str, reading: Reading
) -> IndicatorView:
    trees = figures(row.key, row.valid.lower.year, reading)
    tree = trees.get(year)
    found = measured(row, trees, targets, year, unit)
    node = _node(tree, unit, for_children=True) if tree else None
    query = query_of(row.key)
    source = source_words(row.data_source)
    return IndicatorView(
        pk=row.pk,
        key=row.key,
        number=row.number,
        name=row.name,
        question=row.question,
        definition=row.definition,
        numerator_words=row.numerator,
        denominator_words=row.denominator,
        unit_of_measure=row.unit_of_measure,
        direction=row.direction,
        source=source,
        document=f"{row.source_document}, {row.source_section}" if row.source_document else "",
        measured=found,
        sentence=sentence(str(query.definite) if query else row.name, found, year, source),
        parts=parts_of(_node(tree, unit) if tree else None),
        units=tuple(
            UnitView(
                child.key,
                child.name,
                child.kind,
                measured(row, trees, targets, year, child.key) if child.key else _own_part(child, tree),
                parts_of(child),
            )
            for child in (node.children if node else [])
        ),
        targets=tuple(targets),
        trees=trees,
    )


def _own_part(child: UnitFigure, tree: YearTree | None) -> Measured:
    return Measured(
        value=child.value,
        numerator=child.numerator,
        denominator=child.denominator,
        persons=child.persons,
        hidden=child.hidden,
        provisional=bool(tree and tree.provisional),
    )


def _node(tree: YearTree, unit: str, *, for_children: bool = False) -> UnitFigure | None:
    if unit:
        return tree.by_key.get(unit)
    # The children of the lowest unit that holds everything say more than a chain of only children.
    return tree.top if for_children else tree.root


def measured(
    row: Indicator, trees: dict[int, YearTree], targets: list[IndicatorTarget], year: int, unit: str
) -> Measured:
    """The figure of a unit in a year, with its trend up to that year."""
    trend: list[YearValue] = []
    for each in sorted(trees):
        node = _node(trees[each], unit) if each <= year else None
        # A trend begins with the first year there is something to tell of; a year without later is a gap.
        if node is not None and (trend or node.hidden or node.value is not None):
            trend.append(YearValue(each, node.value, trees[each].provisional, node.hidden))
    tree = trees.get(year)
    node = _node(tree, unit) if tree else None
    goal_value = _target(targets, node, day_of(year))
    if tree is None or node is None:
        return Measured(target=goal_value, trend=tuple(trend))
    return Measured(
        value=node.value,
        numerator=node.numerator,
        denominator=node.denominator,
        target=goal_value,
        state=rules.state_of(node.value, goal_value, row.direction),
        trend=tuple(trend),
        provisional=tree.provisional,
        persons=node.persons,
        hidden=node.hidden,
    )


def _target(targets: list[IndicatorTarget], node: UnitFigure | None, day: dt.date) -> Decimal | None:
    """The unit's own target, else that of the nearest unit above, else the one for all."""
    in_force = {row.unit_id: row.value for row in targets if Period.from_range(row.valid).contains(day)}
    for step in reversed(node.path if node else []):
        if step.id in in_force:
            return in_force[step.id]
    return in_force.get(None)


def sentence(name: str, found: Measured, year: int, source: str) -> str:
    """The answer in words: the figure, its target, and how it has moved."""
    if found.hidden:
        return _(
            "%(name)s vises ikke for %(year)s: færre end fem borgere står bag, "
            "eller tallet kunne regnes ud af de andre."
        ) % {"name": name, "year": year}
    if found.value is None:
        return _("%(name)s: ingen data endnu for %(year)s. Tallet kommer fra %(source)s.") % {
            "name": name, "year": year, "source": source,
        }  # fmt: skip
    said = [
        _("%(name)s er %(value)s i %(year)s.")
        % {"name": name, "value": danish.percent(found.value), "year": year}
    ]
    if found.target is not None:
        said.append(_("Målet er %(target)s.") % {"target": target_words(found.target)})
    moved = rules.movement(found.trend)
    if moved is not None:
        words = {
            "stable": _("Den har ligget stabilt siden %(since)s."),
            "up": _("Den er steget %(change)s procentpoint siden %(since)s."),
            "down": _("Den er faldet %(change)s procentpoint siden %(since)s."),
        }
        said.append(words[moved.kind] % {"since": moved.since, "change": danish.number(abs(moved.change), 1)})
    if found.provisional:
        said.append(_("Året er ikke slut, så tallet er foreløbigt."))
    return " ".join(said)


def target_words(value: Decimal) -> str:
    """A target with no more decimals than it has: "95 %", "97,5 %"."""
    decimals = max(0, -int(value.normalize().as_tuple().exponent)) if value % 1 else 0
    return danish.percent(value, decimals)


def _states_by_mark(rows: list[Indicator], shown: list[IndicatorView]) -> dict[tuple[str, int], State]:
    states = {view.pk: view.measured.state for view in shown}
    found: dict[tuple[str, int], list[State]] = defaultdict(list)
    for row in rows:
        for kind, name in (("goal", "goal_ids"), ("mark", "mark_ids")):
            for pk in getattr(row, name):
                found[kind, pk].append(states.get(row.pk, "none"))
    return {key: rules.gathered(values) for key, values in found.items()}


def _tracks(tracks: list[Any], states: dict[tuple[str, int], State]) -> tuple[TrackView, ...]:
    ids = [track.pk for track in tracks] or [NO_ID]
    marks: dict[int, list[MarkView]] = defaultdict(list)
    for goal in Goal.objects.filter(track__in=ids).order_by("number"):
        state = states.get(("goal", goal.pk), "none")
        marks[goal.track_id].append(
            MarkView(goal.pk, goal.key, goal.number, goal.name, "", goal.summary, state)
        )
    for mark in Pejlemaerke.objects.filter(track__in=ids).order_by("number"):
        state = states.get(("mark", mark.pk), "none")
        marks[mark.track_id].append(
            MarkView(mark.pk, "", mark.number, mark.title, mark.heading, mark.summary, state)
        )
    return tuple(
        TrackView(
            track.pk,
            track.number,
            track.name,
            track.summary,
            tuple(track.said),
            tuple(marks[track.pk]),
        )
        for track in tracks
    )


def _where(indicators: list[IndicatorView], year: int, unit: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The unit's name, and the way down to it from the unit that holds everything, as (name, key)."""
    trees = [view.trees for view in indicators if view.trees]
    for each in trees:
        tree = each.get(year)
        top = tree.top if tree else None
        node = (tree.by_key.get(unit) if unit else top) if tree else None
        if node is not None and top is not None:
            steps = node.path[max(len(top.path) - 1, 0) :] if node.id != top.id else [node]
            # The unit that holds everything is the picture itself.
            return node.name, tuple((step.name, step.key if step.id != top.id else "") for step in steps)
    if not unit:
        return _("Alle enheder"), ((_("Alle enheder"), ""),)
    for each in trees:
        for tree in reversed(each.values()):
            if unit in tree.by_key:
                return tree.by_key[unit].name, ((tree.by_key[unit].name, unit),)
    raise LookupError(_("Enheden findes ikke, eller der er ikke talt noget for den endnu."))
