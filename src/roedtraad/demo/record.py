"""The records of the region's citizens as plain rows: the demo year filled. Pure.

Everybody who lives or comes somewhere now has wishes, goals, efforts, assessments, a circle of people, notes and tasks
(`record_*`). In the larger worlds only some of the region's own citizens have a record, so that what those worlds
measure stays comparable from version to version.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import (
    notable,
    record_people,
    record_shift,
    record_tasks,
    record_transitions,
    record_voices,
)
from roedtraad.demo.notable import Notable
from roedtraad.demo.operators import Scale
from roedtraad.demo.phrases import kinds
from roedtraad.demo.plan import OperatorPlan
from roedtraad.demo.record_circle import CirclePlan, circle
from roedtraad.demo.record_notes import FULL_UNITS, NotePlan, notes
from roedtraad.demo.record_people import ColleaguePlan, Resident
from roedtraad.demo.record_thread import ThreadPlan, thread
from roedtraad.demo.record_view import AssessmentPlan, assessments

# The logins with which a citizen and a relative are met.
OWN, RELATIVE = "borger", "paaroerende"


@dataclass(frozen=True, slots=True)
class RecordScale:
    """Which share of those present have a record, and how many notes the one with the long history has."""

    share: float
    long_history: int


RECORDS: dict[Scale, RecordScale] = {
    "region": RecordScale(1.0, 50_000),
    "national": RecordScale(0.1, 2_000),
    "x20": RecordScale(0.1, 2_000),
}


@dataclass(frozen=True, slots=True)
class CitizenRecord:
    """The record of one citizen but for notes and tasks, which are too many to hold for all at once."""

    resident: Resident
    thread: ThreadPlan
    assessments: tuple[AssessmentPlan, ...]
    circle: CirclePlan
    absences: tuple[record_shift.AbsencePlan, ...]

    def away(self) -> frozenset[dt.date]:
        """The whole days somebody was not at home."""
        return frozenset(day for absence in self.absences for day in absence.days())


@dataclass(frozen=True)
class Records:
    """The records of a world, and who writes in them."""

    known: Notable
    colleagues: tuple[ColleaguePlan, ...]
    citizens: tuple[CitizenRecord, ...]
    seed: int
    scale: RecordScale

    def notes(self) -> Iterator[tuple[CitizenRecord, NotePlan]]:
        """All notes, one citizen after another, each in order of time."""
        for one in self.citizens:
            long_history = self.scale.long_history if one.resident.key == self.known.long_history else 0
            for note in notes(
                one.resident,
                one.thread.goals,
                self.seed,
                away=one.away(),
                to_relatives=one.circle.shares("notes"),
                long_history=long_history,
            ):
                yield one, note

    def series(self) -> Iterator[record_tasks.SeriesPlan]:
        """All series of tasks."""
        return record_tasks.series(((one.resident, one.thread.goals) for one in self.citizens), self.seed)

    def tasks(
        self, series: Iterable[record_tasks.SeriesPlan]
    ) -> Iterator[tuple[record_tasks.SeriesPlan, record_tasks.TaskPlan]]:
        """What was done or skipped of the series in the last weeks."""
        persons = {one.resident.key: one.resident.person for one in self.citizens}
        away = {one.resident.key: one.away() for one in self.citizens if one.absences}
        for each in series:
            for task in record_tasks.tasks(each, persons, away, self.seed):
                yield each, task

    def readings(self) -> Iterator[tuple[UUID, record_shift.ReadingPlan]]:
        """The risk of the last days, by the citizen's key."""
        for one in self.citizens:
            for reading in record_shift.readings(one.resident, self.seed):
                yield one.resident.key, reading

    def appointments(self) -> Iterator[tuple[UUID, record_shift.AppointmentPlan]]:
        """The appointments around the last day, by the citizen's key."""
        for one in self.citizens:
            shared = one.circle.shares("calendar")
            for appointment in record_shift.appointments(one.resident, self.seed, to_relatives=shared):
                yield one.resident.key, appointment

    def handovers(self) -> Iterator[record_shift.HandoverPlan]:
        """The last weeks' handovers where the demo's staff work."""
        return record_shift.handovers((one.resident for one in self.citizens), FULL_UNITS, self.seed)

    def transitions(self) -> Iterator[record_transitions.TransitionPlan]:
        """Who came lately and who is about to move."""
        return record_transitions.transitions([one.resident for one in self.citizens], self.known, self.seed)

    def conversations(self) -> Iterator[tuple[str, record_voices.ConversationPlan]]:
        """What the citizen and the relative with a login have written about with the staff, by login."""
        for login, side, key in (
            (OWN, kinds.CITIZEN, self.known.own),
            (RELATIVE, kinds.RELATIVE, self.known.relatives),
        ):
            for talk in record_voices.conversations(self._of(key), side, self.seed):
                yield login, talk

    def moods(self) -> Iterator[tuple[UUID, int, dt.datetime]]:
        """How the citizen with a login has been: key, face and moment."""
        return record_voices.moods(self._of(self.known.own), self.seed)

    def _of(self, key: UUID) -> Resident:
        return next(one.resident for one in self.citizens if one.resident.key == key)


def records(part: OperatorPlan, seed: int, scale: RecordScale) -> Records:
    """The records of the region's own operator."""
    places = {place.code: place for place in part.places}
    known = notable.notable(part.citizens, places)
    colleagues = record_people.colleagues(part.citizens, places, seed)
    residents = record_people.residents(
        part.citizens, places, known, colleagues, seed=seed, share=scale.share
    )
    return Records(
        known, tuple(colleagues), tuple(_record(one, known, seed) for one in residents), seed, scale
    )


def _record(resident: Resident, known: Notable, seed: int) -> CitizenRecord:
    own = resident.key == known.own
    found = thread(resident, seed, own_hand=own)
    login = RELATIVE if resident.key == known.relatives else ""
    return CitizenRecord(
        resident,
        found,
        assessments(resident, found.goals, seed),
        circle(resident, seed, login=login, demo_contact=own),
        # Somebody with notes several times every day since 2013 has never been away.
        () if resident.key == known.long_history else record_shift.absences(resident, seed),
    )


def digest(found: Records) -> str:
    """A fingerprint of all rows, notes and tasks too."""
    total = hashlib.sha256()
    series = list(found.series())
    rows: Iterable[object]
    shift = (
        found.readings(),
        found.appointments(),
        found.handovers(),
        found.conversations(),
        found.moods(),
        found.transitions(),
    )
    for rows in (found.colleagues, found.citizens, found.notes(), series, found.tasks(series), *shift):
        for row in rows:
            # A note is told with whom it is about, not with all that one's record again.
            told = (
                (row[0].resident.key, row[1])
                if isinstance(row, tuple) and isinstance(row[0], CitizenRecord)
                else row
            )
            total.update(repr(told).encode())
    return total.hexdigest()
