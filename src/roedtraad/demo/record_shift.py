"""What the shift keeps: who was away, the risk of the day, appointments, handovers. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.draws import stream, weighted
from roedtraad.demo.phrases import compose
from roedtraad.demo.phrases.kinds import CALM, DAY_SHIFT, EVENING, HIGH, NIGHT, RISK_LEVELS, WATCH
from roedtraad.demo.record_people import Resident, in_hours, key_of, latest, moment
from roedtraad.duty.defaults import ITEMS, SHIFTS

# -- away: a week in summer for one in four, a stay in hospital for one in ten; some are there now. Assumed. ----------
HOLIDAY_SHARE, HOSPITAL_SHARE, HOSPITAL_NOW_SHARE = 0.25, 0.10, 0.015
HOLIDAYS = (dt.date(2026, 6, 27), 40)
# -- the day's risk: set every morning of the last two weeks where people live; most days are green. -------------------
RISK_DAYS, RISK_WEIGHTS, PRESSED_SHARE, PRESSED_WEIGHTS = 14, (90, 9, 1), 0.08, (45, 40, 15)
SEEN = {CALM: (0, 0), WATCH: (1, 2), HIGH: (3, 4)}
# -- appointments: some of the last weeks, some of the next, and a fixed one that comes again. -------------------------
AROUND_DAYS, APPOINTMENTS_EACH, FIXED_SHARE = 28, (1, 4), 0.3
FIXED = (
    "Musik i lille gruppe",
    "Husmøde",
    "Fysioterapi",
    "Samtale med kontaktperson",
    "Fodboldtræning",
    "Foreningsaften",
)
KIND_WORDS = {
    "doctor": (
        "Læge",
        "Tandlæge",
        "Blodprøve",
        "Høreprøve",
        "Optiker",
        "Vaccination",
        "Fysioterapi",
        "Fodpleje",
    ),
    "meeting": ("møde", "samtale", "Samtale", "Opfølgning"),
    "visit": ("Besøg", "Fødselsdag"),
    "activity": ("Musik", "Tur", "Bowling", "Fodbold", "Biograf", "Forening", "Kaffe", "Indkøb"),
}
# -- handovers: two weeks of every shift where the demo's staff work. --------------------------------------------------
HANDOVER_DAYS, LINES_EACH, READERS = 14, (2, 5), (1, 3)
SHIFT_NAMES = dict(zip((DAY_SHIFT, EVENING, NIGHT), SHIFTS, strict=True))


@dataclass(frozen=True, slots=True)
class AbsencePlan:
    """Away from one moment until back; open while away."""

    key: UUID
    kind: str
    from_at: dt.datetime
    expected_back: dt.datetime
    back_at: dt.datetime | None
    note: str
    by: str

    def days(self) -> Iterator[dt.date]:
        """The days nobody was at home on all day."""
        day = self.from_at.date() + dt.timedelta(days=1)
        last = self.back_at.date() if self.back_at else d.CUT_DAY + dt.timedelta(days=1)
        while day < last:
            yield day
            day += dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """The risk as somebody set it: the step's rank, and what was seen of the checklist."""

    key: UUID
    rank: int
    seen: tuple[str, ...]
    text: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class AppointmentPlan:
    """Something agreed for a time; a rule makes it come again."""

    key: UUID
    title: str
    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    rrule: str
    to_relatives: bool
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class HandoverPlan:
    """What a shift left: lines about citizens, who wrote it, who has read it."""

    key: UUID
    unit: str
    code: str
    name: str
    day: dt.date
    begins_at: dt.datetime
    ends_at: dt.datetime
    by: str
    lines: tuple[tuple[UUID, UUID, str], ...]
    readers: tuple[tuple[str, dt.datetime], ...]


def absences(resident: Resident, seed: int) -> tuple[AbsencePlan, ...]:
    """Holidays, stays in hospital, and for a few one that has not ended."""
    rng = resident.draws(seed, "absences")
    if resident.by_day_only or resident.gone:
        return ()
    made = []
    if rng.random() < HOLIDAY_SHARE:
        first, spread = HOLIDAYS
        made.append(
            _away(
                rng, resident, "holiday", first + dt.timedelta(days=rng.randint(0, spread)), rng.randint(4, 9)
            )
        )
    if rng.random() < HOSPITAL_SHARE:
        first = d.CUT_DAY - dt.timedelta(days=rng.randint(110, 330) if made == [] else rng.randint(150, 330))
        stay = _away(rng, resident, "hospital", first, rng.randint(2, 9))
        if not made or stay.back_at is None or stay.back_at < made[0].from_at:
            made.insert(0, stay)
    if rng.random() < HOSPITAL_NOW_SHARE:
        made.append(_away(rng, resident, "hospital", d.CUT_DAY - dt.timedelta(days=rng.randint(1, 4)), None))
    return tuple(absence for absence in made if absence.from_at.date() > resident.since)


