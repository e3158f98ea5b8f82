"""What can happen to the organisation. Every change has a day it counts from, a reason, and can be undone.

Nothing is overwritten: a change closes the version in force and begins a new one.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from roedtraad.access.scope import require
from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.core.period import Period
from roedtraad.organisation import rules
from roedtraad.organisation.models import Municipality, PlaceTerm, Unit, UnitSuccession, UnitVersion
from roedtraad.organisation.models.base import Basis

ACTION = "organisation.edit"


class RefusalError(ValueError):
    """The change cannot be made: a Danish sentence, and `field`, the input it is about ("" for all)."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Facts:
    """What a unit is in a period."""

    kind: str
    name: str
    parent: Unit | None
    short_name: str = ""
    manager_title: str = ""
    municipality: Municipality | None = None
    sites: str = ""
    address: str = ""
    tasks: str = ""

    def columns(self) -> dict[str, Any]:
        """The facts as columns of a version."""
        return {**self.__dict__, "sort_key": danish.sort_key(self.name)}


@transaction.atomic
def create_unit(user: User, facts: Facts, *, start: dt.date, reason: str) -> UnitVersion:
    """Make a new unit below `facts.parent` from `start`.

    Refused when the parent does not exist from then on.
    """
    if facts.parent is None:
        raise RefusalError(_("Vælg, hvad enheden hører under."), "parent")
    _require(user, facts.parent)
    _need_reason(reason)
    _need_name(facts)
    with pghistory.context(reason=reason):
        unit = Unit.objects.create(key=_free_key(facts.name))
        period = Period(start)
        _refuse_parent(unit, facts.parent, period)
        return UnitVersion.objects.create(
            unit=unit, valid=period.to_range(), basis=Basis.REGISTERED, **facts.columns()
        )


@transaction.atomic
def change_unit(user: User, unit: Unit, facts: Facts, *, start: dt.date, reason: str) -> UnitVersion:
    """From `start` the unit is as `facts` say, until the next change already known.

    Refused when the unit does not exist that day, when a version begins that very day, when nothing differs,
    when the parent does not exist throughout, or when the unit would come to hang under itself.
    """
    _require(user, unit)
    _need_reason(reason)
    _need_name(facts)
    versions = _locked_versions(unit)
    current = next((v for v in versions if Period.from_range(v.valid).contains(start)), None)
    if current is None:
        raise RefusalError(
            _("%(name)s findes ikke den %(day)s. Vælg en dag i enhedens levetid (%(life)s).")
            % {"name": versions[-1].name, "day": danish.day(start), "life": _life(versions)},
            "start",
        )
    if current.valid.lower == start:
        raise RefusalError(
            _("Der begynder allerede en udgave den %(day)s. Vælg en senere dag, eller fortryd den først.")
            % {"day": danish.day(start)},
            "start",
        )
    columns = facts.columns()
    if all(getattr(current, name) == value for name, value in columns.items()):
        raise RefusalError(_("Der er ikke ændret noget. Ret mindst én oplysning, eller gå tilbage."))
    period = Period(start, current.valid.upper)
    if facts.parent is not None:
        if facts.parent.pk != unit.pk:
            _require(user, facts.parent)
        _refuse_parent(unit, facts.parent, period)
    with pghistory.context(reason=reason):
        current.valid = Period(current.valid.lower, start).to_range()
        current.save(update_fields=["valid"])
        return UnitVersion.objects.create(
            unit=unit, valid=period.to_range(), basis=Basis.REGISTERED, **columns
        )


@transaction.atomic
def close_unit(user: User, unit: Unit, *, last_day: dt.date, reason: str) -> UnitSuccession:
    """The unit closes: `last_day` is its last day ("til og med").

    Refused when it has a later change, or when units or places belong to it after that day.
    """
    _require(user, unit)
    _need_reason(reason)
    versions = _locked_versions(unit)
    last = versions[-1]
    if last.valid.upper is not None:
        raise RefusalError(
            _("%(name)s er allerede lukket. Den sidste dag er %(day)s.")
            % {"name": last.name, "day": danish.day(last.valid.upper - dt.timedelta(days=1))}
        )
    if last_day < last.valid.lower:
        raise RefusalError(
            _("Enhedens nuværende udgave begynder først den %(day)s. Vælg en senere sidste dag.")
            % {"day": danish.day(last.valid.lower)},
            "last_day",
        )
    end = last_day + dt.timedelta(days=1)
    _refuse_left_behind(unit, last.name, end)
    with pghistory.context(reason=reason):
        last.valid = Period(last.valid.lower, end).to_range()
        last.save(update_fields=["valid"])
        return UnitSuccession.objects.create(
            predecessor=unit,
            on=end,
            kind=UnitSuccession.Kind.CLOSED,
            basis=Basis.REGISTERED,
            note=reason[:400],
        )


