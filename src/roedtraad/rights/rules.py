"""Deadlines and periods of keeping, and the chain of receipts. Pure: no Django."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

# GDPR art. 12(3): an answer within a month, which may be prolonged by two more.
ANSWER_MONTHS = 1
PROLONGED_MONTHS = 2


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (negative: earlier); the month's last day where there is none."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_on(received: dt.date, *, prolonged: bool = False) -> dt.date:
    """The last day for an answer to a request received on a day."""
    return months_after(received, ANSWER_MONTHS + (PROLONGED_MONTHS if prolonged else 0))


def cutoff(today: dt.date, months: int) -> dt.date:
    """What was last touched before this day has been kept for its months."""
    return months_after(today, -months)


def joined(digests: Iterable[str]) -> str:
    """One fingerprint over many, in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def canonical(content: Any) -> str:
    """A JSON value written in one way only, so that it can be hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def receipt_hash(previous: str, content: Any) -> str:
    """The hash of a receipt: over the hash of the one before it and what stands in it."""
    return hashlib.sha256((previous + canonical(content)).encode()).hexdigest()


def broken(receipts: Iterable[tuple[int, str, str, Any]]) -> list[int]:
    """The numbers of receipts that do not fit: (number, previous, hash, content) in order from the first."""
    before, expected, wrong = "", 1, []
    for number, previous, found, content in receipts:
        if number != expected or previous != before or receipt_hash(previous, content) != found:
            wrong.append(number)
        before, expected = found, number + 1
    return wrong
