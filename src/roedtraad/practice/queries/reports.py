"""Status reports: a citizen's, those that wait for a leader, and those a municipality may read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, Value

from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.journeys.models import Stay
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import ReportReading, StatusReport
from roedtraad.practice.rules.differences import Side, sides
from roedtraad.practice.rules.report_text import Part, parts_from, seal
from roedtraad.practice.rules.report_thread import Thread, from_json

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

State = StatusReport.State
A_PAGE = 50


@dataclass(frozen=True)
class Difference:
    """A part of two reports side by side; what is in one alone is marked."""

    heading: str
    before: list[Side]
    after: list[Side]

    @property
    def same(self) -> bool:
        """Does the same stand in both?"""
        return not any(side.differs for side in (*self.before, *self.after))


def parts_of(report: StatusReport) -> tuple[Part, ...]:
    """What stands in the report, and what it was drawn from."""
    return parts_from(report.sections)


def inputs_of(report: StatusReport) -> Thread:
    """The thread as it was when the report was drawn."""
    return from_json(report.inputs, Thread)


def sealed_content(report: StatusReport) -> dict[str, Any]:
    """Everything that is locked when a report is approved, the seal of the edition before too."""
    return {
        "key": str(report.key),
        "edition": report.edition,
        "before": report.supersedes.seal if report.supersedes else "",
        "first_day": report.first_day.isoformat(),
        "last_day": report.last_day.isoformat(),
        "sections": report.sections,
        "inputs": report.inputs,
        "drawn_at": _moment(report.drawn_at),
        "shared_with_citizen": report.shared_with_citizen,
        "sender": report.sender,
        "sent_at": _moment(report.sent_at),
        "approver": report.approver,
        "approved_at": _moment(report.approved_at),
    }


def is_intact(report: StatusReport) -> bool:
    """Does an approved report's content still fit its seal? One SQL statement for a later edition."""
    return report.state == State.APPROVED and seal(sealed_content(report)) == report.seal


def reports_of(citizen: Citizen) -> list[StatusReport]:
    """The citizen's reports, the one being written first, then the latest period and edition; with who has read them.

    Two SQL statements.
    """
    found = (
        StatusReport.objects.filter(citizen=citizen)
        .defer("sections", "inputs")
        .select_related("written_by", "superseded_by")
        .prefetch_related("readings__reader")
        .order_by("-last_day", "-edition", "-pk")
    )
    return sorted(found, key=lambda one: one.state == State.APPROVED)


def report_of(citizen: Citizen, key: UUID) -> StatusReport | None:
    """The citizen's report with this key. One SQL statement."""
    return (
        StatusReport.objects.filter(citizen=citizen, key=key)
        .select_related("citizen", "written_by", "supersedes", "superseded_by", "returned_by")
        .first()
    )


def readings_of(report: StatusReport) -> list[ReportReading]:
    """Who in the municipality has signed for having read the report, the first one first. One SQL statement."""
    return list(ReportReading.objects.filter(report=report).select_related("reader").order_by("read_at"))


def own_reports(citizen: Citizen) -> list[StatusReport]:
    """The approved reports that the citizen may read themselves, the latest editions. One SQL statement."""
    return list(_latest(StatusReport.objects.filter(citizen=citizen, shared_with_citizen=True)))


def own_report(citizen: Citizen, key: UUID) -> StatusReport | None:
    """One approved report that the citizen may read themselves. One SQL statement."""
    return (
        StatusReport.objects.filter(citizen=citizen, key=key, state=State.APPROVED, shared_with_citizen=True)
        .select_related("supersedes")
        .first()
    )


def waiting_for(user: User) -> QuerySet[StatusReport]:
    """The reports that wait for the user's approval, the one that has waited longest first."""
    mine = Citizen.objects.filter(visible_q(CITIZEN, user, "report.approve"))
    return (
        StatusReport.objects.filter(state=State.WAITING, citizen__in=mine)
        .select_related("citizen", "sent_by")
        .defer("sections", "inputs")
        .order_by("sent_at", "pk")
    )