@transaction.atomic
def record_succession(
    user: User, predecessor: Unit, successor: Unit, *, on: dt.date, kind: str, reason: str
) -> UnitSuccession:
    """From `on`, `successor` carries on `predecessor` (merged, split, renamed or moved).

    Refused when either does not exist around that day, when it is known already, or when the thread would run
    in a circle.
    """
    _require(user, predecessor)
    _need_reason(reason)
    if kind not in set(UnitSuccession.Kind.values) - {UnitSuccession.Kind.CLOSED}:
        raise RefusalError(_("Vælg, om enheden er lagt sammen, delt, omdøbt eller flyttet."), "kind")
    if predecessor.pk == successor.pk:
        raise RefusalError(_("En enhed kan ikke efterfølge sig selv. Vælg en anden enhed."), "successor")
    before, after = _locked_versions(predecessor), _locked_versions(successor)
    if not any(Period.from_range(v.valid).contains(on - dt.timedelta(days=1)) for v in before):
        raise RefusalError(
            _("%(name)s fandtes ikke dagen før den %(day)s. Den fandtes %(life)s.")
            % {"name": before[-1].name, "day": danish.day(on), "life": _life(before)},
            "on",
        )
    if not any(Period.from_range(v.valid).contains(on) for v in after):
        raise RefusalError(
            _("%(name)s findes ikke den %(day)s. Den findes %(life)s.")
            % {"name": after[-1].name, "day": danish.day(on), "life": _life(after)},
            "on",
        )
    known = UnitSuccession.objects.select_related("predecessor", "successor")
    events = [
        rules.Event(e.predecessor.key, e.successor.key if e.successor else "", e.on, e.kind) for e in known
    ]
    if any((e.predecessor, e.successor, e.on) == (predecessor.key, successor.key, on) for e in events):
        raise RefusalError(_("Den forandring er allerede skrevet op."))
    back = rules.fate(successor.key, events, dt.date.min, dt.date.max, {predecessor.key})
    if predecessor.key in back.lives_on_in:
        raise RefusalError(
            _("%(after)s er selv gået over i %(before)s. Tråden ville løbe i ring.")
            % {"after": after[-1].name, "before": before[-1].name},
            "successor",
        )
    with pghistory.context(reason=reason):
        return UnitSuccession.objects.create(
            predecessor=predecessor,
            successor=successor,
            on=on,
            kind=kind,
            basis=Basis.REGISTERED,
            note=reason[:400],
        )


@transaction.atomic
def undo_last_change(user: User, unit: Unit, *, reason: str) -> str:
    """Take back the newest change made here: reopen a closed unit, or remove a version and reopen the former.

    Returns a sentence that says what was taken back. What the documents say cannot be undone.
    """
    _require(user, unit)
    _need_reason(reason)
    versions = _locked_versions(unit)
    last = versions[-1]
    closing = UnitSuccession.objects.filter(
        predecessor=unit, kind=UnitSuccession.Kind.CLOSED, basis=Basis.REGISTERED, on=last.valid.upper
    ).first()
    made_here = [v for v in versions if v.basis == Basis.REGISTERED]
    if closing is None and not made_here:
        raise RefusalError(
            _("Der er ingen ændring at fortryde. Ret det, dokumenterne siger, med en ny ændring.")
        )
    with pghistory.context(reason=reason):
        if closing is not None:
            closing.delete()
            last.valid = Period(last.valid.lower).to_range()
            last.save(update_fields=["valid"])
            return _("%(name)s er åben igen.") % {"name": last.name}
        newest = max(made_here, key=lambda v: v.pk)
        place = versions.index(newest)
        if place == 0:
            return _remove(unit, versions)
        former = versions[place - 1]
        newest.delete()
        former.valid = Period(former.valid.lower, newest.valid.upper).to_range()
        former.save(update_fields=["valid"])
        return _("Ændringen fra den %(day)s er fortrudt.") % {"day": danish.day(newest.valid.lower)}


