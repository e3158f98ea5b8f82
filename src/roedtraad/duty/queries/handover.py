"""What was handed over, and who has read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty.models import Handover, HandoverLine, HandoverRead
from roedtraad.practice.models import Note

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

WORK = "duty.work"
# Older ones are looked up, not waiting to be read.
WAITS = dt.timedelta(hours=72)


@dataclass(frozen=True)
class Shown:
    """A handover with the lines the reader may see, and who has read it."""

    handover: Handover
    lines: list[HandoverLine]
    reads: list[HandoverRead]

    def read_by(self, user: User) -> bool:
        """Has the user said so?"""
        return any(read.user_id == user.pk for read in self.reads)


def handovers_for(user: User) -> QuerySet[Handover]:
    """The handovers of the units where the user works, newest first; each says whether the user has `read` it."""
    return (
        Handover.objects.filter(unit__in=reach(user, WORK).all_units)
        .select_related("written_by", "done_by")
        .annotate(read=_read_by(user))
        .order_by("-begins_at", "-pk")
    )


def _read_by(user: User) -> Exists:
    return Exists(HandoverRead.objects.filter(handover=OuterRef("pk"), user=user))


def unread(
    user: User, unit_ids: Collection[int] | None = None, now: dt.datetime | None = None
) -> list[Handover]:
    """Finished handovers of the last three days that the user has not read, newest first. One SQL besides the reach."""
    moment = now or clock.now()
    waiting = handovers_for(user).filter(
        ~_read_by(user), state=Handover.State.DONE, done_at__gt=moment - WAITS, done_at__lte=moment
    )
    return list(waiting if unit_ids is None else waiting.filter(unit__in=unit_ids))


def shown(user: User, handover: Handover) -> Shown:
    """The handover as the user may see it, without lines about citizens whose record they may not read.

    Two SQL statements besides the reach.
    """
    seen = Citizen.objects.filter(visible_q("citizens.Citizen", user, "record.view"))
    standing = HandoverLine.objects.filter(handover=handover, removed_at__isnull=True)
    lines = list(
        standing.filter(Q(citizen__isnull=True) | Q(citizen__in=seen))
        .select_related("citizen")
        .order_by("position", "pk")
    )
    reads = list(handover.reads.select_related("user").order_by("at"))
    return Shown(handover, lines, reads)


def notes_of(user: User, lines: Iterable[HandoverLine]) -> dict[int, list[Note]]:
    """The notes each line (by its number) points to, as they stand now; withdrawn ones are left out. One SQL statement."""
    wanted = {line.pk: [ref["key"] for ref in line.sources if ref["kind"] == "note"] for line in lines}
    seen = Citizen.objects.filter(visible_q("citizens.Citizen", user, "record.view"))
    keys = {key for keys in wanted.values() for key in keys}
    if not keys:
        return {}
    found = {
        str(note.key): note
        for note in Note.objects.filter(
            key__in=keys, citizen__in=seen, withdrawn_at__isnull=True
        ).select_related("written_by")
    }
    return {number: [found[key] for key in keys if key in found] for number, keys in wanted.items()}
