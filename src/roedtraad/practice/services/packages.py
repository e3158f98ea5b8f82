"""What can happen to a handover package: drafted, put right, seen by another, sent, taken back, read, asked about.

Whoever writes in the record drafts it; a colleague sees it through; from when it is sent it stands, and the end that
receives reads it. Another version follows one that was sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen, Consent, MunicipalityRelation
from roedtraad.citizens.sharing import consents_in_force
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.practice.access import require_write
from roedtraad.practice.handover_access import require_end, require_receiver
from roedtraad.practice.models import (
    HandoverPackage,
    PackagePart,
    PackageQuestion,
    PackageReceipt,
    PassingRule,
    Transition,
)
from roedtraad.practice.queries.handover_parts import Draft, drafted, source_words
from roedtraad.practice.rules import transitions as rules
from roedtraad.practice.rules import words
from roedtraad.practice.services.common import Changed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST_PART, LONGEST_QUESTION, LONGEST_ANSWER = 20_000, 300, 1_000


@dataclass(frozen=True)
class Ground:
    """On what ground a package may be passed on today: the rule, the consent if it needs one, and what that gives."""

    rule: rules.PassingRule
    consent: Consent | None

    @property
    def scopes(self) -> Collection[str]:
        """What the consent gives."""
        return self.consent.scopes if self.consent else ()

    def lets(self, scope: str) -> bool:
        """May a part of this scope go along?"""
        return rules.may_pass(self.rule, scope, self.scopes)


def ground_for(found: Transition) -> Ground:
    """On what ground the transition's package may be passed on today. Three SQL statements.

    Of several consents to the receiver the one that gives most. Refusal when no rule is in force for the receiver.
    """
    today = clock.today()
    acting = MunicipalityRelation.objects.filter(
        citizen=found.citizen_id, kind__in=["acting", "paying"], valid__contains=today
    )
    kind = rules.receiver_of(
        found.to_unit_id, found.to_municipality_id, list(acting.values_list("municipality_id", flat=True))
    )
    row = PassingRule.objects.filter(receiver=kind.value, valid__contains=today).first()
    if row is None:
        raise Refusal(_("Der er ingen regel for at give oplysninger videre til modtageren i dag."))
    rule = rules.PassingRule(kind, row.needs_consent, row.sentence)
    given = [
        consent
        for consent in consents_in_force().filter(citizen=found.citizen_id, relation__isnull=True)
        if (consent.municipality_id or consent.party.casefold())
        == (found.to_municipality_id or found.to_outside.casefold())
    ]
    return Ground(rule, max(given, key=lambda one: (len(one.scopes), one.pk), default=None))


@transaction.atomic
def draft(user: User, citizen: Citizen, found: Transition) -> HandoverPackage:
    """The transition's open package: drafted from the record when there is none. What may not go along is left out."""
    require_write(user, citizen)
    if found.cancelled_on is not None:
        raise Refusal(_("Overgangen blev ikke til noget. Begynd en ny."))
    if found.from_unit_id is None:
        raise Refusal(
            _("Borgeren kommer udefra. Det er stedet, borgeren kommer fra, der giver viden videre.")
        )
    known = found.packages.order_by("-number").first()
    if known is not None and known.is_open:
        return known
    ground = ground_for(found)
    with change(user, "overleveringspakke lavet", "package.drafted"):
        made = HandoverPackage.objects.create(
            citizen=citizen,
            written_by=user,
            transition=found,
            number=known.number + 1 if known else 1,
            receiver=ground.rule.receiver.value,
            basis=ground.rule.sentence,
            **_receiver(found),
        )
        _take_in(made, drafted(citizen, found), ground)
    return made


@transaction.atomic
def refresh(user: User, package: HandoverPackage) -> HandoverPackage:
    """Draft the open package anew from the record of today. What was put right by hand, or left out, stays so."""
    require_write(user, package.citizen)
    with change(user, "overleveringspakke dannet igen", "package.refreshed"):
        held = _open(package)
        _take_in(held, drafted(package.citizen, held.transition), ground_for(held.transition))
        _not_reviewed(held)
    return held


