"""What cuts a stay in two: a move to another place, and another municipality that pays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from roedtraad.core import clock, ids
from roedtraad.core.danish import day as in_words
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import rules, signals
from roedtraad.journeys.models import Stay
from roedtraad.journeys.services.common import Touched, check_version, hold_stay, require_place, tell, write
from roedtraad.organisation.models import Municipality, Place

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def move_to_place(
    user: User,
    stay: Stay,
    place: Place,
    first_day: date,
    *,
    key: str = "",
    version: str = "",
    reason: str = "flyttet til en anden plads",
) -> Stay:
    """Move the citizen to another place: the old stay's last day is the day before the new one's first.

    Returns the stay on the new place. A move to come is only ordered; one that has happened is written as a
    fact. A booking nobody has moved into just changes its place. The same `key` twice gives the same stay.
    """
    if key and (known := Stay.objects.filter(key=key, place=place, citizen=stay.citizen_id).first()):
        return known
    require_place(user, place, first_day)
    held = hold_stay(user, stay, place.pk)
    check_version(held, version, {})
    rules.check_open(
        withdrawn=held.withdrawn_at is not None,
        started=held.actual_start is not None,
        ended=held.actual_end is not None,
    )
    if place.pk == held.place_id:
        raise Refusal("Borgeren har allerede denne plads. Vælg en anden plads.", "place")
    with change(user, reason, "stay.moved"):
        if held.actual_start is None:
            held.place = place
            held.ordered_start = first_day
            moved = write(held)
            tell(signals.stay_changed, moved)
            return moved
        _after_start(held, first_day)
        new = Stay(
            key=key or f"b-{ids.new_id()}",
            citizen_id=held.citizen_id,
            place=place,
            paying_municipality_id=held.paying_municipality_id,
            ordered_start=first_day,
            ordered_end=held.ordered_end if held.ordered_end and held.ordered_end >= first_day else None,
            agreed_day_rate=held.agreed_day_rate,
        )
        return _cut(held, new, first_day)


@transaction.atomic
def change_paying_municipality(
    user: User,
    stay: Stay,
    municipality: Municipality,
    first_day: date,
    *,
    key: str = "",
    version: str = "",
    reason: str = "betalingskommune skiftet",
) -> Stay:
    """From `first_day` another municipality pays; the past keeps the one it had.

    The stay is cut the day before, and the part from `first_day` is returned. When that is its very first
    day, or nobody has moved in, nothing is cut. Refusal for a day outside the stay, or to come.
    """
    if key and (known := Stay.objects.filter(key=key, citizen=stay.citizen_id).first()):
        return known
    held = hold_stay(user, stay)
    check_version(held, version, {})
    if held.withdrawn_at is not None:
        raise Refusal("Bookingen er fortrudt. Book opholdet igen.")
    if held.paying_municipality_id == municipality.pk:
        raise Refusal(f"{municipality.name} betaler allerede. Vælg en anden kommune.", "paying_municipality")
    with change(user, reason, "stay.payer_changed"):
        if held.actual_start is None or first_day == held.actual_start:
            if held.actual_start is None and first_day != held.ordered_start:
                raise Refusal(
                    "Borgeren er ikke flyttet ind endnu, så kommunen skifter fra opholdets start "
                    f"({in_words(held.ordered_start)}). Skriv den dato.",
                    "first_day",
                )
            held.paying_municipality = municipality
            whole = write(held)
            tell(signals.stay_changed, whole)
            return whole
        rules.check_happened(first_day, clock.today(), "first_day")
        _after_start(held, first_day)
        if held.actual_end is not None and first_day > held.actual_end:
            raise Refusal(
                f"Opholdet sluttede den {in_words(held.actual_end)}. Vælg en dag i opholdet.", "first_day"
            )
        new = Stay(
            key=key or f"b-{ids.new_id()}",
            citizen_id=held.citizen_id,
            place_id=held.place_id,
            paying_municipality=municipality,
            ordered_start=first_day,
            ordered_end=held.ordered_end if held.ordered_end and held.ordered_end >= first_day else None,
            actual_end=held.actual_end,
            agreed_day_rate=held.agreed_day_rate,
        )
        return _cut(held, new, first_day)


def _after_start(stay: Stay, first_day: date) -> None:
    first = stay.actual_start or stay.ordered_start
    if first_day <= first:
        raise Refusal(rules.before_start(first + rules.ONE_DAY), "first_day")


def _cut(old: Stay, new: Stay, first_day: date) -> Stay:
    """End `old` the day before and let `new` begin: as facts when the day has come, else as orders."""
    touched = Touched([old])
    happened = first_day <= clock.today()
    if happened:
        old.actual_end = first_day - rules.ONE_DAY
        new.actual_start = first_day
    else:
        old.ordered_end = first_day - rules.ONE_DAY
    write(old)
    write(new)
    for stay in (old, new):
        touched.add(stay)
    touched.refresh()
    tell(signals.stay_ended if happened else signals.stay_changed, old)
    tell(signals.stay_booked, new)
    if happened:
        tell(signals.stay_started, new)
    return new
