"""Questions about conversations, how citizens say they are, and how somebody likes to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.danish import joined
from roedtraad.voices import access, rules
from roedtraad.voices.models import (
    Conversation,
    Message,
    MessageRead,
    MoodReading,
    Participant,
    ReadingChoice,
    Side,
)

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

SHOWN = 100
#: Older than this, a message nobody opened is no longer counted as new: whoever comes new has not to read it all.
NEW_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """A conversation as a line of a list: with whom, its latest words, and how many messages are new."""

    conversation: Conversation
    who: str
    latest: str
    latest_by: str
    at: dt.datetime
    new: int


@dataclass(frozen=True)
class Said:
    """A message as a page shows it; `relation` is what its writer is for the citizen, when a relative wrote it."""

    message: Message
    who: str
    mine: bool
    new: bool

    @property
    def text(self) -> str:
        """Its words, or that they were taken back."""
        return "" if self.message.withdrawn_at else self.message.text


def inbox(user: User, side: str, citizen: Citizen | None = None) -> list[Line]:
    """The conversations the user reads as `side`, the latest first; of one citizen or of all. Two SQL statements."""
    found = access.readable(user, side)
    if citizen is not None:
        found = found.filter(citizen=citizen)
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-written_at", "-pk")
    rows = list(
        found.select_related("citizen")
        .annotate(
            last_text=Subquery(last.values("text")[:1]),
            last_gone=Subquery(last.values("withdrawn_at")[:1]),
            last_by=Subquery(last.values("written_by__full_name")[:1]),
            last_at=Coalesce(Subquery(last.values("written_at")[:1]), F("written_at")),
            new=Coalesce(
                Subquery(
                    unread(user)
                    .filter(conversation=OuterRef("pk"))
                    .order_by()
                    .values("conversation")
                    .annotate(n=Count("pk"))
                    .values("n")
                ),
                0,
            ),
        )
        .order_by("-last_at", "-pk")[:SHOWN]
    )
    named = _names(rows, side)
    return [
        Line(
            conversation=row,
            who=_who(row, side, named.get(row.pk, [])),
            latest=_("Beskeden er trukket tilbage.")
            if row.last_gone
            else rules.beginning(row.last_text or "", 120),
            latest_by=row.last_by or "",
            at=row.last_at,
            new=row.new,
        )
        for row in rows
    ]


def conversation_for(user: User, side: str, key: UUID) -> Conversation | None:
    """The conversation with this key, when the user reads it as `side`. One SQL statement."""
    return access.readable(user, side).select_related("citizen").filter(key=key).first()


def who_reads(conversation: Conversation, side: str) -> str:
    """Who else reads the conversation, in words. One SQL statement."""
    return _who(conversation, side, _names([conversation], side).get(conversation.pk, []))


def said_in(user: User, conversation: Conversation) -> list[Said]:
    """The latest hundred messages, the oldest of them first. Two SQL statements."""
    rows = list(
        Message.objects.filter(conversation=conversation)
        .select_related("written_by")
        .order_by("-written_at", "-pk")[:SHOWN]
    )
    opened = set(
        MessageRead.objects.filter(user=user, message__in=[row.pk for row in rows]).values_list(
            "message_id", flat=True
        )
    )
    return [
        Said(
            message=row,
            who=str(row.written_by),
            mine=row.written_by_id == user.pk,
            new=row.written_by_id != user.pk and row.pk not in opened,
        )
        for row in reversed(rows)
    ]


def unread(user: User) -> QuerySet[Message]:
    """The messages of the last fortnight that others wrote and the user has not had open."""
    return Message.objects.filter(
        ~Q(written_by=user), withdrawn_at__isnull=True, written_at__gte=clock.now() - NEW_FOR
    ).exclude(pk__in=MessageRead.objects.filter(user=user).values("message"))


def unread_count(user: User, side: str = Side.STAFF) -> int:
    """How many messages wait for the user: for staff of the citizens they work with now. One SQL statement."""
    conversations = access.worked(user) if side == Side.STAFF else access.readable(user, side)
    return unread(user).filter(conversation__in=conversations).count()


def moods(citizen: Citizen, most: int = 7) -> list[MoodReading]:
    """How the citizen has said they were, the latest first. One SQL statement."""
    return list(MoodReading.objects.filter(citizen=citizen).order_by("-written_at", "-pk")[:most])


def reading_of(user: User) -> ReadingChoice:
    """How the user likes to read; pictures and words when nothing is chosen. One SQL statement."""
    return ReadingChoice.objects.filter(user=user).first() or ReadingChoice(user=user)


def _names(rows: Sequence[Conversation], side: str) -> dict[int, list[str]]:
    """The relations in each conversation. A relative is told of no other: that is the citizen's to tell."""
    found: dict[int, list[str]] = {}
    if side == Side.RELATIVE:
        return found
    for one in Participant.objects.filter(conversation__in=rows).select_related("relation").order_by("pk"):
        found.setdefault(one.conversation_id, []).append(one.relation.name)
    return found


def _who(row: Conversation, side: str, names: list[str]) -> str:
    """The others in the conversation."""
    others = list(names)
    if row.with_staff and side != Side.STAFF:
        others.insert(0, _("personalet"))
    if row.with_citizen and side != Side.CITIZEN:
        others.insert(0, row.citizen.first_name)
    return joined(others)
