"""What can happen to a note: one function an event, access checked, the old text kept in the history.

A note is written where the citizen lives. Correcting it needs the version one has read, so that nobody's text is
lost; marks (goals, sharing, the board) are single switches and need none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.images import Picture, PictureRefused, remade
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import require_write
from roedtraad.practice.models import Attachment, Goal, Note, NoteGoal
from roedtraad.practice.models.notes import LONGEST_NOTE
from roedtraad.practice.queries.homes import home_unit_id
from roedtraad.practice.rules import words
from roedtraad.practice.services.common import Changed, write_once

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

#: A phone's clock may be a little ahead.
CLOCK_AHEAD = dt.timedelta(minutes=10)
LONGEST_ON_BOARD = dt.timedelta(days=92)
LONGEST_REASON = 200


@transaction.atomic
def write_note(
    user: User,
    citizen: Citizen,
    *,
    text: str,
    kind: str = Note.Kind.DAILY,
    occurred_at: dt.datetime | None = None,
    goals: Collection[Goal] = (),
    tags: Iterable[str] = (),
    important: bool = False,
    sticky_until: dt.date | None = None,
    shared_with_citizen: bool = False,
    shared_with_relatives: bool = False,
    key: UUID | None = None,
    picture: BinaryIO | None = None,
) -> Note:
    """Write a note about the citizen; `key` is the number a phone gave it, under which it is written once.

    Refusal with the field's name for an empty or too long text, another kind, a time to come, a goal of somebody
    else, a day on the board that is past or too far, or a picture that cannot be kept. AccessDenied out of reach.
    """
    require_write(user, citizen)
    cleaned = _text(text)
    drawn = _picture(picture) if picture is not None else None
    values = {
        "kind": _kind(kind),
        "occurred_at": _moment(occurred_at),
        "tags": _tags(tags),
        "important": important,
        "sticky_until": _board_day(sticky_until) if sticky_until else None,
        "shared_with_citizen": shared_with_citizen,
        "shared_with_relatives": shared_with_relatives,
    }
    _refuse_others_goals(citizen, goals)
    with change(user, "notat skrevet"):
        note, new = write_once(
            user, Note, key, citizen=citizen, unit_id=home_unit_id(citizen.pk), text=cleaned, **values
        )
        if not new:
            return note
        NoteGoal.objects.bulk_create(NoteGoal(note=note, goal=goal) for goal in dict.fromkeys(goals))
        if drawn is not None:
            Attachment.objects.create(
                citizen=citizen,
                written_by=user,
                note=note,
                media_type=drawn.media_type,
                content=drawn.content,
                size=len(drawn.content),
            )
    return note


@transaction.atomic
def correct_note(
    user: User,
    note: Note,
    *,
    version: int,
    text: str,
    kind: str | None = None,
    occurred_at: dt.datetime | None = None,
    tags: Iterable[str] | None = None,
    important: bool | None = None,
    goals: Collection[Goal] | None = None,
) -> Note:
    """Correct a note; what is None stays as it is. The old text stays in the history.

    Changed (with the note as it stands now) when somebody corrected it since `version`; Refusal as `write_note`,
    and for a note that was withdrawn. What changes nothing makes no new version.
    """
    kept = _held(user, note)
    if kept.withdrawn_at is not None:
        raise Refusal(_("Notatet er trukket tilbage og kan ikke rettes. Skriv et nyt."))
    if kept.version != version:
        raise Changed(kept)
    values = {
        "text": _text(text),
        "kind": kept.kind if kind is None else _kind(kind),
        "occurred_at": kept.occurred_at if occurred_at is None else _moment(occurred_at),
        "tags": kept.tags if tags is None else _tags(tags),
        "important": kept.important if important is None else important,
    }
    differs = any(getattr(kept, name) != value for name, value in values.items())
    with change(user, "notat rettet"):
        if differs:
            for name, value in values.items():
                setattr(kept, name, value)
            kept.version += 1
            kept.corrected_at, kept.corrected_by = clock.now(), user
            kept.save(update_fields=[*values, "version", "corrected_at", "corrected_by"])
        if goals is not None:
            _refuse_others_goals(kept.citizen, goals)
            wanted = {goal.pk for goal in goals}
            NoteGoal.objects.filter(note=kept).exclude(goal__in=wanted).delete()
            there = set(NoteGoal.objects.filter(note=kept).values_list("goal_id", flat=True))
            for number in sorted(wanted - there):
                NoteGoal.objects.create(note=kept, goal_id=number)
    return kept


@transaction.atomic
def withdraw_note(user: User, note: Note, reason: str) -> Note:
    """Take a note out of every list, because it is wrong or about somebody else; history keeps it.

    Refusal without a reason. Withdrawing it twice changes nothing.
    """
    kept = _held(user, note)
    why = " ".join(words.cleaned(reason).split())
    if not why:
        raise Refusal(_("Skriv kort, hvorfor notatet trækkes tilbage."), "reason")
    if len(why) > LONGEST_REASON:
        raise Refusal(_("Begrundelsen må højst have %(most)s tegn.") % {"most": LONGEST_REASON}, "reason")
    if kept.withdrawn_at is None:
        kept.withdrawn_at, kept.withdrawn_reason = clock.now(), why
        with change(user, "notat trukket tilbage"):
            kept.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return kept


@transaction.atomic
def tag_goal(user: User, note: Note, goal: Goal) -> None:
    """Say that the note tells about the goal. Saying it twice changes nothing. Refusal for another's goal."""
    kept = _held(user, note)
    _refuse_others_goals(kept.citizen, [goal])
    with change(user, "notat knyttet til mål"):
        NoteGoal.objects.get_or_create(note=kept, goal=goal)


