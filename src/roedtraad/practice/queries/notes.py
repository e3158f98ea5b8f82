"""Questions about the notes of one citizen. Whether the record may be opened is asked before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from ninja.errors import HttpError

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.api import decode_cursor, encode_cursor
from roedtraad.practice.models import Attachment, Goal, Note
from roedtraad.practice.rules.differences import Side, sides

A_PAGE = 20
#: The tags one may choose among are those of this many of the latest notes.
LATEST_TAGS = 300


@dataclass(frozen=True)
class NotePage:
    """A page of notes, newest first, and the cursor of the next one (empty on the last)."""

    notes: list[Note]
    next: str


@dataclass(frozen=True)
class Version:
    """A note as it stood: who wrote it so, when, and the text with what changed since the version before."""

    number: int
    at: dt.datetime
    who: str
    before: list[Side]
    now: list[Side]


def whole_notes(citizen: Citizen, *, pictures: bool = True) -> QuerySet[Note]:
    """The citizen's notes with all a card shows. Three SQL statements when they are read, without pictures two."""
    notes = (
        Note.objects.filter(citizen=citizen)
        .defer("search")
        .select_related("written_by", "corrected_by")
        .prefetch_related(Prefetch("goals", Goal.objects.only("key", "title").order_by("pk")))
    )
    if not pictures:
        return notes
    return notes.prefetch_related(Prefetch("attachments", Attachment.objects.defer("content").order_by("pk")))


def page_of_notes(
    citizen: Citizen,
    *,
    kind: str = "",
    tag: str = "",
    goal: UUID | None = None,
    withdrawn: bool = False,
    after: str = "",
    limit: int = A_PAGE,
    pictures: bool = True,
) -> NotePage:
    """The citizen's notes, newest first, after a cursor; withdrawn ones only when they are asked for."""
    found = whole_notes(citizen, pictures=pictures).filter(withdrawn_at__isnull=not withdrawn)
    if kind:
        found = found.filter(kind=kind)
    if tag:
        found = found.filter(tags__contains=[tag])
    if goal is not None:
        found = found.filter(note_goals__goal__key=goal)
    place = read_cursor(after)
    if place is not None:
        at, pk = place
        found = found.filter(Q(occurred_at__lt=at) | Q(pk__lt=pk), occurred_at__lte=at)
    rows = list(found.order_by("-occurred_at", "-pk")[: limit + 1])
    shown = rows[:limit]
    more = len(rows) > limit
    return NotePage(shown, cursor_of(shown[-1].occurred_at, shown[-1].pk) if more else "")


def cursor_of(at: dt.datetime, pk: int) -> str:
    """A place in a list of notes as a text for an address."""
    return encode_cursor([at.isoformat(), pk])


def read_cursor(cursor: str) -> tuple[dt.datetime, int] | None:
    """The place of a cursor; None for what is none."""
    try:
        at, pk = decode_cursor(cursor, (str, int))
        moment = dt.datetime.fromisoformat(at)
    except (HttpError, ValueError):
        return None
    return (moment, pk) if moment.tzinfo is not None else None


def on_the_board(citizen: Citizen) -> list[Note]:
    """The notes that hang on the board today, the latest first."""
    found = whole_notes(citizen).filter(sticky_until__gte=clock.today(), withdrawn_at__isnull=True)
    return list(found.order_by("-occurred_at", "-pk"))


def tags_of(citizen: Citizen) -> list[str]:
    """The tags of the citizen's latest notes, in order. One SQL statement."""
    latest = (
        Note.objects.filter(citizen=citizen, withdrawn_at__isnull=True)
        .order_by("-occurred_at", "-pk")
        .values_list("tags", flat=True)[:LATEST_TAGS]
    )
    return sorted({tag for tags in latest for tag in tags})


def running_goals(citizen: Citizen) -> QuerySet[Goal]:
    """The goals a note may tell about: those that are not closed, the latest last."""
    return Goal.objects.filter(citizen=citizen, closed_on__isnull=True).order_by("starts_on", "pk")


def versions_of(note: Note) -> list[Version]:
    """Every text the note has had, newest first, each beside the one before. Two SQL statements."""
    kept: dict[int, Any] = {}
    for event in note.events.select_related("pgh_context").order_by("pgh_id"):  # type: ignore[attr-defined]  # pghistory's relation
        kept.setdefault(event.version, event)
    writers = {event.pgh_context.metadata.get("user") for event in kept.values() if event.pgh_context}
    names: dict[Any, str] = {user.pk: str(user) for user in User.objects.filter(pk__in=writers - {None})}
    versions: list[Version] = []
    earlier = ""
    for number, event in kept.items():
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        before, now = sides(earlier, event.text) if versions else ([], [Side(event.text)])
        at = event.pgh_created_at.astimezone(clock.COPENHAGEN)
        versions.append(Version(number, at, names.get(metadata.get("user"), ""), before, now))
        earlier = event.text
    return versions[::-1]
