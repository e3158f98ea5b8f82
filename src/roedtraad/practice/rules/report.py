"""The draft of a status report to the municipality, put together from the thread. Pure.

Nothing is retyped and nothing invented: each sentence says only what its sources hold, and names them, so that the one
who edits the draft can see where it comes from and the locked report can be held against its inputs. There are no sums,
shares or differences in it: a number in the text is a number in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from roedtraad.core.danish import count, joined, number
from roedtraad.core.danish import day as day_in_words
from roedtraad.practice.rules.assessments import LEVEL_WORDS, Change, Direction
from roedtraad.practice.rules.goals import (
    KIND_WORDS,
    FollowUp,
    GoalKind,
    Outcome,
    Rating,
    outcome,
    signed,
    standing,
    start_level,
)


class SourceKind(StrEnum):
    """What part of the thread a sentence is drawn from."""

    THREAD = "thread"
    WISH = "wish"
    GOAL = "goal"
    EFFORT = "effort"
    ASSESSMENT = "assessment"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Source:
    """A part of the thread by its key."""

    kind: SourceKind
    key: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the draft (a paragraph may hold several) and what it is drawn from."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    key: str
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """The citizen's wish in their own words, and whether they had help to write it down."""

    key: str
    text: str
    day: date
    with_help: bool = False


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with what has been rated and decided. `levels` are the five descriptions, where there are any."""

    key: str
    title: str
    kind: GoalKind
    ratings: tuple[Rating, ...] = ()
    baseline: int | None = None
    levels: Mapping[int, str] = field(default_factory=dict)
    next_follow_up: date | None = None
    decision: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class EffortLine:
    """An effort with the keys of the goals it serves and its whole minutes in the period."""

    key: str
    name: str
    goals: tuple[str, ...]
    planned: int
    delivered: int


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """What has changed in one theme since the assessment before. `key` names the later of the two."""

    key: str
    theme: str
    change: Change


@dataclass(frozen=True, slots=True)
class NetworkIndex:
    """How many people stood in each ring of the network map on a day, the nearest first."""

    key: str
    day: date
    primary: int
    secondary: int
    tertiary: int


@dataclass(frozen=True, slots=True)
class Thread:
    """All that the report is drawn from. `first` and `last` are the days it covers, both included."""

    key: str
    name: str
    first: date
    last: date
    wish: Wish | None = None
    goals: tuple[GoalLine, ...] = ()
    efforts: tuple[EffortLine, ...] = ()
    changes: tuple[AssessmentLine, ...] = ()
    networks: tuple[NetworkIndex, ...] = ()


def draft(thread: Thread) -> tuple[Section, ...]:
    """The report as the thread tells it, for the staff to edit; a part with nothing in it says so.

    Ratings after the last day of the period are left out.
    """
    return (
        Section("wish", "Borgerens egne ord", tuple(_wish(thread))),
        Section("goals", "Mål og udvikling", tuple(_goals(thread))),
        Section("efforts", "Indsatser", tuple(_efforts(thread))),
        Section("assessment", "Funktionsevne", tuple(_assessment(thread))),
        Section("network", "Netværk", tuple(_network(thread))),
        Section("next", "Næste skridt", tuple(_next(thread))),
    )


def sources(sections: Sequence[Section]) -> tuple[Source, ...]:
    """Everything the report is drawn from, each once, in the order it is first used."""
    return tuple(
        dict.fromkeys(
            source for section in sections for sentence in section.sentences for source in sentence.sources
        )
    )


def _of(text: str, *drawn_from: Source) -> Sentence:
    return Sentence(text, drawn_from)


def _nothing(text: str, thread: Thread) -> Sentence:
    return _of(text, Source(SourceKind.THREAD, thread.key))


def _quoted(text: str) -> str:
    return f"“{' '.join(text.split())}”"


def _wish(thread: Thread) -> Iterator[Sentence]:
    yield _nothing(
        f"Rapporten handler om {thread.name} og dækker perioden fra {day_in_words(thread.first)} "
        f"til og med {day_in_words(thread.last)}.",
        thread,
    )
    if thread.wish is None:
        yield _nothing("Der er ikke skrevet et ønske ned endnu.", thread)
        return
    how = "med hjælp til at skrive det ned" if thread.wish.with_help else "med egne ord"
    yield _of(
        f"{thread.name} har den {day_in_words(thread.wish.day)} sagt {how}: {_quoted(thread.wish.text)}",
        Source(SourceKind.WISH, thread.wish.key),
    )


_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.REACHED: "Målet er nået.",
    Outcome.PROGRESSED: "Det går fremad.",
    Outcome.KEPT: "Det står, hvor det begyndte.",
    Outcome.LOST: "Det er blevet sværere.",
    Outcome.NOT_RATED: "Målet er ikke vurderet endnu.",
}


def _goals(thread: Thread) -> Iterator[Sentence]:
    if not thread.goals:
        yield _nothing("Der er ikke aftalt mål endnu.", thread)
    for goal in thread.goals:
        source = Source(SourceKind.GOAL, goal.key)
        yield _of(f"Målet {_quoted(goal.title)} går ud på at {KIND_WORDS[goal.kind]}.", source)
        ratings = [rating for rating in goal.ratings if rating.day <= thread.last]
        where, start = standing(ratings), start_level(ratings, goal.baseline)
        if where.counts is not None and start is not None:
            yield _of(f"Det begyndte på {_level(goal, start)}.", source)
        if where.staff is not None:
            yield _of(_rated("personalet", where.staff, goal), source)
        if where.citizen is not None:
            yield _of(_rated(f"{thread.name} selv", where.citizen, goal), source)
        yield _of(_OUTCOMES[outcome(goal.kind, ratings, goal.baseline)], source)


def _rated(who: str, rating: Rating, goal: GoalLine) -> str:
    return f"Den {day_in_words(rating.day)} satte {who} det til {_level(goal, rating.level)}."


def _level(goal: GoalLine, level: int) -> str:
    text = goal.levels.get(level, "")
    return f"{signed(level)}: {_quoted(text)}" if text else signed(level)


def _efforts(thread: Thread) -> Iterator[Sentence]:
    if not thread.efforts:
        yield _nothing("Der er ikke registreret indsatser i perioden.", thread)
    titles = {goal.key: goal.title for goal in thread.goals}
    for effort in thread.efforts:
        source = Source(SourceKind.EFFORT, effort.key)
        served = [key for key in effort.goals if key in titles]
        if served:
            aims = joined([_quoted(titles[key]) for key in served])
            yield _of(
                f"Indsatsen {_quoted(effort.name)} støtter {aims}.",
                source,
                *(Source(SourceKind.GOAL, key) for key in served),
            )
        yield _of(
            f"{_quoted(effort.name)} er givet i {count(effort.delivered, 'minut', 'minutter')}. "
            f"Der var planlagt {number(effort.planned)}.",
            source,
        )


def _assessment(thread: Thread) -> Iterator[Sentence]:
    if not thread.changes:
        yield _nothing("Der er ingen ændringer i vurderingen af funktionsevnen.", thread)
    order = list(Direction)
    for line in sorted(thread.changes, key=lambda item: order.index(item.change.direction)):
        yield _of(_changed(line), Source(SourceKind.ASSESSMENT, line.key))


def _changed(line: AssessmentLine) -> str:
    before, after = line.change.before, line.change.after
    theme = _quoted(line.theme)
    if after is None:
        return f"{theme} er ikke vurderet denne gang."
    if before is None:
        return f"{theme} er nyt i vurderingen: {LEVEL_WORDS[after]}."
    which = "bedre" if line.change.direction is Direction.BETTER else "sværere"
    return f"{theme} er blevet {which}: fra {LEVEL_WORDS[before]} til {LEVEL_WORDS[after]}."


def _network(thread: Thread) -> Iterator[Sentence]:
    if not thread.networks:
        yield _nothing("Der er ikke tegnet et netværkskort i perioden.", thread)
    for network in sorted(thread.networks, key=lambda item: item.day):
        yield _of(
            f"Den {day_in_words(network.day)} var der {count(network.primary, 'person', 'personer')} i den inderste "
            f"ring af netværkskortet, {number(network.secondary)} i den midterste og {number(network.tertiary)} "
            "i den yderste.",
            Source(SourceKind.NETWORK, network.key),
        )


def _next(thread: Thread) -> Iterator[Sentence]:
    if not thread.goals:
        yield _nothing("Aftal sammen, hvilke mål der skal arbejdes med.", thread)
    for goal in thread.goals:
        yield _of(_step(goal), Source(SourceKind.GOAL, goal.key))


def _step(goal: GoalLine) -> str:
    title = _quoted(goal.title)
    if goal.decision is FollowUp.END:
        return f"Arbejdet med {title} er afsluttet."
    if goal.decision is FollowUp.END_AND_REFER:
        return f"Arbejdet med {title} er afsluttet, og der er visiteret til en ny indsats."
    if goal.next_follow_up is None:
        return f"Der er ikke aftalt en dag for opfølgning på {title}."
    opening = f"Arbejdet med {title} fortsætter og følges" if goal.decision else f"{title} følges"
    return f"{opening} op den {day_in_words(goal.next_follow_up)}."
