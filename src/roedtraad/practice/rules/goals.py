"""Goals: what kind they are, how they are rated, and what has come of them. Pure.

Goal attainment scaling: Kiresuk TJ, Sherman RE (1968), "Goal attainment scaling: a general method for evaluating
comprehensive community mental health programs", Community Mental Health Journal 4(6). Five outcomes are described
in words beforehand, 0 being what is expected. The kinds of goal and the decisions at a follow-up are those of KL's
Fælles Faglige Begreber.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from roedtraad.core.danish import MINUS, count
from roedtraad.core.danish import day as day_in_words
from roedtraad.core.refusal import Refusal
from roedtraad.core.shares import percent_of

LEVELS = (-2, -1, 0, 1, 2)
EXPECTED = 0
LEVEL_WORDS: Mapping[int, str] = {
    -2: "meget mindre end ventet",
    -1: "lidt mindre end ventet",
    0: "som ventet",
    1: "lidt bedre end ventet",
    2: "meget bedre end ventet",
}
LEVEL_FIELDS: Mapping[int, str] = {
    -2: "level_minus_2",
    -1: "level_minus_1",
    0: "level_0",
    1: "level_plus_1",
    2: "level_plus_2",
}
LONGEST_LEVEL = 300
# Kiresuk and Sherman's assumption of how strongly a person's goals move together.
RHO = Decimal("0.3")
# Assumption of ours: from here two views of the same goal are worth a talk.
WORTH_A_TALK = 2


class GoalKind(StrEnum):
    """What a goal is for (udvikle, fastholde, begrænse tab)."""

    DEVELOP = "develop"
    MAINTAIN = "maintain"
    LIMIT_LOSS = "limit_loss"


KIND_WORDS: Mapping[GoalKind, str] = {
    GoalKind.DEVELOP: "udvikle",
    GoalKind.MAINTAIN: "fastholde",
    GoalKind.LIMIT_LOSS: "begrænse tab",
}


class Rater(StrEnum):
    """Whose view a rating is."""

    CITIZEN = "citizen"
    STAFF = "staff"


class Outcome(StrEnum):
    """What has come of a goal so far; `outcome` defines each."""

    REACHED = "reached"
    PROGRESSED = "progressed"
    KEPT = "kept"
    LOST = "lost"
    NOT_RATED = "not_rated"


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.REACHED: "nået",
    Outcome.PROGRESSED: "på vej",
    Outcome.KEPT: "uændret",
    Outcome.LOST: "gået tilbage",
    Outcome.NOT_RATED: "ikke vurderet",
}
RATED = (Outcome.REACHED, Outcome.PROGRESSED, Outcome.KEPT, Outcome.LOST)


class FollowUp(StrEnum):
    """What is decided when a goal or a plan is followed up."""

    CONTINUE = "continue"
    END = "end"
    END_AND_REFER = "end_and_refer"


FOLLOW_UP_WORDS: Mapping[FollowUp, str] = {
    FollowUp.CONTINUE: "fortsæt",
    FollowUp.END: "afslut",
    FollowUp.END_AND_REFER: "afslut og visitér til ny indsats",
}


@dataclass(frozen=True, slots=True)
class Rating:
    """Where a goal stood on a day, as one side saw it. Raises ValueError for a level outside −2 … +2."""

    day: date
    level: int
    rater: Rater

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"Trinnet skal ligge mellem {signed(LEVELS[0])} og {signed(LEVELS[-1])}.")


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest view of each side, and the one the figures count."""

    citizen: Rating | None
    staff: Rating | None
    counts: Rating | None

    @property
    def steps_apart(self) -> int | None:
        """How many steps lie between the two; None when one of them is missing."""
        if self.citizen is None or self.staff is None:
            return None
        return abs(self.citizen.level - self.staff.level)

    @property
    def worth_a_talk(self) -> bool:
        """Whether the two see it so differently that it is something to talk about."""
        return (self.steps_apart or 0) >= WORTH_A_TALK


