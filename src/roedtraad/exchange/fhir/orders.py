"""What can happen to an order: received as a draft, accepted with a place for the citizen, or declined."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, reach, require
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.rules import NewCitizen
from roedtraad.core.encrypted import blind_index
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.exchange.fhir import shape
from roedtraad.exchange.fhir.models import Message, TermCode
from roedtraad.exchange.fhir.order import Order, order_of
from roedtraad.exchange.fhir.services import NotReadable, decide, keep, refuse_decided
from roedtraad.journeys import services as journeys
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Municipality, Place
from roedtraad.organisation.tree import Tree, tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a person decides when an order is accepted: the place, the days, and the municipalities."""

    place: Place
    ordered_start: dt.date
    ordered_end: dt.date | None = None
    acting_municipality: Municipality | None = None
    paying_municipality: Municipality | None = None


def receive(user: User, raw: bytes) -> Message:
    """Keep an order as a draft for the unit it is for. The same order again is the same draft.

    NotReadable with sentences for what is no order. AccessDenied for a role that sends none.
    """
    require(user, "referral.send")
    order = _read(raw)
    return keep(
        user,
        Message.Kind.ORDER,
        raw,
        order.sender or _("ukendt afsender"),
        unit_id=addressee(order.receiver, tree()),
    )


def addressee(name: str, units: Tree) -> int:
    """The unit of that name, short name or key; the region itself when there is none or more than one.

    Refusal when there is no organisation at all.
    """
    wanted = " ".join(name.split()).casefold()
    found = [
        node.id
        for node in units.by_id.values()
        if wanted in (node.name.casefold(), node.short_name.casefold(), node.key)
    ]
    if len(found) == 1:
        return found[0]
    if not units.roots:
        raise Refusal(_("Der er ingen enheder at sende bestillingen til endnu."))
    return units.roots[0].id


def order_in(message: Message) -> Order | None:
    """What an order asks for; None for one that is declined and emptied. One SQL statement."""
    return _read(message.payload.encode()) if message.payload else None


def _read(raw: bytes) -> Order:
    try:
        return order_of(shape.parsed(raw), dict(TermCode.objects.values_list("code", "name")))
    except shape.NotFhir as error:
        raise NotReadable(error.sentences) from error


@transaction.atomic
def accept(user: User, message: Message, chosen: Acceptance) -> Stay:
    """Take an order: the citizen is registered, when they are not known, and has a place booked.

    Refusals as those of booking, and when the order was decided before. AccessDenied for another unit's order.
    """
    held = _held(user, message)
    order = order_in(held)
    if order is None:
        raise Refusal(_("Bestillingen er tømt."))
    booking = {
        "place": chosen.place,
        "ordered_start": chosen.ordered_start,
        "ordered_end": chosen.ordered_end,
        "paying_municipality": chosen.paying_municipality,
        "key": f"order-{held.key}",
    }
    known = Citizen.objects.visible_to(user).filter(cpr_index=blind_index(order.cpr, "cpr")).first()
    with change(user, "bestilling taget imod"):
        if known is not None:
            stay = journeys.book_stay(user, citizen=known, **booking)  # type: ignore[arg-type]  # named as the service has them
        else:
            new = NewCitizen(order.first_name, order.last_name, order.cpr, order.address)
            stay = journeys.register_and_book(
                user,
                new,
                acting_municipality=chosen.acting_municipality,
                **booking,  # type: ignore[arg-type]  # as above
            )
        held.citizen_id = stay.citizen_id
        decide(held, user, Message.State.ACCEPTED)
    return stay


@transaction.atomic
def decline(user: User, message: Message, note: str) -> Message:
    """Say no to an order, with a reason; the message is emptied. Refusal without one."""
    held = _held(user, message)
    if not note.strip():
        raise Refusal(_("Skriv kort, hvorfor bestillingen afvises."), "note")
    with change(user, "bestilling afvist"):
        return decide(held, user, Message.State.DECLINED, note)


def may_decide(user: User, message: Message) -> bool:
    """Whether the user answers for the unit the order is for, and it waits."""
    return (
        message.state == Message.State.DRAFT and message.unit_id in reach(user, "referral.decide").all_units
    )


def _held(user: User, message: Message) -> Message:
    require(user, "referral.decide", unit_id=message.unit_id)
    held = (
        Message.objects.select_for_update(of=("self",)).filter(pk=message.pk, kind=Message.Kind.ORDER).first()
    )
    if held is None:
        raise AccessDenied(_("Du har ikke adgang til bestillingen."))
    refuse_decided(held)
    return held