@transaction.atomic
def set_part(user: User, part: PackagePart, *, keep: bool, text: str, version: int) -> PackagePart:
    """Keep a part or leave it out, and put its text right. `Changed` when somebody else did so meanwhile.

    A package that was changed must be seen through again. Refusal for an empty or too long text.
    """
    require_write(user, part.package.citizen)
    tidy = words.cleaned(text).strip()
    if not tidy:
        raise Refusal(_("Skriv teksten, eller udelad afsnittet."), "text")
    if len(tidy) > LONGEST_PART:
        raise Refusal(_("Teksten må højst fylde %(most)s tegn.") % {"most": LONGEST_PART}, "text")
    with change(user, "afsnit i overleveringspakke", "package.part_set"):
        held = _open(part.package)
        row = PackagePart.objects.select_for_update().get(pk=part.pk)
        if row.version != version:
            raise Changed(row)
        if (row.keep, row.text) == (keep, tidy):
            return row
        row.keep, row.version = keep, row.version + 1
        if row.text != tidy:
            row.text, row.edited_by = tidy, user
        row.save()
        _not_reviewed(held)
    return row


@transaction.atomic
def review(user: User, package: HandoverPackage) -> HandoverPackage:
    """Say that another than the writer has seen the package through."""
    require_write(user, package.citizen)
    with change(user, "overleveringspakke set igennem", "package.reviewed"):
        held = _open(package)
        if held.written_by_id == user.pk:
            raise Refusal(_("Du har selv lavet pakken. Bed en kollega eller leder om at se den igennem."))
        held.reviewed_by, held.reviewed_at = user, clock.now()
        held.save()
    return held


@transaction.atomic
def send(
    user: User, package: HandoverPackage, *, informed_on: dt.date | None, informed_how: str = ""
) -> HandoverPackage:
    """Send the package: from now it stands, with a fingerprint, and the end that receives may read it.

    Refusal for what may not be passed on, before a colleague has seen it through, or before the citizen is told.
    """
    require_write(user, package.citizen)
    if informed_on is not None and informed_on > clock.today():
        raise Refusal(
            _("Dagen er ikke kommet endnu. Skriv, hvornår borgeren blev orienteret."), "informed_on"
        )
    with change(user, "overleveringspakke sendt", "package.sent"):
        held = _open(package)
        found = held.transition
        if found.cancelled_on is not None:
            raise Refusal(_("Overgangen blev ikke til noget. Pakken kan ikke sendes."))
        ground = ground_for(found)
        kept = list(held.parts.filter(keep=True).order_by("position", "pk"))
        rules.check_sending(
            ground.rule,
            [(part.title, part.scope) for part in kept],
            ground.scopes,
            reviewed=held.reviewed_at is not None,
            informed=informed_on is not None,
        )
        held.receiver, held.basis = ground.rule.receiver.value, ground.rule.sentence
        held.consent = ground.consent if ground.rule.needs_consent else None
        for name, value in _receiver(found).items():
            setattr(held, name, value)
        held.informed_on = informed_on
        held.informed_how = " ".join(words.cleaned(informed_how).split())[:200]
        held.sent_by, held.sent_at = user, clock.now()
        held.head = head_of(package.citizen, found)
        held.content_hash = fingerprint(held, kept)
        held.save()
    return held


@transaction.atomic
def recall(user: User, package: HandoverPackage, reason: str) -> HandoverPackage:
    """Take a package back that should not have been sent: it is no longer read at the other end. A reason is kept."""
    require_end(user, package.transition)
    tidy = " ".join(words.cleaned(reason).split())
    if not tidy:
        raise Refusal(_("Skriv kort, hvorfor pakken kaldes tilbage."), "reason")
    if len(tidy) > rules.LONGEST_LINE:
        raise Refusal(_("Det må højst fylde %(most)s tegn.") % {"most": rules.LONGEST_LINE}, "reason")
    with change(user, "overleveringspakke kaldt tilbage", "package.recalled"):
        held = HandoverPackage.objects.select_for_update().get(pk=package.pk)
        if held.sent_at is None:
            raise Refusal(_("Pakken er ikke sendt endnu."))
        if held.recalled_at is None:
            held.recalled_by, held.recalled_at, held.recalled_reason = user, clock.now(), tidy
            held.save()
    return held


@transaction.atomic
def acknowledge(user: User, package: HandoverPackage, *, name: str = "") -> PackageReceipt:
    """Write that the package is read and understood. Twice by the same is once.

    With `name`, those who sent it write it for a receiver who has no login here.
    """
    who = " ".join(words.cleaned(name).split())[:120]
    if who:
        require_end(user, package.transition)
        if package.to_unit_id is not None:
            raise Refusal(_("De, der modtager pakken, kvitterer selv."), "name")
    else:
        require_receiver(user, package)
    if package.sent_at is None or package.recalled_at is not None:
        raise Refusal(_("Pakken er ikke sendt, eller den er kaldt tilbage."))
    with change(user, "overleveringspakke læst", "package.read"):
        made, _new = PackageReceipt.objects.get_or_create(
            package=package, user=user, name=who, defaults={"citizen": _whose(package)}
        )
    return made