@dataclass(frozen=True, slots=True)
class OutcomeShares:
    """How many goals came to what, and in per cent of those that are rated (None when none is)."""

    counts: Mapping[Outcome, int]
    percent: Mapping[Outcome, Decimal | None]

    @property
    def rated(self) -> int:
        """The goals behind the percentages."""
        return sum(self.counts[item] for item in RATED)


def signed(level: int) -> str:
    """The level as it is written: "−1", "0", "+2"."""
    if level > 0:
        return f"+{level}"
    return f"{MINUS}{-level}" if level else "0"


def checked_levels(texts: Mapping[int, str], draft: bool = False) -> dict[int, str]:
    """The five descriptions, tidied, by level; while the goal is a draft there may be none of them yet.

    Raises Refusal, with the field of the level it belongs to, when some are missing, two are alike (case, spacing and
    the full stop do not count), or one is too long.
    """
    tidied = {level: " ".join(texts.get(level, "").split()) for level in LEVELS}
    if draft and not any(tidied.values()):
        return {}
    for level, text in tidied.items():
        if not text:
            raise Refusal(
                f"Beskriv også trin {signed(level)} ({LEVEL_WORDS[level]}). Alle fem trin skal have ord."
                + (" Du kan lade alle fem stå tomme, til du er klar." if draft else ""),
                LEVEL_FIELDS[level],
            )
        if len(text) > LONGEST_LEVEL:
            raise Refusal(
                f"Trinnet må højst fylde {LONGEST_LEVEL} tegn. Skriv det kortere.", LEVEL_FIELDS[level]
            )
    seen: dict[str, int] = {}
    for level, text in tidied.items():
        alike = seen.setdefault(text.casefold().rstrip(" ."), level)
        if alike != level:
            raise Refusal(
                f"Trin {signed(alike)} og {signed(level)} er beskrevet ens. Skriv, hvad der er forskellen.",
                LEVEL_FIELDS[level],
            )
    return tidied


def checked_start(kind: GoalKind, level: int) -> int:
    """The level the goal starts from.

    Raises Refusal for a level off the scale, and for a goal to develop that starts where it should end.
    """
    if level not in LEVELS:
        raise Refusal("Vælg et trin mellem −2 og +2.", "baseline")
    if kind is GoalKind.DEVELOP and level >= EXPECTED:
        raise Refusal(
            "Et mål om at udvikle begynder under 0. Beskriv trin 0 som det, I håber at nå, eller vælg at fastholde.",
            "baseline",
        )
    return level


def t_score(levels: Sequence[int], weights: Sequence[Decimal | int] | None = None) -> Decimal | None:
    """Kiresuk and Sherman's T-score of several goals, one decimal; 50 means that it went as expected.

    T = 50 + 10 Σwx ÷ √((1 − ρ)Σw² + ρ(Σw)²), with ρ = 0.3 and every weight 1 unless others are given. None when there
    are no goals. Raises ValueError when the weights are not positive, or not one for each goal.
    """
    chosen = [Decimal(1)] * len(levels) if weights is None else [Decimal(weight) for weight in weights]
    if len(chosen) != len(levels) or any(weight <= 0 for weight in chosen):
        raise ValueError("Hvert mål skal have én vægt, som er større end 0.")
    if not levels:
        return None
    reached = sum((weight * level for weight, level in zip(chosen, levels, strict=True)), Decimal(0))
    spread = (1 - RHO) * sum((w * w for w in chosen), Decimal(0)) + RHO * sum(chosen, Decimal(0)) ** 2
    return _tenths(50 + 10 * reached / spread.sqrt())


def mean_level(levels: Sequence[int]) -> Decimal | None:
    """The plain mean of the goals' levels, one decimal, −2 to +2; None when there are no goals."""
    return _tenths(Decimal(sum(levels)) / len(levels)) if levels else None