def municipal_reports(user: User) -> QuerySet[StatusReport]:
    """The approved reports that the user reads as a caseworker: of the citizens whom the municipality decides or pays
    for, and about the time in which it did. The database says the same (migrations/0007_reports)."""
    ours = reach(user, "report.read").municipalities
    if not ours:
        return StatusReport.objects.none()
    period = Func(
        OuterRef("first_day"),
        OuterRef("last_day"),
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )
    decided = MunicipalityRelation.objects.filter(
        citizen=OuterRef("citizen"),
        kind__in=["acting", "paying"],
        municipality__in=ours,
        valid__overlap=period,
    )
    paid = Stay.objects.filter(
        citizen=OuterRef("citizen"),
        paying_municipality__in=ours,
        withdrawn_at__isnull=True,
        planned__overlap=period,
    )
    seen = Citizen.objects.filter(visible_q(CITIZEN, user, "report.read"))
    return StatusReport.objects.filter(
        Q(Exists(decided)) | Q(Exists(paid)), state=State.APPROVED, citizen__in=seen
    )


def municipal_list(user: User) -> QuerySet[StatusReport]:
    """The latest editions of what the municipality may read, newest first, with `is_read`: has the user signed?"""
    signed = ReportReading.objects.filter(report=OuterRef("pk"), reader=user.pk)
    return (
        _latest(municipal_reports(user))
        .annotate(is_read=Exists(signed))
        .select_related("citizen")
        .order_by("-approved_at", "-pk")
    )


@dataclass(frozen=True)
class ReportPage:
    """Some reports of a list, and the cursor of the next ones; empty at the end."""

    reports: list[StatusReport]
    next: str


def municipal_page(user: User, after: str = "", limit: int = A_PAGE) -> ReportPage:
    """The reports of `municipal_list` after the one with key `after`. One SQL statement beside the reach."""
    found = municipal_list(user)
    try:
        here = StatusReport.objects.filter(key=UUID(after))
    except ValueError:
        here = None
    if here is not None:
        at, pk = here.values("approved_at")[:1], here.values("pk")[:1]
        found = found.filter(Q(approved_at__lt=at) | Q(approved_at=at, pk__lt=pk))
    rows = list(found[: limit + 1])
    return ReportPage(rows[:limit], str(rows[limit - 1].key) if len(rows) > limit else "")


def municipal_newer(user: User, report: StatusReport) -> StatusReport | None:
    """The edition that supersedes the report, when the municipality may read it. One SQL statement."""
    return municipal_reports(user).filter(supersedes=report).defer("sections", "inputs").first()


def municipal_report(user: User, key: UUID) -> StatusReport | None:
    """One report the municipality may read. One SQL statement beside the reach."""
    return municipal_reports(user).filter(key=key).select_related("citizen", "supersedes").first()


def unread_count(user: User) -> int:
    """How many reports a caseworker may read and nobody in the municipality has signed for. One SQL statement."""
    read = ReportReading.objects.filter(report=OuterRef("pk"))
    return municipal_list(user).filter(~Exists(read)).order_by().count()


def before(report: StatusReport) -> StatusReport | None:
    """What a report is held against: the edition it supersedes, else the latest approved one that ends before it.

    At most one SQL statement.
    """
    if report.supersedes is not None:
        return report.supersedes
    return (
        StatusReport.objects.filter(
            citizen=report.citizen, state=State.APPROVED, last_day__lt=report.last_day
        )
        .order_by("-last_day", "-edition", "-pk")
        .first()
    )


def differences(earlier: StatusReport, later: StatusReport) -> list[Difference]:
    """The parts of two reports side by side, in the order of the later; parts of the earlier alone come last."""
    old = {part.key: part for part in parts_of(earlier)}
    new = {part.key: part for part in parts_of(later)}
    found = []
    for key in dict.fromkeys([*new, *old]):
        left, right = sides(old[key].text if key in old else "", new[key].text if key in new else "")
        found.append(Difference((new.get(key) or old[key]).heading, left, right))
    return found


def _latest(reports: QuerySet[StatusReport]) -> QuerySet[StatusReport]:
    """The approved ones that no approved one supersedes, without their text."""
    newer = StatusReport.objects.filter(supersedes=OuterRef("pk"), state=State.APPROVED)
    return (
        reports.filter(~Exists(newer), state=State.APPROVED)
        .defer("sections", "inputs")
        .order_by("-last_day", "-pk")
    )


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""
