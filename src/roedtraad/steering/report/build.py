"""What the report says, before it takes a form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.steering.queries import IndicatorView, TargetPicture, target_picture
from roedtraad.steering.queries.picture import target_words
from roedtraad.steering.rules import Measured, State


def state_words(found: Measured | State) -> str:
    """A state in words. A figure that is hidden or has no target says so."""
    if isinstance(found, Measured):
        if found.hidden:
            return _("Skjult, få borgere")
        if found.value is not None and found.target is None:
            return _("Intet mål sat")
        found = found.state
    return {
        "good": _("På sporet"),
        "partly": _("Delvis"),
        "attention": _("Kræver opmærksomhed"),
        "none": _("Ingen data endnu"),
    }[found]


@dataclass(frozen=True)
class ReportMark:
    """A goal or pejlemærke."""

    number: int
    title: str
    state: State
    state_word: str


@dataclass(frozen=True)
class ReportTrack:
    """A track."""

    number: int
    name: str
    statements: tuple[str, ...]
    marks: tuple[ReportMark, ...]


@dataclass(frozen=True)
class ReportFigure:
    """A figure as it is printed: `value` and `target` are numbers, None when hidden or missing."""

    name: str
    value: Decimal | None
    target: Decimal | None
    numerator: int | None
    denominator: int | None
    persons: int | None
    state: State
    state_word: str
    hidden: bool

    @property
    def value_words(self) -> str:
        """The figure in Danish, a dash when there is none."""
        return danish.percent(self.value) if self.value is not None else "–"

    @property
    def target_words(self) -> str:
        """The target in Danish, a dash when there is none."""
        return target_words(self.target) if self.target is not None else "–"


@dataclass(frozen=True)
class ReportIndicator:
    """An indicator with its figure, its years, and the units below."""

    key: str
    number: int
    total: ReportFigure
    sentence: str
    definition: str
    numerator_words: str
    denominator_words: str
    source: str
    document: str
    provisional: bool
    years: tuple[tuple[int, Decimal | None], ...]
    units: tuple[ReportFigure, ...]


@dataclass(frozen=True)
class Report:
    """The target picture of a year for a unit, as it is reported."""

    year: int
    as_of: dt.date
    made_on: dt.date
    plan: str
    vision: str
    unit: str
    tracks: tuple[ReportTrack, ...]
    indicators: tuple[ReportIndicator, ...]
    example_data: bool

    @property
    def title(self) -> str:
        """The heading."""
        return _("Målbillede %(year)s") % {"year": self.year}

    @property
    def hides(self) -> bool:
        """Is anything left out to protect small groups?"""
        return any(figure.hidden for row in self.indicators for figure in (row.total, *row.units))

    @property
    def protection(self) -> str:
        """Why something is left out."""
        return _(
            "Tal, som færre end fem borgere står bag, vises ikke, og heller ikke tal, der kunne bruges til at "
            "regne dem ud."
        )


def report(year: int, unit: str | None = None) -> Report:
    """The report of a year for the unit with the key (all).

    ValueError for a year that cannot be shown, LookupError for a unit without figures; both with a sentence.
    """
    return report_of(target_picture(year, unit or ""))


def report_of(picture: TargetPicture) -> Report:
    """The report of a picture. No further SQL."""
    return Report(
        year=picture.year,
        as_of=picture.as_of,
        made_on=clock.today(),
        plan=picture.plan.name if picture.plan else "",
        vision=picture.plan.vision if picture.plan else "",
        unit=picture.unit_name,
        tracks=tuple(
            ReportTrack(
                track.number,
                track.name,
                track.statements,
                tuple(
                    ReportMark(mark.number, mark.title, mark.state, state_words(mark.state))
                    for mark in track.marks
                ),
            )
            for track in picture.tracks
        ),
        indicators=tuple(_indicator(view) for view in picture.indicators),
        example_data=settings.EXAMPLE_DATA,
    )


def _indicator(view: IndicatorView) -> ReportIndicator:
    return ReportIndicator(
        key=view.key,
        number=view.number,
        total=_figure(view.name, view.measured),
        sentence=view.sentence,
        definition=view.definition,
        numerator_words=view.numerator_words,
        denominator_words=view.denominator_words,
        source=view.source,
        document=view.document,
        provisional=view.measured.provisional,
        years=tuple((item.year, item.value) for item in view.measured.trend),
        units=tuple(_figure(unit.name, unit.measured) for unit in view.units),
    )


def _figure(name: str, found: Measured) -> ReportFigure:
    return ReportFigure(
        name=name,
        value=found.value,
        target=found.target,
        numerator=found.numerator,
        denominator=found.denominator,
        persons=found.persons,
        state=found.state,
        state_word=state_words(found),
        hidden=found.hidden,
    )
