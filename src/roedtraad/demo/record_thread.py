"""A citizen's thread as plain rows: wishes, goals with their ratings and follow-ups, efforts. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from roedtraad.demo.phrases import compose, kinds
from roedtraad.demo.record_people import Resident, in_hours, key_of, latest, workday

# -- how it goes, all of it assumed: most who practise something get better at it, some lose ground --------------
WISHES_EACH, GOALS_EACH = ((1, 25), (2, 45), (3, 30)), ((3, 35), (4, 40), (5, 25))
EARLIER_WISH_SHARE, FULFILLED_SHARE, LET_GO_SHARE = 0.20, 0.15, 0.05
CLOSED_GOAL_SHARE, SUB_GOAL_SHARE, SECOND_EFFORT_SHARE, ENDED_EFFORT_SHARE = 0.25, 0.30, 0.30, 0.12
TRENDS = {
    kinds.DEVELOP: ((1, 60), (0, 25), (-1, 15)),
    kinds.MAINTAIN: ((1, 12), (0, 73), (-1, 15)),
    kinds.LIMIT_LOSS: ((1, 15), (0, 55), (-1, 30)),
}
STARTS = {
    kinds.DEVELOP: ((-2, 65), (-1, 35)),
    kinds.MAINTAIN: ((0, 80), (1, 20)),
    kinds.LIMIT_LOSS: ((0, 1),),
}
# Days between two ratings, between two follow-ups; how many follow-ups are overdue and by how much at most.
BETWEEN_RATINGS, BETWEEN_FOLLOW_UPS = (35, 70), 91
OVERDUE_SHARE, OVERDUE_DAYS, AHEAD_DAYS = 0.12, (2, 40), (3, 85)
# How often a rating is a step further along the trend.
STEP_SHARE = 0.4
OWN_VIEW_SHARE, RATING_TEXT_SHARE, WITHDRAWN_SHARE = 0.45, 0.40, 0.004
TREND_WORDS = {1: kinds.PROGRESS, 0: kinds.STANDSTILL, -1: kinds.SETBACK}
FULFILLED_WORDS = (
    "Det blev til noget. Nu gør jeg det hver uge.",
    "Jeg har prøvet det nu, og det var så godt, som jeg håbede.",
    "Det lykkedes. Tak til dem, der blev ved med at spørge.",
    "Nu har jeg det. Det tog lang tid.",
)
LET_GO_WORDS = (
    "Det er ikke så vigtigt for mig længere.",
    "Jeg vil hellere noget andet nu.",
    "Det må godt vente. Jeg skal ikke mindes om det.",
)
AGREED_NOTES = ("", "", "", "Søster", "Kontaktperson fra dagtilbuddet", "Lærer fra skolen", "Bisidder")
PACKAGES = ("", "", "Socialpædagogisk støtte, pakke 1", "Socialpædagogisk støtte, pakke 2")
WITH_WHOM = (
    "borgeren",
    "borgeren og kontaktpersonen",
    "borgeren og en pårørende",
    "borgeren og sagsbehandleren",
)


@dataclass(frozen=True, slots=True)
class WishPlan:
    """A wish; `follows` is the place in the citizen's list of the one it follows. `by` is "" for the citizen."""

    key: UUID
    text: str
    what: str
    words: str
    helped_by: str
    at: dt.datetime
    by: str
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class RatingPlan:
    """A rating by staff or of the citizen's own view."""

    key: UUID
    level: int
    rater: str
    at: dt.datetime
    by: str
    text: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """A follow-up that was held."""

    key: UUID
    held_on: dt.date
    decision: str
    with_whom: str
    text: str
    next_on: dt.date | None
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class EffortPlan:
    """An effort of a goal: so many times a week, so many minutes."""

    key: UUID
    method: str
    title: str
    times_a_week: int
    minutes: int
    responsible: str
    package: str
    starts_on: dt.date
    ends_on: dt.date | None
    at: dt.datetime
    by: str


@dataclass(slots=True)
class GoalPlan:
    """A goal with all that hangs on it. `wish` is a place in the citizen's list of wishes."""

    key: UUID
    bundle: kinds.Goal
    wish: int | None
    agreed_with: tuple[str, ...]
    agreed_note: str
    starts_on: dt.date
    follow_up_on: dt.date | None
    closed_on: dt.date | None
    closed_note: str
    at: dt.datetime
    by: str
    ratings: list[RatingPlan] = field(default_factory=list)
    follow_ups: list[FollowUpPlan] = field(default_factory=list)
    efforts: list[EffortPlan] = field(default_factory=list)
    sub_goals: list[tuple[UUID, str]] = field(default_factory=list)

    def runs_on(self, day: dt.date) -> bool:
        """Whether the goal runs on the day."""
        return self.starts_on <= day and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """The wishes and goals of one citizen."""

    wishes: tuple[WishPlan, ...]
    goals: tuple[GoalPlan, ...]


