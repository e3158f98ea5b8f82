"""Status reports where the demo's leader leads, and where its support worker works: approved ones, some read by the
municipality, some corrected once, and a few that wait or are being written.

They are drawn by the same rules from the rows written before, and in bulk: a report says what the records say. What
was delivered is kept for the last weeks alone, so that is the time they cover.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from roedtraad.access.roles import Role
from roedtraad.access.services import grant_role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.demo import distributions as d
from roedtraad.demo.notable import WORKPLACE
from roedtraad.demo.phrases import compose, kinds
from roedtraad.demo.record import CitizenRecord
from roedtraad.demo.record_people import in_hours, key_of
from roedtraad.demo.record_tasks import WEEKS
from roedtraad.demo.record_write import RecordWriter
from roedtraad.organisation.models import Unit
from roedtraad.organisation.tree import tree
from roedtraad.practice.models import ReportReading, StatusReport
from roedtraad.practice.queries.report_inputs import threads
from roedtraad.practice.queries.reports import sealed_content
from roedtraad.practice.rules.report import draft
from roedtraad.practice.rules.report_text import Part, part_of, parts_json, seal, written
from roedtraad.practice.rules.report_thread import Thread, as_json

# Who approves where: the leader with a login, and one nobody can log in as.
LEADERS = {"sau": "leder", WORKPLACE: "leder-tangkaer"}
WORKPLACE_LEADER = "Lars Vestergaard Prøve"
CASEWORKERS = {"0791": "viborg", "0751": "aarhus"}
FIRST, LAST = d.CUT_DAY - dt.timedelta(days=7 * WEEKS - 1), d.CUT_DAY - dt.timedelta(days=5)
DRAWN, SENT, APPROVED = (LAST + dt.timedelta(days=n) for n in (1, 2, 3))
# What has become of each, how often the staff wrote something themselves, how often it was corrected, and read.
STATES = (("approved", 74), ("waiting", 6), ("draft", 8), ("", 12))
WRITTEN_SHARE, CORRECTED_SHARE, READ_SHARE = 0.45, 0.05, 0.5
TRENDS = (kinds.PROGRESS, kinds.STANDSTILL, kinds.SETBACK)


def write_reports(writer: RecordWriter) -> None:
    """The reports, and the receipts of the caseworkers with a login."""
    _write_leader(writer)
    chosen = list(_chosen(writer))
    citizens = {
        one.pk: one for one in Citizen.objects.filter(pk__in=[writer.numbers.of(one) for one, *_ in chosen])
    }
    drawn = threads(list(citizens.values()), FIRST, LAST)
    names = dict(User.objects.values_list("pk", "full_name"))
    reports, later = [], []
    for one, state, leader in chosen:
        rng = one.resident.draws(writer.found.seed, "report", "text")
        number = writer.numbers.of(one)
        made = _report(rng, writer, one, drawn[number])
        made.citizen = citizens[number]
        if state == StatusReport.State.APPROVED and rng.random() < CORRECTED_SHARE:
            later.append((rng, one, made))
        _carry_on(rng, made, state, writer.numbers.users[leader], names)
        reports.append(made)
    StatusReport.objects.bulk_create(reports, batch_size=200)
    corrected = [
        _corrected(rng, one, made, writer, drawn[writer.numbers.of(one)]) for rng, one, made in later
    ]
    StatusReport.objects.bulk_create(corrected, batch_size=200)
    writer.counts["reports"] = len(reports) + len(corrected)
    _write_readings(writer, [(one, made) for (one, *_), made in zip(chosen, reports, strict=True)])


def _write_leader(writer: RecordWriter) -> None:
    """The leader of the place where the support worker works. Nobody can log in as them."""
    leader = User(username=LEADERS[WORKPLACE], full_name=WORKPLACE_LEADER)
    leader.set_unusable_password()
    leader.save()
    unit = Unit.objects.get(pk=writer.numbers.units[WORKPLACE])
    grant_role(leader, Role.LEADER, unit, start=d.WORLD_START, reason="eksempeldata")
    writer.numbers.users[leader.username] = leader.pk


def _chosen(writer: RecordWriter) -> Iterator[tuple[CitizenRecord, str, str]]:
    """Those who live where one of the leaders leads, what has become of their report, and who leads there."""
    known = tree(d.CUT_DAY)
    leader_of = {
        unit: leader
        for key, leader in LEADERS.items()
        if (node := known.by_key(key)) is not None
        for unit in known.below(node.id)
    }
    own = writer.found.known.own
    for one in writer.found.citizens:
        resident = one.resident
        leader = leader_of.get(writer.numbers.units[resident.unit])
        if leader is None or resident.gone or resident.since > FIRST:
            continue
        rng = resident.draws(writer.found.seed, "report")
        state = rng.choices([state for state, _ in STATES], [weight for _, weight in STATES])[0]
        if resident.key == own:
            state = StatusReport.State.APPROVED
        if state:
            yield one, state, leader


def _report(rng: random.Random, writer: RecordWriter, one: CitizenRecord, thread: Thread) -> StatusReport:
    """The draft, with a word of the staff's own in some."""
    parts: list[Part] = [part_of(section) for section in draft(thread)]
    if rng.random() < WRITTEN_SHARE:
        said = compose.follow_up(rng, one.resident.person, rng.choice(TRENDS))
        text = next(part.text for part in parts if part.key == "goals")
        parts = list(written(parts, {"goals": f"{text}\n\n{said}"}))
    at = in_hours(rng, DRAWN)
    return StatusReport(
        key=key_of(rng, at),
        written_by_id=writer.numbers.users[rng.choice(one.resident.staff)],
        written_at=at,
        drawn_at=at,
        first_day=FIRST,
        last_day=LAST,
        sections=parts_json(parts),
        inputs=as_json(thread),
        version=2,
    )


