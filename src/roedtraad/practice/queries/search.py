"""Searching the notes a reader may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Note
from roedtraad.practice.rules.excerpts import Piece, excerpt

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

A_PAGE = 20


@dataclass(frozen=True)
class Hit:
    """A note that was found, and the piece of it that shows why."""

    note: Note
    pieces: list[Piece]


@dataclass(frozen=True)
class Found:
    """A page of what was found, newest first; `next` is the place to go on after, None on the last page."""

    hits: list[Hit]
    next: tuple[dt.datetime, int] | None


def search_notes(
    user: User,
    asked: str,
    *,
    before: tuple[dt.datetime, int] | None = None,
    limit: int = A_PAGE,
    citizen: Citizen | None = None,
) -> Found:
    """The notes in which every word of `asked` occurs, as far as the user may read them. Three SQL statements.

    Read are the records within the user's reach, and of the user's own record what is shared; a record opened with
    a written reason is not searched. Words are found in any form; when nothing is found, the nearest words are
    tried. With `citizen`, only notes about that one. Whoever shows the answer logs the citizens in it.

    The database finds the reach by the functions its policies use; the citizens of what it found are then asked for
    once more by the rule in Python.
    """
    if not asked.strip():
        return Found([], None)
    at, number = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT note_id, stems FROM practice_search(%s, %s, %s, %s, %s)",
            [asked, citizen.pk if citizen else None, at, number, limit + 1],
        )
        rows = cursor.fetchall()
    shown = rows[:limit]
    notes = {
        note.pk: note
        for note in Note.objects.filter(pk__in=[pk for pk, _stems in shown])
        .select_related("citizen", "written_by")
        .defer("search")
    }
    about = {note.citizen_id for note in notes.values()}
    reachable = set(
        Citizen.objects.filter(
            visible_q(CITIZEN, user, "record.view") | visible_q(CITIZEN, user, "own.view"), pk__in=about
        ).values_list("pk", flat=True)
        if about
        else ()
    )
    hits = [
        Hit(notes[pk], excerpt(notes[pk].text, stems))
        for pk, stems in shown
        if pk in notes and notes[pk].citizen_id in reachable
    ]
    last = hits[-1].note if hits and len(rows) > limit else None
    return Found(hits, (last.occurred_at, last.pk) if last else None)
