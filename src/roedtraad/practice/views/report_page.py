"""A status report as a page: its text paragraph by paragraph, and for staff the way back into the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from roedtraad.citizens.models import Citizen
from roedtraad.practice.models import StatusReport
from roedtraad.practice.queries.reports import inputs_of
from roedtraad.practice.queries.timeline import link
from roedtraad.practice.report import Shown, pdf_of, shown
from roedtraad.practice.report.shown import EffortFigure, GoalFigure
from roedtraad.practice.rules.report_text import Paragraph, Part
from roedtraad.practice.rules.report_thread import Source, SourceKind, Thread, titles


@dataclass(frozen=True)
class Link:
    """Something in the record a paragraph comes from: what it is called, and its page."""

    title: str
    url: str


@dataclass(frozen=True)
class Told:
    """A paragraph, and the ways back to what it comes from."""

    paragraph: Paragraph
    links: list[Link]


@dataclass(frozen=True)
class Block:
    """A part on the page, with the figures that belong under it."""

    part: Part
    told: list[Told]
    goals: list[GoalFigure]
    efforts: list[EffortFigure]


@dataclass(frozen=True)
class ReportPage:
    """A report on a page. Without `linked` nothing leads into the record."""

    shown: Shown
    blocks: list[Block]
    linked: bool


def page_of(report: StatusReport, citizen: Citizen | None = None) -> ReportPage:
    """The report as a page; for those who read the record, `citizen`'s, with links back to it. No SQL."""
    content = shown(report)
    links = links_of(citizen, inputs_of(report)) if citizen is not None else {}
    return ReportPage(
        content,
        [
            Block(
                part,
                told_of(part.paragraphs, links),
                content.goals if part.key == "goals" else [],
                content.efforts if part.key == "efforts" else [],
            )
            for part in content.parts
        ],
        citizen is not None,
    )


def told_of(paragraphs: Sequence[Paragraph], links: dict[Source, Link]) -> list[Told]:
    """The paragraphs with their links."""
    return [Told(one, [links[source] for source in one.sources if source in links]) for one in paragraphs]


def links_of(citizen: Citizen, thread: Thread) -> dict[Source, Link]:
    """The page in the record of everything a report is drawn from."""
    goal_of = {effort.key: effort.goals[0] for effort in thread.efforts if effort.goals}
    return {source: Link(title, _url(citizen, source, goal_of)) for source, title in titles(thread).items()}


def _url(citizen: Citizen, source: Source, goal_of: dict[str, str]) -> str:
    key = citizen.key
    if source.kind is SourceKind.GOAL:
        return reverse("practice:goal", args=[key, source.key])
    if source.kind is SourceKind.EFFORT and source.key in goal_of:
        return reverse("practice:goal", args=[key, goal_of[source.key]])
    if source.kind is SourceKind.ASSESSMENT:
        return reverse("practice:assessment", args=[key, source.key])
    name = {
        SourceKind.WISH: "practice:wishes",
        SourceKind.ATTENDANCE: "duty:citizen-calendar",
        SourceKind.NETWORK: "citizens:network",
        SourceKind.CONSENT: "citizens:relations",
    }.get(source.kind, "practice:thread")
    address = link(name, key)
    return f"{address}?kort={source.key}" if source.kind is SourceKind.NETWORK and address else address


def pdf_response(report: StatusReport) -> HttpResponse:
    """The report as a file. Its name says the period and the edition, and nobody's name."""
    response = HttpResponse(pdf_of(shown(report)), content_type="application/pdf")
    name = f"statusrapport-{report.last_day:%Y-%m-%d}-udgave-{report.edition}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
