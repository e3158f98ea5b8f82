"""How a citizen manages, theme by theme: an assessment a year ago and a recent one. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo.phrases import compose, kinds
from roedtraad.demo.record_people import Resident, in_hours, key_of, latest, workday
from roedtraad.demo.record_thread import GoalPlan
from roedtraad.practice.rules.assessments import ADULT_THEMES, CHILD_THEMES

SHORT, ICS = "short", "ics"
# Which words of the bank tell of a part of the child's development; of parents and surroundings the bank has none.
CHILD_WORDS = {
    "child_health": "health",
    "child_learning": "occupation",
    "child_feelings": "mind",
    "child_identity": "leisure",
    "child_relations": "relations",
    "child_appearance": "communication",
    "child_independence": "everyday",
}
# How many are how limited (0–4), and in which share of the themes nothing was assessed (9). Assumed.
LEVELS, NOT_ASSESSED_SHARE = ((0, 12), (1, 25), (2, 33), (3, 22), (4, 8)), 0.05
TEXT_SHARE, OWN_VIEW_SHARE, OWN_TEXT_SHARE = 0.45, 0.7, 0.35
# A second look needs some time between.
BETWEEN_DAYS = 120


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What was found for one theme (by its code)."""

    theme: str
    level: int
    support_need: int | None
    text: str
    citizen_level: int | None
    citizen_text: str


@dataclass(frozen=True, slots=True)
class AssessmentPlan:
    """One look, finished."""

    key: UUID
    list: str
    assessed_on: dt.date
    summary: str
    at: dt.datetime
    finished_at: dt.datetime
    by: str
    scores: tuple[ScorePlan, ...]


def assessments(resident: Resident, goals: Collection[GoalPlan], seed: int) -> tuple[AssessmentPlan, ...]:
    """One a year ago and one of the last months; only one for those who came lately.

    Where a goal has come further, the recent look is a little better, and where ground was lost a little worse.
    """
    rng = resident.draws(seed, "assessments")
    recent = resident.until - dt.timedelta(days=rng.randint(10, 80))
    first = max(
        resident.since + dt.timedelta(days=rng.randint(7, 21)),
        recent - dt.timedelta(days=rng.randint(330, 380)),
    )
    levels = {code: _level(rng) for code in _codes(resident)}
    if (recent - first).days < BETWEEN_DAYS:
        return (_look(rng, resident, workday(min(first, resident.until)), levels),)
    moved = {
        goal.bundle.themes[0]: goal.ratings[0].level
        - [r for r in goal.ratings if r.rater == "staff"][-1].level
        for goal in goals
    }
    later = {
        code: _later(rng, level, moved.get(CHILD_WORDS.get(code, code), 0)) for code, level in levels.items()
    }
    return (
        _look(rng, resident, workday(first), levels),
        _look(rng, resident, workday(recent), later),
    )


def _codes(resident: Resident) -> list[str]:
    if not resident.is_child:
        return [theme.key for theme in ADULT_THEMES]
    return [sub.key for theme in CHILD_THEMES for sub in theme.sub_themes]


def _level(rng: random.Random) -> int:
    if rng.random() < NOT_ASSESSED_SHARE:
        return 9
    return rng.choices([level for level, _ in LEVELS], [weight for _, weight in LEVELS])[0]


def _later(rng: random.Random, level: int, lost: int) -> int:
    """The level of the recent look: a goal that lost steps costs one, one that won some gains one."""
    if level == 9:
        return _level(rng) if rng.random() < 0.5 else 9
    drift = (lost > 0) - (lost < 0) if lost else rng.choices((0, -1, 1), (80, 12, 8))[0]
    return max(0, min(4, level + drift))


def _look(rng: random.Random, resident: Resident, day: dt.date, levels: dict[str, int]) -> AssessmentPlan:
    at = in_hours(rng, day)
    scores = tuple(_score(rng, resident, code, level) for code, level in levels.items())
    told = [score.text for score in scores if score.text and score.level >= 2][:2]
    best = next((score.text for score in scores if score.text and score.level <= 1), "")
    return AssessmentPlan(
        key=key_of(rng, at),
        list=ICS if resident.is_child else SHORT,
        assessed_on=day,
        summary=" ".join(filter(None, (best, *told))),
        at=at,
        finished_at=latest(at + dt.timedelta(minutes=rng.randint(20, 120))),
        by=rng.choice(resident.staff),
        scores=scores,
    )


def _score(rng: random.Random, resident: Resident, code: str, level: int) -> ScorePlan:
    words = CHILD_WORDS.get(code, code)
    tellable = words in kinds.THEMES and level != 9
    text = own_text = ""
    if tellable and rng.random() < TEXT_SHARE:
        text = compose.assessment(rng, resident.person, words, kinds.PROFESSIONAL, level)
    own = None
    if level != 9 and words in kinds.THEMES and rng.random() < OWN_VIEW_SHARE:
        own = max(0, min(4, level + rng.choices((0, -1, 1, -2), (45, 35, 12, 8))[0]))
        if rng.random() < OWN_TEXT_SHARE:
            own_text = compose.assessment(rng, resident.person, words, kinds.CITIZEN, own)
    need = None if level == 9 else max(0, min(4, level + rng.choices((0, 1, -1), (70, 15, 15))[0]))
    return ScorePlan(code, level, need, text, own, own_text)