def standing(ratings: Iterable[Rating]) -> Standing:
    """Where a goal stands.

    The latest by staff counts in the figures, and the citizen's only while staff has not rated; both are shown. Of two
    on the same day the one given last is the latest.
    """
    latest: dict[Rater, Rating] = {}
    for rating in sorted(ratings, key=lambda item: item.day):
        latest[rating.rater] = rating
    citizen, staff = latest.get(Rater.CITIZEN), latest.get(Rater.STAFF)
    return Standing(citizen, staff, staff or citizen)


def talk_sentence(name: str, where: Standing) -> str | None:
    """What to talk about when the citizen (called `name`) and staff see the goal differently; otherwise None."""
    if where.citizen is None or where.staff is None or not where.worth_a_talk:
        return None
    return (
        f"{name} ser målet på {signed(where.citizen.level)}, og personalet på {signed(where.staff.level)}. "
        "Tal sammen om, hvad I hver især lægger mærke til."
    )


def start_level(ratings: Iterable[Rating], baseline: int | None) -> int | None:
    """The level the goal started from: what was agreed, else the first rating of the side that counts."""
    if baseline is not None:
        return baseline
    every = sorted(ratings, key=lambda item: item.day)
    counts = standing(every).counts
    return None if counts is None else next(item.level for item in every if item.rater is counts.rater)


def outcome(kind: GoalKind, ratings: Iterable[Rating], baseline: int | None) -> Outcome:
    """What has come of a goal, by the rating that counts and the level it started from.

    ==========  ======================================  ==========  ============  ===========
    kind        reached                                 progressed  kept          lost
    ==========  ======================================  ==========  ============  ===========
    udvikle     0 or above                              over start  at the start  below start
    fastholde   at the start or above                   –           –             below start
    begrænse    0 or above, or at the start or above    –           –             otherwise
    ==========  ======================================  ==========  ============  ===========

    To keep what one has is the whole of a goal to maintain. A goal to limit a loss expects some loss: it is reached
    as long as no more is lost than level 0 describes. The definition is ours; the documents give none.
    """
    every = list(ratings)
    counts = standing(every).counts
    start = start_level(every, baseline)
    if counts is None or start is None:
        return Outcome.NOT_RATED
    aim = {
        GoalKind.DEVELOP: EXPECTED,
        GoalKind.MAINTAIN: start,
        GoalKind.LIMIT_LOSS: min(EXPECTED, start),
    }[kind]
    if counts.level >= aim:
        return Outcome.REACHED
    if counts.level > start:
        return Outcome.PROGRESSED
    return Outcome.KEPT if counts.level == start else Outcome.LOST


def share_of_outcomes(outcomes: Iterable[Outcome]) -> OutcomeShares:
    """The goals by outcome; a goal nobody has rated is counted, and is in no percentage."""
    found = Counter(outcomes)
    counts = {item: found[item] for item in Outcome}
    rated = sum(counts[item] for item in RATED)
    return OutcomeShares(counts, {item: percent_of(counts[item], rated) for item in RATED})


def checked_follow_up(decision: FollowUp, next_day: date | None, today: date) -> None:
    """Raise Refusal when the decision and the day of the next follow-up do not fit together."""
    if decision is FollowUp.CONTINUE:
        if next_day is None:
            raise Refusal("Skriv, hvornår I følger op næste gang.", "next_follow_up")
        if next_day <= today:
            raise Refusal(
                f"Næste opfølgning skal ligge efter i dag ({day_in_words(today)}). Vælg en senere dag.",
                "next_follow_up",
            )
    elif next_day is not None:
        raise Refusal(
            "Når målet afsluttes, er der ingen næste opfølgning. Fjern datoen, eller vælg at fortsætte.",
            "next_follow_up",
        )


def due_words(due: date | None, today: date) -> str:
    """When something is to be followed up: "i dag", "i morgen", "om 3 dage", "5 dage over tiden"."""
    if due is None:
        return "ingen dag aftalt"
    days = (due - today).days
    if days < 0:
        return f"{count(-days, 'dag', 'dage')} over tiden"
    return {0: "i dag", 1: "i morgen"}.get(days, f"om {count(days, 'dag', 'dage')}")


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
