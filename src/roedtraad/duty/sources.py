"""Where a handover's facts come from: every part of the house that knows of some says so when Django starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roedtraad.duty.rules.handover import Fact

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True)
class ShiftFacts:
    """What is asked for: facts of [begins, ends) about these citizens and units; the next shift lasts to `next_ends`.

    The citizens are those who live in the units and whom `user` works with.
    """

    user: User
    unit_ids: frozenset[int]
    citizen_ids: frozenset[int]
    begins: dt.datetime
    ends: dt.datetime
    next_ends: dt.datetime


Source = Callable[[ShiftFacts], Iterable[Fact]]
_sources: list[Source] = []


def provide_facts(source: Source) -> None:
    """Add a source; called when Django starts. A fixed number of SQL statements each."""
    if source not in _sources:
        _sources.append(source)


def facts_of(shift: ShiftFacts) -> list[Fact]:
    """All that the sources know of the shift."""
    return [fact for source in _sources for fact in source(shift)]
