"""What can happen to a network map: one function an event, written by those who work where the citizen lives now.

A map that a newer one follows is never changed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen, NetworkMap, NetworkPerson, Relation
from roedtraad.citizens.network import rules
from roedtraad.citizens.network.rules import Spot
from roedtraad.citizens.reach import check_writer, one_at_a_time
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True, slots=True)
class Someone:
    """What is written about somebody on the map: who, what they are, in which sector and ring, and which tier."""

    name: str
    what: str
    sector: str
    ring: int
    tier: str
    relation: Relation | None = None


class Conflict(Refusal):
    """Somebody changed the person meanwhile; `now` is how they stand."""

    def __init__(self, now: NetworkPerson) -> None:
        self.now = now
        stands = [
            now.name,
            now.what,
            now.get_sector_display(),
            _("ring %s") % now.ring,
            now.get_tier_display(),
        ]
        super().__init__(
            _(
                "Personen er ændret af en anden imens: %(stands)s. Se det nye, og gem igen, hvis dit stadig gælder."
            )
            % {"stands": ", ".join(str(part) for part in stands if part)}
        )


@transaction.atomic
def draw_map(
    user: User, citizen: Citizen, *, drawn_on: dt.date | None = None, drawn_with: str = "", note: str = ""
) -> NetworkMap:
    """A new map (of today when no day is given), with everybody from the latest one where they stood.

    The earlier ones are locked by it. Refusal for a day to come, and for one that is not after the latest map's.
    """
    check_writer(user, citizen)
    one_at_a_time(citizen)
    day = drawn_on or clock.today()
    if day > clock.today():
        raise Refusal(
            _("Et kort tegnes på den dag, det gælder. Vælg i dag eller en tidligere dag."), "drawn_on"
        )
    latest = latest_map(citizen)
    if latest is not None and day <= latest.drawn_on:
        raise Refusal(
            _("Der er allerede et kort fra %(day)s. Ret det, eller vælg en senere dag.")
            % {"day": in_words(latest.drawn_on)},
            "drawn_on",
        )
    with change(user, "netværkskort tegnet"):
        made = NetworkMap.objects.create(
            citizen=citizen,
            drawn_on=day,
            drawn_with=_short(drawn_with, 120, "drawn_with"),
            note=_short(note, 400, "note"),
            recorded_by=user,
        )
        for person in latest.people.order_by("pk") if latest else []:
            person.pk, person.map, person.version = None, made, 1
            person.save(force_insert=True)
    return made


@transaction.atomic
def add_person(user: User, network: NetworkMap, someone: Someone) -> NetworkPerson:
    """Put somebody on the map, where there is room in the sector and the ring. Refusal for what cannot be."""
    held = _held(user, network)
    checked = _checked(held, someone)
    taken = [Spot(one.angle, one.distance) for one in held.people.all()]
    spot = rules.free_spot(checked.sector, checked.ring, taken)
    made = NetworkPerson(map=held)
    _write(made, checked)
    _put(made, spot)
    with change(user, "person sat på netværkskort"):
        made.save()
    return made


@transaction.atomic
def change_person(user: User, person: NetworkPerson, someone: Someone, version: int) -> NetworkPerson:
    """Write somebody on the map anew. In the same sector and ring they stay where they are.

    Conflict when they have changed since `version`, unless they already are as asked for.
    """
    held = _held(user, person.map)
    checked = _checked(held, someone)
    kept = NetworkPerson.objects.select_for_update().get(pk=person.pk)
    if _as_written(kept) == checked:
        return kept
    if kept.version != version:
        raise Conflict(kept)
    if (kept.sector, kept.ring) != (checked.sector, checked.ring):
        others = [Spot(one.angle, one.distance) for one in held.people.exclude(pk=kept.pk)]
        _put(kept, rules.free_spot(checked.sector, checked.ring, others))
    _write(kept, checked)
    kept.version += 1
    with change(user, "person på netværkskort rettet"):
        kept.save()
    return kept


@transaction.atomic
def move_person(
    user: User, person: NetworkPerson, angle: float, distance: float, version: int
) -> NetworkPerson:
    """Move somebody to another place. Moved there already, nothing changes: it may be asked twice.

    Conflict when they have changed since `version`; Refusal for a place that is no number.
    """
    _held(user, person.map)
    spot = rules.held(angle, distance)
    kept = NetworkPerson.objects.select_for_update().get(pk=person.pk)
    if Spot(kept.angle, kept.distance) == spot:
        return kept
    if kept.version != version:
        raise Conflict(kept)
    _put(kept, spot)
    kept.version += 1
    with change(user, "person flyttet på netværkskort"):
        kept.save(update_fields=["angle", "distance", "sector", "ring", "version"])
    return kept


@transaction.atomic
def spread_people(user: User, network: NetworkMap) -> int:
    """Give everybody room within their sector and ring. Returns how many were moved."""
    held = _held(user, network)
    people = list(held.people.select_for_update().order_by("sector", "ring", "angle", "pk"))
    moved = 0
    with change(user, "netværkskort spredt ud"):
        for person, spot in zip(
            people, rules.spread([(one.sector, one.ring) for one in people]), strict=True
        ):
            if Spot(person.angle, person.distance) != spot:
                _put(person, spot)
                person.version += 1
                person.save(update_fields=["angle", "distance", "version"])
                moved += 1
    return moved


@transaction.atomic
def remove_person(user: User, person: NetworkPerson) -> None:
    """Take somebody off the map; earlier maps keep them. Done twice it is done once."""
    _held(user, person.map)
    with change(user, "person taget af netværkskort"):
        NetworkPerson.objects.filter(pk=person.pk).delete()


def latest_map(citizen: Citizen) -> NetworkMap | None:
    """The map that may be changed. One SQL statement."""
    return NetworkMap.objects.filter(citizen=citizen).order_by("-drawn_on").first()


def _held(user: User, network: NetworkMap) -> NetworkMap:
    """The map's row, locked, when the user may change it; Refusal when a newer one follows it."""
    check_writer(user, network.citizen)
    kept = NetworkMap.objects.select_for_update().get(pk=network.pk)
    if NetworkMap.objects.filter(citizen=kept.citizen_id, drawn_on__gt=kept.drawn_on).exists():
        raise Refusal(_("Kortet er låst, fordi der er tegnet et nyere. Ret det nyeste."))
    return kept


