"""What has come of the citizens' goals: the share of the rated ones that is reached, and that has been lost.

Which goals count, when and where is said in docs/decisions/0016-goal-outcomes.md, and to users in the definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core.danish import short_day
from roedtraad.core.suppress import THRESHOLD
from roedtraad.practice.models import Goal
from roedtraad.practice.queries.outcomes import GoalFact, goal_facts
from roedtraad.practice.rules.effect import GoalResult
from roedtraad.practice.rules.goals import KIND_WORDS, OUTCOME_WORDS, RATED, Outcome
from roedtraad.steering.indicators.base import Own, Query, Row, register

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Both indicators count the same goals: (what they were counted from, the goals).
_latest: list[tuple[tuple[Any, ...], list[GoalFact]]] = []


def _rated(years: Sequence[int], state: tuple[Any, ...]) -> list[GoalFact]:
    counted_from = (*years, *state)
    if not _latest or _latest[0][0] != counted_from:
        _latest[:] = [(counted_from, [fact for fact in goal_facts(years) if fact.outcome in RATED])]
    return _latest[0][1]


class GoalOutcomes(Query):
    """Goals that came to `outcome` among those that are rated."""

    outcome: Outcome
    definite: StrOrPromise
    row_word = _("Mål")
    person_word = _("Mål")
    person_columns = (_("Målet, og hvad der er kommet ud af det"), "")
    row_action = "record.view"
    person_action = "record.view"
    closed = (
        _("Målene vises ikke ét for ét"),
        _(
            "Bag et mål står en borger. Andelene for enheden står ovenfor; målene ser de, der læser journalen."
        ),
    )
    has_parts = True

    def count(self, years: Sequence[int], state: tuple[Any, ...]) -> dict[tuple[int, int], Own]:
        """One SQL statement, none for the second of the indicators."""
        found: dict[tuple[int, int], list[GoalFact]] = defaultdict(list)
        for fact in _rated(years, state):
            found[fact.unit_id, fact.year].append(fact)
        return {key: self._own(facts) for key, facts in found.items()}

    def _own(self, facts: list[GoalFact]) -> Own:
        people = frozenset(fact.citizen_id for fact in facts)
        return Own(
            sum(fact.outcome is self.outcome for fact in facts),
            len(facts),
            len(people),
            people if len(people) < THRESHOLD else frozenset(),
            tuple(GoalResult(fact.citizen_id, fact.outcome) for fact in facts),
        )

    def rows(self, unit_id: int, year: int) -> list[Row]:
        """None: behind every goal stands a person."""
        return []

    def person_rows(self, unit_id: int, year: int, user: Any) -> list[Row]:
        """The goals counted in the unit that year, of those whose record the user may read. Two SQL statements."""
        facts = {fact.goal_id: fact for fact in goal_facts([year], [unit_id]) if fact.outcome in RATED}
        readable = Citizen.objects.filter(visible_q("citizens.Citizen", user, "record.view"))
        goals = Goal.objects.filter(pk__in=facts, citizen__in=readable).select_related("citizen")
        rows = []
        for goal in goals.order_by("citizen__sort_key", "starts_on", "pk"):
            fact = facts[goal.pk]
            words = (goal.title, KIND_WORDS[fact.kind], OUTCOME_WORDS[fact.outcome], short_day(fact.day))
            url = reverse("practice:goal", args=[goal.citizen.key, goal.key])
            counted = int(fact.outcome is self.outcome)
            rows.append(Row(str(goal.citizen), " · ".join(words), counted, 1, url, goal.citizen_id))
        return rows


@register("maal-naaet")
class GoalsReached(GoalOutcomes):
    """Goals that are reached."""

    outcome = Outcome.REACHED
    definite = _("Andelen af mål, der er nået,")


@register("maal-gaaet-tilbage")
class GoalsLost(GoalOutcomes):
    """Goals where the citizen stands below the start."""

    outcome = Outcome.LOST
    definite = _("Andelen af mål, der er gået tilbage,")
