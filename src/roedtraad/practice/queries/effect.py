"""»Effekt«: what has come of the goals of those who live in a unit, for whoever leads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roedtraad.access.scope import reach
from roedtraad.core import clock
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.tree import Node, Tree
from roedtraad.practice.queries.outcomes import GoalFact, goal_facts
from roedtraad.practice.rules.goals import (
    KIND_WORDS,
    OUTCOME_WORDS,
    RATED,
    GoalKind,
    Outcome,
    OutcomeShares,
    share_of_outcomes,
)

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

# Goals are kept from here on; a year before has nothing to tell.
FIRST_YEAR = 2024
ACTION = "effect.view"


@dataclass(frozen=True)
class Group:
    """Goals seen together: of a kind, or of a unit with all below it. `key` is the unit's."""

    name: str
    shares: OutcomeShares
    citizens: int
    key: str = ""

    @property
    def bar(self) -> list[tuple[str, int]]:
        """What a stacked bar shows: the rated goals by what has come of them."""
        return [(OUTCOME_WORDS[item].capitalize(), self.shares.counts[item]) for item in RATED]

    @property
    def not_rated(self) -> int:
        """Goals nobody has rated."""
        return self.shares.counts[Outcome.NOT_RATED]

    @property
    def cells(self) -> list[tuple[int, object]]:
        """Of each outcome how many, and in per cent of the rated."""
        return [(self.shares.counts[item], self.shares.percent[item]) for item in RATED]


@dataclass(frozen=True)
class Effect:
    """A unit's year: all goals, by kind, and by the units below."""

    unit: Node
    year: int
    years: list[int]
    path: list[Node]
    whole: Group
    kinds: list[Group]
    units: list[Group]


def led_units(user: User, tree: Tree) -> list[Node]:
    """The units the user may see the effect of, parents first."""
    mine = reach(user, ACTION).all_units
    return [node for root in tree.roots for node in root.walk() if node.id in mine]


def effect_of(user: User, key: str = "", year: int | None = None) -> Effect | None:
    """The effect in the unit with the key (the first the user leads), in the year (this one).

    None for a unit out of the user's reach, and for a year that is not kept. Two SQL statements besides the reach.
    """
    tree = last_known_tree(clock.today())
    mine = led_units(user, tree)
    unit = next((node for node in mine if node.key == key or not key), None)
    years = list(range(FIRST_YEAR, clock.today().year + 1))
    chosen = years[-1] if year is None else year
    if unit is None or chosen not in years:
        return None
    reached = {node.id for node in mine}
    facts = goal_facts([chosen], tree.below(unit.id))
    below = [(child, tree.below(child.id)) for child in unit.children if child.id in reached]
    units = [
        _group(child.label, [fact for fact in facts if fact.unit_id in ids], child.key)
        for child, ids in below
    ]
    return Effect(
        unit=unit,
        year=chosen,
        years=years,
        path=[node for node in tree.path(unit.id) if node.id in reached],
        whole=_group(unit.label, facts),
        kinds=[
            group
            for kind in GoalKind
            if (
                group := _group(KIND_WORDS[kind].capitalize(), [fact for fact in facts if fact.kind is kind])
            ).citizens
        ],
        units=[group for group in units if group.citizens],
    )


def _group(name: str, facts: Iterable[GoalFact], key: str = "") -> Group:
    found = list(facts)
    return Group(
        name,
        share_of_outcomes(fact.outcome for fact in found),
        len({fact.citizen_id for fact in found}),
        key,
    )
