"""Texts for a demo person put together from the phrase bank. Pure, and the same for the same draws.

Every function takes its draws first (`demo.draws.stream`), then whom it is about. The wording avoids he and she:
the name is used, in the genitive where it must be.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace

from roedtraad.demo.phrases import (
    assessments,
    contacts,
    days,
    goals_health,
    goals_home,
    goals_people,
    goals_work,
    goals_young,
    messages,
    network,
    shift,
)
from roedtraad.demo.phrases.kinds import (
    DAY,
    DAY_SHIFT,
    HEAVY,
    LIGHT,
    PROFESSIONAL,
    PROGRESS,
    SETBACK,
    SMALL,
    STANDSTILL,
    YOUNG,
    YOUNG_FROM,
    Bank,
    Goal,
    Method,
    NetworkPerson,
    Wish,
    fits,
)
from roedtraad.demo.phrases.methods import METHODS
from roedtraad.demo.phrases.wishes import WISHES

GOALS: tuple[Goal, ...] = (
    *goals_home.GOALS,
    *goals_people.GOALS,
    *goals_work.GOALS,
    *goals_health.GOALS,
    *goals_young.GOALS,
)
# How often an ordinary day goes well, as usual, or badly.
TREND_WEIGHTS = {PROGRESS: 35, STANDSTILL: 45, SETBACK: 20}
# How likely it is that a daily note tells the mood, how the shift ended, and more than what was seen of a goal.
MOOD_SHARE, CLOSING_SHARE, REMARK_SHARE = 0.75, 0.6, 0.5


@dataclass(frozen=True)
class Person:
    """Whom a text is about: the first name and the place's target group, age group and category.

    `age` in whole years keeps exams and moving out from the small; without it nobody is small.
    """

    first_name: str
    target_group: str
    age_group: str
    category: str
    age: int | None = None

    @property
    def words(self) -> frozenset[str]:
        """What phrases may be limited by."""
        years = SMALL if self.age is not None and self.age < YOUNG_FROM else YOUNG
        return frozenset((self.age_group, self.category, f"for:{self.target_group}", years))


def genitive(name: str) -> str:
    """The name's genitive: Ane, Anes; Mads, Mads'; Max, Max'; Fritz, Fritz'."""
    return f"{name}'" if name[-1:].casefold() in "sxz" else f"{name}s"


def fill(text: str, person: Person) -> str:
    """The phrase with the person's name in it. The bank knows {name} and {names} (genitive) only."""
    return text.replace("{names}", genitive(person.first_name)).replace("{name}", person.first_name)


def draw(rng: random.Random, bank: Bank, person: Person, *moment: str) -> str:
    """One phrase of the bank that fits the person and the moment, filled in.

    Raises IndexError when nothing fits: then the bank has a hole.
    """
    return fill(rng.choice(bank.fitting(person.words.union(moment))), person)


# -- wishes, goals, methods ---------------------------------------------------------------------------


def wishes(person: Person) -> tuple[Wish, ...]:
    """All wishes somebody like the person could have."""
    return tuple(wish for wish in WISHES if fits(wish.only, person.words))


def wish(rng: random.Random, person: Person) -> Wish:
    """One wish, chosen freely."""
    return rng.choice(wishes(person))


def wishes_for(goal: Goal, person: Person) -> tuple[Wish, ...]:
    """The wishes of the person that the goal can grow from, at least one."""
    return tuple(wish for wish in wishes(person) if wish.key in goal.wishes)


def method(key: str) -> Method:
    """The method with the key. Raises KeyError when there is none."""
    return _METHODS[key]


_METHODS = {each.key: each for each in METHODS}


def goals(person: Person) -> tuple[Goal, ...]:
    """All goals that suit the person, not filled in."""
    return tuple(goal for goal in GOALS if fits(goal.only, person.words))


def goal_bundle(rng: random.Random, person: Person, taken: Collection[Goal] = ()) -> Goal:
    """A goal with all that belongs to it, filled in; of another first theme than the `taken` ones if possible."""
    keys, themes = {goal.key for goal in taken}, {goal.themes[0] for goal in taken}
    free = [goal for goal in goals(person) if goal.key not in keys]
    return _filled(rng.choice([goal for goal in free if goal.themes[0] not in themes] or free), person)


def thread(rng: random.Random, person: Person, count: int) -> tuple[tuple[Wish, Goal], ...]:
    """`count` different goals, each with the wish it grew from; no wish is used twice while others are left."""
    pairs: list[tuple[Wish, Goal]] = []
    for _ in range(count):
        goal = goal_bundle(rng, person, [goal for _, goal in pairs])
        told = {wish.key for wish, _ in pairs}
        source = wishes_for(goal, person)
        pairs.append((rng.choice([wish for wish in source if wish.key not in told] or source), goal))
    return tuple(pairs)


def _filled(goal: Goal, person: Person) -> Goal:
    """The goal with the name in every text."""

    def texts(phrases: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fill(phrase, person) for phrase in phrases)

    lowest, lower, expected, higher, highest = texts(goal.levels)
    first, second = texts(goal.sub_goals)
    return replace(
        goal,
        title=fill(goal.title, person),
        levels=(lowest, lower, expected, higher, highest),
        municipal=fill(goal.municipal, person),
        efforts=tuple(replace(effort, title=fill(effort.title, person)) for effort in goal.efforts),
        sub_goals=(first, second),
        progress=texts(goal.progress),
        standstill=texts(goal.standstill),
        setback=texts(goal.setback),
    )


