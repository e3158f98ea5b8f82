"""What a goal may point up to: the pejlemærker and the UN goals of the plans, which live floors above.

Steering hands them down when Django starts (`use_compass`), so that this floor never imports what it serves. A
goal keeps the pejlemærke's stable key and the UN target's code; both are suggestions that staff may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a goal may point to: its stable key, its words, and the page it has."""

    key: str
    words: str
    url: str = ""


class Compass(Protocol):
    """What steering knows of where goals may point."""

    def pejlemaerker(self) -> list[Mark]:
        """The pejlemærker of the plans in force today, in order."""

    def un_targets(self) -> list[Mark]:
        """The sub-goals of the UN goals that the plans in force work with."""

    def path(self, pejlemaerke: str) -> list[Mark]:
        """From the vision down to the pejlemærke with this key, each with its page; empty for an unknown key."""

    def counted_in(self, pejlemaerke: str) -> list[Mark]:
        """The indicators of the pejlemærke with this key that are counted from goals; empty for an unknown key."""

    def suggest(self, themes: Iterable[str]) -> tuple[str, str]:
        """The pejlemærke's key and the UN target's code that fit the themes' codes best; empty when none does."""


_compass: list[Compass] = []


def use_compass(compass: Compass) -> None:
    """Tell the record where goals may point; called once by steering."""
    _compass[:] = [compass]


def pejlemaerker() -> list[Mark]:
    """The pejlemærker one may choose. One SQL statement at most."""
    return _compass[0].pejlemaerker() if _compass else []


def un_targets() -> list[Mark]:
    """The UN sub-goals one may choose. One SQL statement at most."""
    return _compass[0].un_targets() if _compass else []


def path(pejlemaerke: str) -> list[Mark]:
    """The steps up from a goal: vision, track, pejlemærke."""
    return _compass[0].path(pejlemaerke) if _compass and pejlemaerke else []


def counted_in(pejlemaerke: str) -> list[Mark]:
    """The indicators that a goal which points to the key counts in. One SQL statement at most."""
    return _compass[0].counted_in(pejlemaerke) if _compass and pejlemaerke else []


def suggest(themes: Iterable[str]) -> tuple[str, str]:
    """What a goal about these themes most likely serves; empty texts when nothing fits."""
    return _compass[0].suggest(themes) if _compass else ("", "")


def knows(pejlemaerke: str) -> bool:
    """May a goal point to this key? Nothing is always allowed."""
    return not pejlemaerke or any(mark.key == pejlemaerke for mark in pejlemaerker())


def knows_target(code: str) -> bool:
    """May a goal point to this UN target? Nothing is always allowed."""
    return not code or any(mark.key == code for mark in un_targets())