def _away(rng: random.Random, resident: Resident, kind: str, day: dt.date, length: int | None) -> AbsencePlan:
    gone = in_hours(rng, day)
    back = None if length is None else in_hours(rng, day + dt.timedelta(days=length))
    expected = back or moment(d.CUT_DAY + dt.timedelta(days=rng.randint(2, 9)), 12 * 60)
    note = compose.absence_note(rng, resident.person, kind)
    return AbsencePlan(key_of(rng, gone), kind, gone, expected, back, note, rng.choice(resident.staff))


def readings(resident: Resident, seed: int) -> Iterator[ReadingPlan]:
    """One a day for the last weeks, for those who live there."""
    if resident.by_day_only or resident.gone:
        return
    rng = resident.draws(seed, "risk")
    weights = PRESSED_WEIGHTS if rng.random() < PRESSED_SHARE else RISK_WEIGHTS
    for back in range(RISK_DAYS - 1, -1, -1):
        day = d.CUT_DAY - dt.timedelta(days=back)
        level = weighted(rng, RISK_LEVELS, weights)
        seen = rng.sample([code for code, _ in ITEMS], rng.randint(*SEEN[level]))
        at = moment(day, rng.randint(15 * 60 + 5, 16 * 60)) if back == 0 else in_hours(rng, day)
        if day >= resident.since:
            text = compose.risk_reason(rng, resident.person, level)
            yield ReadingPlan(
                key_of(rng, at), RISK_LEVELS.index(level), tuple(seen), text, at, rng.choice(resident.staff)
            )


def appointments(resident: Resident, seed: int, *, to_relatives: bool) -> Iterator[AppointmentPlan]:
    """Some around the last day, and for some a fixed one every week. With relatives who may see the calendar some are shared."""
    if resident.gone:
        return
    rng = resident.draws(seed, "appointments")
    for _ in range(rng.randint(*APPOINTMENTS_EACH)):
        day = d.CUT_DAY + dt.timedelta(days=rng.randint(-AROUND_DAYS, AROUND_DAYS))
        title = compose.appointment(rng, resident.person)
        yield _appointment(rng, resident, title, day, "", to_relatives=to_relatives)
    if rng.random() < FIXED_SHARE:
        known = {compose.appointment(rng, resident.person) for _ in range(20)}
        fitting = [title for title in FIXED if title in known]
        if fitting:
            day = max(resident.since, d.CUT_DAY - dt.timedelta(days=rng.randint(30, 150)))
            day += dt.timedelta(days=(7 - day.weekday()) % 7 + rng.randint(0, 4))
            rule = f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[day.weekday()]}"
            yield _appointment(rng, resident, rng.choice(fitting), day, rule, to_relatives=to_relatives)


def _appointment(
    rng: random.Random, resident: Resident, title: str, day: dt.date, rule: str, *, to_relatives: bool
) -> AppointmentPlan:
    kind = next((k for k, words in KIND_WORDS.items() if any(word in title for word in words)), "agreement")
    if kind in ("doctor", "meeting"):
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
    starts = moment(day, rng.choice(range(9 * 60, 16 * 60, 15)))
    made_at = latest(in_hours(rng, min(day, d.CUT_DAY) - dt.timedelta(days=rng.randint(1, 20))))
    return AppointmentPlan(
        key_of(rng, made_at),
        title,
        kind,
        starts,
        starts + dt.timedelta(minutes=rng.choice((30, 45, 60, 90))),
        rule,
        to_relatives and rng.random() < 0.5,
        made_at,
        rng.choice(resident.staff),
    )


def handovers(residents: Iterable[Resident], units: Sequence[str], seed: int) -> Iterator[HandoverPlan]:
    """Every shift of the last two weeks in the units, all but the last one finished and read."""
    homes: dict[str, list[Resident]] = defaultdict(list)
    for resident in residents:
        if not resident.by_day_only and not resident.gone:
            homes[resident.unit].append(resident)
    for unit in units:
        for back in range(HANDOVER_DAYS - 1, -1, -1):
            for at in SHIFT_NAMES:
                day = d.CUT_DAY - dt.timedelta(days=back)
                # The night of the last day is not over.
                if homes[unit] and not (back == 0 and at == NIGHT):
                    yield _handover(stream(seed, "handover", unit, day, at), homes[unit], at, day)


def _handover(rng: random.Random, there: Sequence[Resident], at: str, day: dt.date) -> HandoverPlan:
    code, name, starts, ends = SHIFT_NAMES[at]
    begins_at = moment(day, starts.hour * 60)
    ends_at = moment(day + dt.timedelta(days=1) if ends <= starts else day, ends.hour * 60)
    staff = there[0].staff
    about = [r for r in there if r.since < day]
    about = rng.sample(about, min(len(about), rng.randint(*LINES_EACH)))
    lines = tuple((key_of(rng, ends_at), r.key, compose.handover_line(rng, r.person, at)) for r in about)
    by, *others = rng.sample(staff, min(len(staff), 1 + rng.randint(*READERS)))
    readers = tuple((user, ends_at + dt.timedelta(minutes=rng.randint(2, 50))) for user in others)
    return HandoverPlan(
        key_of(rng, begins_at), there[0].unit, code, name, day, begins_at, ends_at, by, lines, readers
    )
