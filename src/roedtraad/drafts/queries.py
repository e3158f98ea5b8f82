"""Which drafts there are. Each question is one SQL and asks for one person's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from roedtraad.core import clock
from roedtraad.drafts import services
from roedtraad.drafts.models import Draft
from roedtraad.drafts.rules import KEPT, Content


@dataclass(frozen=True)
class Kept:
    """A draft as it is shown: its key, when it was saved, whether it was sent, and what it holds."""

    key: UUID
    saved_at: dt.datetime
    sent: bool
    writing: UUID | None
    content: Content


def mine(user_id: int) -> list[Kept]:
    """The person's drafts, the newest first."""
    return [_kept(row) for row in _rows(user_id).order_by("-saved_at", "-key")]


def one(user_id: int, key: UUID) -> Kept | None:
    """One draft of the person; None when it is not theirs or no more."""
    row = _rows(user_id).filter(key=key).first()
    return _kept(row) if row else None


def at(user_id: int, actions: Iterable[str]) -> dict[str, Kept]:
    """The person's drafts of the forms sent to these addresses, by address."""
    places = {services.place_of(action): action for action in actions}
    return {places[bytes(row.place)]: _kept(row) for row in _rows(user_id).filter(place__in=list(places))}


def _rows(user_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user_id, saved_at__gte=clock.running() - KEPT)


def _kept(row: Draft) -> Kept:
    return Kept(row.key, row.saved_at, row.sent, row.writing, Content.load(str(row.content)))
