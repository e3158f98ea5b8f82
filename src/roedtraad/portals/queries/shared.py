"""What a relative is shown of a citizen: block by block, each only while a consent names it, with the reason why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, Consent, NetworkMap, NetworkPerson
from roedtraad.citizens.network import queries as network
from roedtraad.citizens.sharing import Reason, reasons, shared_with
from roedtraad.core import clock
from roedtraad.portals.queries.happenings import SHARED, Happening, happenings
from roedtraad.portals.queries.my_side import GoalCard, goal_cards
from roedtraad.portals.queries.persons import own_citizens
from roedtraad.practice.models import Attachment, Note, Wish
from roedtraad.practice.queries.goals import wishes_now
from roedtraad.voices import queries as voices
from roedtraad.voices.models import Side

AHEAD = dt.timedelta(days=14)
SHOWN_NOTES = 20
Scope = Consent.Scope


@dataclass(frozen=True)
class SharedNote:
    """A note that was shared with relatives, with its pictures where pictures are shared too."""

    note: Note
    pictures: list[Attachment]


@dataclass(frozen=True)
class Shared:
    """Everything a relative may see of a citizen today. What is not shared is None and not asked for."""

    citizen: Citizen
    why: dict[str, Reason]
    wishes: list[Wish] | None
    goals: list[GoalCard] | None
    notes: list[SharedNote] | None
    calendar: list[Happening] | None
    until: dt.date
    network: dict[str, Any] | None
    messages: list[voices.Line] | None

    @property
    def nothing(self) -> bool:
        """Is there no block to show?"""
        blocks = (self.wishes, self.goals, self.notes, self.calendar, self.network, self.messages)
        return all(block is None for block in blocks)


def related(user: User, key: UUID) -> Citizen | None:
    """The citizen with this key to whom the user is a relative. One SQL statement beside the reach."""
    return next((one for one in own_citizens(user, Role.RELATIVE) if one.key == key), None)


def shared(user: User, citizen: Citizen) -> Shared:
    """What the citizen shares with the user today. At most ten SQL statements, fewer where less is shared."""
    why = reasons(user, citizen)
    today = clock.today()
    return Shared(
        citizen=citizen,
        why=why,
        wishes=list(wishes_now(citizen)) if Scope.WISHES in why else None,
        goals=goal_cards(citizen) if Scope.GOALS in why else None,
        notes=_notes(citizen, with_pictures=Scope.PHOTOS in why) if Scope.NOTES in why else None,
        calendar=(happenings(SHARED, user, citizen, today, today + AHEAD) if Scope.CALENDAR in why else None),
        until=today + AHEAD,
        network=network_shown(citizen) if Scope.NETWORK in why else None,
        messages=voices.inbox(user, Side.RELATIVE, citizen) if Scope.MESSAGES in why else None,
    )


def picture(user: User, key: UUID) -> Attachment | None:
    """A picture of a shared note, while notes and pictures are both shared with the user. One SQL statement."""
    return Attachment.objects.filter(
        shared_with(user, Scope.NOTES, "citizen_id"),
        shared_with(user, Scope.PHOTOS, "citizen_id"),
        key=key,
        note__shared_with_relatives=True,
        note__withdrawn_at__isnull=True,
    ).first()


def network_shown(citizen: Citizen) -> dict[str, Any]:
    """The latest network map as the drawing takes it, without a day when nobody is on it. One SQL statement."""
    latest = NetworkMap.objects.filter(citizen=citizen).order_by("-drawn_on").values("pk")[:1]
    people = list(
        NetworkPerson.objects.filter(map__in=latest)
        .select_related("map")
        .order_by("ring", "sector", "name", "pk")
    )
    return {
        "drawn_on": people[0].map.drawn_on if people else None,
        "summary": network.summary(network.rules.figures(network.entries_of(people))),
        "people": network.shown(people),
        "sectors": network.sector_names(),
        "rings": network.ring_names(),
        "tiers": network.tier_names(),
    }


def _notes(citizen: Citizen, *, with_pictures: bool) -> list[SharedNote]:
    notes = list(
        Note.objects.filter(citizen=citizen, shared_with_relatives=True, withdrawn_at__isnull=True)
        .select_related("written_by")
        .order_by("-occurred_at", "-pk")[:SHOWN_NOTES]
    )
    pictures: dict[int, list[Attachment]] = defaultdict(list)
    if with_pictures and notes:
        for one in Attachment.objects.filter(
            note__in=[note.pk for note in notes], media_type__startswith="image/"
        ).defer("content"):
            pictures[one.note_id or 0].append(one)
    return [SharedNote(note, pictures[note.pk]) for note in notes]
