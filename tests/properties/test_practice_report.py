"""The report never invents: each number in a sentence is found in what the sentence names as its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from roedtraad.practice.rules.assessments import Level, changes
from roedtraad.practice.rules.goals import LEVELS, FollowUp, GoalKind, Rater, Rating
from roedtraad.practice.rules.report import draft, sources
from roedtraad.practice.rules.report_thread import (
    About,
    Assessed,
    AssessmentLine,
    Attendance,
    ConsentLine,
    EffortLine,
    GoalLine,
    NetworkIndex,
    Source,
    SourceKind,
    Thread,
    Wish,
)

NUMBER_WORDS = re.compile(
    r"\b(nul|én|to|tre|fire|fem|seks|syv|otte|ni|ti|halv\w*|dobbelt\w*|procent|alle)\b", re.IGNORECASE
)

days = st.integers(0, 700).map(lambda n: date(2025, 1, 1) + timedelta(days=n))
words = st.sampled_from(["Gå en tur", "Hus 7", "Kl. 18.30", "Bade i 2 km vand", "Male"])
ratings = st.lists(st.builds(Rating, days, st.sampled_from(LEVELS), st.sampled_from(Rater)), max_size=5).map(
    tuple
)
minutes = st.integers(0, 2_000_000)
crowd = st.integers(0, 40)
themes = st.dictionaries(st.sampled_from(["Søvn", "Mad", "Penge"]), st.sampled_from(list(Level)))


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    goals = tuple(
        GoalLine(
            f"g{place}",
            draw(words),
            draw(st.sampled_from(GoalKind)),
            draw(ratings),
            draw(st.none() | st.sampled_from(LEVELS)),
            draw(st.dictionaries(st.sampled_from(LEVELS), words)),
            draw(st.none() | days),
            draw(st.none() | st.sampled_from(FollowUp)),
        )
        for place in range(draw(st.integers(0, 3)))
    )
    efforts = tuple(
        EffortLine(
            f"e{place}",
            draw(words),
            tuple(goal.key for goal in goals if draw(st.booleans())),
            draw(minutes),
            draw(minutes),
        )
        for place in range(draw(st.integers(0, 3)))
    )
    assessed = draw(st.none() | st.builds(Assessed, st.just("a"), days, st.none() | days))
    changed = (
        tuple(AssessmentLine("a", change.theme, change) for change in changes(draw(themes), draw(themes)))
        if assessed
        else ()
    )
    networks = tuple(
        NetworkIndex(f"n{place}", draw(days), draw(crowd), draw(crowd), draw(crowd))
        for place in range(draw(st.integers(0, 2)))
    )
    wishes = tuple(
        Wish(f"w{place}", draw(words), draw(days), draw(st.booleans()), draw(st.booleans()))
        for place in range(draw(st.integers(0, 2)))
    )
    kinds = st.lists(st.sampled_from(["ferie", "hospital"]), unique=True, max_size=2).map(tuple)
    scopes = st.lists(st.sampled_from(["mål", "statusrapport"]), unique=True, min_size=1).map(tuple)
    consents = tuple(
        ConsentLine(f"c{place}", "Viborg", draw(days), draw(scopes), draw(st.booleans()))
        for place in range(draw(st.integers(0, 2)))
    )
    return Thread(
        "t",
        "Ane",
        draw(days),
        draw(days),
        wishes=wishes,
        goals=goals,
        efforts=efforts,
        changes=changed,
        networks=networks,
        assessed=assessed,
        attendance=draw(st.none() | st.builds(Attendance, st.just("b"), crowd, kinds)),
        consents=consents,
        about=About("Ane", date(1990, 1, 1)),
    )


def numbers(value: object) -> Iterator[str]:
    """Every number in an input, as it is written in Danish."""
    if isinstance(value, bool) or (isinstance(value, Enum) and not isinstance(value, int)):
        return
    if isinstance(value, date):
        yield from (str(value.day), str(value.year))
    elif isinstance(value, int):
        yield f"{abs(value):,}".replace(",", ".")
    elif isinstance(value, str):
        yield from found_in(value)
    elif isinstance(value, dict):
        yield from numbers([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name != "key":
                yield from numbers(getattr(value, part.name))


def found_in(text: str) -> list[str]:
    return [item.rstrip(".") for item in re.findall(r"\d[\d.]*", text)]


def inputs(thread: Thread) -> dict[Source, object]:
    named: dict[Source, object] = {Source(SourceKind.THREAD, thread.key): (thread.first, thread.last)}
    parts: tuple[tuple[SourceKind, tuple[Any, ...]], ...] = (
        (SourceKind.WISH, thread.wishes),
        (SourceKind.GOAL, thread.goals),
        (SourceKind.EFFORT, thread.efforts),
        (SourceKind.ATTENDANCE, (thread.attendance,) if thread.attendance else ()),
        (SourceKind.NETWORK, thread.networks),
        (SourceKind.CONSENT, thread.consents),
    )
    for kind, items in parts:
        named |= {Source(kind, item.key): item for item in items}
    if thread.assessed:
        named[Source(SourceKind.ASSESSMENT, thread.assessed.key)] = (thread.assessed, thread.changes)
    return named


@given(threads())
def test_every_number_comes_from_the_sentences_own_sources(thread: Thread) -> None:
    known = inputs(thread)
    for section in draft(thread):
        for sentence in section.sentences:
            allowed = {item for source in sentence.sources for item in numbers(known[source])}
            assert set(found_in(sentence.text)) <= allowed, sentence
            assert not NUMBER_WORDS.search(sentence.text), sentence


@given(threads())
def test_nothing_of_the_thread_is_left_out(thread: Thread) -> None:
    assert set(sources(draft(thread))) == set(inputs(thread))


@given(threads())
def test_every_part_says_something_and_names_its_source(thread: Thread) -> None:
    for section in draft(thread):
        assert section.sentences
        for sentence in section.sentences:
            assert sentence.sources
            assert sentence.text.endswith((".", "”"))
            assert "!" not in sentence.text
