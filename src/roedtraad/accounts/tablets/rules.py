"""Which PIN is no good, when one may be tried, and how long a shift lasts. Pure: no Django, no clock."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from itertools import pairwise

SHORTEST, LONGEST = 6, 12
#: Wrong tries in a row until a person's PIN is closed, and until a tablet takes no PIN at all. A full login opens both.
WRONG_PER_PERSON, WRONG_PER_TABLET = 5, 10
_FEWEST_DIGITS = 3


class Weakness(StrEnum):
    """Why a PIN is refused."""

    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    FEW_DIGITS = "few_digits"
    ROW = "row"
    REPEATED = "repeated"
    DATE = "date"
    OWN = "own"


class Closed(StrEnum):
    """Why no PIN may be tried now."""

    NO_PIN = "no_pin"
    PERSON = "person"
    TABLET = "tablet"


def weakness(pin: str, username: str = "") -> Weakness | None:
    """The first thing wrong with a PIN, or None.

    Six digits are few, and people choose 123456 and birthdays: with ten tries a shift that would be enough.
    """
    if not (pin.isascii() and pin.isdigit()):
        return Weakness.NOT_DIGITS
    if not SHORTEST <= len(pin) <= LONGEST:
        return Weakness.LENGTH
    if len(set(pin)) < _FEWEST_DIGITS:
        return Weakness.FEW_DIGITS
    if len({(int(later) - int(digit)) % 10 for digit, later in pairwise(pin)}) == 1:
        return Weakness.ROW
    if any(pin == (pin[:size] * len(pin))[: len(pin)] for size in range(1, len(pin) // 2 + 1)):
        return Weakness.REPEATED
    if is_date(pin):
        return Weakness.DATE
    return Weakness.OWN if pin in username else None


def is_date(pin: str) -> bool:
    """Can the digits be read as a day: ddmmåå, ååmmdd, ddmmåååå or ååååmmdd?"""
    if len(pin) not in {6, 8}:
        return False
    return _day(pin[:2], pin[2:4]) or _day(pin[-2:], pin[-4:-2])


def _day(day: str, month: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def closed(wrong_by_person: int | None, wrong_at_tablet: int) -> Closed | None:
    """Why no PIN may be tried, or None. `wrong_by_person` is None for somebody without a PIN."""
    if wrong_by_person is None:
        return Closed.NO_PIN
    if wrong_by_person >= WRONG_PER_PERSON:
        return Closed.PERSON
    return Closed.TABLET if wrong_at_tablet >= WRONG_PER_TABLET else None


def on_shift(logged_in: dt.datetime, now: dt.datetime, shift: dt.timedelta) -> bool:
    """Is the full login recent enough to go on from with a PIN?"""
    return now - logged_in < shift