def _checked(network: NetworkMap, someone: Someone) -> Someone:
    name = _short(someone.name, 120, "name")
    if not name:
        raise Refusal(_("Skriv, hvem det er."), "name")
    if someone.sector not in rules.SECTORS:
        raise Refusal(_("Vælg et felt på kortet."), "sector")
    if someone.tier not in rules.TIERS:
        raise Refusal(_("Vælg, om personen hører til det primære, sekundære eller tertiære netværk."), "tier")
    if not 1 <= someone.ring <= rules.RINGS:
        raise Refusal(_("Vælg, hvor tæt personen er på, fra 1 til 5."), "ring")
    if someone.relation is not None and someone.relation.citizen_id != network.citizen_id:
        raise Refusal(_("Vælg en af borgerens relationer."), "relation")
    return replace(someone, name=name, what=_short(someone.what, 80, "what"))


def _as_written(person: NetworkPerson) -> Someone:
    return Someone(person.name, person.what, person.sector, person.ring, person.tier, person.relation)


def _write(person: NetworkPerson, someone: Someone) -> None:
    person.name, person.what, person.tier = someone.name, someone.what, someone.tier
    person.relation = someone.relation


def _put(person: NetworkPerson, spot: Spot) -> None:
    person.angle, person.distance = spot.angle, spot.distance
    person.sector, person.ring = spot.sector, spot.ring


def _short(text: str, most: int, field: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) > most:
        raise Refusal(
            _("Feltet må højst have %(most)s tegn, men har %(has)s.") % {"most": most, "has": len(tidy)},
            field,
        )
    return tidy
