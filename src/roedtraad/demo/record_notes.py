"""The notes of the demo year as plain rows. Pure; a generator, as a year of a region does not lie in memory whole."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.phrases import compose, contacts, days
from roedtraad.demo.phrases.kinds import DAY_SHIFT, EVENING, NIGHT
from roedtraad.demo.record_people import YEAR_START, Resident, in_hours, key_of, latest
from roedtraad.demo.record_thread import GoalPlan

# Every day of the last weeks has notes; before that about two a week. Where the demo's staff work, every day has.
RECENT_DAYS = 28
RECENT_START = d.CUT_DAY - dt.timedelta(days=RECENT_DAYS - 1)
A_WEEK_BEFORE = 2 / 7
FULL_UNITS = ("tangkaer", "hinnerup-kollegiet-afd")
# The shifts of a day in those units that leave a note, and how many notes an ordinary recent day has elsewhere.
FULL_SHIFTS = ((DAY_SHIFT, 0.85), (EVENING, 0.7), (NIGHT, 0.35))
KIND_WEIGHTS = (("daily", 80), ("observation", 9), ("relatives", 4), ("phone", 5), ("meeting", 2))
GOAL_SHARE = {True: 0.55, False: 0.35}
TAGS = ("søvn", "humør", "måltid", "udeliv", "helbred", "samvær", "skole og arbejde", "aftale")
TAG_SHARE, IMPORTANT_SHARE, STICKY_SHARE = 0.15, 0.05, 0.2
SHARED_WITH_CITIZEN, SHARED_WITH_RELATIVES = 0.15, 0.12
CORRECTED_SHARE, WITHDRAWN_SHARE = 0.012, 0.004
WITHDRAWN_WORDS = ("Skrevet på den forkerte borger", "Skrevet to gange", "Hørte til dagen før")
CORRECTIONS = (
    "Rettet: det var efter frokost.", "Rettet: det gælder i dag og ikke i går.",
    "Tilføjet: aftalt med kontaktpersonen.", "Tilføjet: der er ringet til familien efter aftale.",
)  # fmt: skip
DIED_WORDS = "{name} sov stille ind i nat. Familien var hos. Vi mindes {name} i fællesrummet på fredag."
LONG_HISTORY_START = dt.date(2013, 1, 1)


@dataclass(slots=True)
class NotePlan:
    """A note. `goals` are places in the citizen's list; `corrected` is the text it was given later, "" for none."""

    key: UUID
    kind: str
    text: str
    at: dt.datetime
    written_at: dt.datetime
    by: str
    goals: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    important: bool = False
    sticky_until: dt.date | None = None
    shared_with_citizen: bool = False
    shared_with_relatives: bool = False
    corrected: str = ""
    corrected_by: str = ""
    corrected_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    withdrawn_reason: str = ""


def notes(
    resident: Resident,
    goals: Sequence[GoalPlan],
    seed: int,
    *,
    away: Collection[dt.date] = (),
    to_relatives: bool = False,
    long_history: int = 0,
) -> Iterator[NotePlan]:
    """The notes of one citizen in order of time; `long_history` is how many there are instead since 2013.

    Of a day away only a call is told.
    """
    rng = resident.draws(seed, "notes")
    written = _Writer(rng, resident, goals, to_relatives)
    if long_history:
        yield from _long(rng, written, long_history)
    else:
        day = max(resident.since, YEAR_START)
        while day <= resident.until:
            if not (resident.by_day_only and day.weekday() > 4):
                for at in (DAY_SHIFT,) if day in away else _shifts(rng, resident, day):
                    yield written.call(day) if day in away else written.note(day, at)
            day += dt.timedelta(days=1)
    if resident.gone:
        yield written.last(resident.until)
    elif rng.random() < STICKY_SHARE or resident.unit in FULL_UNITS:
        yield written.sticky()


def _shifts(rng: random.Random, resident: Resident, day: dt.date) -> Sequence[str]:
    """The shifts of the day that leave a note, in order."""
    recent = day >= RECENT_START
    if resident.by_day_only:
        # Fewer days a week, so each is the likelier to have a note.
        return (DAY_SHIFT,) if recent or rng.random() < A_WEEK_BEFORE * 7 / 5 else ()
    if resident.unit in FULL_UNITS:
        return [at for at, share in FULL_SHIFTS if rng.random() < share] or (DAY_SHIFT,)
    if not recent:
        return (_shift(rng),) if rng.random() < A_WEEK_BEFORE else ()
    count = rng.choices((1, 2, 3), (65, 28, 7))[0]
    return (DAY_SHIFT, EVENING, NIGHT)[:count] if count > 1 else (_shift(rng),)


_SHIFTS, _WEIGHTS = (DAY_SHIFT, EVENING, NIGHT), (48, 88, 100)


def _shift(rng: random.Random) -> str:
    return rng.choices(_SHIFTS, cum_weights=_WEIGHTS)[0]


