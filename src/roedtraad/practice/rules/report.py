"""The draft of a status report to the municipality, put together from the thread. Pure.

Nothing is retyped and nothing invented: each sentence says only what its sources hold, and names them, so that the one
who edits the draft can see where it comes from and the locked report can be held against its inputs. There are no sums,
shares or differences in it: a number in the text is a number in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from roedtraad.core.danish import count, joined, number
from roedtraad.core.danish import day as day_in_words
from roedtraad.practice.rules.assessments import LEVEL_WORDS, Direction
from roedtraad.practice.rules.goals import (
    KIND_WORDS,
    FollowUp,
    Outcome,
    Rating,
    outcome,
    signed,
    standing,
    start_level,
)
from roedtraad.practice.rules.report_thread import AssessmentLine, GoalLine, Source, SourceKind, Thread, Wish


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


def draft(thread: Thread) -> tuple[Section, ...]:
    """The report as the thread tells it, for the staff to edit; a part with nothing in it says so.

    Ratings after the last day of the period are left out.
    """
    return (
        Section("wish", "Borgerens egne ord", tuple(_wish(thread))),
        Section("goals", "Mål og udvikling", tuple(_goals(thread))),
        Section("efforts", "Indsatser", tuple(_efforts(thread))),
        Section("attendance", "Fravær", tuple(_attendance(thread))),
        Section("assessment", "Funktionsevne", tuple(_assessment(thread))),
        Section("network", "Netværk", tuple(_network(thread))),
        Section("consent", "Samtykke", tuple(_consent(thread))),
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
    if not thread.wishes:
        yield _nothing("Der er ikke skrevet et ønske ned endnu.", thread)
    for wish in sorted(thread.wishes, key=lambda item: item.day):
        yield _of(_wished(thread.name, wish), Source(SourceKind.WISH, wish.key))


def _wished(name: str, wish: Wish) -> str:
    on = day_in_words(wish.day)
    if wish.interpreted:
        return f"Den {on} er det skrevet ned, hvad andre forstår, at {name} ønsker: {_quoted(wish.text)}"
    how = "med hjælp til at skrive det ned" if wish.with_help else "med egne ord"
    return f"{name} har den {on} sagt {how}: {_quoted(wish.text)}"


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
        if goal.municipal_goal:
            yield _of(f"Det hører til {_quoted(goal.municipal_goal)} i kommunens handleplan.", source)
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


def _attendance(thread: Thread) -> Iterator[Sentence]:
    found = thread.attendance
    if found is None:
        yield _nothing("Fravær er ikke med i denne rapport.", thread)
        return
    source = Source(SourceKind.ATTENDANCE, found.key)
    if not found.away:
        yield _of("Der er ikke registreret fravær natten over i perioden.", source)
        return
    yield _of(f"{thread.name} har været væk i {count(found.away, 'døgn', 'døgn')} i perioden.", source)
    if found.kinds:
        yield _of(f"Fraværet er registreret som {joined(found.kinds)}.", source)


def _assessment(thread: Thread) -> Iterator[Sentence]:
    seen = thread.assessed
    if seen is None and not thread.changes:
        yield _nothing("Funktionsevnen er ikke vurderet endnu.", thread)
        return
    if seen is not None:
        source = Source(SourceKind.ASSESSMENT, seen.key)
        words = f"Funktionsevnen er senest vurderet den {day_in_words(seen.day)}"
        if seen.earlier is None:
            yield _of(f"{words}. Der er ingen tidligere vurdering at sammenligne med.", source)
        else:
            yield _of(f"{words} og sammenlignes med vurderingen fra {day_in_words(seen.earlier)}.", source)
            if not thread.changes:
                yield _of("Intet tema har skiftet trin.", source)
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
        yield _nothing("Der er ikke tegnet et netværkskort endnu.", thread)
    for network in sorted(thread.networks, key=lambda item: item.day):
        yield _of(
            f"Den {day_in_words(network.day)} var der {count(network.primary, 'person', 'personer')} i det primære "
            f"netværk, {number(network.secondary)} i det sekundære og {number(network.tertiary)} i det tertiære.",
            Source(SourceKind.NETWORK, network.key),
        )


def _consent(thread: Thread) -> Iterator[Sentence]:
    if not thread.consents:
        yield _nothing(
            "Der er ikke registreret et samtykke til at dele andet end denne rapport med kommunen.", thread
        )
    for one in sorted(thread.consents, key=lambda item: item.day):
        who = f"Værgen for {thread.name}" if one.by_guardian else thread.name
        yield _of(
            f"{who} har den {day_in_words(one.day)} givet samtykke til at dele {joined(one.scopes)} "
            f"med {one.municipality}.",
            Source(SourceKind.CONSENT, one.key),
        )


def _next(thread: Thread) -> Iterator[Sentence]:
    if not thread.goals:
        yield _nothing("Aftal sammen, hvilke mål der skal arbejdes med.", thread)
    for goal in thread.goals:
        yield _of(_step(goal, thread.last), Source(SourceKind.GOAL, goal.key))


def _step(goal: GoalLine, last: date) -> str:
    title = _quoted(goal.title)
    if goal.decision is FollowUp.END:
        return f"Arbejdet med {title} er afsluttet."
    if goal.decision is FollowUp.END_AND_REFER:
        return f"Arbejdet med {title} er afsluttet, og der er visiteret til en ny indsats."
    if goal.next_follow_up is None:
        return f"Der er ikke aftalt en dag for opfølgning på {title}."
    if goal.next_follow_up <= last:
        return f"{title} skulle være fulgt op den {day_in_words(goal.next_follow_up)}."
    opening = f"Arbejdet med {title} fortsætter og følges" if goal.decision else f"{title} følges"
    return f"{opening} op den {day_in_words(goal.next_follow_up)}."
