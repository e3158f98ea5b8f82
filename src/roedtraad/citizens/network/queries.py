"""Questions about network maps. The same answers serve the record, the citizen's own page and the relatives'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roedtraad.citizens import sharing
from roedtraad.citizens.models import Citizen, NetworkMap, NetworkPerson
from roedtraad.citizens.network import rules
from roedtraad.citizens.network.rules import Change, Entry, Figures, Move, Spot
from roedtraad.citizens.reach import within
from roedtraad.core.danish import day, joined

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map with its people, its index numbers, and whether it is the one that may be changed."""

    map: NetworkMap
    people: list[NetworkPerson]
    figures: Figures
    latest: bool

    @property
    def entries(self) -> list[Entry]:
        """The people as the rules take them."""
        return entries_of(self.people)


def may_read(user: User, citizen: Citizen) -> bool:
    """Whether the user reads the citizen's network map: through the record, as the citizen, or by consent."""
    return (
        within(user, citizen, "record.view", in_emergency=True)
        or within(user, citizen, "own.view")
        or sharing.shares(user, citizen, sharing.Scope.NETWORK)
    )


def network_map_for(user: User, citizen: Citizen, key: UUID | None = None) -> Drawn | None:
    """The citizen's latest map, or the one with this key, when the user may read it.

    None when there is none, and for who may not. At most five SQL statements.
    """
    return drawn(citizen, key) if may_read(user, citizen) else None


def drawn(citizen: Citizen, key: UUID | None = None) -> Drawn | None:
    """The same without asking who reads: for those who have asked. Two SQL statements."""
    maps = maps_of(citizen)
    chosen = next((one for one in maps if key is None or one.key == key), None)
    return with_people(chosen, latest=chosen is maps[0]) if chosen else None


def maps_of(citizen: Citizen) -> list[NetworkMap]:
    """All of the citizen's maps, the latest first. One SQL statement."""
    return list(
        NetworkMap.objects.filter(citizen=citizen).select_related("recorded_by").order_by("-drawn_on")
    )


def with_people(chosen: NetworkMap, *, latest: bool) -> Drawn:
    """A map with everybody on it. One SQL statement."""
    people = list(chosen.people.order_by("ring", "sector", "name", "pk"))
    return Drawn(chosen, people, rules.figures(entries_of(people)), latest)


def entries_of(people: Sequence[NetworkPerson]) -> list[Entry]:
    """People as the rules take them."""
    return [Entry(one.key, one.name, Spot(one.angle, one.distance), one.tier) for one in people]


def sector_names() -> list[str]:
    """What the sectors are called, in the order they go round."""
    return [str(NetworkPerson.Sector(sector).label).capitalize() for sector in rules.SECTORS]


def ring_names() -> list[str]:
    """What the rings are called, the closest first."""
    return [
        _("1, meget tæt på"),
        _("2, tæt på"),
        _("3, lidt længere væk"),
        _("4, langt væk"),
        _("5, yderst"),
    ]


def tier_names() -> list[str]:
    """What the tiers are called."""
    return [str(NetworkPerson.Tier(tier).label).capitalize() for tier in rules.TIERS]


def change_names() -> dict[Change, str]:
    """What became of somebody between two maps, in words."""
    return {
        Change.CLOSER: _("tættere på"),
        Change.FARTHER: _("længere væk"),
        Change.NEW: _("ny på kortet"),
        Change.GONE: _("ikke på kortet mere"),
        Change.SAME: _("samme ring"),
    }


def summary(figures: Figures) -> str:
    """A map in one sentence."""
    if not figures.count:
        return _("Der er ingen på kortet endnu.")
    return ngettext(
        "%(count)s person på kortet, %(close)s i de to inderste ringe.",
        "%(count)s personer på kortet, %(close)s i de to inderste ringe.",
        figures.count,
    ) % {"count": figures.count, "close": figures.close}


def difference(before: NetworkMap, moves: Sequence[Move]) -> str:
    """What has happened since an earlier map, in one sentence."""
    since = day(before.drawn_on)
    told = []
    for change, one, many in (
        (Change.CLOSER, _("1 er kommet tættere på"), _("%s er kommet tættere på")),
        (Change.FARTHER, _("1 er kommet længere væk"), _("%s er kommet længere væk")),
        (Change.NEW, _("1 er ny"), _("%s er nye")),
        (Change.GONE, _("1 er ikke på kortet mere"), _("%s er ikke på kortet mere")),
    ):
        number = sum(move.change is change for move in moves)
        if number:
            told.append(one if number == 1 else many % number)
    if not told:
        return _("Ingen har skiftet ring siden %(day)s.") % {"day": since}
    return _("Siden %(day)s: %(told)s.") % {"day": since, "told": joined(told)}


def shown(people: Sequence[NetworkPerson]) -> list[dict[str, Any]]:
    """The people as the drawing takes them."""
    return [
        {
            "key": one.key,
            "name": one.name,
            "note": one.what,
            "angle": one.angle,
            "distance": one.distance,
            "tier": rules.TIERS.index(one.tier),
            "version": one.version,
        }
        for one in people
    ]


def shown_with_change(before: Drawn, after: Drawn) -> tuple[list[Move], list[dict[str, Any]]]:
    """What became of each, and the people as the drawing takes them: with where they stood, and those who are gone."""
    moves = rules.compare(before.entries, after.entries)
    words = change_names()
    rows = {one["key"]: one for one in [*shown(before.people), *shown(after.people)]}
    people = []
    for move in moves:
        row = rows[move.entry.key] | {"change": words[move.change], "gone": move.after is None}
        if move.other_sector:
            row["change"] = _("%(change)s, fra et andet felt") % {"change": row["change"]}
        if move.before and move.after and move.before.spot != move.after.spot:
            row["before"] = (move.before.spot.angle, move.before.spot.distance)
        people.append(row)
    return moves, people