def thread(resident: Resident, seed: int, *, own_hand: bool = False) -> ThreadPlan:
    """The thread of one citizen.

    With `own_hand` the citizen writes wishes and own views without help, and has as much as anybody: the most goals
    and wishes, and most goals going well.
    """
    rng = resident.draws(seed, "thread")
    count = GOALS_EACH[-1][0] if own_hand else _one(rng, GOALS_EACH)
    closed = 1 if rng.random() < CLOSED_GOAL_SHARE and (resident.until - resident.since).days > 300 else 0
    pairs = compose.thread(rng, resident.person, count + closed)
    told = WISHES_EACH[-1][0] if own_hand else min(_one(rng, WISHES_EACH), count)
    wishes: list[WishPlan] = []
    place_of: dict[str, int] = {}
    starts = [_start(rng, resident, early=i >= count) for i in range(len(pairs))]
    for (wish, _), start in zip(pairs[:told], starts, strict=False):
        if wish.key not in place_of:
            place_of[wish.key] = _tell(rng, resident, wishes, wish, start, own_hand=own_hand)
    _came_true(rng, resident, wishes, set(place_of), own_hand=own_hand)
    goals = []
    for i, ((wish, bundle), start) in enumerate(zip(pairs, starts, strict=True)):
        grown_from = next((place_of[key] for key in (wish.key, *bundle.wishes) if key in place_of), None)
        goals.append(_goal(rng, resident, bundle, grown_from, start, ends=i >= count, own_hand=own_hand))
    return ThreadPlan(tuple(wishes), tuple(goals))


def _one(rng: random.Random, choices: Sequence[tuple[int, int]]) -> int:
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def _start(rng: random.Random, resident: Resident, *, early: bool) -> dt.date:
    """When a goal begins: about a year before the last day, or soon after somebody moved in."""
    back = rng.randint(330, 480) if early else rng.randint(110, 400)
    first = resident.since + dt.timedelta(days=rng.randint(0, 14))
    return min(workday(max(first, resident.until - dt.timedelta(days=back))), resident.until)


def _tell(
    rng: random.Random,
    resident: Resident,
    wishes: list[WishPlan],
    wish: kinds.Wish,
    before: dt.date,
    *,
    own_hand: bool,
) -> int:
    """Write the wish down, some days before the goal, perhaps after an earlier one; its place in the list."""
    day = before - dt.timedelta(days=rng.randint(0, 9))
    follows = None
    if rng.random() < EARLIER_WISH_SHARE:
        earlier = compose.wish(rng, resident.person)
        if earlier.key != wish.key:
            wishes.append(
                _wish(
                    rng, resident, earlier, day - dt.timedelta(days=rng.randint(60, 300)), own_hand=own_hand
                )
            )
            follows = len(wishes) - 1
    wishes.append(_wish(rng, resident, wish, day, own_hand=own_hand, follows=follows))
    return len(wishes) - 1


def _wish(
    rng: random.Random,
    resident: Resident,
    wish: kinds.Wish,
    day: dt.date,
    *,
    own_hand: bool,
    follows: int | None = None,
    what: str = "wish",
) -> WishPlan:
    at, by = in_hours(rng, max(day, resident.since)), rng.choice(resident.staff)
    words, helped_by = "own", ""
    if wish.help and not own_hand:
        words = "interpreted" if wish.help in ("relative", "signs") else "helped"
        helped_by = kinds.HELP[wish.help]
    return WishPlan(key_of(rng, at), wish.text, what, words, helped_by, at, "" if own_hand else by, follows)


def _came_true(
    rng: random.Random, resident: Resident, wishes: list[WishPlan], taken: set[str], *, own_hand: bool
) -> None:
    """Some have a wish behind them: it came true, or was let go."""
    drawn = rng.random()
    if drawn >= FULFILLED_SHARE + LET_GO_SHARE:
        return
    old = compose.wish(rng, resident.person)
    days = (resident.until - resident.since).days
    if old.key in taken or days < 60:
        return
    told = resident.until - dt.timedelta(days=rng.randint(50, min(days, 420)))
    wishes.append(_wish(rng, resident, old, told, own_hand=own_hand))
    what, texts = ("fulfilled", FULFILLED_WORDS) if drawn < FULFILLED_SHARE else ("let_go", LET_GO_WORDS)
    ended = told + dt.timedelta(days=rng.randint(20, (resident.until - told).days))
    last = kinds.Wish(old.key, rng.choice(texts), "", old.help)
    wishes.append(_wish(rng, resident, last, ended, own_hand=own_hand, follows=len(wishes) - 1, what=what))


