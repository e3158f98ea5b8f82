"""What comes again: a rule as iCalendar text, as Danish words, and as the times it falls on. Pure.

Only rules that a person can choose and read back are known: every n days, chosen weekdays every n weeks, a day of every
n months, or the first to fourth or last of a weekday in every n months. They are kept as RRULE text (RFC 5545), so
that calendars understand them. When a rule begins and ends, and at what time of day, is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from dateutil.rrule import rrulestr

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.danish import joined
from roedtraad.core.refusal import Refusal

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
WORKDAYS = (0, 1, 2, 3, 4)
NTH_WORDS = {1: "første", 2: "anden", 3: "tredje", 4: "fjerde", -1: "sidste"}
MOST_BETWEEN = 99
# The longest window that is laid out at once, a little over a year.
LONGEST_WINDOW = timedelta(days=400)
ONE_DAY = timedelta(days=1)

UNKNOWN = "Reglen kan ikke bruges her. Vælg dage, uger eller måneder i stedet."


class Every(StrEnum):
    """What a rule counts."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for what comes again. Make one with `daily`, `workdays`, `weekly`, `monthly`, `monthly_on` or `parse`.

    `days` are weekdays, 0 for Monday. `month_day` is 1 to 31, or −1 for the last day of the month; in a month that is too
    short the last day stands in. `nth` (1 to 4, −1 for the last) says which of a single weekday in the month.
    Raises Refusal when the parts do not make a rule.
    """

    every: Every
    interval: int = 1
    days: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.interval <= MOST_BETWEEN:
            raise Refusal(f"Skriv et helt tal fra 1 til {MOST_BETWEEN}.", "interval")
        if any(day not in range(7) for day in self.days):
            raise Refusal("Vælg ugedage fra mandag til søndag.", "days")
        if self.every is Every.WEEK and not self.days:
            raise Refusal("Vælg mindst én ugedag.", "days")
        if self.month_day is not None and self.month_day not in (-1, *range(1, 32)):
            raise Refusal("Vælg en dag fra 1 til 31, eller den sidste i måneden.", "month_day")
        if self.nth is not None and self.nth not in NTH_WORDS:
            raise Refusal("Vælg den første, anden, tredje, fjerde eller sidste i måneden.", "nth")
        if not self._fits():
            raise Refusal(UNKNOWN)
        object.__setattr__(self, "days", tuple(sorted(set(self.days))))

    def _fits(self) -> bool:
        match self.every:
            case Every.DAY:
                return not self.days and self.month_day is None and self.nth is None
            case Every.WEEK:
                return self.month_day is None and self.nth is None
            case Every.MONTH:
                by_weekday = self.nth is not None and len(set(self.days)) == 1 and self.month_day is None
                by_day = self.month_day is not None and not self.days and self.nth is None
                return by_weekday or by_day

    @property
    def text(self) -> str:
        """The rule as RRULE text, always written the same way."""
        parts = [f"FREQ={self.every}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            prefix = "" if self.nth is None else str(self.nth)
            parts.append("BYDAY=" + ",".join(f"{prefix}{CODES[day]}" for day in self.days))
        if self.month_day is not None:
            # The last of the days that the month has.
            days = [*range(28, self.month_day), self.month_day] if self.month_day > 28 else [self.month_day]
            parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
            if len(days) > 1:
                parts.append("BYSETPOS=-1")
        return ";".join(parts)


def daily(interval: int = 1) -> Rule:
    """Every day, or every n days."""
    return Rule(Every.DAY, interval)


def workdays() -> Rule:
    """Monday to Friday; public holidays too, unless they are excepted."""
    return Rule(Every.WEEK, 1, WORKDAYS)


def weekly(days: Iterable[int], interval: int = 1) -> Rule:
    """The weekdays (0 for Monday), every week or every n weeks."""
    return Rule(Every.WEEK, interval, tuple(days))


def monthly(month_day: int, interval: int = 1) -> Rule:
    """A day of every month or every n months: 1 to 31, or −1 for the last."""
    return Rule(Every.MONTH, interval, (), month_day)


def monthly_on(nth: int, weekday: int, interval: int = 1) -> Rule:
    """The nth (1 to 4, −1 for the last) of a weekday in every month or every n months."""
    return Rule(Every.MONTH, interval, (weekday,), None, nth)


def parse(text: str) -> Rule:
    """The rule behind RRULE text. Raises Refusal for every rule but those this file knows."""
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise Refusal(UNKNOWN, "rule")
        parts[name] = value
    if parts.pop("WKST", "MO") != "MO":
        raise Refusal(UNKNOWN, "rule")
    try:
        rule = _from_parts(parts)
    except (KeyError, ValueError) as problem:
        sentence = problem.sentence if isinstance(problem, Refusal) else UNKNOWN
        raise Refusal(sentence, "rule") from None
    if parts:
        raise Refusal(UNKNOWN, "rule")
    return rule


def _from_parts(parts: dict[str, str]) -> Rule:
    every = Every(parts.pop("FREQ"))
    interval = _whole(parts.pop("INTERVAL", "1"))
    named = [_BYDAY.fullmatch(item) for item in _items(parts.pop("BYDAY", ""))]
    if any(found is None for found in named):
        raise Refusal(UNKNOWN)
    days = tuple(CODES.index(found["day"]) for found in named if found)
    nths = {found["nth"] for found in named if found and found["nth"]}
    month_days = [_whole(item) for item in _items(parts.pop("BYMONTHDAY", ""))]
    last_of_them = parts.pop("BYSETPOS", "") == "-1"
    if len(nths) > 1 or (nths and len(days) != 1):
        raise Refusal(UNKNOWN)
    nth = _whole(nths.pop()) if nths else None
    if not month_days:
        if last_of_them:
            raise Refusal(UNKNOWN)
        return Rule(every, interval, days, None, nth)
    highest = max(month_days)
    if len(month_days) > 1 and not (last_of_them and sorted(month_days) == list(range(28, highest + 1))):
        raise Refusal(UNKNOWN)
    if len(month_days) == 1 and highest > 28:
        # Calendars skip the months that are too short; here the last day stands in, so it would be another rule.
        raise Refusal(
            f"Den {highest}. findes ikke i alle måneder. Vælg den {highest}. her, så bruges den sidste dag i stedet."
        )
    return Rule(every, interval, days, highest, nth)


_BYDAY = re.compile(r"(?P<nth>[+-]?[0-9]{1,2})?(?P<day>MO|TU|WE|TH|FR|SA|SU)")


def _items(text: str) -> list[str]:
    return text.split(",") if text else []


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,3}", text):
        raise Refusal(UNKNOWN)
    return int(text)


def in_words(rule: Rule, at: time | None = None) -> str:
    """The rule as it is said: "hver mandag og torsdag kl. 18.00"."""
    names = joined([WEEKDAYS[day] for day in rule.days])
    nth = "" if rule.interval == 1 else f" {rule.interval}."
    match rule.every:
        case Every.DAY:
            words = f"hver{nth} dag"
        case Every.WEEK if rule.days == WORKDAYS and rule.interval == 1:
            words = "alle hverdage"
        case Every.WEEK:
            words = f"hver {names}" if rule.interval == 1 else f"hver{nth} uge: {names}"
        case Every.MONTH:
            which = (
                f"den {NTH_WORDS[rule.nth]} {names}"
                if rule.nth is not None
                else "den sidste dag"
                if rule.month_day == -1
                else f"den {rule.month_day}."
            )
            words = f"{which} i hver{nth} måned"
    return words if at is None else f"{words} kl. {at:%H.%M}"


_WORDS = re.compile(
    r"(?:hver(?: (?P<n_days>\d+)\.)? dag"
    r"|(?P<workdays>alle hverdage)"
    r"|hver (?:(?P<n_weeks>\d+)\. uge: )?(?P<days>[a-zæøå]+(?:, [a-zæøå]+)*(?: og [a-zæøå]+)?)"
    r"|den (?:(?P<month_day>\d+)\.|(?P<last>sidste dag)|(?P<nth>[a-zæøå]+) (?P<weekday>[a-zæøå]+))"
    r" i hver(?: (?P<n_months>\d+)\.)? måned)"
    r"(?: kl\.? (?P<hour>\d{1,2})[.:](?P<minute>\d{2}))?"
)


def from_words(words: str) -> tuple[Rule, time | None]:
    """The rule and the time of day behind words such as `in_words` writes.

    Raises Refusal when they are not understood.
    """
    found = _WORDS.fullmatch(" ".join(words.lower().split()).rstrip("."))
    if found is None:
        raise Refusal(_UNREAD, "rule")
    at = None
    try:
        if found["hour"]:
            at = time(int(found["hour"]), int(found["minute"]))
        if found["workdays"]:
            return workdays(), at
        if found["days"]:
            named = re.split(r", | og ", found["days"])
            return weekly(map(WEEKDAYS.index, named), int(found["n_weeks"] or 1)), at
        months = int(found["n_months"] or 1)
        if found["month_day"]:
            return monthly(int(found["month_day"]), months), at
        if found["last"]:
            return monthly(-1, months), at
        if found["weekday"]:
            nth = {word: number for number, word in NTH_WORDS.items()}[found["nth"]]
            return monthly_on(nth, WEEKDAYS.index(found["weekday"]), months), at
        return daily(int(found["n_days"] or 1)), at
    except (KeyError, ValueError) as problem:
        sentence = problem.sentence if isinstance(problem, Refusal) else _UNREAD
        raise Refusal(sentence, "rule") from None


_UNREAD = "Det kan ikke læses som en gentagelse. Skriv for eksempel “hver mandag og torsdag kl. 18.00”."


def occurrences(
    rule: Rule,
    first_day: date,
    at: time,
    until: date | None = None,
    exceptions: Collection[date] = (),
    *,
    between: tuple[datetime, datetime],
) -> list[datetime]:
    """The times the rule falls on in the window [a, b), in order, aware in Danish time.

    It begins on `first_day` or the first day after it that fits, and `until` is the last day that may be one. A day in
    `exceptions` is skipped. A time that summer time skips over is an hour later by the clock (02.30 becomes 03.30), and
    of two alike in autumn it is the first, as RFC 5545 has it. Raises ValueError when the window is naive or longer
    than `LONGEST_WINDOW`: a caller lays out one page at a time.
    """
    opens, closes = between
    if opens.tzinfo is None or closes.tzinfo is None:
        raise ValueError("Vinduet skal have en tidszone.")
    # Two times of one zone compare by the clock on the wall, which shows an hour twice in autumn.
    opens, closes = opens.astimezone(UTC), closes.astimezone(UTC)
    if closes - opens > LONGEST_WINDOW:
        raise ValueError(f"Vinduet må højst være {LONGEST_WINDOW.days} dage.")
    low = max(first_day, opens.astimezone(COPENHAGEN).date() - ONE_DAY)
    high = closes.astimezone(COPENHAGEN).date() + ONE_DAY
    if until is not None:
        high = min(high, until)
    moments = (_moment(day, at) for day in _days(rule, first_day, low, high) if day not in exceptions)
    return [moment for moment in moments if opens <= moment < closes]


def _days(rule: Rule, first_day: date, low: date, high: date) -> list[date]:
    if high < low:
        return []
    start = datetime.combine(_skipped_to(rule, first_day, low), time())
    laid_out = rrulestr(rule.text, dtstart=start)
    return [
        moment.date()
        for moment in laid_out.between(
            datetime.combine(low, time()), datetime.combine(high, time()), inc=True
        )
    ]


def _skipped_to(rule: Rule, first_day: date, low: date) -> date:
    """A day at or before `low` from which the rule falls on the same days as from `first_day`, as far as they lie after it.

    So years need not be counted through.
    """
    match rule.every:
        case Every.DAY:
            return first_day + timedelta(days=_steps((low - first_day).days, rule.interval))
        case Every.WEEK:
            monday = first_day - timedelta(days=first_day.weekday())
            return monday + timedelta(weeks=_steps((low - monday).days // 7, rule.interval))
        case Every.MONTH:
            months = first_day.year * 12 + first_day.month - 1
            months += _steps(low.year * 12 + low.month - 1 - months, rule.interval)
            return date(months // 12, months % 12 + 1, 1)


def _steps(count: int, interval: int) -> int:
    return max(0, count) // interval * interval


def _moment(day: date, at: time) -> datetime:
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), COPENHAGEN)
    return wall.astimezone(UTC).astimezone(COPENHAGEN)