def _carry_on(rng: random.Random, made: StatusReport, state: str, leader: int, names: dict[int, str]) -> None:
    """Send it, and approve it, when it has come so far."""
    if state == StatusReport.State.DRAFT:
        return
    made.state = state
    made.sent_by_id, made.sent_at = made.written_by_id, in_hours(rng, SENT)
    made.sender = names[made.written_by_id]
    if state == StatusReport.State.APPROVED:
        made.approved_by_id, made.approved_at = leader, in_hours(rng, APPROVED)
        made.approver = names[leader]
        made.seal = seal(sealed_content(made))


def _corrected(
    rng: random.Random, one: CitizenRecord, before: StatusReport, writer: RecordWriter, thread: Thread
) -> StatusReport:
    """Another edition with a sentence more."""
    made = _report(rng, writer, one, thread)
    made.citizen, made.supersedes, made.edition = before.citizen, before, 2
    said = compose.follow_up(rng, one.resident.person, kinds.PROGRESS)
    for section in made.sections:
        if section["key"] == "next":
            section["text"] += f"\n\n{said}"
    made.state = StatusReport.State.APPROVED
    approved = before.approved_at or in_hours(rng, APPROVED)
    made.sent_by_id, made.sender = before.sent_by_id, before.sender
    made.sent_at = approved + dt.timedelta(hours=1)
    made.approved_by_id, made.approver = before.approved_by_id, before.approver
    made.approved_at = approved + dt.timedelta(hours=2)
    made.seal = seal(sealed_content(made))
    return made


def _write_readings(writer: RecordWriter, reports: list[tuple[CitizenRecord, StatusReport]]) -> None:
    """Half of what the caseworkers with a login may read, they have signed for."""
    readings = []
    for one, made in reports:
        login = CASEWORKERS.get(one.resident.payer)
        rng = one.resident.draws(writer.found.seed, "report", "read")
        if login and made.state == StatusReport.State.APPROVED and rng.random() < READ_SHARE:
            at = in_hours(rng, APPROVED) + dt.timedelta(days=1)
            readings.append(ReportReading(report=made, reader_id=writer.numbers.users[login], read_at=at))
    ReportReading.objects.bulk_create(readings)
