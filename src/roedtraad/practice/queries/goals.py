"""A citizen's wishes and goals: what there is, how far it has come, and what is done for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.practice.models import Effort, FollowUp, Goal, GoalRating, GoalTheme, Note, NoteGoal, Wish
from roedtraad.practice.queries.delivered import minutes, planned_minutes, with_delivered
from roedtraad.practice.rules import goals as rules

SHOWN_NOTES = 3


@dataclass(frozen=True)
class EffortRow:
    """An effort, and the minutes planned and delivered in the period asked about."""

    effort: Effort
    planned: int
    delivered: int
    runs: bool


@dataclass(frozen=True)
class Lane:
    """A goal as it stands: its ratings, what has come of it, what is done, and the latest notes."""

    goal: Goal
    themes: list[GoalTheme]
    ratings: list[GoalRating]
    standing: rules.Standing
    start: int | None
    outcome: rules.Outcome
    efforts: list[EffortRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    subgoals: list[Lane] = field(default_factory=list)

    @property
    def level(self) -> int | None:
        """The level that counts today."""
        return self.standing.counts.level if self.standing.counts else None

    @property
    def level_words(self) -> str:
        """The described step the goal stands on today."""
        if self.level is None or not self.goal.levels:
            return ""
        return str(self.goal.levels[rules.LEVELS.index(self.level)])

    @property
    def outcome_words(self) -> str:
        """What has come of the goal, in a word or two."""
        return rules.OUTCOME_WORDS[self.outcome]

    @property
    def state(self) -> str:
        """How the outcome is shown: shape and colour by the design's four states."""
        return {
            rules.Outcome.REACHED: "good",
            rules.Outcome.PROGRESSED: "partly",
            rules.Outcome.KEPT: "none",
            rules.Outcome.LOST: "attention",
            rules.Outcome.NOT_RATED: "none",
        }[self.outcome]

    @property
    def due_words(self) -> str:
        """When it is followed up next."""
        return rules.due_words(self.goal.follow_up_on, clock.today())

    @property
    def overdue(self) -> bool:
        """Is the follow-up late?"""
        return self.goal.follow_up_on is not None and self.goal.follow_up_on < clock.today()

    @property
    def planned(self) -> int:
        """Planned minutes of the goal's efforts in the period."""
        return sum(row.planned for row in self.efforts)

    @property
    def delivered(self) -> int:
        """Delivered minutes of the goal's efforts in the period."""
        return sum(row.delivered for row in self.efforts)


def wishes_now(citizen: Citizen) -> QuerySet[Wish]:
    """The wishes nobody has followed and that are wishes still, the newest first."""
    return Wish.objects.filter(citizen=citizen, followed_by__isnull=True, what=Wish.What.WISH).order_by(
        "-written_at", "-pk"
    )


def wish_lines(citizen: Citizen) -> list[list[Wish]]:
    """All wishes as lines of what followed what, each line newest first; lines by their newest. One SQL statement."""
    rows = list(
        Wish.objects.filter(citizen=citizen)
        .select_related("written_by")
        .prefetch_related("goals")
        .order_by("-written_at", "-pk")
    )
    by_id = {wish.pk: wish for wish in rows}
    followed = {wish.follows_id for wish in rows if wish.follows_id}
    lines = []
    for wish in rows:
        if wish.pk in followed:
            continue
        line: list[Wish] = []
        step: Wish | None = wish
        while step is not None:
            line.append(step)
            step = by_id.get(step.follows_id) if step.follows_id else None
        lines.append(line)
    return lines


