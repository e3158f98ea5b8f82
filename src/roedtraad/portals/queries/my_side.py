"""What the citizen's own pages show beside today: wishes, goals as pictures, and who may see what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from roedtraad.citizens.models import Citizen, Consent, Relation
from roedtraad.core import clock
from roedtraad.practice.models import Attachment, Goal, GoalRating, Wish
from roedtraad.practice.queries.goals import rules_ratings, wish_lines
from roedtraad.practice.rules import goals as rules

FACES = ("face-1", "face-2", "face-3", "face-4", "face-5")

#: What a scope of a consent is, as one says it to the citizen.
SCOPES = {
    Consent.Scope.WISHES: gettext_lazy("mine ønsker"),
    Consent.Scope.GOALS: gettext_lazy("mine mål"),
    Consent.Scope.NOTES: gettext_lazy("det, personalet skriver og deler"),
    Consent.Scope.CALENDAR: gettext_lazy("min kalender"),
    Consent.Scope.NETWORK: gettext_lazy("mit netværk"),
    Consent.Scope.MESSAGES: gettext_lazy("beskeder"),
    Consent.Scope.REPORT: gettext_lazy("rapporten til kommunen"),
    Consent.Scope.PHOTOS: gettext_lazy("billeder"),
}


#: How far a goal has come, in a sentence without the words of the trade.
TOLD = {
    rules.Outcome.REACHED: gettext_lazy("Målet er nået."),
    rules.Outcome.PROGRESSED: gettext_lazy("Det går fremad."),
    rules.Outcome.KEPT: gettext_lazy("Det går, som det plejer."),
    rules.Outcome.LOST: gettext_lazy("Det er svært lige nu."),
    rules.Outcome.NOT_RATED: gettext_lazy("Vi er lige begyndt."),
}


@dataclass(frozen=True)
class WishCard:
    """A wish with what belongs to it, and the goals that came of it."""

    wish: Wish
    goals: list[Goal]
    attached: list[Attachment]
    before: int


@dataclass(frozen=True)
class Step:
    """One step of a goal's ladder: its level, its number from below, its words, its face, and who stands there."""

    level: int
    number: int
    words: str
    face: str
    here: bool
    mine: bool


@dataclass(frozen=True)
class GoalCard:
    """A goal as a picture: five steps, and where one stands."""

    goal: Goal
    steps: list[Step]
    told: str

    @property
    def at(self) -> int:
        """The number of the step one stands on, from 1; 0 before anybody has said."""
        return next((step.number for step in self.steps if step.here), 0)


@dataclass(frozen=True)
class Receiver:
    """Somebody with whom something is shared today: each consent with its words and last day."""

    name: str
    kind: str
    relation: Relation | None
    consents: list[tuple[Consent, list[str], dt.date | None]]


def wish_cards(citizen: Citizen) -> tuple[list[WishCard], list[WishCard]]:
    """The wishes of today, and those that came true or were let go; without the sound itself. Three SQL statements."""
    lines = wish_lines(citizen)
    attached: dict[int, list[Attachment]] = defaultdict(list)
    for one in (
        Attachment.objects.filter(citizen=citizen, wish__isnull=False)
        .defer("content")
        .order_by("written_at", "pk")
    ):
        attached[one.wish_id or 0].append(one)
    cards = [
        WishCard(
            wish=line[0],
            goals=[goal for wish in line for goal in wish.goals.all()],
            attached=[one for wish in line for one in attached[wish.pk]],
            before=len(line) - 1,
        )
        for line in lines
    ]
    now = [card for card in cards if card.wish.what == Wish.What.WISH]
    return now, [card for card in cards if card.wish.what != Wish.What.WISH]


def goal_cards(citizen: Citizen) -> list[GoalCard]:
    """The goals that run, each as a picture; sub-goals after theirs. Two SQL statements."""
    goals = list(Goal.objects.filter(citizen=citizen, closed_on__isnull=True).order_by("starts_on", "pk"))
    tops = [goal for goal in goals if goal.parent_id not in {one.pk for one in goals}]
    below = defaultdict(list)
    for goal in goals:
        below[goal.parent_id].append(goal)
    return cards([one for top in tops for one in (top, *below[top.pk])])


def cards(goals: Sequence[Goal]) -> list[GoalCard]:
    """The goals as pictures, from all their ratings. One SQL statement."""
    ratings: dict[int, list[GoalRating]] = defaultdict(list)
    for one in GoalRating.objects.filter(goal__in=goals, withdrawn_at__isnull=True).order_by(
        "rated_at", "pk"
    ):
        ratings[one.goal_id].append(one)
    return [_card(goal, rules_ratings(ratings[goal.pk])) for goal in goals]


def _card(goal: Goal, ratings: list[rules.Rating]) -> GoalCard:
    standing = rules.standing(ratings)
    at = standing.counts.level if standing.counts else None
    own = standing.citizen.level if standing.citizen else None
    steps = [
        Step(level, number, words, face, level == at, level == own)
        for number, (level, words, face) in enumerate(
            zip(rules.LEVELS, goal.levels, FACES, strict=False), start=1
        )
    ]
    outcome = rules.outcome(rules.GoalKind(goal.kind), ratings, None)
    return GoalCard(goal, steps, str(TOLD[outcome]))


def receivers(citizen: Citizen) -> list[Receiver]:
    """With whom the citizen shares what today, the chosen relations first, with or without a consent. Two SQL statements."""
    today = clock.today()
    given: dict[object, list[tuple[Consent, list[str], dt.date | None]]] = defaultdict(list)
    others: dict[str, None] = {}
    for consent in (
        Consent.objects.filter(citizen=citizen, withdrawn_at__isnull=True, valid__contains=today)
        .select_related("relation", "municipality")
        .order_by("valid", "pk")
    ):
        words = [str(SCOPES[scope]) for scope in Consent.Scope if scope.value in consent.scopes]
        upper = consent.valid.upper
        key: object = consent.relation_id or consent.receiver
        given[key].append((consent, words, upper - dt.timedelta(days=1) if upper else None))
        if consent.relation_id is None:
            others[consent.receiver] = None
    relations = Relation.objects.filter(citizen=citizen, valid__contains=today)
    found = [
        Receiver(one.name, one.get_kind_display(), one, given[one.pk])
        for one in relations.order_by("-chosen_by_citizen", "name", "pk")
    ]
    return found + [Receiver(name, "", None, given[name]) for name in others]