def goal_of_shift(rng: random.Random, bundles: Collection[Goal], at: str) -> Goal | None:
    """One of the goals that a note of the shift can tell of; None when the shift sees none of them."""
    seen = [goal for goal in bundles if at in goal.at]
    return rng.choice(seen) if seen else None


def goal_note(rng: random.Random, person: Person, goal: Goal, trend: str) -> str:
    """What was seen of the goal in progress, standstill or setback; half of the notes say a word more."""
    seen = fill(rng.choice(goal.notes(trend)), person)
    return f"{seen} {draw(rng, days.REMARKS, person, trend)}" if rng.random() < REMARK_SHARE else seen


def follow_up(rng: random.Random, person: Person, trend: str) -> str:
    """A remark at the follow-up of a goal."""
    return draw(rng, assessments.FOLLOW_UPS, person, trend)


def assessment(rng: random.Random, person: Person, theme: str, by: str, level: int) -> str:
    """The free text of a theme, told by the citizen or by the professional (`by`), at a level 0–4.

    Raises ValueError for level 9: what has not been assessed has no text.
    """
    if not 0 <= level <= 4:
        raise ValueError(level)
    need = (LIGHT if level <= 1 else HEAVY,) if by == PROFESSIONAL else ()
    return draw(rng, assessments.ASSESSMENTS, person, f"about:{theme}", f"by:{by}", *need)


# -- notes --------------------------------------------------------------------------------------------


def a_trend(rng: random.Random) -> str:
    """How an ordinary day goes."""
    return rng.choices(list(TREND_WEIGHTS), list(TREND_WEIGHTS.values()))[0]


def daily_note(
    rng: random.Random, person: Person, at: str, trend: str | None = None, goal: Goal | None = None
) -> str:
    """A daily note of two to six sentences about a shift (day, evening, night).

    A note with a goal tells how it went with it, in the trend given or drawn. Raises ValueError for an evening
    or a night in an offer by day, and for a goal that this shift does not see (ask `goal_of_shift`).
    """
    if (person.category == DAY and at != DAY_SHIFT) or (goal is not None and at not in goal.at):
        raise ValueError(at)
    trend, when = trend or a_trend(rng), f"at:{at}"
    parts = [draw(rng, days.OPENINGS, person, when), draw(rng, days.EVENTS, person, when)]
    if goal is not None:
        parts.append(goal_note(rng, person, goal, trend))
    if rng.random() < MOOD_SHARE:
        parts.append(draw(rng, days.MOODS, person, when, trend))
    if rng.random() < CLOSING_SHARE:
        parts.append(draw(rng, days.CLOSINGS, person, when))
    return " ".join(parts)


def observation(rng: random.Random, person: Person) -> str:
    """Something a colleague saw and others should know."""
    return draw(rng, contacts.OBSERVATIONS, person)


def relatives_contact(rng: random.Random, person: Person) -> str:
    """What was said with or by the relatives."""
    return draw(rng, contacts.RELATIVES, person)


def phone_note(rng: random.Random, person: Person) -> str:
    """A note of a telephone call."""
    return draw(rng, contacts.PHONE, person)


def meeting_minutes(rng: random.Random, person: Person) -> str:
    """Short minutes: two different passages of the bank."""
    found = rng.sample(contacts.MINUTES.fitting(person.words), 2)
    return "\n\n".join(fill(text, person) for text in found)


# -- the shift ----------------------------------------------------------------------------------------


def sticky_note(rng: random.Random, person: Person) -> str:
    """A yellow note on the person's page."""
    return draw(rng, shift.STICKY, person)


def handover_line(rng: random.Random, person: Person, at: str) -> str:
    """A line for those who come after the shift (day, evening, night)."""
    return draw(rng, shift.HANDOVER, person, f"at:{at}")


def skip_reason(rng: random.Random, person: Person) -> str:
    """Why a task was not done."""
    return draw(rng, shift.SKIPS, person)


def risk_reason(rng: random.Random, person: Person, level: str) -> str:
    """Why the day's risk has been set to green, yellow or red."""
    return draw(rng, shift.RISKS, person, level)


def absence_note(rng: random.Random, person: Person, kind: str) -> str:
    """A note to an absence: holiday, hospital, home (with the family) or ill."""
    return draw(rng, shift.ABSENCES, person, f"away:{kind}")


def appointment(rng: random.Random, person: Person) -> str:
    """The title of an appointment."""
    return draw(rng, shift.APPOINTMENTS, person)


# -- the people around --------------------------------------------------------------------------------


def message(rng: random.Random, person: Person, by: str, to: str) -> str:
    """A message between two of citizen, relative and staff."""
    return draw(rng, messages.MESSAGES, person, f"by:{by}", f"to:{to}")


def network_people(rng: random.Random, person: Person, count: int) -> tuple[NetworkPerson, ...]:
    """Up to `count` different people of the network, in the bank's order (sector by sector)."""
    possible = [each for each in network.NETWORK if fits(each.only, person.words)]
    chosen = set(rng.sample(possible, min(count, len(possible))))
    return tuple(each for each in possible if each in chosen)


def transition(rng: random.Random, person: Person, phase: str) -> str:
    """What must be known before, during or after a move."""
    return draw(rng, assessments.TRANSITIONS, person, f"phase:{phase}")
