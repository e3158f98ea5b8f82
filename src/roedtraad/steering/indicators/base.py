"""What every indicator's query has in common, and the register of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext_lazy as _

from roedtraad.practice.rules.effect import GoalResult

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Own:
    """What a unit counts in a year, without the units below it.

    `persons` is the number of different people behind it; `few` their ids when they are fewer than five. `goals` are
    the single goals behind it, for an indicator that counts what came of goals.
    """

    numerator: int = 0
    denominator: int = 0
    persons: int = 0
    few: frozenset[int] = frozenset()
    goals: tuple[GoalResult, ...] = ()


@dataclass(frozen=True)
class Row:
    """One of the rows a figure was counted from; `url` leads to what it is about."""

    label: str
    note: str
    numerator: int
    denominator: int | None
    url: str = ""
    citizen_id: int | None = None


class Query(ABC):
    """How an indicator is counted."""

    # The indicator's name as a sentence uses it, and what one row is called, without and with a person.
    definite: StrOrPromise
    row_word: StrOrPromise
    person_word: StrOrPromise
    # What stands above the columns of a row about a person: the note, and the number (none: no such column).
    person_columns: tuple[StrOrPromise, StrOrPromise] = (_("Plads og periode"), _("Dage"))
    # What one must be allowed to see rows without and with a person, and what is said to who may not.
    row_action = "place.view"
    person_action = "citizen.view"
    closed: tuple[StrOrPromise, StrOrPromise] = (
        _("Pladserne vises ikke én for én"),
        _(
            "Bag en enkelt plads står en eller to personer. Tallet for tilbuddet står ovenfor; pladserne ser de, der "
            "arbejder med dem."
        ),
    )
    # The denominator falls into what has come of goals: the four shares are shown and protected together.
    has_parts = False

    @abstractmethod
    def count(self, years: Sequence[int], state: tuple[Any, ...]) -> dict[tuple[int, int], Own]:
        """{(unit id, year): what the unit itself counts}; a running year up to today.

        `state` is that of what is counted from (`steering.freshness`): queries that count the same may share it by that.
        """

    @abstractmethod
    def rows(self, unit_id: int, year: int) -> list[Row]:
        """The rows behind the unit's own figure, without persons. One SQL statement."""

    @abstractmethod
    def person_rows(self, unit_id: int, year: int, user: Any) -> list[Row]:
        """The rows about persons, only those the user may see. One SQL statement."""


Found = TypeVar("Found", bound=type[Query])
_queries: dict[str, Query] = {}

# The part of the system that feeds an indicator, by the table's `data_source`.
_SOURCES = {
    "journeys": _("kapacitet og ophold"),
    "economy": _("økonomi"),
    "practice": _("målvurderingerne i journalen"),
    "voices": _("»Ordet er dit«"),
}


def register(key: str) -> Callable[[Found], Found]:
    """Make a query the one that counts the indicator of this key. ValueError when there already is one."""

    def put(query: Found) -> Found:
        if key in _queries:
            raise ValueError(f"The indicator {key!r} already has a query.")
        _queries[key] = query()
        return query

    return put


def query_of(key: str) -> Query | None:
    """The query behind an indicator, None when it has no data yet."""
    return _queries.get(key)


def source_words(data_source: str) -> str:
    """The part of the system that feeds an indicator, in words."""
    return str(_SOURCES.get(data_source, data_source))
