"""Book, change, start, end and withdraw a stay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.queries import default_payer
from roedtraad.citizens.rules import NewCitizen
from roedtraad.citizens.services import just_registered, register_citizen, set_municipality
from roedtraad.core import clock, ids
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import rules, signals
from roedtraad.journeys.models import Stay, StayDays
from roedtraad.journeys.services.common import (
    Touched,
    booking_of,
    check_version,
    hold_places,
    hold_stay,
    require_place,
    tell,
    write,
)
from roedtraad.organisation.models import Municipality, Place

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def book_stay(
    user: User,
    *,
    citizen: Citizen,
    place: Place,
    ordered_start: date,
    ordered_end: date | None = None,
    paying_municipality: Municipality | None = None,
    agreed_day_rate: Decimal | None = None,
    key: str = "",
    reason: str = "ophold booket",
) -> Stay:
    """Reserve a place for a citizen from `ordered_start` to and including `ordered_end` (open when None).

    Without a paying municipality the citizen's own on the first day is used. `key` is made by the caller's
    form: the same key twice gives the same stay. Raises Refusal when the days, the place or the payer do not
    hold, AccessDenied when the user does not book in the place's unit or may not see the citizen.
    """
    require_place(user, place, ordered_start)
    hold_places(place.pk)
    known = Stay.objects.filter(key=key).first() if key else None
    if known is not None:
        if (known.citizen_id, known.place_id) != (citizen.pk, place.pk):
            raise Refusal("Siden er allerede brugt til et andet ophold. Hent den igen, og book derfra.")
        return known
    if not Citizen.objects.visible_to(user).filter(pk=citizen.pk).exists() and not just_registered(
        user, citizen
    ):
        raise AccessDenied("Du har ikke adgang til at booke for denne borger.")
    payer = paying_municipality or default_payer(citizen, ordered_start)
    if payer is None:
        raise Refusal(
            "Vælg den kommune, der betaler. Borgeren har hverken en betalingskommune eller en handlekommune "
            "den første dag.",
            "paying_municipality",
        )
    stay = Stay(
        key=key or f"b-{ids.new_id()}",
        citizen=citizen,
        place=place,
        paying_municipality=payer,
        ordered_start=ordered_start,
        ordered_end=ordered_end,
        agreed_day_rate=agreed_day_rate,
    )
    booking_of(stay).check()
    _refuse_overdue(stay)
    with change(user, reason, "stay.booked"):
        write(stay)
    tell(signals.stay_booked, stay)
    return stay


@transaction.atomic
def register_and_book(
    user: User,
    new: NewCitizen,
    *,
    place: Place,
    ordered_start: date,
    acting_municipality: Municipality | None,
    ordered_end: date | None = None,
    paying_municipality: Municipality | None = None,
    agreed_day_rate: Decimal | None = None,
    key: str = "",
) -> Stay:
    """Write a new citizen and book their first stay: both or neither. Raises as the two it is made of.

    The same `key` twice gives the same stay, also when the first try registered the citizen.
    """
    require_place(user, place, ordered_start)
    # Nobody sees a citizen who has no stay yet; access is checked above, and by each service on the way.
    with rows.as_system("borger oprettes med sit første ophold"):
        return _register_and_book(
            user,
            new,
            place=place,
            ordered_start=ordered_start,
            acting_municipality=acting_municipality,
            ordered_end=ordered_end,
            paying_municipality=paying_municipality,
            agreed_day_rate=agreed_day_rate,
            key=key,
        )


def _register_and_book(
    user: User,
    new: NewCitizen,
    *,
    place: Place,
    ordered_start: date,
    acting_municipality: Municipality | None,
    ordered_end: date | None,
    paying_municipality: Municipality | None,
    agreed_day_rate: Decimal | None,
    key: str,
) -> Stay:
    known = Stay.objects.filter(key=key, place=place).select_related("citizen").first() if key else None
    if known is not None:
        citizen = known.citizen
    else:
        with change(user, "borger oprettet ved booking", "stay.booked"):
            citizen = register_citizen(user, new, reason="borger oprettet ved booking")
            for kind, municipality in (("acting", acting_municipality), ("paying", paying_municipality)):
                if municipality is not None:
                    set_municipality(user, citizen, kind, municipality, ordered_start)
    return book_stay(
        user,
        citizen=citizen,
        place=place,
        ordered_start=ordered_start,
        ordered_end=ordered_end,
        paying_municipality=paying_municipality,
        agreed_day_rate=agreed_day_rate,
        key=key,
    )


@transaction.atomic
def change_booking(
    user: User,
    stay: Stay,
    *,
    ordered_start: date,
    ordered_end: date | None,
    agreed_day_rate: Decimal | None,
    version: str = "",
    reason: str = "booking ændret",
) -> Stay:
    """Change the ordered days or the rate of a stay that has not ended.

    `version` is what `version_of` gave when the page was made; Conflict, with both values, when the stay has
    changed since. Refusal when the days do not hold or the place is taken.
    """
    held = hold_stay(user, stay)
    typed = {"ordered_start": ordered_start, "ordered_end": ordered_end, "agreed_day_rate": agreed_day_rate}
    check_version(held, version, typed)
    rules.check_open(
        withdrawn=held.withdrawn_at is not None,
        started=held.actual_start is not None,
        ended=held.actual_end is not None,
    )
    for name, value in typed.items():
        setattr(held, name, value)
    if held.actual_start is None:
        _refuse_overdue(held)
    with change(user, reason, "stay.changed"):
        write(held)
    tell(signals.stay_changed, held)
    return held


@transaction.atomic
def start_stay(user: User, stay: Stay, day: date, *, version: str = "", reason: str = "flyttet ind") -> Stay:
    """Write that the citizen moved in on `day`. Refusal for a day to come or a taken bed."""
    held = hold_stay(user, stay)
    check_version(held, version, {"actual_start": day})
    rules.check_open(
        withdrawn=held.withdrawn_at is not None,
        started=held.actual_start is not None,
        ended=held.actual_end is not None,
        must_be_started=False,
    )
    rules.check_happened(day, clock.today(), "actual_start")
    if held.ordered_end is not None and day > held.ordered_end:
        raise Refusal(
            "Borgeren kan ikke flytte ind efter den bestilte slutdato. Ret den bestilte slutdato først.",
            "actual_start",
        )
    held.actual_start = day
    with change(user, reason, "stay.started"):
        write(held)
        Touched([held]).refresh()
    tell(signals.stay_started, held)
    return held


@transaction.atomic
def end_stay(user: User, stay: Stay, day: date, *, version: str = "", reason: str = "flyttet ud") -> Stay:
    """Write that `day` was the last day the citizen lived there. Refusal for a day to come or too early."""
    held = hold_stay(user, stay)
    check_version(held, version, {"actual_end": day})
    rules.check_open(
        withdrawn=held.withdrawn_at is not None,
        started=held.actual_start is not None,
        ended=held.actual_end is not None,
        must_be_started=True,
    )
    rules.check_happened(day, clock.today(), "actual_end")
    touched = Touched([held])
    held.actual_end = day
    with change(user, reason, "stay.ended"):
        write(held)
        touched.add(held)
        touched.refresh()
    tell(signals.stay_ended, held)
    return held


@transaction.atomic
def withdraw_booking(user: User, stay: Stay, *, version: str = "", reason: str = "booking fortrudt") -> Stay:
    """Give the place free again when nobody has moved in. The row stays, marked as withdrawn."""
    held = hold_stay(user, stay)
    check_version(held, version, {})
    rules.check_open(
        withdrawn=held.withdrawn_at is not None,
        started=held.actual_start is not None,
        ended=held.actual_end is not None,
        must_be_started=False,
    )
    held.withdrawn_at = clock.now()
    with change(user, reason, "stay.withdrawn"):
        write(held)
    tell(signals.stay_withdrawn, held)
    return held


def _refuse_overdue(stay: Stay) -> None:
    """A bed is not free because it was ordered to be: who begins now must find it empty."""
    if stay.ordered_start > clock.today():
        return
    overdue = (
        StayDays.objects.occupying(clock.today())
        .filter(place=stay.place_id, ordered_end__lt=clock.today(), actual_end__isnull=True)
        .exclude(pk=stay.pk)
        .first()
    )
    if overdue is not None and (stay.ordered_end is None or stay.ordered_end >= clock.today()):
        raise Refusal(rules.still_lived_in(booking_of(overdue)), "place")
