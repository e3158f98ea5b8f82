"""The shifts of a day: which one a moment lies in. Pure: no Django. Times are Danish wall time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.refusal import Refusal

_ONE_DAY = dt.timedelta(days=1)
MOST_SHIFTS = 6


@dataclass(frozen=True)
class Kind:
    """A kind of shift. Ends on the next day when `ends` is not after `starts`."""

    code: str
    name: str
    starts: dt.time
    ends: dt.time


@dataclass(frozen=True)
class Span:
    """One shift: its kind, the day it begins on, and its moments [begins, ends)."""

    code: str
    name: str
    date: dt.date
    begins: dt.datetime
    ends: dt.datetime


def check_kinds(kinds: Sequence[Kind]) -> None:
    """Refusal unless the shifts follow each other round the clock, each where the one before ends."""
    if not kinds:
        raise Refusal("Skriv mindst én vagt.")
    if len(kinds) > MOST_SHIFTS:
        raise Refusal(f"En dag kan højst have {MOST_SHIFTS} vagter.")
    if len({kind.code for kind in kinds}) < len(kinds):
        raise Refusal("To vagter hedder det samme. Giv dem hver sit navn.")
    ordered = sorted(kinds, key=lambda kind: kind.starts)
    for kind, following in zip(ordered, [*ordered[1:], ordered[0]], strict=True):
        if kind.ends != following.starts:
            raise Refusal(
                f"{kind.name} slutter {kind.ends:%H.%M}, men {following.name} begynder {following.starts:%H.%M}. "
                "Vagterne skal følge lige efter hinanden hele døgnet."
            )


def span_on(kind: Kind, day: dt.date) -> Span:
    """The shift of that kind that begins on `day`."""
    last = day + _ONE_DAY if kind.ends <= kind.starts else day
    return Span(
        kind.code,
        kind.name,
        day,
        dt.datetime.combine(day, kind.starts, COPENHAGEN),
        dt.datetime.combine(last, kind.ends, COPENHAGEN),
    )


def spans_between(kinds: Sequence[Kind], begins: dt.datetime, ends: dt.datetime) -> list[Span]:
    """The shifts that share a moment with [begins, ends), in order."""
    day = begins.astimezone(COPENHAGEN).date() - _ONE_DAY
    final = ends.astimezone(COPENHAGEN).date()
    found = []
    while day <= final:
        found += [span for span in (span_on(kind, day) for kind in kinds) if _touch(span, begins, ends)]
        day += _ONE_DAY
    return sorted(found, key=lambda span: _instant(span.begins))


def shift_at(kinds: Sequence[Kind], moment: dt.datetime) -> Span:
    """The shift the moment lies in. The kinds follow each other round the clock (`check_kinds`)."""
    return spans_between(kinds, moment, moment + dt.timedelta(microseconds=1))[0]


def shift_after(kinds: Sequence[Kind], span: Span) -> Span:
    """The shift that begins when `span` ends."""
    return shift_at(kinds, span.ends)


def shift_before(kinds: Sequence[Kind], span: Span) -> Span:
    """The shift that ends when `span` begins."""
    return spans_between(kinds, _earlier(span.begins), span.begins)[-1]


def _touch(span: Span, begins: dt.datetime, ends: dt.datetime) -> bool:
    return _instant(span.begins) < _instant(ends) and _instant(begins) < _instant(span.ends)


def _instant(moment: dt.datetime) -> dt.datetime:
    # Two moments of one zone are compared by their wall time; on the night of the change that is not enough.
    return moment.astimezone(dt.UTC)


def _earlier(moment: dt.datetime) -> dt.datetime:
    return (_instant(moment) - dt.timedelta(microseconds=1)).astimezone(COPENHAGEN)
