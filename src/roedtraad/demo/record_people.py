"""Whom the records of the demo are about, and the colleagues who write in them. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from roedtraad.core.clock import COPENHAGEN
from roedtraad.demo import distributions as d
from roedtraad.demo import names
from roedtraad.demo.draws import stream
from roedtraad.demo.notable import WORKPLACE, Notable
from roedtraad.demo.people import CitizenPlan, StayPlan
from roedtraad.demo.phrases.compose import Person
from roedtraad.demo.phrases.kinds import DAY_SHIFT, EVENING, NIGHT
from roedtraad.demo.places import PlacePlan
from roedtraad.demo.stays import YEAR_DAYS

YEAR_START = d.CUT_DAY - dt.timedelta(days=364)
# The last moment anything of this world has happened.
NOW = dt.datetime.combine(d.CUT_DAY, dt.time(23, 59), COPENHAGEN)
# A colleague for so many residents, within limits: enough that notes have several hands, and leaders some staff.
RESIDENTS_EACH, FEWEST, MOST = 6, 3, 10
# The support worker whom one can log in as writes like the others where that one works.
DEMO_WORKER = "medarbejder"
# When a note of the shift is written: the first and the last minute of the day.
SHIFT_MINUTES = {
    DAY_SHIFT: (7 * 60 + 20, 14 * 60 + 50),
    EVENING: (15 * 60 + 20, 22 * 60 + 50),
    NIGHT: (10, 6 * 60 + 40),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with a stay now (or one that ended, when `gone`): who, where, and the first and last day there."""

    key: UUID
    person: Person
    last_name: str
    unit: str
    since: dt.date
    until: dt.date
    gone: bool
    payer: str
    staff: tuple[str, ...]

    @property
    def by_day_only(self) -> bool:
        """Whether the offer is one by day, closed in the weekend."""
        return self.person.category == d.DAY

    @property
    def is_child(self) -> bool:
        """Whether the place is one for children and young."""
        return self.person.age_group == d.CHILD

    def draws(self, seed: int, *subject: object) -> random.Random:
        """A stream of draws of this citizen's own."""
        return stream(seed, "record", self.key, *subject)


@dataclass(frozen=True, slots=True)
class ColleaguePlan:
    """An account nobody can log in with: somebody who writes notes in a unit."""

    username: str
    full_name: str
    unit: str


def present(stays: Iterable[StayPlan], places: Mapping[str, PlacePlan]) -> StayPlan | None:
    """The stay somebody lives in now, before one by day; None when there is none."""
    now = [stay for stay in stays if stay.actual_start is not None and stay.actual_end is None]
    return min(now, key=lambda s: (places[s.place].category == d.DAY, s.place), default=None)


def colleagues(
    citizens: Sequence[CitizenPlan], places: Mapping[str, PlacePlan], seed: int
) -> list[ColleaguePlan]:
    """Some for every unit where somebody is now, in the order of the units' keys."""
    stays = (present(citizen.stays, places) for citizen in citizens)
    residents = Counter(places[stay.place].unit for stay in stays if stay is not None)
    made: list[ColleaguePlan] = []
    for unit, count in sorted(residents.items()):
        rng = stream(seed, "colleagues", unit)
        for _ in range(max(FEWEST, min(MOST, round(count / RESIDENTS_EACH)))):
            first, last = names.full_name(rng, male=rng.random() < 0.3)
            made.append(ColleaguePlan(f"kollega-{len(made) + 1:03d}", f"{first} {last}", unit))
    return made


def residents(
    citizens: Sequence[CitizenPlan],
    places: Mapping[str, PlacePlan],
    known: Notable,
    staff: Iterable[ColleaguePlan],
    *,
    seed: int,
    share: float,
) -> list[Resident]:
    """Those who have a record: a share of those present, the notable always, and the one who has died."""
    at_work: dict[str, list[str]] = defaultdict(list)
    for colleague in staff:
        at_work[colleague.unit].append(colleague.username)
    at_work[WORKPLACE].append(DEMO_WORKER)
    always = {known.own, known.relatives, known.long_history, *known.namesakes, known.address_protected}
    found = []
    for citizen in citizens:
        stay = present(citizen.stays, places)
        if stay is not None and (
            citizen.key in always or stream(seed, "recorded", citizen.key).random() < share
        ):
            found.append(_resident(citizen, stay, places, at_work))
        elif citizen.key == known.died:
            last = max(citizen.stays, key=lambda s: s.actual_start or s.ordered_start)
            found.append(_resident(citizen, last, places, at_work))
    return found


def _resident(
    citizen: CitizenPlan, stay: StayPlan, places: Mapping[str, PlacePlan], at_work: Mapping[str, list[str]]
) -> Resident:
    place = places[stay.place]
    term = place.terms[-1]
    until = stay.actual_end or d.CUT_DAY
    age = int((until - citizen.birth_date).days / YEAR_DAYS)
    return Resident(
        key=citizen.key,
        person=Person(citizen.first_name, term.target_group, term.age_group, place.category, age),
        last_name=citizen.last_name,
        unit=place.unit,
        since=stay.actual_start or stay.ordered_start,
        until=until,
        gone=stay.actual_end is not None,
        payer=stay.payer,
        staff=tuple(at_work[place.unit]),
    )


def key_of(rng: random.Random, at: dt.datetime) -> UUID:
    """A UUID version 7 of the moment, its chance part drawn: the same again for the same draws."""
    return UUID(
        int=int(at.timestamp() * 1000) << 80
        | 7 << 76
        | rng.getrandbits(12) << 64
        | 2 << 62
        | rng.getrandbits(62)
    )


def moment(day: dt.date, minute: int) -> dt.datetime:
    """A minute of the day by the clock on the wall."""
    return dt.datetime.combine(day, dt.time(minute // 60, minute % 60), COPENHAGEN)


def in_hours(rng: random.Random, day: dt.date, at: str = DAY_SHIFT) -> dt.datetime:
    """Some minute of the shift."""
    return moment(day, rng.randint(*SHIFT_MINUTES[at]))


def workday(day: dt.date) -> dt.date:
    """The day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def latest(at: dt.datetime) -> dt.datetime:
    """The moment, but none after the last one of the world."""
    return min(at, NOW)