def _long(rng: random.Random, written: _Writer, count: int) -> Iterator[NotePlan]:
    """`count` notes spread evenly over the days since 2013, several a day: a whole one, the rest short."""
    length = (d.CUT_DAY - LONG_HISTORY_START).days + 1
    for i in range(length):
        todays = (i + 1) * count // length - i * count // length
        day = LONG_HISTORY_START + dt.timedelta(days=i)
        made = [written.note(day, DAY_SHIFT)] if todays else []
        made += [written.short(day, _shift(rng)) for _ in range(todays - 1)]
        made.sort(key=lambda note: note.at)
        yield from made


class _Writer:
    """Writes the notes of one citizen with the same hand of draws."""

    def __init__(
        self, rng: random.Random, resident: Resident, goals: Sequence[GoalPlan], to_relatives: bool
    ) -> None:
        self._rng, self._resident, self._to_relatives = rng, resident, to_relatives
        self._goals = goals
        self._places = {goal.bundle.key: i for i, goal in enumerate(goals)}
        self._names = [name for name, _ in KIND_WEIGHTS]
        self._weights = [weight for _, weight in KIND_WEIGHTS]

    def note(self, day: dt.date, shift: str) -> NotePlan:
        """One note of the shift, most of them daily notes; some corrected, shared, important or taken back."""
        rng, person = self._rng, self._resident.person
        kind = rng.choices(self._names, self._weights)[0]
        if day >= RECENT_START and shift == DAY_SHIFT and rng.random() < 0.8:
            kind = "daily"
        if kind != "daily" and shift == NIGHT:
            kind = "observation"
        goals: tuple[int, ...] = ()
        if kind == "daily":
            bundle = None
            if rng.random() < GOAL_SHARE[day >= RECENT_START]:
                running = [goal.bundle for goal in self._goals if goal.runs_on(day)]
                bundle = compose.goal_of_shift(rng, running, shift)
            if bundle is not None:
                goals = (self._places[bundle.key],)
            text = compose.daily_note(rng, person, shift, goal=bundle)
        else:
            text = _OTHERS[kind](rng, person)
        made = self._made(day, shift, kind, text, goals)
        if rng.random() < CORRECTED_SHARE:
            made.corrected = f"{text} {rng.choice(CORRECTIONS)}"
            made.corrected_by = made.by
            made.corrected_at = latest(made.written_at + dt.timedelta(minutes=rng.randint(5, 600)))
        elif rng.random() < WITHDRAWN_SHARE:
            made.withdrawn_reason = rng.choice(WITHDRAWN_WORDS)
            made.withdrawn_at = latest(made.written_at + dt.timedelta(minutes=rng.randint(5, 600)))
        else:
            self._mark(made)
        return made

    def short(self, day: dt.date, shift: str) -> NotePlan:
        """A sentence or two: what happened, or what somebody saw."""
        rng, person = self._rng, self._resident.person
        if rng.random() < 0.25:
            return self._made(day, shift, "observation", compose.observation(rng, person))
        when = f"at:{shift}"
        text = compose.draw(rng, days.EVENTS, person, when)
        if rng.random() < 0.5:
            text = f"{text} {compose.draw(rng, days.CLOSINGS, person, when)}"
        return self._made(day, shift, "daily", text)

    def call(self, day: dt.date) -> NotePlan:
        """What was heard of somebody who is away."""
        rng, person = self._rng, self._resident.person
        return self._made(day, DAY_SHIFT, "phone", compose.draw(rng, contacts.AWAY, person))

    def sticky(self) -> NotePlan:
        """A yellow note that hangs for some weeks yet."""
        made = self._made(
            d.CUT_DAY, EVENING, "observation", compose.sticky_note(self._rng, self._resident.person)
        )
        made.sticky_until = d.CUT_DAY + dt.timedelta(days=self._rng.randint(5, 60))
        return made

    def last(self, day: dt.date) -> NotePlan:
        """The last note of somebody who has died."""
        return self._made(day, EVENING, "daily", compose.fill(DIED_WORDS, self._resident.person))

    def _made(self, day: dt.date, shift: str, kind: str, text: str, goals: tuple[int, ...] = ()) -> NotePlan:
        rng = self._rng
        at = in_hours(rng, day, shift)
        written = latest(at + dt.timedelta(minutes=rng.randint(0, 50)))
        return NotePlan(
            key_of(rng, written), kind, text, at, written, rng.choice(self._resident.staff), goals
        )

    def _mark(self, made: NotePlan) -> None:
        rng = self._rng
        if rng.random() < TAG_SHARE:
            made.tags = (rng.choice(TAGS),)
        made.important = rng.random() < IMPORTANT_SHARE
        made.shared_with_citizen = rng.random() < SHARED_WITH_CITIZEN
        made.shared_with_relatives = self._to_relatives and rng.random() < SHARED_WITH_RELATIVES


_OTHERS = {
    "observation": compose.observation,
    "relatives": compose.relatives_contact,
    "phone": compose.phone_note,
    "meeting": compose.meeting_minutes,
}