def _remove(unit: Unit, versions: list[UnitVersion]) -> str:
    """Undo the making of a unit: only while nothing belongs to it."""
    name = versions[0].name
    if len(versions) > 1:
        raise RefusalError(_("Enheden er ændret, siden den blev oprettet. Luk den i stedet."))
    try:
        with transaction.atomic():
            versions[0].delete()
            unit.delete()
    except ProtectedError:
        raise RefusalError(
            _("%(name)s kan ikke tages bort, fordi noget hører under enheden. Flyt det først.")
            % {"name": name}
        ) from None
    return _("%(name)s er taget bort igen.") % {"name": name}


def _require(user: User, unit: Unit) -> None:
    """May the user change this unit? One that has not begun is reached through what it will hang under."""
    begun = unit.versions.filter(valid__startswith__lte=clock.today()).exists()
    first = None if begun else unit.versions.order_by("valid").first()
    require(user, ACTION, unit_id=first.parent_id if first and first.parent_id else unit.pk)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise RefusalError(_("Skriv kort, hvorfor ændringen laves."), "reason")


def _need_name(facts: Facts) -> None:
    if not facts.name.strip():
        raise RefusalError(_("Enheden skal have et navn."), "name")


def _locked_versions(unit: Unit) -> list[UnitVersion]:
    """The unit's versions, oldest first, with the unit locked so that two changes cannot cross."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    return list(UnitVersion.objects.filter(unit=unit).order_by("valid"))


def _refuse_parent(unit: Unit, parent: Unit, period: Period) -> None:
    """Refused when the parent does not live through the period, or hangs under the unit itself."""
    if parent.pk == unit.pk:
        raise RefusalError(_("En enhed kan ikke høre under sig selv. Vælg en anden."), "parent")
    versions = list(UnitVersion.objects.filter(valid__overlap=period.to_range()).select_related("unit"))
    lives = [Period.from_range(v.valid) for v in versions if v.unit_id == parent.pk]
    missing = rules.first_gap(period, lives)
    if missing is not None:
        name = next((v.name for v in versions if v.unit_id == parent.pk), None)
        name = name or str(UnitVersion.objects.filter(unit=parent).order_by("-valid").first() or parent)
        raise RefusalError(
            _("%(name)s findes ikke den %(day)s. Vælg en enhed, der findes i hele perioden.")
            % {"name": name, "day": danish.day(missing.start)},
            "parent",
        )
    hangings = [rules.Hanging(v.unit_id, v.parent_id, Period.from_range(v.valid)) for v in versions]
    if rules.makes_circle(rules.Hanging(unit.pk, parent.pk, period), hangings):
        raise RefusalError(
            _("Den valgte hører selv under enheden. Vælg en anden."),
            "parent",
        )


def _refuse_left_behind(unit: Unit, name: str, end: dt.date) -> None:
    """Refused when units or places belong to the unit on or after `end`."""
    after = Period(end).to_range()
    children = UnitVersion.objects.filter(parent=unit, valid__overlap=after).exclude(unit=unit)
    names = sorted(set(children.values_list("name", flat=True)), key=danish.sort_key)
    if names:
        shown = danish.joined([*names[:5], *([_("flere")] if len(names) > 5 else [])])
        raise RefusalError(
            _("%(children)s hører stadig under %(name)s den %(day)s. Flyt eller luk det først.")
            % {"children": shown, "name": name, "day": danish.day(end)},
            "last_day",
        )
    places = PlaceTerm.objects.filter(unit=unit, valid__overlap=after).count()
    if places:
        raise RefusalError(
            _("%(name)s har stadig %(places)s den %(day)s. Flyt eller nedlæg pladserne først.")
            % {"name": name, "places": danish.count(places, "plads", "pladser"), "day": danish.day(end)},
            "last_day",
        )


def _life(versions: list[UnitVersion]) -> str:
    """The unit's life in words."""
    end = versions[-1].valid.upper
    start = danish.day(versions[0].valid.lower)
    if end is None:
        return _("fra %(start)s") % {"start": start}
    return _("fra %(start)s til og med %(end)s") % {
        "start": start,
        "end": danish.day(end - dt.timedelta(days=1)),
    }


def _free_key(name: str) -> str:
    """A key nobody has, made from the name."""
    plain = name.casefold()
    for letter, written in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("é", "e"), ("ü", "y")):
        plain = plain.replace(letter, written)
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70] or "enhed"
    taken = set(Unit.objects.filter(key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)
