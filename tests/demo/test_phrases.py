"""The phrase bank of the demo year: enough of it, decent, and the same for the same draws."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

import pytest

from roedtraad.demo.distributions import ADULT, CHILD, DAY, RESIDENTIAL, TARGET_GROUPS
from roedtraad.demo.draws import stream
from roedtraad.demo.names import words as names_of
from roedtraad.demo.phrases import (
    assessments,
    compose,
    contacts,
    days,
    kinds,
    messages,
    methods,
    network,
    shift,
    wishes,
)
from roedtraad.demo.phrases.compose import Person

BANKS = {
    "fragment": (days.OPENINGS, days.EVENTS, days.MOODS, days.CLOSINGS, days.REMARKS),
    "observation": (contacts.OBSERVATIONS,),
    "relatives": (contacts.RELATIVES,),
    "phone": (contacts.PHONE,),
    "away": (contacts.AWAY,),
    "minutes": (contacts.MINUTES,),
    "sticky": (shift.STICKY,),
    "handover": (shift.HANDOVER,),
    "skip": (shift.SKIPS,),
    "risk": (shift.RISKS,),
    "absence": (shift.ABSENCES,),
    "appointment": (shift.APPOINTMENTS,),
    "message": (messages.MESSAGES,),
    "assessment": (assessments.ASSESSMENTS,),
    "follow_up": (assessments.FOLLOW_UPS,),
    "transition": (assessments.TRANSITIONS,),
}
LEAST = {
    "fragment": 150, "observation": 30, "relatives": 20, "phone": 15, "away": 5, "minutes": 12, "sticky": 20, "handover": 20,
    "skip": 10, "risk": 15, "absence": 8, "appointment": 20, "message": 24, "assessment": 24, "follow_up": 16,
    "transition": 16, "wish": 60, "goal": 60, "method": 14, "network": 30,
}  # fmt: skip
PEOPLE = [
    Person("Ane", group, age, category)
    for group, age, category in itertools.product(kinds.TARGET_GROUPS, (CHILD, ADULT), (RESIDENTIAL, DAY))
]
KINDS_OF_PEOPLE = pytest.mark.parametrize(
    "person", PEOPLE, ids=lambda p: f"{p.target_group}-{p.age_group}-{p.category}"
)


def of_goals() -> Iterator[str]:
    """Every text of every goal, but the titles of efforts: these may say the same for two goals."""
    for goal in compose.GOALS:
        yield from (goal.title, goal.municipal, *goal.levels, *goal.sub_goals)
        yield from itertools.chain.from_iterable(goal.notes(trend) for trend in kinds.TRENDS)


def told() -> Iterator[str]:
    """What staff write about somebody, or somebody to another."""
    yield from of_goals()
    yield from (effort.title for goal in compose.GOALS for effort in goal.efforts)
    yield from itertools.chain.from_iterable(itertools.chain.from_iterable(BANKS.values()))


def everything() -> list[str]:
    """Every phrase of the bank."""
    return [
        *told(),
        *(wish.text for wish in wishes.WISHES),
        *itertools.chain.from_iterable((m.description, m.evidence_note) for m in methods.METHODS),
        *(person.who for person in network.NETWORK),
    ]


def test_the_bank_holds_enough_of_each_subject() -> None:
    counts = {subject: len(set(itertools.chain(*banks))) for subject, banks in BANKS.items()}
    counts |= {
        "wish": len({wish.text for wish in wishes.WISHES}),
        "goal": len({goal.title for goal in compose.GOALS}),
        "method": len(methods.METHODS),
        "network": len({person.who for person in network.NETWORK}),
    }
    assert {subject for subject, least in LEAST.items() if counts[subject] < least} == set()
    assert sum(counts.values()) >= 450


def test_no_phrase_is_written_twice() -> None:
    bank = [
        *(wish.text for wish in wishes.WISHES),
        *itertools.chain.from_iterable(itertools.chain.from_iterable(BANKS.values())),
        *itertools.chain.from_iterable(
            itertools.chain(g.progress, g.standstill, g.setback) for g in compose.GOALS
        ),
    ]
    assert [text for text, times in Counter(bank).items() if times > 1] == []
    for key in ("key", "title", "municipal"):
        assert max(Counter(getattr(goal, key) for goal in compose.GOALS).values()) == 1, key
    assert max(Counter(wish.key for wish in wishes.WISHES).values()) == 1


def test_placeholders_are_the_two_known_ones() -> None:
    found = {
        field for text in everything() for _, field, _, _ in Formatter().parse(text) if field is not None
    }
    assert found == {"name", "names"}


def test_the_tone_is_calm() -> None:
    blame = re.compile(
        r"!|\b(nægte\w*|gad ikke|gider|doven\w*|manipul\w*|opmærksomhedssøg\w*|umulig\w*|besværlig\w*|provoker\w*"
        r"|ulydig\w*|uopdragen\w*|fræk\w*|skældte|løj|lyver|lorem)\b",
        re.IGNORECASE,
    )
    assert [text for text in everything() if blame.search(text)] == []
    he_or_she = re.compile(r"\b(han|hun|ham|hende|hans|hendes)\b", re.IGNORECASE)
    assert [text for text in told() if he_or_she.search(text)] == []


def test_sentences_are_short_and_whole() -> None:
    for text in everything():
        assert text == text.strip() and text, text
        assert max(map(len, re.split(r"(?<=[.?]) ", text))) <= 200, text
    for bank in itertools.chain.from_iterable(banks for s, banks in BANKS.items() if s != "appointment"):
        assert [text for text in bank if text[-1] not in ".?"] == []


def test_goals_hang_together() -> None:
    keys, told_wishes = {m.key for m in methods.METHODS}, {wish.key for wish in wishes.WISHES}
    for goal in compose.GOALS:
        assert len(set(goal.levels)) == 5, goal.key
        assert goal.kind in kinds.GOAL_KINDS and set(goal.themes) <= set(kinds.THEMES), goal.key
        assert len(set(goal.themes)) == len(goal.themes) >= 1, goal.key
        assert set(goal.wishes) <= told_wishes, goal.key
        assert 2 <= len(goal.efforts) <= 3 and {effort.method for effort in goal.efforts} <= keys, goal.key
        assert all(1 <= e.times_a_week <= 7 and 5 <= e.minutes <= 120 for e in goal.efforts), goal.key
        assert len(set(goal.sub_goals)) == 2, goal.key
        assert all(len(goal.notes(trend)) >= 2 for trend in kinds.TRENDS), goal.key
    assert {goal.themes[0] for goal in compose.GOALS} == set(kinds.THEMES)
    assert all(goal.at and set(goal.at) <= set(kinds.SHIFTS) for goal in compose.GOALS)
    assert all(
        kinds.DAY_SHIFT in goal.at
        for person in PEOPLE
        if person.category == DAY
        for goal in compose.goals(person)
    )
    assert {goal.kind for goal in compose.GOALS} == set(kinds.GOAL_KINDS)
    assert {effort.method for goal in compose.GOALS for effort in goal.efforts} == keys
    assert {m.evidence for m in methods.METHODS} == set(kinds.EVIDENCE)


def test_network_and_wishes_use_the_known_words() -> None:
    assert {person.sector for person in network.NETWORK} == set(kinds.SECTORS)
    assert {person.tier for person in network.NETWORK} == set(kinds.TIERS)
    assert {wish.help for wish in wishes.WISHES} == set(kinds.HELP)
    assert set(TARGET_GROUPS.values()) <= set(kinds.TARGET_GROUPS)


def test_a_word_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        kinds.Bank({"gammel": ("Noget.",)})
    with pytest.raises(KeyError):
        kinds.fits("-for:alle", frozenset())


def test_who_a_phrase_fits() -> None:
    assert kinds.fits("", frozenset())
    assert kinds.fits("child for:autism for:crime", frozenset(("child", "for:crime")))
    assert not kinds.fits("child for:autism for:crime", frozenset(("adult", "for:crime")))
    assert not kinds.fits("child", frozenset())
    assert kinds.fits("child -for:crime", frozenset(("child", "for:autism")))
    assert not kinds.fits("child -for:crime", frozenset(("child", "for:crime")))


@KINDS_OF_PEOPLE
def test_everybody_has_goals_grown_from_wishes(person: Person) -> None:
    assert all(compose.wishes_for(goal, person) for goal in compose.goals(person))
    pairs = compose.thread(stream(1, person), person, 5)
    assert len({goal.key for _, goal in pairs}) == 5
    assert len({goal.themes[0] for _, goal in pairs}) >= 4
    assert all(wish.key in goal.wishes for wish, goal in pairs)
    assert not any("{" in text for _, goal in pairs for text in (goal.title, *goal.levels, *goal.progress))


@pytest.mark.parametrize("group", ["autism", "disability", "social_psychiatry", "developmental"])
@pytest.mark.parametrize("category", [RESIDENTIAL, DAY])
def test_the_small_are_not_asked_about_exams(group: str, category: str) -> None:
    small, young = (Person("Bo", group, CHILD, category, age) for age in (6, 15))
    assert {"exam", "mechanic"} <= {w.key for w in compose.wishes(young)} - {
        w.key for w in compose.wishes(small)
    }
    assert "try-trade" in {g.key for g in compose.goals(young)} - {g.key for g in compose.goals(small)}
    assert len({goal.key for _, goal in compose.thread(stream(10, group), small, 5)}) == 5
    assert all(compose.wishes_for(goal, small) for goal in compose.goals(small))


@KINDS_OF_PEOPLE
def test_everybody_gets_every_kind_of_text(person: Person) -> None:
    rng = stream(2, person)
    goal = compose.goal_bundle(rng, person)
    texts = [draw_one(rng, person) for draw_one in (
        compose.observation, compose.relatives_contact, compose.phone_note, compose.meeting_minutes,
        compose.sticky_note, compose.skip_reason, compose.appointment,
    )]  # fmt: skip
    shifts = kinds.SHIFTS if person.category == RESIDENTIAL else (kinds.DAY_SHIFT,)
    texts += [compose.handover_line(rng, person, at) for at in shifts]
    texts += [
        compose.daily_note(rng, person, at, trend, compose.goal_of_shift(rng, [goal], at))
        for at in shifts for trend in kinds.TRENDS
    ]  # fmt: skip
    texts += [compose.follow_up(rng, person, trend) for trend in kinds.TRENDS]
    texts += [compose.risk_reason(rng, person, level) for level in kinds.RISK_LEVELS]
    texts += [compose.absence_note(rng, person, kind) for kind in kinds.ABSENCES]
    texts += [compose.transition(rng, person, phase) for phase in kinds.PHASES]
    parties = (kinds.CITIZEN, kinds.RELATIVE, kinds.STAFF)
    texts += [compose.message(rng, person, by, to) for by, to in itertools.permutations(parties, 2)]
    texts += [
        compose.assessment(rng, person, theme, by, level)
        for theme in kinds.THEMES for by in (kinds.CITIZEN, kinds.PROFESSIONAL) for level in range(5)
    ]  # fmt: skip
    assert all(texts) and not any("{" in text for text in texts)
    sectors = {each.sector for each in compose.network_people(rng, person, 99)}
    assert sectors == set(kinds.SECTORS)
    assert len(compose.network_people(rng, person, 7)) == 7


@KINDS_OF_PEOPLE
def test_no_shift_finds_a_hole_in_the_bank(person: Person) -> None:
    for at in kinds.SHIFTS if person.category == RESIDENTIAL else (kinds.DAY_SHIFT,):
        moment = person.words | {f"at:{at}"}
        assert all(len(bank.fitting(moment)) >= 4 for bank in (days.OPENINGS, days.EVENTS, days.CLOSINGS))
        assert all(len(days.MOODS.fitting(moment | {trend})) >= 3 for trend in kinds.TRENDS)


def test_the_same_draws_give_the_same_texts() -> None:
    def a_week(seed: int) -> list[object]:
        rng = stream(seed, "uge")
        pairs = compose.thread(rng, PEOPLE[0], 4)
        notes = [compose.daily_note(rng, PEOPLE[0], at) for at in kinds.SHIFTS * 7]
        return [pairs, *notes, compose.network_people(rng, PEOPLE[0], 9)]

    assert a_week(3) == a_week(3)
    assert a_week(3) != a_week(4)


@KINDS_OF_PEOPLE
def test_a_year_of_notes_is_not_the_same_day_again(person: Person) -> None:
    rng = stream(5, person)
    shifts = kinds.SHIFTS if person.category == RESIDENTIAL else (kinds.DAY_SHIFT,)
    goals = [goal for _, goal in compose.thread(rng, person, 4)]
    year = [
        compose.daily_note(rng, person, at, goal=compose.goal_of_shift(rng, goals, at) if told else None)
        for _ in range(365) for at in shifts for told in (rng.random() < 0.6,)
    ]  # fmt: skip
    assert len(set(year)) >= 0.8 * len(year)


def test_a_goal_is_told_of_as_the_day_went() -> None:
    person = PEOPLE[0]
    goal = compose.goal_bundle(stream(6), person)
    for trend in kinds.TRENDS:
        note = compose.daily_note(stream(7, trend), person, goal.at[0], trend, goal)
        assert any(sentence in note for sentence in goal.notes(trend))
        others = set(kinds.TRENDS) - {trend}
        assert not any(sentence in note for other in others for sentence in goal.notes(other))


def test_an_offer_by_day_has_no_night() -> None:
    person = Person("Bo", "autism", ADULT, DAY)
    with pytest.raises(ValueError, match="night"):
        compose.daily_note(stream(8), person, kinds.NIGHT)


def test_a_shift_tells_only_of_goals_it_sees() -> None:
    person = Person("Bo", "autism", ADULT, RESIDENTIAL)
    by_day = next(goal for goal in compose.goals(person) if goal.at == kinds.BY_DAY)
    asleep = next(goal for goal in compose.goals(person) if goal.at == kinds.BY_NIGHT)
    assert compose.goal_of_shift(stream(8), [by_day, asleep], kinds.NIGHT) == asleep
    assert compose.goal_of_shift(stream(8), [by_day, asleep], kinds.EVENING) is None
    with pytest.raises(ValueError, match="night"):
        compose.daily_note(stream(8), person, kinds.NIGHT, goal=by_day)


def test_what_is_not_assessed_has_no_text() -> None:
    with pytest.raises(ValueError, match="9"):
        compose.assessment(stream(9), PEOPLE[0], "health", kinds.CITIZEN, 9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ane", "Anes"),
        ("Mads", "Mads'"),
        ("Max", "Max'"),
        ("Fritz", "Fritz'"),
        ("Åse", "Åses"),
        ("Bo", "Bos"),
    ],
)
def test_the_genitive(name: str, expected: str) -> None:
    assert compose.genitive(name) == expected
    assert compose.fill("Det er {names} kop, {name}.", Person(name, "autism", ADULT, DAY)) == (
        f"Det er {expected} kop, {name}."
    )


def test_no_phrase_names_anybody_but_the_person() -> None:
    first_names = re.compile(rf"\b({'|'.join(names_of('female') + names_of('male'))})\b")
    assert [text for text in everything() if first_names.search(text)] == []


def test_methods_are_found_by_their_key() -> None:
    assert compose.method("krap").name == "KRAP"
    with pytest.raises(KeyError):
        compose.method("ukendt")
