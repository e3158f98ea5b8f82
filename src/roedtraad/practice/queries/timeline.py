"""Everything about a citizen in one line of time, newest first.

Each kind of entry is a `Source`: the rows of a citizen, the column that says when, and what is shown. The page is one
SQL statement: of each source the few newest before the place one has come to, put together. It costs the same for a
citizen with 50 entries and one with 50,000, as long as each source's column has an index with the citizen.

Floors above add theirs with `provide_entries` when Django starts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import JSONObject
from django.urls import NoReverseMatch, reverse
from ninja.errors import HttpError

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.api import decode_cursor, encode_cursor

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

A_PAGE = 30


@dataclass(frozen=True)
class Shown:
    """What an entry says, and how it looks. `tone` is one of the cards' (`attention`), else empty."""

    title: Any
    text: str = ""
    who: str = ""
    url: str = ""
    goals: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of row in the line of time.

    `name` is the source's own, `kind` the chip it is chosen by (several sources may share one) and `label` the chip's
    word. `rows` gives the rows of a citizen that the user may see; `at` is their column with a time or a day; `data`
    are the expressions `show` makes an entry of – it is given their values by name, and `pk`, `at` and `citizen`.
    """

    name: str
    kind: str
    label: Any
    icon: str
    at: str
    rows: Callable[[User, Citizen], QuerySet[Any]]
    data: dict[str, Any]
    show: Callable[[dict[str, Any]], Shown]


@dataclass(frozen=True)
class Entry:
    """An entry as a page shows it. `at` is midnight, and `whole_day` true, where only the day is known."""

    kind: str
    label: Any
    icon: str
    at: dt.datetime
    whole_day: bool
    key: str
    title: Any
    text: str
    who: str
    url: str
    goals: tuple[str, ...]
    tone: str


@dataclass(frozen=True)
class Place:
    """A place in the line of time; the entries after it in the list are older. `name` and `pk` tell equals apart."""

    at: dt.datetime
    name: str = ""
    pk: int = 0

    @classmethod
    def end_of(cls, day: dt.date) -> Place:
        """The end of a day: the day's own entries come after it."""
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.COPENHAGEN)
        return cls(midnight - dt.timedelta(microseconds=1))

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        """The place of a cursor; None for what is none."""
        try:
            at, name, pk = decode_cursor(cursor, (str, str, int))
            moment = dt.datetime.fromisoformat(at)
        except (HttpError, ValueError):
            return None
        return cls(moment, name, pk) if moment.tzinfo is not None else None

    def cursor(self) -> str:
        """The place as a text for an address; it holds no person."""
        return encode_cursor([self.at.isoformat(), self.name, self.pk])


@dataclass(frozen=True)
class Line:
    """A page of the line of time, and the place to go on after (None on the last page)."""

    entries: list[Entry] = field(default_factory=list)
    next: Place | None = None


_sources: dict[str, Source] = {}


def provide_entries(source: Source) -> None:
    """Add a kind of entry; called when Django starts. Giving a name again replaces the source."""
    _sources[source.name] = source


def kinds() -> dict[str, Any]:
    """The kinds of entry there are, each with its word, in the order they were provided."""
    return {source.kind: source.label for source in _sources.values()}


def timeline(
    user: User,
    citizen: Citizen,
    kinds: Collection[str] = (),
    before: Place | None = None,
    limit: int = A_PAGE,
) -> Line:
    """What is known of the citizen before a place in time (else until today's end), newest first.

    `kinds` narrows to those chips; none means all. One SQL statement. The caller has opened the record.
    """
    start = before or Place.end_of(clock.today())
    asked = [source for source in _sources.values() if not kinds or source.kind in kinds]
    if not asked:
        return Line()
    parts = [_newest(source, user, citizen, start, limit + 1) for source in asked]
    if len(parts) == 1:
        # In order already, and a query that is cut takes no other.
        rows = list(parts[0])
    else:
        together = parts[0].union(*parts[1:], all=True)
        rows = list(together.order_by(F("t_at").desc(), "t_source", F("t_pk").desc())[: limit + 1])
    entries = [_entry(citizen, *row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Line(entries)
    at, name, pk, _data = rows[limit - 1]
    return Line(entries, Place(at, name, pk))


class Midnight(Func):
    """The moment a day begins in Denmark."""

    template = "((%(expressions)s)::timestamp AT TIME ZONE 'Europe/Copenhagen')"
    output_field = DateTimeField()


def _newest(source: Source, user: User, citizen: Citizen, start: Place, limit: int) -> QuerySet[Any, Any]:
    rows = source.rows(user, citizen)
    # A moment's class is one of day's.
    by_day = type(rows.model._meta.get_field(source.at)) is DateField
    filters = _days_before(source, start) if by_day else _times_before(source, start)
    return (
        rows.filter(filters)
        .annotate(
            t_at=Midnight(F(source.at)) if by_day else F(source.at),
            t_source=Value(source.name, output_field=TextField()),
            t_pk=F("pk"),
            t_data=JSONObject(whole_day=Value(by_day), **source.data),
        )
        .order_by(F(source.at).desc(), F("pk").desc())
        .values_list("t_at", "t_source", "t_pk", "t_data")[:limit]
    )


def _times_before(source: Source, start: Place) -> Q:
    """Entries of one moment come by the source's name, then by number: those after `start` in that order."""
    at = source.at
    if source.name > start.name:
        return Q(**{f"{at}__lte": start.at})
    if source.name < start.name:
        return Q(**{f"{at}__lt": start.at})
    # The first half is what the index is entered by.
    return Q(**{f"{at}__lte": start.at}) & (Q(**{f"{at}__lt": start.at}) | Q(pk__lt=start.pk))


def _days_before(source: Source, start: Place) -> Q:
    local = start.at.astimezone(clock.COPENHAGEN)
    at, day = source.at, local.date()
    if local.time() != dt.time() or source.name > start.name:
        return Q(**{f"{at}__lte": day})
    if source.name < start.name:
        return Q(**{f"{at}__lt": day})
    return Q(**{f"{at}__lte": day}) & (Q(**{f"{at}__lt": day}) | Q(pk__lt=start.pk))


def _entry(citizen: Citizen, at: dt.datetime, name: str, pk: int, data: dict[str, Any]) -> Entry:
    source = _sources[name]
    local = at.astimezone(clock.COPENHAGEN)
    shown = source.show({**data, "pk": pk, "at": local, "citizen": citizen})
    return Entry(
        kind=source.kind,
        label=source.label,
        icon=source.icon,
        at=local,
        whole_day=data["whole_day"],
        key=f"{name}-{pk}",
        title=shown.title,
        text=shown.text,
        who=shown.who,
        url=shown.url,
        goals=shown.goals,
        tone=shown.tone,
    )


def link(name: str, *args: Any) -> str:
    """The address of a page, empty while no part of the house has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