@transaction.atomic
def ask(user: User, package: HandoverPackage, text: str) -> PackageQuestion:
    """Ask those who sent the package something, in a line."""
    require_receiver(user, package)
    tidy = " ".join(words.cleaned(text).split())
    if not tidy:
        raise Refusal(_("Skriv spørgsmålet."), "text")
    if len(tidy) > LONGEST_QUESTION:
        raise Refusal(_("Spørgsmålet må højst fylde %(most)s tegn.") % {"most": LONGEST_QUESTION}, "text")
    with change(user, "spørgsmål til overleveringspakke", "package.asked"):
        return PackageQuestion.objects.create(
            package=package, citizen=_whose(package), text=tidy, asked_by=user
        )


@transaction.atomic
def answer(user: User, question: PackageQuestion, text: str) -> PackageQuestion:
    """Answer a question; a new answer takes the place of the old, which stays in the history."""
    require_end(user, question.package.transition)
    tidy = words.cleaned(text).strip()
    if not tidy:
        raise Refusal(_("Skriv svaret."), "answer")
    if len(tidy) > LONGEST_ANSWER:
        raise Refusal(_("Svaret må højst fylde %(most)s tegn.") % {"most": LONGEST_ANSWER}, "answer")
    with change(user, "svar om overleveringspakke", "package.answered"):
        row = PackageQuestion.objects.select_for_update().get(pk=question.pk)
        row.answer, row.answered_by, row.answered_at = tidy, user, clock.now()
        row.save()
    return row


def head_of(citizen: Citizen, found: Transition) -> dict[str, str]:
    """What a package says of whom and what it is about, so that it is read without the citizen's record. One SQL."""
    tree = last_known_tree(clock.today())

    def named(unit_id: int | None) -> str:
        return tree.by_id[unit_id].label if unit_id is not None and unit_id in tree.by_id else ""

    to_town = found.to_municipality.name if found.to_municipality is not None else ""
    return {
        "name": str(citizen),
        "born": citizen.birth_date.isoformat(),
        "from": named(found.from_unit_id) or found.from_outside,
        "to": named(found.to_unit_id) or to_town or found.to_outside,
        "why": str(found.get_why_display()),
        "day": found.day.isoformat(),
        "reason": found.reason,
        "contact": found.contact,
    }


def fingerprint(package: HandoverPackage, kept: Collection[PackagePart]) -> str:
    """The fingerprint of a package with these parts: what is shown again must give the same."""
    head: dict[str, Any] = {
        **package.head,
        "number": package.number,
        "basis": package.basis,
        "sent_at": package.sent_at.astimezone(dt.UTC).isoformat() if package.sent_at else "",
    }
    told = [
        {"name": part.name, "title": part.title, "text": part.text, "sources": part.sources} for part in kept
    ]
    return rules.content_hash(head, told)


def _receiver(found: Transition) -> dict[str, Any]:
    return {
        "to_unit_id": found.to_unit_id,
        "to_municipality_id": found.to_municipality_id,
        "to_outside": found.to_outside,
    }


def _take_in(package: HandoverPackage, drafts: Collection[Draft], ground: Ground) -> None:
    known = {part.name: part for part in package.parts.all()}
    for one in drafts:
        sources = [
            {"text": fact.text, "source": source_words(fact), "url": fact.url, "day": _iso(fact.on)}
            for fact in one.facts
        ]
        title, scope = str(one.source.title), str(one.source.scope)
        part = known.pop(one.source.name, None)
        if part is None:
            PackagePart.objects.create(
                package=package,
                citizen=_whose(package),
                name=one.source.name,
                position=one.source.position,
                title=title,
                scope=scope,
                text=one.text,
                made_text=one.text,
                sources=sources,
                keep=ground.lets(scope),
            )
        elif part.made_text != one.text:
            if not part.edited:
                part.text = one.text
            part.made_text, part.sources = one.text, sources
            part.version += 1
            part.save()
    for gone in known.values():
        # The record no longer says it; what somebody wrote there themselves stays.
        if not gone.edited and gone.keep:
            gone.keep = False
            gone.version += 1
            gone.save()


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _open(package: HandoverPackage) -> HandoverPackage:
    held = HandoverPackage.objects.select_for_update().get(pk=package.pk)
    if not held.is_open:
        raise Refusal(_("Pakken er sendt og kan ikke ændres. Lav en ny udgave."))
    return held


def _not_reviewed(held: HandoverPackage) -> None:
    if held.reviewed_at is not None:
        held.reviewed_by = held.reviewed_at = None
        held.save()


def _whose(package: HandoverPackage) -> Citizen:
    return Citizen(pk=package.citizen_id)
