"""The draft of the status report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from roedtraad.practice.rules.assessments import Change, Direction, Level
from roedtraad.practice.rules.goals import FollowUp, GoalKind, Rater, Rating
from roedtraad.practice.rules.report import Section, draft, sources
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
    as_json,
    from_json,
    titles,
)

EATING = GoalLine(
    "g1",
    "Spise med de andre",
    GoalKind.DEVELOP,
    (
        Rating(date(2026, 5, 10), 1, Rater.STAFF),
        Rating(date(2026, 5, 12), 0, Rater.CITIZEN),
        Rating(date(2026, 7, 1), -2, Rater.STAFF),
    ),
    -1,
    {-1: "Henter maden selv", 1: "Spiser med fire aftener om ugen"},
    date(2026, 9, 1),
    FollowUp.CONTINUE,
)
THREAD = Thread(
    "t1",
    "Ane",
    date(2026, 1, 1),
    date(2026, 6, 30),
    (Wish("w1", "Jeg vil ikke\nspise alene", date(2026, 1, 9), with_help=True),),
    (EATING,),
    (EffortLine("e1", "Fælles madlavning", ("g1", "gone"), 1800, 1450),),
    (
        AssessmentLine("a1", "Søvn og vaner", Change("sleep", Level.LIGHT, None, Direction.GONE)),
        AssessmentLine("a1", "Helbred", Change("health", None, Level.LIGHT, Direction.NEW)),
        AssessmentLine(
            "a1", "Sind og følelser", Change("mind", Level.LIGHT, Level.MODERATE, Direction.WORSE)
        ),
        AssessmentLine("a1", "Hverdagen hjemme", Change("home", Level.SEVERE, Level.LIGHT, Direction.BETTER)),
    ),
    (NetworkIndex("n2", date(2026, 6, 1), 3, 2, 4), NetworkIndex("n1", date(2026, 1, 5), 1, 2, 5)),
)


def lines(thread: Thread, key: str) -> list[str]:
    section = next(item for item in draft(thread) if item.key == key)
    return [sentence.text for sentence in section.sentences]


def test_the_report_has_its_parts_in_order() -> None:
    assert [section.heading for section in draft(THREAD)] == [
        "Borgerens egne ord",
        "Mål og udvikling",
        "Indsatser",
        "Fravær",
        "Funktionsevne",
        "Netværk",
        "Samtykke",
        "Næste skridt",
    ]


def test_the_citizen_speaks_first() -> None:
    assert lines(THREAD, "wish") == [
        "Rapporten handler om Ane og dækker perioden fra 1. januar 2026 til og med 30. juni 2026.",
        "Ane har den 9. januar 2026 sagt med hjælp til at skrive det ned: “Jeg vil ikke spise alene”",
    ]
    alone = replace(THREAD, wishes=(Wish("w1", "Jeg vil ud", date(2026, 1, 9)),))
    assert lines(alone, "wish")[1] == "Ane har den 9. januar 2026 sagt med egne ord: “Jeg vil ud”"


def test_a_goal_is_told_by_both_sides_up_to_the_last_day() -> None:
    assert lines(THREAD, "goals") == [
        "Målet “Spise med de andre” går ud på at udvikle.",
        "Det begyndte på −1: “Henter maden selv”.",
        "Den 10. maj 2026 satte personalet det til +1: “Spiser med fire aftener om ugen”.",
        "Den 12. maj 2026 satte Ane selv det til 0.",
        "Målet er nået.",
    ]


def test_a_goal_nobody_has_rated_says_so() -> None:
    assert lines(replace(THREAD, goals=(replace(EATING, ratings=()),)), "goals") == [
        "Målet “Spise med de andre” går ud på at udvikle.",
        "Målet er ikke vurderet endnu.",
    ]


def test_an_effort_tells_its_goal_and_its_minutes() -> None:
    assert lines(THREAD, "efforts") == [
        "Indsatsen “Fælles madlavning” støtter “Spise med de andre”.",
        "“Fælles madlavning” er givet i 1.450 minutter. Der var planlagt 1.800.",
    ]


def test_what_has_become_better_is_told_first() -> None:
    assert lines(THREAD, "assessment") == [
        "“Hverdagen hjemme” er blevet bedre: fra svært nedsat til let nedsat.",
        "“Sind og følelser” er blevet sværere: fra let nedsat til moderat nedsat.",
        "“Helbred” er nyt i vurderingen: let nedsat.",
        "“Søvn og vaner” er ikke vurderet denne gang.",
    ]


def test_the_network_is_told_by_date() -> None:
    assert lines(THREAD, "network") == [
        "Den 5. januar 2026 var der 1 person i det primære netværk, 2 i det sekundære og 5 i det tertiære.",
        "Den 1. juni 2026 var der 3 personer i det primære netværk, 2 i det sekundære og 4 i det tertiære.",
    ]


@pytest.mark.parametrize(
    ("decision", "next_day", "words"),
    [
        (
            FollowUp.CONTINUE,
            date(2026, 9, 1),
            "Arbejdet med “Spise med de andre” fortsætter og følges op den 1. september 2026.",
        ),
        (None, date(2026, 9, 1), "“Spise med de andre” følges op den 1. september 2026."),
        (
            FollowUp.CONTINUE,
            date(2026, 6, 30),
            "“Spise med de andre” skulle være fulgt op den 30. juni 2026.",
        ),
        (None, None, "Der er ikke aftalt en dag for opfølgning på “Spise med de andre”."),
        (FollowUp.END, None, "Arbejdet med “Spise med de andre” er afsluttet."),
        (
            FollowUp.END_AND_REFER,
            None,
            "Arbejdet med “Spise med de andre” er afsluttet, og der er visiteret til en ny indsats.",
        ),
    ],
)
def test_the_next_step(decision: FollowUp | None, next_day: date | None, words: str) -> None:
    goal = replace(EATING, decision=decision, next_follow_up=next_day)
    assert lines(replace(THREAD, goals=(goal,)), "next") == [words]


def test_an_empty_thread_says_what_is_missing() -> None:
    empty = draft(Thread("t1", "Ane", date(2026, 1, 1), date(2026, 6, 30)))
    assert [section.sentences[-1].text for section in empty] == [
        "Der er ikke skrevet et ønske ned endnu.",
        "Der er ikke aftalt mål endnu.",
        "Der er ikke registreret indsatser i perioden.",
        "Fravær er ikke med i denne rapport.",
        "Funktionsevnen er ikke vurderet endnu.",
        "Der er ikke tegnet et netværkskort endnu.",
        "Der er ikke registreret et samtykke til at dele andet end denne rapport med kommunen.",
        "Aftal sammen, hvilke mål der skal arbejdes med.",
    ]
    assert sources(empty) == (Source(SourceKind.THREAD, "t1"),)


def test_every_source_is_named_once() -> None:
    report: tuple[Section, ...] = draft(THREAD)
    assert sources(report) == (
        Source(SourceKind.THREAD, "t1"),
        Source(SourceKind.WISH, "w1"),
        Source(SourceKind.GOAL, "g1"),
        Source(SourceKind.EFFORT, "e1"),
        Source(SourceKind.ASSESSMENT, "a1"),
        Source(SourceKind.NETWORK, "n1"),
        Source(SourceKind.NETWORK, "n2"),
    )


def test_a_wish_read_by_others_is_not_put_in_the_citizens_mouth() -> None:
    read = replace(THREAD, wishes=(Wish("w1", "Ro om aftenen", date(2026, 1, 9), interpreted=True),))
    assert lines(read, "wish")[1] == (
        "Den 9. januar 2026 er det skrevet ned, hvad andre forstår, at Ane ønsker: “Ro om aftenen”"
    )


def test_the_municipalitys_own_goal_is_named() -> None:
    named = replace(THREAD, goals=(replace(EATING, municipal_goal="Fællesskab"),))
    assert lines(named, "goals")[1] == "Det hører til “Fællesskab” i kommunens handleplan."


def test_absence_is_told_in_days_and_kinds() -> None:
    away = replace(THREAD, attendance=Attendance("t1", 12, ("ferie", "indlagt")))
    assert lines(away, "attendance") == [
        "Ane har været væk i 12 døgn i perioden.",
        "Fraværet er registreret som ferie og indlagt.",
    ]
    home = replace(THREAD, attendance=Attendance("t1", 0))
    assert lines(home, "attendance") == ["Der er ikke registreret fravær natten over i perioden."]


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        (
            None,
            "Funktionsevnen er senest vurderet den 3. maj 2026. Der er ingen tidligere vurdering at sammenligne med.",
        ),
        (
            date(2025, 5, 4),
            "Funktionsevnen er senest vurderet den 3. maj 2026 og sammenlignes med vurderingen fra 4. maj 2025.",
        ),
    ],
)
def test_an_assessment_says_what_it_is_compared_with(earlier: date | None, words: str) -> None:
    seen = replace(THREAD, changes=(), assessed=Assessed("a1", date(2026, 5, 3), earlier))
    assert lines(seen, "assessment")[0] == words
    assert ("Intet tema har skiftet trin." in lines(seen, "assessment")) is (earlier is not None)


def test_a_consent_names_what_is_shared_with_whom() -> None:
    given = (
        ConsentLine("c1", "Aarhus Kommune", date(2026, 2, 1), ("mål", "netværkskort")),
        ConsentLine("c2", "Viborg Kommune", date(2026, 1, 1), ("notater",), by_guardian=True),
    )
    assert lines(replace(THREAD, consents=given), "consent") == [
        "Værgen for Ane har den 1. januar 2026 givet samtykke til at dele notater med Viborg Kommune.",
        "Ane har den 1. februar 2026 givet samtykke til at dele mål og netværkskort med Aarhus Kommune.",
    ]


FULL = replace(
    THREAD,
    assessed=Assessed("a1", date(2026, 5, 3), date(2025, 5, 4)),
    attendance=Attendance("t1", 3, ("ferie",)),
    consents=(ConsentLine("c1", "Aarhus Kommune", date(2026, 2, 1), ("mål",)),),
    about=About("Ane Elm", date(1980, 1, 1), "Elmehuset", "Aarhus", "Viborg"),
)


def test_the_inputs_survive_being_locked() -> None:
    kept = json.loads(json.dumps(as_json(FULL)))
    assert from_json(kept, Thread) == FULL
    assert draft(from_json(kept, Thread)) == draft(FULL)


def test_inputs_of_another_edition_are_still_read() -> None:
    kept = as_json(FULL)
    del kept["consents"]
    kept["unknown"] = 1
    assert from_json(kept, Thread) == replace(FULL, consents=())


def test_every_source_has_a_title() -> None:
    named = titles(FULL)
    assert set(sources(draft(FULL))) <= set(named)
    assert named[Source(SourceKind.GOAL, "g1")] == "Mål: Spise med de andre"
    assert named[Source(SourceKind.ASSESSMENT, "a1")] == "Udredning 3. maj 2026"
