"""Fictional people: ordinary names put together, addresses nowhere, test numbers. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from functools import cache

from roedtraad.demo import distributions as d
from roedtraad.demo import facts


@cache
def words(kind: str) -> tuple[str, ...]:
    """The names of a kind: male, female, last, street; and male, female, last of an origin (`arabic_male`)."""
    return tuple(r["name"] for r in facts.rows("names", own=True) if r["kind"] == kind)


def full_name(rng: random.Random, *, male: bool) -> tuple[str, str]:
    """A first and a last name, some with a middle name."""
    first = rng.choice(words("male" if male else "female"))
    last = rng.choice(words("last"))
    if rng.random() < d.MIDDLE_NAME_SHARE:
        last = f"{rng.choice(words('last'))} {last}"
    return first, last


def name_of_origin(rng: random.Random, *, male: bool) -> tuple[str, str] | None:
    """A Greenlandic or an Arabic name for the few who have one; None for all the others."""
    drawn = rng.random()
    for origin, share in d.ORIGINS:
        if drawn < share:
            first = rng.choice(words(f"{origin}_{'male' if male else 'female'}"))
            return first, rng.choice(words(f"{origin}_last"))
        drawn -= share
    return None


def address(rng: random.Random) -> str:
    """A road and a number, without a town: it is nowhere."""
    return f"{rng.choice(words('street'))} {rng.randint(1, 120)}"


class CprSeries:
    """Numbers of the public test series (7th and 8th digit 99), each given once: fifty a day for each sex."""

    def __init__(self) -> None:
        self._used: Counter[tuple[dt.date, bool]] = Counter()
        self.without = 0

    def take(self, birth: dt.date, *, male: bool) -> str | None:
        """The next free number for the birth day, or None when the series has none left."""
        used = self._used[birth, male]
        if birth.year < d.FIRST_CPR_YEAR or used >= 50:
            self.without += 1
            return None
        self._used[birth, male] += 1
        return f"{birth:%d%m%y}99{2 * used + (1 if male else 0):02d}"
