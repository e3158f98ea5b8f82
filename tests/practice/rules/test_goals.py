"""Goals: the five levels, what counts, and what has come of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.goals import (
    LEVELS,
    FollowUp,
    GoalKind,
    Outcome,
    Rater,
    Rating,
    checked_follow_up,
    checked_levels,
    checked_start,
    due_words,
    mean_level,
    outcome,
    share_of_outcomes,
    signed,
    standing,
    start_level,
    t_score,
    talk_sentence,
)

DAY = date(2026, 3, 2)
TODAY = date(2026, 6, 15)
FIVE = {
    -2: "Ane spiser alene på værelset hver aften",
    -1: "Ane kommer ned og henter maden selv",
    0: "Ane spiser med to aftener om ugen",
    1: "Ane spiser med fire aftener om ugen",
    2: "Ane inviterer selv en nabo til at spise med",
}


def by_staff(*levels: int) -> list[Rating]:
    return [Rating(DAY + timedelta(days=n), level, Rater.STAFF) for n, level in enumerate(levels)]


def test_five_levels_are_tidied() -> None:
    assert checked_levels({**FIVE, 0: "  Ane spiser med\n to aftener om ugen "}) == FIVE


def test_a_draft_may_be_without_levels_but_not_with_half_of_them() -> None:
    assert checked_levels({0: " ", 1: ""}, draft=True) == {}
    with pytest.raises(Refusal) as refused:
        checked_levels({**FIVE, 1: " "}, draft=True)
    assert refused.value.field == "level_plus_1"
    assert "trin +1" in refused.value.sentence


def test_levels_are_needed_once_the_goal_is_no_draft() -> None:
    with pytest.raises(Refusal) as refused:
        checked_levels({})
    assert refused.value.field == "level_minus_2"


def test_two_levels_alike_are_named() -> None:
    with pytest.raises(Refusal) as refused:
        checked_levels({**FIVE, 2: "ane spiser  med to aftener om ugen."})
    assert refused.value.field == "level_plus_2"
    assert refused.value.sentence.startswith("Trin 0 og +2 er beskrevet ens.")


def test_a_level_is_no_essay() -> None:
    with pytest.raises(Refusal, match="300 tegn"):
        checked_levels({**FIVE, -1: "a" * 501})


@pytest.mark.parametrize(
    ("levels", "score"),
    [
        # By hand from the formula: three goals give √(0.7 × 3 + 0.3 × 9) = √4.8.
        ((0, 0, 0), "50.0"),
        ((1,), "60.0"),
        ((-2,), "30.0"),
        ((1, 1, 1), "63.7"),
        ((1, -1, 2), "59.1"),
        ((-2, -2, -2), "22.6"),
    ],
)
def test_the_score_of_goal_attainment_scaling(levels: tuple[int, ...], score: str) -> None:
    assert t_score(levels) == Decimal(score)


def test_weights_pull_the_score() -> None:
    # 50 + 10 × (3 − 1) ÷ √(0.7 × 10 + 0.3 × 16) = 50 + 20 ÷ √11.8
    assert t_score((1, -1), (3, 1)) == Decimal("55.8")
    with pytest.raises(ValueError, match="større end 0"):
        t_score((1, -1), (1, 0))
    with pytest.raises(ValueError, match="én vægt"):
        t_score((1, -1), (1,))


def test_no_goals_have_no_score() -> None:
    assert t_score(()) is None
    assert mean_level(()) is None
    assert mean_level((1, 0, 0)) == Decimal("0.3")


@pytest.mark.parametrize(
    ("kind", "start", "now", "expected"),
    [
        (GoalKind.DEVELOP, -2, 0, Outcome.REACHED),
        (GoalKind.DEVELOP, -2, 2, Outcome.REACHED),
        (GoalKind.DEVELOP, -2, -1, Outcome.PROGRESSED),
        (GoalKind.DEVELOP, -1, -1, Outcome.KEPT),
        (GoalKind.DEVELOP, -1, -2, Outcome.LOST),
        (GoalKind.MAINTAIN, 0, 0, Outcome.REACHED),
        (GoalKind.MAINTAIN, 0, 1, Outcome.REACHED),
        (GoalKind.MAINTAIN, 1, 0, Outcome.LOST),
        (GoalKind.MAINTAIN, -1, -1, Outcome.REACHED),
        (GoalKind.LIMIT_LOSS, 1, 0, Outcome.REACHED),
        (GoalKind.LIMIT_LOSS, -1, -1, Outcome.REACHED),
        (GoalKind.LIMIT_LOSS, 0, -1, Outcome.LOST),
        (GoalKind.LIMIT_LOSS, -1, -2, Outcome.LOST),
    ],
)
def test_what_has_come_of_a_goal(kind: GoalKind, start: int, now: int, expected: Outcome) -> None:
    assert outcome(kind, by_staff(now), start) is expected


def test_a_goal_nobody_has_rated_has_no_outcome() -> None:
    assert outcome(GoalKind.DEVELOP, [], -2) is Outcome.NOT_RATED


def test_without_an_agreed_start_the_first_rating_is_the_start() -> None:
    ratings = [Rating(DAY - timedelta(days=9), 1, Rater.CITIZEN), *by_staff(-2, -1)]
    assert start_level(ratings, None) == -2
    assert outcome(GoalKind.DEVELOP, ratings, None) is Outcome.PROGRESSED


def test_the_latest_by_staff_counts_and_both_are_seen() -> None:
    own = Rating(DAY + timedelta(days=30), 2, Rater.CITIZEN)
    where = standing([own, *by_staff(-1, 0)])
    assert (where.citizen, where.counts) == (own, by_staff(-1, 0)[1])
    assert where.steps_apart == 2
    assert where.worth_a_talk


def test_the_last_word_of_a_day_is_the_latest() -> None:
    where = standing([Rating(DAY, 1, Rater.STAFF), Rating(DAY, 0, Rater.STAFF)])
    assert where.counts is not None
    assert where.counts.level == 0


def test_the_citizens_rating_counts_while_it_is_the_only_one() -> None:
    own = Rating(DAY, 1, Rater.CITIZEN)
    assert standing([own]).counts == own
    assert standing([own]).steps_apart is None


def test_a_talk_is_proposed_only_when_the_views_lie_apart() -> None:
    own = Rating(DAY, 1, Rater.CITIZEN)
    assert talk_sentence("Ane", standing([own, *by_staff(-1)])) == (
        "Ane ser målet på +1, og personalet på −1. Tal sammen om, hvad I hver især lægger mærke til."
    )
    assert talk_sentence("Ane", standing([own, *by_staff(0)])) is None
    assert talk_sentence("Ane", standing([own])) is None


def test_shares_are_of_the_rated_goals() -> None:
    shares = share_of_outcomes(
        [Outcome.REACHED, Outcome.REACHED, Outcome.LOST, Outcome.NOT_RATED, Outcome.PROGRESSED]
    )
    assert shares.rated == 4
    assert shares.counts[Outcome.NOT_RATED] == 1
    assert shares.percent == {
        Outcome.REACHED: Decimal("50.0"),
        Outcome.PROGRESSED: Decimal("25.0"),
        Outcome.KEPT: Decimal("0.0"),
        Outcome.LOST: Decimal("25.0"),
    }
    assert set(share_of_outcomes([]).percent.values()) == {None}


def test_a_goal_to_develop_starts_below_what_is_expected() -> None:
    assert checked_start(GoalKind.DEVELOP, -1) == -1
    assert checked_start(GoalKind.LIMIT_LOSS, 1) == 1
    with pytest.raises(Refusal, match="begynder under 0"):
        checked_start(GoalKind.DEVELOP, 0)
    with pytest.raises(Refusal, match="mellem −2 og"):
        checked_start(GoalKind.MAINTAIN, 3)


def test_a_level_off_the_scale_is_no_rating() -> None:
    with pytest.raises(ValueError, match="mellem −2 og"):
        Rating(DAY, 3, Rater.STAFF)


@pytest.mark.parametrize(
    ("decision", "next_day", "words"),
    [
        (FollowUp.CONTINUE, None, "hvornår I følger op"),
        (FollowUp.CONTINUE, TODAY, "efter i dag"),
        (FollowUp.END, TODAY + timedelta(days=9), "ingen næste opfølgning"),
        (FollowUp.END_AND_REFER, TODAY + timedelta(days=9), "ingen næste opfølgning"),
    ],
)
def test_decision_and_next_day_must_fit(decision: FollowUp, next_day: date | None, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        checked_follow_up(decision, next_day, TODAY)
    assert refused.value.field == "next_follow_up"


def test_a_decision_that_fits_is_let_through() -> None:
    checked_follow_up(FollowUp.CONTINUE, TODAY + timedelta(days=1), TODAY)
    checked_follow_up(FollowUp.END, None, TODAY)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "i dag"), (1, "i morgen"), (3, "om 3 dage"), (-1, "1 dag over tiden"), (-5, "5 dage over tiden")],
)
def test_when_it_is_due(days: int, words: str) -> None:
    assert due_words(TODAY + timedelta(days=days), TODAY) == words


def test_nothing_agreed_is_said() -> None:
    assert due_words(None, TODAY) == "ingen dag aftalt"


def test_levels_are_written_with_their_sign() -> None:
    assert [signed(level) for level in LEVELS] == ["−2", "−1", "0", "+1", "+2"]
