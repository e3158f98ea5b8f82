"""What this floor asks of the one above about somebody who wants to use a shared tablet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WorkQuestion = Callable[[Any, int], bool]
_works_at: list[WorkQuestion] = []


def use_work_question(question: WorkQuestion) -> None:
    """Tell accounts how to know who works in a unit; called once by access, which lies above."""
    _works_at[:] = [question]


def works_at(user: Any, unit_id: int) -> bool:
    """May the user work in the unit with a PIN? Nobody may before somebody has said how to know."""
    return bool(_works_at) and _works_at[0](user, unit_id)
