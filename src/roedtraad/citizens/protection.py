"""What can happen to a citizen's protection and particular facts: one function an event, access checked.

A protected citizen is seen by the named alone (`citizens.visibility.not_hidden`); numbers still count them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen, Protection, ProtectionMember, SensitiveFact
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST_FACT = 2_000


def protection_of(citizen: Citizen) -> Protection | None:
    """The protection in force today. One SQL statement."""
    return Protection.objects.filter(citizen=citizen, valid__contains=clock.today()).first()


def protections_of(citizen: Citizen) -> tuple[Protection | None, list[Protection]]:
    """The protection in force today, and the others, latest first. One SQL statement."""
    today = clock.today()
    known = list(
        Protection.objects.filter(citizen=citizen)
        .annotate(named=ArrayAgg("members__user", default=[]))
        .order_by("-valid")
    )
    now = next((one for one in known if Period.from_range(one.valid).contains(today)), None)
    return now, [one for one in known if one is not now]


def named_in(protection: Any) -> list[int]:
    """The users a protection from `protections_of` names."""
    return [number for number in protection.named if number is not None]


@transaction.atomic
def protect(
    user: User, citizen: Citizen, *, reason: str, last: dt.date | None, named: Collection[User]
) -> Protection:
    """Hide the citizen from today until `last` (included; None: until it is ended) from all but the named and `user`.

    Refusal without a reason, for a last day that is past, and where a protection is there already.
    """
    held = _held(user, citizen)
    words = _checked_reason(reason)
    if protection_of(held) is not None:
        raise Refusal(_("Borgeren er allerede beskyttet. Ret den beskyttelse, der er."))
    with change(user, "borger beskyttet"):
        made = Protection.objects.create(citizen=held, valid=_from(clock.today(), last), reason=words)
        _name(made, {user, *named})
    return made


@transaction.atomic
def change_protection(
    user: User, protection: Protection, *, reason: str, last: dt.date | None, named: Collection[User]
) -> Protection:
    """Another reason, last day or other named. Whoever changes it stays named.

    AccessDenied for who is not named; Refusal when it has ended or for what `protect` refuses.
    """
    _held(user, protection.citizen)
    kept = Protection.objects.select_for_update().get(pk=protection.pk)
    _refuse_ended(kept)
    words = _checked_reason(reason)
    with change(user, "beskyttelse rettet"):
        kept.reason = words
        kept.valid = _from(kept.valid.lower, last)
        kept.save(update_fields=["reason", "valid"])
        _name(kept, {user, *named})
    return kept


@transaction.atomic
def end_protection(user: User, protection: Protection, *, today_too: bool) -> None:
    """End it: at once, or with `today_too` when today is over. Begun today and ended at once, it never was."""
    _held(user, protection.citizen)
    kept = Protection.objects.select_for_update().get(pk=protection.pk)
    _refuse_ended(kept)
    today = clock.today()
    with change(user, "beskyttelse afsluttet"):
        if not today_too and kept.valid.lower == today:
            kept.delete()
            return
        last = today if today_too else today - dt.timedelta(days=1)
        kept.valid = Period.inclusive(kept.valid.lower, last).to_range()
        kept.save(update_fields=["valid"])


@transaction.atomic
def write_fact(user: User, citizen: Citizen, kind: str, text: str) -> SensitiveFact:
    """Write a particular fact. Refusal for another kind, an empty or too long text; AccessDenied out of reach."""
    require(user, "sensitive.write")
    _refuse_out_of_reach(
        user, citizen, "sensitive.write", _("Du har ikke adgang til at skrive om denne borger.")
    )
    if kind not in SensitiveFact.Kind.values:
        raise Refusal(_("Vælg, hvad oplysningen handler om."), "kind")
    words = text.strip()
    if not words:
        raise Refusal(_("Skriv oplysningen."), "text")
    if len(words) > LONGEST_FACT:
        raise Refusal(_("Oplysningen må højst have %(most)s tegn.") % {"most": LONGEST_FACT}, "text")
    with change(user, "særlig oplysning skrevet"):
        return SensitiveFact.objects.create(
            citizen=citizen, kind=kind, text=words, recorded_at=clock.now(), recorded_by=user
        )


@transaction.atomic
def end_fact(user: User, fact: SensitiveFact) -> None:
    """Say that a particular fact no longer holds. Ending it twice changes nothing."""
    require(user, "sensitive.write")
    _refuse_out_of_reach(
        user, fact.citizen, "sensitive.write", _("Du har ikke adgang til at ændre denne oplysning.")
    )
    kept = SensitiveFact.objects.select_for_update().defer("text").get(pk=fact.pk)
    if kept.ended_at is None:
        kept.ended_at, kept.ended_by = clock.now(), user
        with change(user, "særlig oplysning gælder ikke længere"):
            kept.save(update_fields=["ended_at", "ended_by"])


def _held(user: User, citizen: Citizen) -> Citizen:
    """The citizen's row, locked, when the user may protect them."""
    require(user, "citizen.protect")
    _refuse_out_of_reach(
        user, citizen, "citizen.protect", _("Du har ikke adgang til at beskytte denne borger.")
    )
    return Citizen.objects.select_for_update().get(pk=citizen.pk)


def _refuse_out_of_reach(user: User, citizen: Citizen, action: str, words: str) -> None:
    if not Citizen.objects.filter(visible_q("citizens.Citizen", user, action), pk=citizen.pk).exists():
        raise AccessDenied(words)


def _refuse_ended(protection: Protection) -> None:
    if protection.valid.upper is not None and protection.valid.upper <= clock.today():
        raise Refusal(_("Beskyttelsen er allerede slut. Beskyt borgeren igen."))


def _checked_reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < 10:
        raise Refusal(_("Skriv kort, hvorfor borgeren skal beskyttes (mindst 10 tegn)."), "reason")
    if len(reason) > 300:
        raise Refusal(_("Begrundelsen må højst have 300 tegn."), "reason")
    return reason


def _from(first: dt.date, last: dt.date | None) -> object:
    if last is not None and last < clock.today():
        raise Refusal(_("Den sidste dag er forbi. Vælg i dag eller en senere dag."), "last")
    return Period.inclusive(first, last).to_range()


def _name(protection: Protection, named: Collection[User]) -> None:
    """Make the named exactly these; who stays keeps the row and its history."""
    wanted = {person.pk for person in named}
    members = ProtectionMember.objects.filter(protection=protection)
    members.exclude(user__in=wanted).delete()
    there = set(members.values_list("user_id", flat=True))
    for number in sorted(wanted - there):
        ProtectionMember.objects.create(protection=protection, user_id=number)
