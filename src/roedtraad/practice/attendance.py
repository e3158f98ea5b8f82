"""What a status report tells of absence, which the shift knows of, floors above.

Duty hands its answer down when Django starts (`use_attendance`), so that this floor never imports what stands on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Away:
    """The days a citizen was away in a period, and the kinds of absence in words, in the order they first came."""

    days: int
    kinds: tuple[str, ...]


#: Of citizens' numbers, and the first and last day: those who were away at all. At most one SQL statement.
Attendance = Callable[[Collection[int], dt.date, dt.date], dict[int, Away]]

_attendance: list[Attendance] = []


def use_attendance(answer: Attendance) -> None:
    """Let `answer` say who was away; called when Django starts."""
    _attendance[:] = [answer]


def away(citizen_ids: Collection[int], first: dt.date, last: dt.date) -> dict[int, Away] | None:
    """Who of the citizens was away from `first` to `last` (both included). None where nobody keeps count of it."""
    return _attendance[0](citizen_ids, first, last) if _attendance else None