def lanes(
    goals: Sequence[Goal],
    *,
    since: dt.date | None = None,
    with_notes: bool = True,
) -> list[Lane]:
    """The goals of one citizen as they stand, sub-goals under theirs. Four SQL statements, however many goals.

    With `since`, planned and delivered minutes from that day to today; without, none are counted. Without notes one
    statement less.
    """
    ids = [goal.pk for goal in goals]
    themes: dict[int, list[GoalTheme]] = defaultdict(list)
    for theme in (
        GoalTheme.objects.filter(goal__in=ids).select_related("theme").order_by("rank", "theme__number")
    ):
        themes[theme.goal_id].append(theme)
    ratings: dict[int, list[GoalRating]] = defaultdict(list)
    for rating in (
        GoalRating.objects.filter(goal__in=ids, withdrawn_at__isnull=True)
        .select_related("written_by")
        .order_by("rated_at", "pk")
    ):
        ratings[rating.goal_id].append(rating)
    efforts: dict[int, list[EffortRow]] = defaultdict(list)
    today = clock.today()
    planned_for = Effort.objects.filter(goal__in=ids).select_related("method", "responsible")
    for effort in with_delivered(planned_for, since or today, today).order_by("starts_on", "pk"):
        runs = effort.starts_on <= today and (effort.ends_on is None or effort.ends_on >= today)
        planned = planned_minutes(effort, since, today) if since else 0
        delivered = minutes(effort.delivered) if since else 0
        efforts[effort.goal_id].append(EffortRow(effort, planned, delivered, runs))
    notes = _latest_notes(ids) if with_notes else {}
    made = {
        goal.pk: _lane(goal, themes[goal.pk], ratings[goal.pk], efforts[goal.pk], notes.get(goal.pk, []))
        for goal in goals
    }
    tops = []
    for goal in goals:
        above = made.get(goal.parent_id) if goal.parent_id else None
        if above is None:
            tops.append(made[goal.pk])
        else:
            above.subgoals.append(made[goal.pk])
    return tops


def goals_of(citizen: Citizen, *, closed: bool | None = None) -> QuerySet[Goal]:
    """The citizen's goals, those that run first, then the newest."""
    found = Goal.objects.filter(citizen=citizen).select_related("wish", "written_by", "citizen")
    if closed is not None:
        found = found.filter(closed_on__isnull=not closed)
    return found.order_by(F("closed_on").desc(nulls_first=True), "starts_on", "pk")


def follow_ups_of(goal: Goal) -> list[FollowUp]:
    """The goal's follow-ups, the latest first. One SQL statement."""
    return list(FollowUp.objects.filter(goal=goal).select_related("written_by").order_by("-held_on", "-pk"))


def goal_with_all(citizen: Citizen, key: UUID) -> Goal | None:
    """A goal of the citizen with its sub-goals. Two SQL statements."""
    return (
        Goal.objects.filter(citizen=citizen, key=key)
        .select_related("wish", "parent", "written_by", "citizen")
        .prefetch_related(
            Prefetch("subgoals", Goal.objects.select_related("citizen").order_by("starts_on", "pk"))
        )
        .first()
    )


def rules_ratings(ratings: Sequence[GoalRating]) -> list[rules.Rating]:
    """Rows as the rules read them: the day here in Denmark, the level and whose view it is."""
    return [
        rules.Rating(
            rating.rated_at.astimezone(clock.COPENHAGEN).date(), rating.level, rules.Rater(rating.rater)
        )
        for rating in ratings
    ]


def _lane(
    goal: Goal,
    themes: list[GoalTheme],
    ratings: list[GoalRating],
    efforts: list[EffortRow],
    notes: list[Note],
) -> Lane:
    plain = rules_ratings(ratings)
    return Lane(
        goal=goal,
        themes=themes,
        ratings=ratings,
        standing=rules.standing(plain),
        start=rules.start_level(plain, None),
        outcome=rules.outcome(rules.GoalKind(goal.kind), plain, None),
        efforts=efforts,
        notes=notes,
    )


def _latest_notes(goal_ids: Sequence[int]) -> dict[int, list[Note]]:
    """The latest notes about each goal. One SQL statement."""
    latest = (
        NoteGoal.objects.filter(goal__in=goal_ids, note__withdrawn_at__isnull=True)
        .select_related("note__written_by")
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("goal_id")],
                order_by=[F("note__occurred_at").desc(), F("note_id").desc()],
            )
        )
        .filter(place__lte=SHOWN_NOTES)
        .order_by("goal_id", "place")
    )
    found: dict[int, list[Note]] = defaultdict(list)
    for link in latest:
        found[link.goal_id].append(link.note)
    return found


def days_back(days: int) -> dt.date:
    """The first day of a period of so many days that ends today."""
    return clock.today() - dt.timedelta(days=days - 1)
