"""What differs between two days, and what became of the units there were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from roedtraad.core.period import Period
from roedtraad.organisation import rules
from roedtraad.organisation.models import UnitSuccession, UnitVersion
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.queries.pictures import (
    Picture,
    UnitOnDay,
    kinds_counted,
    picture,
    social_operation_id,
)


@dataclass(frozen=True)
class Difference:
    """One difference, with the unit as it was on the day it existed (the later one when it did on both)."""

    unit: UnitOnDay
    kind: rules.ChangeKind
    before: str
    after: str


@dataclass(frozen=True)
class OfferFate:
    """What became of one offer of an area."""

    before: UnitOnDay
    fate: rules.Fate
    now: tuple[UnitOnDay, ...]


@dataclass(frozen=True)
class AreaFate:
    """What became of a specialist area and of its offers; `now` are the areas that carry it on."""

    before: UnitOnDay
    fate: rules.Fate
    now: tuple[UnitOnDay, ...]
    names_between: tuple[str, ...]
    offers: tuple[OfferFate, ...]
    offers_now: int

    @property
    def offers_living(self) -> int:
        """How many of its offers live on somewhere."""
        return sum(1 for offer in self.offers if offer.now)


@dataclass(frozen=True)
class Comparison:
    """Two days side by side."""

    first: dt.date
    last: dt.date
    kinds_first: dict[str, int]
    kinds_last: dict[str, int]
    differences: list[Difference]
    areas: list[AreaFate]
    names: Mapping[str, str]

    def of(self, *kinds: rules.ChangeKind) -> list[Difference]:
        """The differences of some kinds."""
        return [one for one in self.differences if one.kind in kinds]


def compare(first: dt.date, last: dt.date, *, only_social: bool = False) -> Comparison:
    """The organisation on two days: differences, and the thread from each area of the first to the last day.

    Five SQL statements. The days may come in either order; areas are followed from the earlier to the later.
    """
    before, after = picture(first, with_staff=False), picture(last, with_staff=False)
    social = social_operation_id()
    events = succession_events()
    within_before, within_after = set(before.units), set(after.units)
    if only_social and social is not None:
        within_before &= {social, *(unit.id for unit in before.below(social))}
        within_after &= {social, *(unit.id for unit in after.below(social))}
    then, now = (before, after) if first <= last else (after, before)
    names = _names(before, after)
    differences = []
    for change in rules.diff(before.compared(), after.compared()):
        old, new = before.by_key.get(change.key), after.by_key.get(change.key)
        unit = new or old
        if unit is None or not (unit.id in within_before or unit.id in within_after):
            continue
        was, became = _in_words(change, names, before, after)
        differences.append(Difference(unit, change.kind, was, became))
    differences.sort(key=lambda one: (one.unit.sort_key, one.unit.id, list(rules.ChangeKind).index(one.kind)))
    return Comparison(
        first=first,
        last=last,
        kinds_first=kinds_counted(before.units[i] for i in within_before),
        kinds_last=kinds_counted(after.units[i] for i in within_after),
        differences=differences,
        areas=_areas(then, now, events),
        names=names,
    )


def succession_events() -> list[rules.Event]:
    """Every succession there is. One SQL statement."""
    rows = UnitSuccession.objects.values_list("predecessor__key", "successor__key", "on", "kind")
    return [rules.Event(old, new or "", on, kind) for old, new, on, kind in rows]


def _areas(then: Picture, now: Picture, events: list[rules.Event]) -> list[AreaFate]:
    alive = now.by_key
    areas = [unit for unit in then.units.values() if unit.kind == UnitKind.AREA]
    names = _names_between([unit.id for unit in areas], then.as_of, now.as_of)
    found = []
    for area in areas:
        fate = rules.fate(area.key, events, then.as_of, now.as_of, alive)
        offers = []
        for offer in then.below(area.id):
            if offer.kind == UnitKind.OFFER:
                own = rules.fate(offer.key, events, then.as_of, now.as_of, alive)
                offers.append(OfferFate(offer, own, tuple(alive[key] for key in own.lives_on_in)))
        carried = tuple(alive[key] for key in fate.lives_on_in)
        found.append(
            AreaFate(
                before=area,
                fate=fate,
                now=carried,
                names_between=tuple(names.get(area.id, ())),
                offers=tuple(offers),
                offers_now=sum(kinds_counted(now.below(unit.id)).get(UnitKind.OFFER, 0) for unit in carried),
            )
        )
    return found


def _names_between(unit_ids: list[int], first: dt.date, last: dt.date) -> dict[int, list[str]]:
    """Every name the units have had in the time, oldest first. One SQL statement."""
    names: dict[int, list[str]] = {}
    stretch = Period.inclusive(first, last).to_range()
    versions = UnitVersion.objects.filter(unit_id__in=unit_ids, valid__overlap=stretch).order_by("valid")
    for unit_id, name in versions.values_list("unit_id", "name"):
        if name not in names.setdefault(unit_id, []):
            names[unit_id].append(name)
    return names


def _names(before: Picture, after: Picture) -> dict[str, str]:
    return {unit.key: unit.label for one in (before, after) for unit in one.units.values()}


def _in_words(
    change: rules.Change, names: Mapping[str, str], before: Picture, after: Picture
) -> tuple[str, str]:
    """The two values as people write them: names instead of keys, labels instead of codes."""
    old, new = before.by_key.get(change.key), after.by_key.get(change.key)
    if change.kind is rules.ChangeKind.MOVED:
        return names.get(change.before, change.before), names.get(change.after, change.after)
    if old is not None and new is not None:
        if change.kind is rules.ChangeKind.OTHER_KIND:
            return old.kind_label, new.kind_label
        if change.kind is rules.ChangeKind.OTHER_MUNICIPALITY:
            return old.municipality, new.municipality
    return change.before, change.after
