"""What can happen to a status report: drawn from the thread, edited, drawn anew, sent, returned, approved, superseded.

Two people stand behind an approved report: whoever sent it, and the leader who approved it. Once approved it is locked
with everything it was drawn from; a correction is another edition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.reach import within
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import require_write
from roedtraad.practice.models import ReportReading, StatusReport
from roedtraad.practice.queries.report_inputs import thread_of
from roedtraad.practice.queries.reports import municipal_reports, parts_of, sealed_content
from roedtraad.practice.rules.report import draft as drawn_from
from roedtraad.practice.rules.report_text import (
    part_of,
    parts_json,
    redrawn,
    seal,
    written,
)
from roedtraad.practice.rules.report_thread import as_json
from roedtraad.practice.services.common import Changed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST = 20_000
LONGEST_PERIOD = dt.timedelta(days=2 * 366)
State = StatusReport.State


@transaction.atomic
def draft(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> StatusReport:
    """Draw a report for the days from `first` to `last` (both included) from the thread.

    The one that is open already is answered instead, as it is: there is one at a time for a citizen. Refusal beside
    its field for a period that ends before it begins, has not ended, or is longer than two years.
    """
    require_write(user, citizen)
    _check_period(citizen, first, last)
    return _begun(user, citizen, first, last)


def open_report(citizen: Citizen) -> StatusReport | None:
    """The citizen's report that is not approved yet, or None. One SQL statement."""
    return StatusReport.objects.filter(citizen=citizen).exclude(state=State.APPROVED).first()


@transaction.atomic
def edit(
    user: User,
    report: StatusReport,
    texts: Mapping[str, str],
    *,
    version: int,
    shared_with_citizen: bool | None = None,
) -> StatusReport:
    """Save the texts of a draft by the parts' keys; parts that are not named stay as they are.

    `Changed` when somebody else has saved since `version` was read.
    """
    held = _held(user, report, version)
    parts = parts_of(held)
    unknown = set(texts) - {part.key for part in parts}
    if unknown:
        raise Refusal(_("Et af afsnittene er der ikke længere. Hent siden igen."))
    for key, text in texts.items():
        if len(text) > LONGEST:
            raise Refusal(_("Et afsnit må højst fylde 20.000 tegn."), key)
    held.sections = parts_json(written(parts, texts))
    if shared_with_citizen is not None:
        held.shared_with_citizen = shared_with_citizen
    return _save(user, held, "statusrapport rettet", "sections", "shared_with_citizen")


