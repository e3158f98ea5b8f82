"""Whose the stays are: stays are joined into one citizen's course, fitted to the counted citizens. Pure.

A chain is a citizen-to-be: stays of one category that follow each other in time without overlapping. First
moves and returns are drawn; then, for an operator of the documents, chains are joined or parted until exactly
the stated number of different citizens lived there in the counted year.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from roedtraad.demo import distributions as d
from roedtraad.demo.draws import stream
from roedtraad.demo.stays import Spell


class CannotFitError(Exception):
    """The drawn stays cannot be fitted to the stated number of citizens; the distributions must change."""


@dataclass(slots=True, eq=False)
class Chain:
    """Stays of one citizen in order of time, and the birth days that fit all of them."""

    spells: list[Spell]
    window: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.window = narrowest(spell.birth_window() for spell in self.spells)

    @property
    def start(self) -> dt.date:
        """The first day of the first stay."""
        return self.spells[0].start

    @property
    def end(self) -> dt.date:
        """The last day of the last stay."""
        return self.spells[-1].end

    @property
    def sort_key(self) -> tuple[dt.date, str]:
        """An order that does not depend on chance."""
        return (self.spells[0].start, self.spells[0].place.code)

    def lives_in(self, year: int) -> bool:
        """Whether the citizen lived a day in the year."""
        return any(spell.lives_in(year) for spell in self.spells)

    def can_be_followed_by(self, window: tuple[int, int]) -> bool:
        """Whether one person can have the age for both."""
        low, high = narrowest((self.window, window))
        return low <= high

    def append(self, spells: list[Spell]) -> None:
        """Let further stays follow."""
        self.spells += spells
        self.window = narrowest((self.window, *(spell.birth_window() for spell in spells)))


def narrowest(windows: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """What all the windows share; empty (first after last) when they share nothing."""
    lows, highs = zip(*windows, strict=True)
    return max(lows), min(highs)


def circle_of(spell: Spell) -> tuple[str, str]:
    """Stays of one circle may belong to one citizen."""
    return (spell.place.category, spell.profile.circle or spell.place.profile)


class _Free:
    """Chains that have ended, by their last day, so that a move or a return can be drawn from them."""

    def __init__(self) -> None:
        self._ends: list[tuple[dt.date, int]] = []
        self._chains: dict[int, Chain] = {}
        self._serial = 0

    def add(self, chain: Chain) -> None:
        self._serial += 1
        self._chains[self._serial] = chain
        insort(self._ends, (chain.end, self._serial))

    def take(self, first: dt.date, last: dt.date, spell: Spell, pick: float) -> Chain | None:
        """One that ended between the days and fits the spell, or None; `pick` (0–1) says where to look."""
        low = bisect_left(self._ends, (first, 0))
        high = bisect_right(self._ends, (last, self._serial))
        window = spell.birth_window()
        for step in range(high - low):
            at = low + (int(pick * (high - low)) + step) % (high - low)
            chain = self._chains[self._ends[at][1]]
            if chain.can_be_followed_by(window):
                del self._chains[self._ends.pop(at)[1]]
                return chain
        return None


def chains(spells: list[Spell], seed: int) -> list[Chain]:
    """The stays (by start) as citizens' courses, with moves and returns drawn."""
    free: dict[tuple[str, str], _Free] = defaultdict(_Free)
    made: list[Chain] = []
    for spell in spells:
        rng = stream(seed, "course", spell.place.code, spell.number)
        draw, pick = rng.random(), rng.random()
        pool = free[circle_of(spell)]
        yesterday = spell.start - dt.timedelta(days=1)
        moved = spell.start - dt.timedelta(days=d.MOVE_WITHIN_DAYS)
        found = None
        if draw < d.MOVE_SHARE:
            found = pool.take(moved, yesterday, spell, pick)
        elif draw < d.MOVE_SHARE + spell.profile.returns:
            found = pool.take(spell.start - dt.timedelta(days=d.RETURN_WITHIN_DAYS), yesterday, spell, pick)
        if found is None:
            found = Chain([spell])
            made.append(found)
        else:
            found.append([spell])
        pool.add(found)
    return made


def fit(made: list[Chain], category: str, year: int, target: int) -> list[Chain]:
    """The chains with exactly `target` different citizens of the category in the year.

    Too many: somebody who came in the year turns out to be one who had left earlier in it. Too few: somebody
    with two stays in the year turns out to be two. Raises CannotFitError when the stays do not allow it.
    """
    living = sorted(
        (c for c in made if _category(c) == category and c.lives_in(year)), key=lambda c: c.sort_key
    )
    surplus = len(living) - target
    if surplus > 0:
        gone = _join(living, year, surplus)
        return [chain for chain in made if id(chain) not in gone]
    return made + _part(living, year, -surplus)


def _category(chain: Chain) -> str:
    return chain.spells[0].place.category


def _join(living: list[Chain], year: int, surplus: int) -> set[int]:
    gone: set[int] = set()
    left: dict[tuple[str, str], list[Chain]] = defaultdict(list)
    for chain in living:
        circle = circle_of(chain.spells[0])
        if chain.start.year == year and len(gone) < surplus:
            fitting = [c for c in left[circle] if c.end < chain.start and c.can_be_followed_by(chain.window)]
            if fitting:
                earlier = max(fitting, key=lambda c: (c.end, c.sort_key))
                earlier.append(chain.spells)
                gone.add(id(chain))
                continue
        left[circle].append(chain)
    if len(gone) < surplus:
        raise CannotFitError(f"{surplus - len(gone)} borgere for meget i {year}.")
    return gone


def _part(living: list[Chain], year: int, missing: int) -> list[Chain]:
    new: list[Chain] = []
    for chain in living:
        in_year = [i for i, spell in enumerate(chain.spells) if spell.lives_in(year)]
        if len(new) < missing and len(in_year) > 1:
            rest = chain.spells[in_year[-1] :]
            chain.spells = chain.spells[: in_year[-1]]
            chain.__post_init__()
            new.append(Chain(rest))
    if len(new) < missing:
        raise CannotFitError(f"{missing - len(new)} borgere for lidt i {year}.")
    return new