@transaction.atomic
def untag_goal(user: User, note: Note, goal: Goal) -> None:
    """Say that the note does not tell about the goal after all."""
    kept = _held(user, note)
    with change(user, "notat løsnet fra mål"):
        NoteGoal.objects.filter(note=kept, goal=goal).delete()


@transaction.atomic
def share(user: User, note: Note, *, citizen: bool = False, relatives: bool = False) -> Note:
    """Let the citizen, the relatives, or both read the note. Refusal for one that was withdrawn."""
    return _switch_sharing(user, note, citizen=citizen, relatives=relatives, to=True)


@transaction.atomic
def unshare(user: User, note: Note, *, citizen: bool = False, relatives: bool = False) -> Note:
    """Stop sharing it with the citizen, the relatives, or both. What they have read they have read."""
    return _switch_sharing(user, note, citizen=citizen, relatives=relatives, to=False)


@transaction.atomic
def stick(user: User, note: Note, until: dt.date) -> Note:
    """Hang the note on the board until the day (included). Refusal for a day that is past or too far ahead."""
    kept = _held(user, note)
    if kept.withdrawn_at is not None:
        raise Refusal(_("Notatet er trukket tilbage og kan ikke hænges op."))
    kept.sticky_until = _board_day(until)
    with change(user, "notat hængt på tavlen"):
        kept.save(update_fields=["sticky_until"])
    return kept


@transaction.atomic
def unstick(user: User, note: Note) -> Note:
    """Take the note down from the board."""
    kept = _held(user, note)
    if kept.sticky_until is not None:
        kept.sticky_until = None
        with change(user, "notat taget ned fra tavlen"):
            kept.save(update_fields=["sticky_until"])
    return kept


def _held(user: User, note: Note) -> Note:
    """The note's row as it stands now, locked, when the user may write in the record."""
    require_write(user, note.citizen)
    return Note.objects.select_for_update(of=("self",)).select_related("citizen").get(pk=note.pk)


def _switch_sharing(user: User, note: Note, *, citizen: bool, relatives: bool, to: bool) -> Note:
    kept = _held(user, note)
    if to and kept.withdrawn_at is not None:
        raise Refusal(_("Notatet er trukket tilbage og kan ikke deles."))
    asked = {"shared_with_citizen": citizen, "shared_with_relatives": relatives}
    fields = [name for name, meant in asked.items() if meant and getattr(kept, name) != to]
    if fields:
        for name in fields:
            setattr(kept, name, to)
        with change(user, "notat delt" if to else "notat ikke længere delt"):
            kept.save(update_fields=fields)
    return kept


def _text(text: str) -> str:
    cleaned = words.cleaned(text).strip()
    if not cleaned:
        raise Refusal(_("Skriv notatet."), "text")
    if len(cleaned) > LONGEST_NOTE:
        raise Refusal(
            _("Notatet har %(count)s tegn og må højst have %(most)s. Del det i to.")
            % {"count": len(cleaned), "most": LONGEST_NOTE},
            "text",
        )
    return cleaned


def _kind(kind: str) -> str:
    if kind not in Note.Kind.values:
        raise Refusal(_("Vælg, hvilken art notatet er."), "kind")
    return kind


def _moment(at: dt.datetime | None) -> dt.datetime:
    now = clock.now()
    if at is None:
        return now
    if at > now + CLOCK_AHEAD:
        raise Refusal(_("Det er ikke sket endnu. Vælg et tidspunkt, der er gået."), "occurred_at")
    return min(at, now)


def _tags(tags: Iterable[str]) -> list[str]:
    kept = words.tags(tags)
    if len(kept) > words.MOST_TAGS:
        raise Refusal(_("Et notat kan højst have %(most)s mærker.") % {"most": words.MOST_TAGS}, "tags")
    if any(len(tag) > words.LONGEST_TAG for tag in kept):
        raise Refusal(_("Et mærke må højst have %(most)s tegn.") % {"most": words.LONGEST_TAG}, "tags")
    return kept


def _board_day(until: dt.date) -> dt.date:
    today = clock.today()
    if until < today:
        raise Refusal(_("Den dag er forbi. Vælg i dag eller en senere dag."), "sticky_until")
    if until > today + LONGEST_ON_BOARD:
        raise Refusal(_("Et notat hænger højst tre måneder på tavlen. Vælg en dag før."), "sticky_until")
    return until


def _refuse_others_goals(citizen: Citizen, goals: Collection[Goal]) -> None:
    if any(goal.citizen_id != citizen.pk for goal in goals):
        raise Refusal(_("Målet hører ikke til denne borger."), "goals")


def _picture(file: BinaryIO) -> Picture:
    try:
        return remade(file)
    except PictureRefused as refused:
        raise Refusal(str(refused), "picture") from refused
