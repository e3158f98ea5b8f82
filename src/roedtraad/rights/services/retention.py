"""The rules of keeping, holds, and a list's way from being made to its receipt.

Made by one, approved by another; carried out by the house's own job, a line at a time, each in its own transaction, so
that it can stop anywhere and go on. A line whose data have changed since the list was made is left and said.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied, may, require
from roedtraad.citizens import reach
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.rights import erasing, rules
from roedtraad.rights.categories import CATEGORIES, Target, measured
from roedtraad.rights.models import DeletionItem, DeletionList, LegalHold, Receipt, RetentionRule
from roedtraad.rights.models.retention import Category
from roedtraad.rights.progress import told_outside

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LIST, ERASE = "rights.list", "rights.erase"
State = DeletionList.State
_OPEN = (State.MAKING, State.READY, State.RUNNING, State.FAILED)
_BROKEN = "Noget gik galt hos os. Prøv igen, eller bed administratoren se på baggrundsopgaverne."


@transaction.atomic
def set_rule(
    user: User, category: str, *, months: int, deletes: bool, archive_first: bool, source: str, doubtful: bool
) -> RetentionRule:
    """Let another rule hold for a category from today on. The one before stays, with its last day."""
    require(user, "retention.edit")
    if category not in Category.values:
        raise Refusal(_("Vælg, hvilke oplysninger reglen gælder."), "category")
    if not 1 <= months <= 1200:
        raise Refusal(_("Skriv et antal måneder mellem 1 og 1200."), "months")
    words = " ".join(source.split())
    if not words:
        raise Refusal(_("Skriv, hvilken regel eller aftale tallet kommer fra."), "source")
    if len(words) > 300:
        raise Refusal(_("Hjemlen må højst have 300 tegn."), "source")
    today = clock.today()
    values = {
        "months": months,
        "deletes": deletes,
        "archive_first": archive_first,
        "source": words,
        "doubtful": doubtful,
    }
    with change(user, "regel om opbevaring ændret", "rights.rule"):
        held = (
            RetentionRule.objects.select_for_update().filter(category=category, valid__contains=today).first()
        )
        if held is not None and held.valid.lower == today:
            RetentionRule.objects.filter(pk=held.pk).update(**values)
            held.refresh_from_db()
            return held
        if held is not None:
            held.valid = Period(held.valid.lower, today).to_range()
            held.save(update_fields=["valid"])
        return RetentionRule.objects.create(category=category, valid=Period(today).to_range(), **values)


@transaction.atomic
def hold(user: User, citizen: Citizen, reason: str) -> LegalHold:
    """Let nothing about a citizen be deleted until the hold is lifted. Refusal where there is one already."""
    _require_hold(user, citizen)
    words = " ".join(reason.split())
    if len(words) < 10:
        raise Refusal(_("Skriv kort, hvorfor oplysningerne skal blive (mindst 10 tegn)."), "reason")
    if len(words) > 300:
        raise Refusal(_("Begrundelsen må højst have 300 tegn."), "reason")
    reach.one_at_a_time(citizen)
    if LegalHold.objects.filter(citizen=citizen, lifted_at__isnull=True).exists():
        raise Refusal(_("Borgeren er allerede spærret mod sletning."), "reason")
    with change(user, "spærret mod sletning"):
        return LegalHold.objects.create(citizen=citizen, reason=words, set_by=user, set_at=clock.now())


@transaction.atomic
def lift(user: User, held: LegalHold) -> None:
    """Let the rules hold for the citizen again. Lifted twice changes nothing."""
    _require_hold(user, held.citizen)
    kept = LegalHold.objects.select_for_update().get(pk=held.pk)
    if kept.lifted_at is None:
        kept.lifted_by, kept.lifted_at = user, clock.now()
        with change(user, "spærring mod sletning ophævet"):
            kept.save(update_fields=["lifted_by", "lifted_at"])


@transaction.atomic
def order_list(user: User) -> DeletionList:
    """Ask for a list of what the rules of today say may go. Refusal while another is open."""
    require(user, "retention.edit")
    erasing.one_list_at_a_time()
    if DeletionList.objects.filter(state__in=_OPEN).exists():
        raise Refusal(_("Der er allerede en liste i gang. Godkend eller kassér den først."))
    with change(user, "sletteliste bestilt"):
        made = DeletionList.objects.create(as_of=clock.today(), made_by=user, made_at=clock.now())
    app.configure_task(LIST).defer(list_id=made.pk)
    return made


@transaction.atomic
def drop(user: User, listed: DeletionList) -> None:
    """Throw a list away that nobody has approved. Nothing is deleted."""
    require(user, "retention.edit")
    held = DeletionList.objects.select_for_update().get(pk=listed.pk)
    if held.approved_by_id or held.state == State.DROPPED:
        raise Refusal(_("Listen er %(state)s og kan ikke kasseres.") % {"state": held.get_state_display()})
    held.state = State.DROPPED
    with change(user, "sletteliste kasseret"):
        held.save()


@transaction.atomic
def approve(user: User, listed: DeletionList, *, digest: str, archive_reference: str = "") -> None:
    """Let a list be carried out. Never by who made it, and only as it was when it was read (`digest`)."""
    require(user, "retention.approve")
    held = DeletionList.objects.select_for_update().get(pk=listed.pk)
    if held.state != State.READY:
        raise Refusal(
            _("Listen er %(state)s og kan ikke godkendes nu.") % {"state": held.get_state_display()}
        )
    if held.made_by_id == user.pk:
        raise Refusal(_("Du har selv lavet listen. En anden skal se den igennem og godkende den."))
    if held.digest != digest:
        raise Refusal(_("Listen er en anden end den, du så. Se den igennem igen."))
    if not held.summary:
        raise Refusal(_("Der er ikke noget at slette på listen. Kassér den."))
    _require_all_in_reach(user, held)
    words = " ".join(archive_reference.split())
    if not words and any(
        rule["archive_first"] and rule["category"] in {line["category"] for line in held.summary}
        for rule in held.rules
    ):
        raise Refusal(
            _("Skriv arkivets kvittering for afleveringen: noget på listen skal afleveres, før det slettes."),
            "archive_reference",
        )
    if len(words) > 120:
        raise Refusal(_("Kvitteringen må højst have 120 tegn."), "archive_reference")
    held.approved_by, held.approved_at, held.approved_digest = user, clock.now(), digest
    held.archive_reference, held.state, held.touched_at = words, State.RUNNING, clock.now()
    with change(user, "sletteliste godkendt", "rights.approved"):
        held.save()
    app.configure_task(ERASE).defer(list_id=held.pk)


@transaction.atomic
def retry(user: User, listed: DeletionList) -> None:
    """Go on with what stopped without an answer. Refusal when nothing did."""
    require(user, "retention.edit" if not listed.approved_by_id else "retention.approve")
    held = DeletionList.objects.select_for_update().get(pk=listed.pk)
    if not held.may_be_retried:
        raise Refusal(_("Der er ikke noget at prøve igen."))
    task, state = (ERASE, State.RUNNING) if held.approved_by_id else (LIST, State.MAKING)
    with change(user, "sletteliste prøvet igen"):
        _begin(held, state)
    app.configure_task(task).defer(list_id=held.pk)


def run_list(list_id: int) -> None:
    """Find what the rules say may go, and freeze it. Running it again before it is done begins anew."""
    with rows.as_system(erasing.SYSTEM):
        listed = DeletionList.objects.get(pk=list_id)
        if listed.approved_by_id or listed.state not in (State.MAKING, State.FAILED):
            return
        try:
            with told_outside(DeletionList, listed.pk) as tell, transaction.atomic():
                listed.items.all().delete()
                listed.rules = [_told(rule) for rule in _rules_of(listed)]
                listed.summary, digests = [], []
                erased: set[int] = set()
                for place, rule in enumerate(listed.rules):
                    tell(str(Category(rule["category"]).label), place, len(listed.rules))
                    items = _items(listed, rule, erased)
                    digests += [
                        f"{item.category}:{item.citizen_id}:{item.month}:{item.digest}" for item in items
                    ]
                    if items:
                        listed.summary.append({
                            "category": rule["category"],
                            "lines": len(items),
                            "citizens": sum(1 for item in items if item.citizen_id),
                            "rows": sum(item.found for item in items),
                        })  # fmt: skip
                listed.digest = rules.joined([rules.canonical(listed.rules), *digests])
                _begin(listed, State.READY)
        except BaseException:
            _begin(listed, State.FAILED, _BROKEN)
            raise


def run_erase(list_id: int) -> None:
    """Carry out an approved list from where it stopped, and write the receipt. After it is done it does nothing."""
    with rows.as_system(erasing.SYSTEM):
        listed = DeletionList.objects.get(pk=list_id)
        if not listed.approved_by_id or listed.state not in (State.RUNNING, State.FAILED):
            return
        if listed.state == State.FAILED:
            _begin(listed, State.RUNNING)
        limits = {rule["category"]: rules.cutoff(listed.as_of, rule["months"]) for rule in listed.rules}
        try:
            total = listed.items.count()
            waiting = listed.items.filter(state=DeletionItem.State.WAITING).order_by("pk")
            with told_outside(DeletionList, listed.pk) as tell:
                for number in list(waiting.values_list("pk", flat=True)):
                    with transaction.atomic():
                        item = DeletionItem.objects.select_for_update().get(pk=number)
                        if item.state == DeletionItem.State.WAITING:
                            erasing.carry_out(item, limits[item.category])
                    done = listed.items.exclude(state=DeletionItem.State.WAITING).count()
                    tell(item.get_category_display(), done, total)
            with transaction.atomic():
                _receipt(listed)
                listed.finished_at = clock.now()
                _begin(listed, State.DONE)
        except BaseException:
            _begin(listed, State.FAILED, _BROKEN)
            raise


def _rules_of(listed: DeletionList) -> list[RetentionRule]:
    order = list(CATEGORIES)
    found = RetentionRule.objects.filter(valid__contains=listed.as_of, deletes=True)
    return sorted(found, key=lambda rule: order.index(rule.category))


def _told(rule: RetentionRule) -> dict[str, Any]:
    return {
        "category": rule.category,
        "months": rule.months,
        "archive_first": rule.archive_first,
        "source": rule.source,
    }


def _items(listed: DeletionList, rule: dict[str, Any], erased: set[int]) -> list[DeletionItem]:
    """The lines of one category. Who goes whole is not named again for a part, and who is held is not named."""
    kept, before = CATEGORIES[rule["category"]], rules.cutoff(listed.as_of, rule["months"])
    held = set(LegalHold.objects.filter(lifted_at__isnull=True).values_list("citizen_id", flat=True))
    items = []
    for target in kept.targets(before):
        if target.citizen_id in held or target.citizen_id in erased:
            continue
        found, digest = measured([*kept.rows(target, before), *kept.watched(target)])
        items.append(
            DeletionItem(
                list=listed,
                category=rule["category"],
                citizen_id=target.citizen_id,
                month=target.month,
                found=found,
                digest=digest,
            )
        )
        if rule["category"] == Category.RECORD and target.citizen_id:
            erased.add(target.citizen_id)
    return DeletionItem.objects.bulk_create(items, batch_size=1000)


def _receipt(listed: DeletionList) -> Receipt:
    """The receipt: who, when, which rules, how many – and of whom nothing."""
    erasing.one_receipt_at_a_time()
    newest = Receipt.objects.order_by("-number").first()
    number, previous = (newest.number + 1, newest.hash) if newest else (1, "")
    now = clock.now()
    lines = []
    for rule in listed.rules:
        items = listed.items.filter(category=rule["category"])
        states = {state.value: items.filter(state=state).count() for state in DeletionItem.State}
        tables: dict[str, int] = {}
        for counts in items.filter(state=DeletionItem.State.DONE).values_list("counts", flat=True):
            for table, gone in counts.items():
                tables[table] = tables.get(table, 0) + gone
        if items.exists():
            lines.append({**rule, "states": states, "tables": tables, "rows": sum(tables.values())})
    content = {
        "list": str(listed.key),
        "number": number,
        "as_of": listed.as_of.isoformat(),
        "made_by": str(listed.made_by),
        "made_at": _moment(listed.made_at),
        "approved_by": str(listed.approved_by),
        "approved_at": _moment(listed.approved_at),
        "archive_reference": listed.archive_reference,
        "finished_at": _moment(now),
        "digest": listed.digest,
        "found": listed.items.aggregate(found=Sum("found"))["found"] or 0,
        "lines": lines,
    }
    return Receipt.objects.create(
        list=listed,
        number=number,
        made_at=now,
        content=content,
        previous=previous,
        hash=rules.receipt_hash(previous, content),
    )


def _moment(at: dt.datetime | None) -> str:
    """A moment in Danish time, as it stands in a receipt."""
    return at.astimezone(clock.COPENHAGEN).isoformat(timespec="seconds") if at else ""


def _require_hold(user: User, citizen: Citizen) -> None:
    require(user, "retention.hold")
    if not reach.within(user, citizen, "retention.hold"):
        raise AccessDenied(_("Du har ikke adgang til at spærre denne borgers oplysninger."))


def _require_all_in_reach(user: User, listed: DeletionList) -> None:
    """Who approves without the whole house in hand must be able to see everybody on the list."""
    if may(user, "retention.edit"):
        return
    with rows.as_system(erasing.SYSTEM):
        named = set(listed.items.filter(citizen__isnull=False).values_list("citizen_id", flat=True))
    with rows.as_user(user):
        seen = set(listed.items.filter(citizen__in=named).values_list("citizen_id", flat=True))
    if named - seen:
        raise AccessDenied(
            _("Listen rummer borgere uden for dit område. Bed en administrator eller din leder godkende den.")
        )


def _begin(listed: DeletionList, state: str, message: str = "") -> None:
    listed.state, listed.message, listed.phase = state, message, ""
    listed.done = listed.total = 0
    listed.touched_at = clock.now()
    listed.save()


__all__ = [
    "Target",
    "approve",
    "drop",
    "hold",
    "lift",
    "order_list",
    "retry",
    "run_erase",
    "run_list",
    "set_rule",
]
