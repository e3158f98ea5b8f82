"""What a status report shows: its text, and the figures the locked thread holds. The page and the PDF say the same.

The words are Danish whatever language the visitor reads in: a report is a document, and is read as it was approved.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.design.steps import StepsChart, steps_chart
from roedtraad.practice.models import StatusReport
from roedtraad.practice.queries.reports import inputs_of, parts_of
from roedtraad.practice.rules import goals as rules
from roedtraad.practice.rules.report_text import Part
from roedtraad.practice.rules.report_thread import GoalLine, Thread, titles

LANGUAGE = "da"
CHART_WIDTH = 640


@dataclass(frozen=True)
class Rated:
    """A rating: the day, whose view, the step as −2 … +2, and its words."""

    day: dt.date
    who: str
    level: int
    words: str

    @property
    def sign(self) -> str:
        """The step with its sign."""
        return rules.signed(self.level)


@dataclass(frozen=True)
class GoalFigure:
    """A goal: its kind, how it went, and its ratings as a drawing and as rows."""

    title: str
    kind: str
    outcome: str
    state: str
    ratings: list[Rated]
    chart: StepsChart | None

    @property
    def summary(self) -> str:
        """The drawing in a sentence."""
        if not self.ratings:
            return ""
        return _("%(n)s vurderinger, fra %(first)s til %(last)s.") % {
            "n": len(self.ratings),
            "first": danish.day(self.ratings[0].day),
            "last": danish.day(self.ratings[-1].day),
        }


@dataclass(frozen=True)
class EffortFigure:
    """An effort's planned and delivered minutes in the period, and the share of it in words."""

    name: str
    planned: int
    delivered: int

    @property
    def share(self) -> str:
        """Delivered of planned, in whole per cent; a dash when nothing was planned."""
        return danish.percent(100 * self.delivered / self.planned, 0) if self.planned else "–"


@dataclass(frozen=True)
class Shown:
    """A report as it is read. `facts` are label and value; `signed` who stands behind it; `note` says what it is not."""

    title: str
    period: str
    facts: list[tuple[str, str]]
    parts: list[Part]
    goals: list[GoalFigure]
    efforts: list[EffortFigure]
    sources: list[str]
    signed: list[tuple[str, str]]
    note: str
    seal: str
    approved_at: dt.datetime | None


STATES = {
    rules.Outcome.REACHED: "good",
    rules.Outcome.PROGRESSED: "partly",
    rules.Outcome.KEPT: "none",
    rules.Outcome.LOST: "attention",
    rules.Outcome.NOT_RATED: "none",
}


def shown(report: StatusReport) -> Shown:
    """The report as it is read, from nothing but what it holds itself. No SQL."""
    with translation.override(LANGUAGE):
        thread = inputs_of(report)
        named = titles(thread)
        parts = [part for part in parts_of(report) if part.text]
        used = dict.fromkeys(source for part in parts for source in part.sources if source in named)
        return Shown(
            title=_("Statusrapport om %(name)s")
            % {"name": thread.about.name if thread.about else thread.name},
            period=_("%(first)s til %(last)s")
            % {"first": danish.day(report.first_day), "last": danish.day(report.last_day)},
            facts=_facts(report, thread),
            parts=parts,
            goals=[_goal(goal, report) for goal in thread.goals],
            efforts=[EffortFigure(one.name, one.planned, one.delivered) for one in thread.efforts],
            sources=[named[source] for source in used],
            signed=_signed(report),
            note=_note(report),
            seal=report.seal,
            approved_at=report.approved_at,
        )


def _facts(report: StatusReport, thread: Thread) -> list[tuple[str, str]]:
    about = thread.about
    rows = [(_("Periode"), f"{danish.day(report.first_day)} – {danish.day(report.last_day)}")]
    if about is not None:
        rows = [
            (_("Borger"), about.name),
            (_("Født"), danish.day(about.born)),
            (_("Tilbud"), about.home),
            (_("Handlekommune"), about.acting),
            (_("Betalingskommune"), about.paying),
            *rows,
        ]
    rows.append((_("Udgave"), str(report.edition)))
    return [(label, value) for label, value in rows if value]


def _signed(report: StatusReport) -> list[tuple[str, str]]:
    rows = [(_("Hentet fra journalen"), _moment(report.drawn_at))]
    if report.state != StatusReport.State.DRAFT and report.sent_at:
        rows.append((_("Sendt til godkendelse"), f"{report.sender}, {_moment(report.sent_at)}"))
    if report.approved_at:
        rows.append((_("Godkendt og låst"), f"{report.approver}, {_moment(report.approved_at)}"))
    return rows


def _note(report: StatusReport) -> str:
    notes = []
    if report.state == StatusReport.State.DRAFT:
        notes.append(_("Kladde"))
    if report.state == StatusReport.State.WAITING:
        notes.append(_("Ikke godkendt endnu"))
    if settings.EXAMPLE_DATA:
        notes.append(_("Eksempeldata"))
    return " · ".join(notes)


def _goal(goal: GoalLine, report: StatusReport) -> GoalFigure:
    ratings = [rating for rating in goal.ratings if rating.day <= report.last_day]
    outcome = rules.outcome(goal.kind, ratings, goal.baseline)
    return GoalFigure(
        title=goal.title,
        kind=str(rules.KIND_WORDS[goal.kind]),
        outcome=str(rules.OUTCOME_WORDS[outcome]),
        state=STATES[outcome],
        ratings=[
            Rated(rating.day, _who(rating.rater), rating.level, goal.levels.get(rating.level, ""))
            for rating in ratings
        ],
        chart=_chart(goal, ratings, report.last_day),
    )


def _chart(goal: GoalLine, ratings: list[rules.Rating], last: dt.date) -> StepsChart | None:
    if not ratings or not goal.levels:
        return None
    series = [
        (_who(rater), [(rating.day, rating.level) for rating in ratings if rating.rater is rater])
        for rater in (rules.Rater.STAFF, rules.Rater.CITIZEN)
    ]
    levels = [(level, goal.levels[level]) for level in rules.LEVELS]
    return steps_chart(series, levels, first=ratings[0].day, last=last, width=CHART_WIDTH)


def _who(rater: rules.Rater) -> str:
    return _("personalet") if rater is rules.Rater.STAFF else _("borgeren")


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(clock.COPENHAGEN)
    return _("%(day)s kl. %(time)s") % {"day": danish.day(local.date()), "time": f"{local:%H.%M}"}
