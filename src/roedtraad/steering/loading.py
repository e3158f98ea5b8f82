"""Plans and indicators from the fixture files into the tables.

Only what is missing is written, found by its natural key (a plan's key, a track's number in its plan, an
effort's number under its pejlemærke …). What is there is never changed: the strategy staff may have edited
it. An effort or a line of the timetable that they removed stays removed, because its history remembers it; an
indicator's ties and targets come only with the indicator itself. So a second run writes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import pghistory
from django.apps import apps
from django.db import models, transaction

from roedtraad.core.period import Period
from roedtraad.organisation.models.base import Basis
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
    UnGoal,
    UnTarget,
)

FIXTURES = Path(__file__).parent / "fixtures"
Made = TypeVar("Made", bound=models.Model)


class FixtureError(ValueError):
    """A file cannot be used; the message says where and what to do."""


class Entry:
    """One object of a file, which knows its place so that a refusal can name it."""

    def __init__(self, node: Any, place: str) -> None:
        if not isinstance(node, dict):
            raise FixtureError(f"{place}: her skal stå et objekt med felter.")
        self.node, self.place = node, place

    def value(self, name: str) -> Any:
        """The field; it must be there, though it may be null."""
        if name not in self.node:
            raise FixtureError(f"{self.place}: feltet »{name}« mangler. Tilføj det.")
        return self.node[name]

    def text(self, name: str, model: type[models.Model] | None = None, field: str = "") -> str:
        """A text, at most as long as the column of `model` it goes to."""
        value = self.value(name)
        if not isinstance(value, str):
            raise FixtureError(f"{self.place}: »{name}« skal være en tekst.")
        longest = getattr(model._meta.get_field(field or name), "max_length", None) if model else None
        if longest and len(value) > longest:
            raise FixtureError(
                f"{self.place}: »{name}« er på {len(value)} tegn. Gør den højst {longest} tegn lang."
            )
        return value

    def number(self, name: str) -> int:
        """A whole number, not negative."""
        value = self.value(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise FixtureError(f"{self.place}: »{name}« skal være et helt tal.")
        return value

    def decimal(self, name: str) -> Decimal:
        """A number."""
        try:
            return Decimal(str(self.value(name)))
        except InvalidOperation:
            raise FixtureError(f"{self.place}: »{name}« skal være et tal.") from None

    def day(self, name: str) -> dt.date:
        """An ISO date."""
        try:
            return dt.date.fromisoformat(self.text(name))
        except ValueError:
            raise FixtureError(f"{self.place}: »{name}« skal være en dato som 2024-01-31.") from None

    def choice(self, name: str, choices: type[models.TextChoices]) -> str:
        """One of the values of `choices`."""
        value = self.text(name)
        if value not in choices.values:
            raise FixtureError(f"{self.place}: »{name}« skal være en af {', '.join(choices.values)}.")
        return value

    def entries(self, name: str, word: str) -> Iterator[Entry]:
        """The objects of a list; `word` is what one of them is called in a refusal."""
        value = self.value(name)
        if not isinstance(value, list):
            raise FixtureError(f"{self.place}: »{name}« skal være en liste.")
        for count, node in enumerate(value, start=1):
            yield Entry(node, f"{self.place}, {word} {count}")

    def source(self) -> dict[str, str]:
        """The columns that say where the fact stands."""
        source = Entry(self.value("source"), f"{self.place}, kilden")
        return {
            "basis": Basis.DOCUMENT,
            "source_document": source.text("document", Plan, "source_document"),
            "source_section": source.text("section", Plan, "source_section"),
        }


class Shelf:
    """The rows of one table by natural key: those there are, and those that history remembers."""

    def __init__(self, model: type[Made], counts: Counter[str], *keys: str) -> None:
        self.model, self.keys, self.counts = model, keys, counts
        self.rows: dict[tuple[Any, ...], models.Model] = {
            tuple(getattr(row, key) for key in keys): row for row in model._default_manager.all()
        }
        events = apps.get_model("steering", f"{model.__name__}Event")
        self.remembered = set(events._default_manager.values_list(*keys))

    def put(self, **columns: Any) -> Any:
        """The row with this natural key, made when there has never been one; None when it was removed."""
        model: Any = self.model
        fresh = model(**columns)
        key = tuple(getattr(fresh, name) for name in self.keys)
        if key in self.rows or key in self.remembered:
            return self.rows.get(key)
        fresh.save(force_insert=True)
        self.rows[key] = fresh
        self.counts[model._meta.model_name] += 1
        return fresh


@transaction.atomic
def load_plans(folder: Path = FIXTURES) -> dict[str, int]:
    """Load `plans.json` and `indicators.json`; returns how many rows of each table were written.

    FixtureError with the place and what to do when a file is missing or cannot be used: nothing is written.
    """
    counts: Counter[str] = Counter()
    plans = _read(folder / "plans.json")
    indicators = _read(folder / "indicators.json")
    with pghistory.context(reason="indlæst fra dokumenterne"):
        _load_plans(plans, counts)
        _load_indicators(indicators, counts)
    return dict(counts)


def _read(path: Path) -> Entry:
    try:
        return Entry(json.loads(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError:
        raise FixtureError(f"Filen {path.name} findes ikke i mappen.") from None
    except json.JSONDecodeError as error:
        raise FixtureError(f"{path.name}, linje {error.lineno}: filen er ikke gyldig JSON.") from None
    except UnicodeDecodeError:
        raise FixtureError(f"{path.name} er ikke skrevet i UTF-8. Gem den igen som UTF-8.") from None


def _period(entry: Entry) -> Any:
    last = entry.node.get("valid_to")
    try:
        return Period(entry.day("valid_from"), entry.day("valid_to") if last else None).to_range()
    except FixtureError:
        raise
    except ValueError as error:
        raise FixtureError(f"{entry.place}: {error}") from None


def _load_plans(file: Entry, counts: Counter[str]) -> None:
    shelf = Shelf(Plan, counts, "key")
    children = _Children(counts)
    for entry in file.entries("plans", "plan"):
        before = entry.value("successor_of")
        predecessor = shelf.rows.get((before,)) if before else None
        if before and predecessor is None:
            raise FixtureError(f"{entry.place}: planen »{before}«, som den afløser, skal stå før den.")
        plan = shelf.put(
            key=entry.text("key", Plan),
            name=entry.text("name", Plan),
            kind=entry.choice("kind", Plan.Kind),
            vision=entry.text("vision", Plan),
            valid=_period(entry),
            successor_of=predecessor,
            note=entry.text("valid_basis", Plan, "note"),
            **entry.source(),
        )
        if plan is not None:
            for track in entry.entries("tracks", "spor"):
                children.load(plan, track)


class _Children:
    """What hangs under a plan."""

    def __init__(self, counts: Counter[str]) -> None:
        self.tracks = Shelf(Track, counts, "plan_id", "number")
        self.statements = Shelf(Statement, counts, "track_id", "number")
        self.goals = Shelf(Goal, counts, "key")
        self.pejlemaerker = Shelf(Pejlemaerke, counts, "track_id", "number")
        self.efforts = Shelf(PlanEffort, counts, "pejlemaerke_id", "number")
        self.un_goals = Shelf(UnGoal, counts, "track_id", "number")
        self.un_targets = Shelf(UnTarget, counts, "un_goal_id", "code")
        self.timetable = Shelf(TimetableEntry, counts, "track_id", "year", "number")

    def load(self, plan: Plan, entry: Entry) -> None:
        track = self.tracks.put(
            plan=plan,
            key=entry.text("key", Track),
            number=entry.number("number"),
            name=entry.text("name", Track),
            summary=entry.text("summary", Track),
            **entry.source(),
        )
        for item in entry.entries("statements", "udsagn"):
            self.statements.put(
                track=track, number=item.number("number"), text=item.text("text", Statement), **item.source()
            )
        for item in entry.entries("goals", "mål"):
            self.goals.put(
                track=track,
                key=item.text("key", Goal),
                number=item.number("number"),
                name=item.text("name", Goal),
                summary=item.text("summary", Goal),
                **item.source(),
            )
        for item in entry.entries("pejlemaerker", "pejlemærke"):
            self._pejlemaerke(track, item)
        for item in entry.entries("un_goals", "verdensmål"):
            self._un_goal(track, item)
        numbers: Counter[int] = Counter()
        for item in entry.entries("timetable", "linje i tidsplanen"):
            year = item.number("year")
            numbers[year] += 1
            self.timetable.put(
                track=track,
                year=year,
                number=numbers[year],
                text=item.text("text", TimetableEntry),
                **item.source(),
            )

    def _pejlemaerke(self, track: Track, entry: Entry) -> None:
        made = self.pejlemaerker.put(
            track=track,
            number=entry.number("number"),
            heading=entry.text("heading", Pejlemaerke),
            title=entry.text("title", Pejlemaerke),
            summary=entry.text("summary", Pejlemaerke),
            **entry.source(),
        )
        for item in entry.entries("efforts", "indsats"):
            self.efforts.put(
                pejlemaerke=made,
                number=item.number("number"),
                text=item.text("text", PlanEffort),
                **item.source(),
            )

    def _un_goal(self, track: Track, entry: Entry) -> None:
        made = self.un_goals.put(
            track=track,
            number=entry.number("number"),
            name=entry.text("name", UnGoal),
            summary=entry.text("summary", UnGoal),
            **entry.source(),
        )
        for item in entry.entries("targets", "delmål"):
            self.un_targets.put(
                un_goal=made, code=item.text("code", UnTarget), text=item.text("text", UnTarget)
            )


def _load_indicators(file: Entry, counts: Counter[str]) -> None:
    known = set(Indicator.objects.values_list("key", flat=True))
    goals = {goal.key: goal for goal in Goal.objects.all()}
    # The fixtures count pejlemærker through one plan; the file ties to the newest plan that has them.
    marks = {mark.number: mark for mark in Pejlemaerke.objects.order_by("track__plan__valid")}
    for entry in file.entries("indicators", "indikator"):
        key = entry.text("key", Indicator)
        if key in known:
            continue
        definition_basis = entry.text("definition_basis")
        columns = entry.source()
        if not definition_basis.startswith("document"):
            columns["basis"] = Basis.ASSUMPTION
        indicator = Indicator.objects.create(
            key=key,
            number=entry.number("number"),
            name=entry.text("name", Indicator),
            question=entry.text("question", Indicator),
            definition=entry.text("definition", Indicator),
            numerator=entry.text("numerator", Indicator),
            denominator=entry.text("denominator", Indicator),
            unit_of_measure=entry.text("unit", Indicator, "unit_of_measure"),
            direction=entry.choice("direction", Indicator.Direction),
            data_source=entry.text("data_source", Indicator),
            valid=_period(entry),
            note=_in_words(definition_basis),
            **columns,
        )
        counts["indicator"] += 1
        indicator.goals.set(_known(entry, "goal_keys", goals))
        indicator.pejlemaerker.set(_known(entry, "pejlemaerke_numbers", marks))
        for target in entry.entries("targets", "mål"):
            IndicatorTarget.objects.create(
                indicator=indicator,
                value=target.decimal("value"),
                valid=_years(target),
                basis=target.choice("basis", Basis),
                note=target.text("note", IndicatorTarget),
            )
            counts["indicatortarget"] += 1


def _in_words(basis: str) -> str:
    """What the definition rests on, with the file's code words in Danish."""
    return basis.replace("document:", "Fra dokumentet:").replace("assumption:", "antaget:")


def _years(entry: Entry) -> Any:
    first, last = entry.number("year_from"), entry.number("year_to")
    if not 1900 <= first <= last <= 2200:
        raise FixtureError(f"{entry.place}: »year_to« skal være samme år som »year_from« eller senere.")
    return Period(dt.date(first, 1, 1), dt.date(last + 1, 1, 1)).to_range()


def _known(entry: Entry, name: str, among: dict[Any, Made]) -> list[Made]:
    wanted = entry.value(name)
    if not isinstance(wanted, list):
        raise FixtureError(f"{entry.place}: »{name}« skal være en liste.")
    for key in wanted:
        if key not in among:
            raise FixtureError(f"{entry.place}: »{name}« nævner {key}, som ikke findes i plans.json.")
    return [among[key] for key in wanted]