def _goal(
    rng: random.Random,
    resident: Resident,
    bundle: kinds.Goal,
    wish: int | None,
    start: dt.date,
    *,
    ends: bool,
    own_hand: bool,
) -> GoalPlan:
    at, by = in_hours(rng, start), rng.choice(resident.staff)
    closed_on = resident.until if resident.gone else None
    if ends:
        closed_on = min(resident.until, start + dt.timedelta(days=rng.randint(120, 280)))
    due = resident.until + dt.timedelta(days=rng.randint(*AHEAD_DAYS))
    if rng.random() < OVERDUE_SHARE and (resident.until - start).days > 90:
        due = resident.until - dt.timedelta(days=rng.randint(*OVERDUE_DAYS))
    agreed = [
        "citizen",
        *(who for who, p in (("relative", 0.3), ("municipality", 0.6), ("staff", 0.9)) if rng.random() < p),
    ]
    goal = GoalPlan(
        key=key_of(rng, at),
        bundle=bundle,
        wish=wish,
        agreed_with=tuple(agreed),
        agreed_note=rng.choice(AGREED_NOTES),
        starts_on=start,
        follow_up_on=None if closed_on else workday(due),
        closed_on=closed_on,
        closed_note="Afslut" if closed_on else "",
        at=at,
        by=by,
    )
    last = closed_on or resident.until
    trend = _one(rng, TRENDS[bundle.kind])
    if own_hand and rng.random() < 0.7:
        trend = TRENDS[bundle.kind][0][0]
    _rate(rng, resident, goal, trend, last, own_hand=own_hand)
    _follow(rng, resident, goal, trend, due)
    _work(rng, resident, goal, last)
    if rng.random() < SUB_GOAL_SHARE:
        goal.sub_goals = [(key_of(rng, at), title) for title in bundle.sub_goals]
    return goal


def _rate(
    rng: random.Random, resident: Resident, goal: GoalPlan, trend: int, last: dt.date, *, own_hand: bool
) -> None:
    """The first rating at the start, then every other month: a step with the trend, or none."""
    level, day, step = _one(rng, STARTS[goal.bundle.kind]), goal.starts_on, 0
    while True:
        at = in_hours(rng, day)
        words = TREND_WORDS[step]
        text = ""
        if day > goal.starts_on and rng.random() < RATING_TEXT_SHARE:
            text = compose.goal_note(rng, resident.person, goal.bundle, words)
        withdrawn = at + dt.timedelta(minutes=rng.randint(1, 40)) if rng.random() < WITHDRAWN_SHARE else None
        goal.ratings.append(
            RatingPlan(key_of(rng, at), level, "staff", at, rng.choice(resident.staff), text, withdrawn)
        )
        if rng.random() < OWN_VIEW_SHARE:
            own = max(-2, min(2, level + rng.choices((0, 1, -1, 2), (60, 22, 14, 4))[0]))
            by = "" if own_hand else goal.ratings[-1].by
            goal.ratings.append(
                RatingPlan(
                    key_of(rng, at), own, "citizen", latest(at + dt.timedelta(minutes=3)), by, "", None
                )
            )
        day = workday(day + dt.timedelta(days=rng.randint(*BETWEEN_RATINGS)))
        if day > last:
            return
        step = trend if rng.random() < STEP_SHARE else rng.choices((0, 1, -1), (80, 10, 10))[0]
        step = max(-2, min(2, level + step)) - level
        level += step


def _follow(rng: random.Random, resident: Resident, goal: GoalPlan, trend: int, due: dt.date) -> None:
    """Follow-ups every quarter back from the one that is due; a goal that has ended has a last one."""
    held: list[dt.date] = []
    day = (goal.closed_on or due) - dt.timedelta(days=BETWEEN_FOLLOW_UPS)
    while day >= goal.starts_on + dt.timedelta(days=30):
        held.append(workday(day))
        day -= dt.timedelta(days=BETWEEN_FOLLOW_UPS)
    held = [day for day in reversed(held) if day <= resident.until]
    days = [*held, goal.closed_on] if goal.closed_on else held
    for i, day in enumerate(days):
        ending = goal.closed_on is not None and i == len(days) - 1
        at = in_hours(rng, day)
        following = None if ending else days[i + 1] if i + 1 < len(days) else goal.follow_up_on
        goal.follow_ups.append(
            FollowUpPlan(
                key_of(rng, at),
                day,
                "end" if ending else "continue",
                rng.choice(WITH_WHOM),
                compose.follow_up(rng, resident.person, TREND_WORDS[trend]),
                following,
                at,
                rng.choice(resident.staff),
            )
        )


def _work(rng: random.Random, resident: Resident, goal: GoalPlan, last: dt.date) -> None:
    """One or two of the goal's efforts, and perhaps one that was tried and ended."""
    efforts = list(goal.bundle.efforts)
    count = 2 if rng.random() < SECOND_EFFORT_SHARE else 1
    chosen = [(effort, goal.starts_on, goal.closed_on) for effort in efforts[:count]]
    if count < len(efforts) and rng.random() < ENDED_EFFORT_SHARE and (last - goal.starts_on).days > 90:
        chosen.append((efforts[-1], goal.starts_on, goal.starts_on + dt.timedelta(days=60)))
    for effort, start, end in chosen:
        starts_on = min(start + dt.timedelta(days=rng.randint(0, 10)), last)
        at = in_hours(rng, goal.starts_on)
        goal.efforts.append(
            EffortPlan(
                key_of(rng, at),
                effort.method,
                effort.title,
                min(effort.times_a_week, 5) if resident.by_day_only else effort.times_a_week,
                effort.minutes,
                rng.choice(resident.staff),
                rng.choice(PACKAGES),
                starts_on,
                max(starts_on, end) if end else None,
                at,
                goal.by,
            )
        )
