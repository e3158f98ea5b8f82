"""What those with a login say themselves: messages, and how a citizen is from day to day. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.phrases import compose
from roedtraad.demo.phrases.kinds import STAFF
from roedtraad.demo.record_people import Resident, in_hours, key_of

CONVERSATIONS, DAYS_BACK, MESSAGES = 6, (2, 120), (1, 3)
TOPICS = ("Ugens planer", "Weekenden", "En hilsen", "Noget praktisk", "Turen", "Aftaler")
# From very bad (1) to very good (5), on most of the last days.
MOOD_DAYS, MOOD_SHARE, MOODS = 90, 0.7, ((1, 4), (2, 10), (3, 26), (4, 40), (5, 20))


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """A message; `by` is "" for the one with the login."""

    key: UUID
    side: str
    text: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class ConversationPlan:
    """A conversation of the one with the login and the staff."""

    key: UUID
    topic: str
    at: dt.datetime
    messages: tuple[MessagePlan, ...]


def conversations(resident: Resident, side: str, seed: int) -> Iterator[ConversationPlan]:
    """Some, begun by the citizen or the relative (`side`), each with an answer or more on the days after."""
    rng = resident.draws(seed, "conversations", side)
    days = sorted(rng.randint(*DAYS_BACK) for _ in range(CONVERSATIONS))
    for topic, back in zip(rng.sample(TOPICS, CONVERSATIONS), reversed(days), strict=True):
        day = d.CUT_DAY - dt.timedelta(days=back)
        at = in_hours(rng, day)
        messages = []
        for n in range(rng.randint(*MESSAGES)):
            ours = n % 2 == 1
            by, to = (STAFF, side) if ours else (side, STAFF)
            said = in_hours(rng, day + dt.timedelta(days=n)) if n else at
            text = compose.message(rng, resident.person, by, to)
            messages.append(
                MessagePlan(key_of(rng, said), by, text, said, rng.choice(resident.staff) if ours else "")
            )
        yield ConversationPlan(key_of(rng, at), topic, at, tuple(messages))


def moods(resident: Resident, seed: int) -> Iterator[tuple[UUID, int, dt.datetime]]:
    """How the citizen said they were on most of the last days: key, face and moment."""
    rng = resident.draws(seed, "moods")
    for back in range(MOOD_DAYS - 1, -1, -1):
        if rng.random() < MOOD_SHARE:
            at = in_hours(rng, d.CUT_DAY - dt.timedelta(days=back))
            yield key_of(rng, at), rng.choices([m for m, _ in MOODS], [w for _, w in MOODS])[0], at