@transaction.atomic
def refresh(
    user: User,
    report: StatusReport,
    *,
    version: int,
    take: Collection[str] = (),
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> StatusReport:
    """Draw a draft anew, perhaps for another period. Parts that nobody has edited follow the thread; edited ones stay,
    marked to be looked at, unless their key is in `take`. `Changed` and Refusals as `edit` and `draft`."""
    held = _held(user, report, version)
    held.first_day, held.last_day = first or held.first_day, last or held.last_day
    _check_period(held.citizen, held.first_day, held.last_day)
    thread = thread_of(held.citizen, held.first_day, held.last_day)
    held.sections = parts_json(redrawn(parts_of(held), drawn_from(thread), take))
    held.inputs, held.drawn_at = as_json(thread), clock.now()
    return _save(
        user, held, "statusrapport hentet på ny", "first_day", "last_day", "sections", "inputs", "drawn_at"
    )


@transaction.atomic
def send_for_approval(user: User, report: StatusReport, *, version: int) -> StatusReport:
    """Send a draft to the leader. Refusal for an empty one, and for one with parts still to be looked at."""
    held = _held(user, report, version)
    parts = parts_of(held)
    if not any(part.text for part in parts):
        raise Refusal(_("Rapporten er tom. Skriv i mindst ét afsnit."))
    waiting = [part.heading for part in parts if part.look]
    if waiting:
        raise Refusal(
            _("Tråden siger noget nyt om %(what)s. Se afsnittet efter, og gem det, før du sender.")
            % {"what": waiting[0]}
        )
    held.state, held.sent_by, held.sent_at, held.sender = State.WAITING, user, clock.now(), str(user)[:150]
    return _save(user, held, "statusrapport sendt til godkendelse", "state", "sent_by", "sent_at", "sender")


@transaction.atomic
def return_with_comment(user: User, report: StatusReport, comment: str) -> StatusReport:
    """Send a report back to be written on, and say why."""
    held = _waiting(user, report)
    said = comment.strip()
    if not said:
        raise Refusal(_("Skriv, hvad der skal rettes."), "comment")
    if len(said) > 2000:
        raise Refusal(_("Skriv det på højst 2.000 tegn."), "comment")
    held.state, held.comment = State.DRAFT, said
    held.returned_by, held.returned_at = user, clock.now()
    return _save(user, held, "statusrapport sendt tilbage", "state", "comment", "returned_by", "returned_at")


@transaction.atomic
def approve(user: User, report: StatusReport, *, version: int) -> StatusReport:
    """Approve and lock a report: the leader, and not the one who sent it. From now on the municipality reads it.

    `Changed` when it is not the one that was read.
    """
    held = _waiting(user, report)
    if held.version != version:
        raise Changed(held)
    if held.sent_by_id == user.pk:
        raise Refusal(
            _("Du har selv sendt rapporten. En anden skal godkende den, eller en kollega skal sende den.")
        )
    held.state, held.approved_by, held.approved_at = State.APPROVED, user, clock.now()
    held.approver = str(user)[:150]
    held.seal = seal(sealed_content(held))
    return _save(
        user, held, "statusrapport godkendt", "state", "approved_by", "approved_at", "approver", "seal"
    )


@transaction.atomic
def supersede(user: User, report: StatusReport) -> StatusReport:
    """Begin another edition of an approved report, for the same period and with its texts; what nobody had edited
    follows the thread as it is now. The one there is already is answered. The old one stands until then, and after.

    Refusal for a report that is not approved, and when another report about the citizen is being written.
    """
    require_write(user, report.citizen)
    if report.state != State.APPROVED:
        raise Refusal(_("Rapporten er ikke godkendt endnu. Ret den i stedet."))
    newer = StatusReport.objects.filter(supersedes=report).first()
    if newer is not None:
        return newer
    busy = open_report(report.citizen)
    if busy is not None:
        raise Refusal(_("Der er en anden rapport i gang om borgeren. Gør den færdig først."))
    thread = thread_of(report.citizen, report.first_day, report.last_day)
    with change(user, "ny udgave af statusrapport begyndt"):
        return StatusReport.objects.create(
            citizen=report.citizen,
            written_by=user,
            supersedes=report,
            edition=report.edition + 1,
            first_day=report.first_day,
            last_day=report.last_day,
            sections=parts_json(redrawn(parts_of(report), drawn_from(thread), ())),
            inputs=as_json(thread),
            shared_with_citizen=report.shared_with_citizen,
        )


@transaction.atomic
def discard(user: User, report: StatusReport) -> None:
    """Throw one's own draft away. Refusal for one that is sent or approved, AccessDenied for another's."""
    require_write(user, report.citizen)
    held = _locked(report)
    if held is None or held.state != State.DRAFT:
        raise Refusal(_("Rapporten er sendt og kan ikke slettes."))
    if held.written_by_id != user.pk:
        raise AccessDenied(_("Kladden er begyndt af en anden. Kun den, der begyndte, kan slette den."))
    with change(user, "kladde til statusrapport slettet"):
        held.delete()


@transaction.atomic
def mark_read(user: User, report: StatusReport) -> ReportReading:
    """Sign that one has read a report, as a caseworker of the municipality. Once; a second time changes nothing."""
    require(user, "report.read")
    if not municipal_reports(user).filter(pk=report.pk).exists():
        raise AccessDenied(_("Rapporten er ikke til din kommune."))
    with change(user, "statusrapport læst"):
        return ReportReading.objects.get_or_create(report=report, reader=user)[0]


def last_reported(citizen: Citizen) -> dt.date | None:
    """The last day an approved report about the citizen covers. One SQL statement."""
    found: dict[str, Any] = StatusReport.objects.filter(citizen=citizen, state=State.APPROVED).aggregate(
        last=Max("last_day")
    )
    return found["last"]


def _begun(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> StatusReport:
    there = open_report(citizen)
    if there is not None:
        return there
    thread = thread_of(citizen, first, last)
    try:
        with transaction.atomic(), change(user, "statusrapport begyndt"):
            return StatusReport.objects.create(
                citizen=citizen,
                written_by=user,
                first_day=first,
                last_day=last,
                sections=parts_json([part_of(section) for section in drawn_from(thread)]),
                inputs=as_json(thread),
            )
    except IntegrityError:
        # A colleague began one in the same moment.
        found = open_report(citizen)
        if found is None:
            raise
        return found


def _check_period(citizen: Citizen, first: dt.date, last: dt.date) -> None:
    if last < first:
        raise Refusal(_("Perioden slutter, før den begynder. Ret en af datoerne."), "last")
    if last > clock.today():
        raise Refusal(_("Perioden kan ikke slutte efter i dag. Ret datoen."), "last")
    if last - first > LONGEST_PERIOD:
        raise Refusal(_("En statusrapport dækker højst to år. Ret en af datoerne."), "first")
    if first < citizen.birth_date:
        raise Refusal(_("Datoen ligger, før borgeren er født. Ret datoen."), "first")


def _locked(report: StatusReport) -> StatusReport | None:
    """The report as it is now, locked for writing. None when it is approved or gone: the database locks no row that
    may not be changed."""
    return (
        StatusReport.objects.select_for_update(of=["self"])
        .select_related("citizen", "supersedes")
        .filter(pk=report.pk)
        .first()
    )


def _held(user: User, report: StatusReport, version: int) -> StatusReport:
    """The draft, locked for writing. `Changed` for another version, Refusal for what is no draft."""
    require_write(user, report.citizen)
    held = _locked(report)
    if held is None or held.state == State.APPROVED:
        raise Refusal(_("Rapporten er godkendt og kan ikke rettes. Lav en ny udgave."))
    if held.state == State.WAITING:
        raise Refusal(
            _("Rapporten venter på godkendelse. Lederen kan sende den tilbage, hvis den skal rettes.")
        )
    if held.version != version:
        raise Changed(held)
    return held


def _waiting(user: User, report: StatusReport) -> StatusReport:
    require(user, "report.approve")
    if not within(user, report.citizen, "report.approve"):
        raise AccessDenied(_("Du kan kun godkende rapporter om borgere i dine enheder."))
    require_write(user, report.citizen)
    held = _locked(report)
    if held is None or held.state != State.WAITING:
        raise Refusal(_("Rapporten venter ikke på godkendelse. Hent siden igen."))
    return held


def _save(user: User, held: StatusReport, why: str, *fields: str) -> StatusReport:
    held.version += 1
    with change(user, why):
        held.save(update_fields=[*fields, "version"])
    return held
