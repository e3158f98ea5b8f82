"""What the stay services share: locks, access, writing with refusals in words, and what follows a change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, reach, require
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.core.danish import number
from roedtraad.core.period import Period, union
from roedtraad.core.refusal import Refusal
from roedtraad.journeys import occupancy, rules
from roedtraad.journeys.models import Stay, StayDays
from roedtraad.journeys.rules import Booking
from roedtraad.organisation.models import Place, PlaceTerm

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

# What a change may touch; also what an undo puts back and what a version is made of.
STATE = (
    "citizen_id",
    "place_id",
    "paying_municipality_id",
    "ordered_start",
    "ordered_end",
    "actual_start",
    "actual_end",
    "agreed_day_rate",
    "withdrawn_at",
)
LABELS = {
    "ordered_start": "Bestilt fra",
    "ordered_end": "Bestilt til og med",
    "actual_start": "Flyttet ind",
    "actual_end": "Boede der til og med",
    "agreed_day_rate": "Aftalt takst",
}


class Conflict(Refusal):
    """Somebody changed the stay meanwhile. `differences`: label, what stands now, what was typed."""

    def __init__(self, differences: list[tuple[str, str, str]]) -> None:
        self.differences = differences
        both = " ".join(f"{label}: nu {now}, dit {typed}." for label, now, typed in differences)
        super().__init__(
            "Opholdet er ændret, siden du åbnede siden. Se det nye, og send igen, hvis dit stadig gælder. "
            f"{both}".strip()
        )


def version_of(stay: Stay) -> str:
    """A short fingerprint of the stay's state: another version, another state."""
    state = "|".join(str(getattr(stay, name)) for name in STATE)
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def booking_of(stay: Stay | StayDays) -> Booking:
    """The stay's days and rate, as the rules take them."""
    return Booking(
        stay.ordered_start, stay.ordered_end, stay.actual_start, stay.actual_end, stay.agreed_day_rate
    )


def check_version(stay: Stay, version: str, typed: dict[str, Any]) -> None:
    """Raise Conflict with both values when the stay is no longer the one the page showed."""
    if version and version != version_of(stay):
        raise Conflict(
            [
                (LABELS[name], shown(getattr(stay, name)), shown(value))
                for name, value in typed.items()
                if getattr(stay, name) != value
            ]
        )


def shown(value: Any) -> str:
    """A date or an amount in words."""
    if value is None:
        return "ingen"
    return in_words(value) if isinstance(value, date) else number(value, 2)


def hold_places(*place_ids: int) -> None:
    """Wait for one's turn on these places: in the order of their numbers, so that nobody waits crosswise."""
    list(
        Place.objects.select_for_update(no_key=True).filter(pk__in=place_ids).order_by("pk").values_list("pk")
    )


def hold_stay(user: User, stay: Stay, *also_places: int) -> Stay:
    """The stay's row as it is now, locked with its place. AccessDenied unless the user books in its unit."""
    hold_places(stay.place_id, *also_places)
    held = Stay.objects.select_for_update().filter(pk=stay.pk).first()
    if held is None:
        # The database lets only those who book in its unit lock the row.
        raise AccessDenied(_("Du har ikke adgang til at ændre dette ophold."))
    if held.place_id != stay.place_id:
        raise Conflict([])
    require(user, "stay.book")
    units = set(
        PlaceTerm.objects.filter(place=held.place_id, valid__overlap=held.planned).values_list(
            "unit", flat=True
        )
    )
    if not units & reach(user, "stay.book").all_units:
        require(user, "stay.book", unit_id=min(units, default=0))
    return held


def require_place(user: User, place: Place, day: date) -> PlaceTerm | None:
    """The place's term on the day, or the nearest one it has. AccessDenied unless the user books there."""
    terms = list(place.terms.order_by("valid"))
    on_day = [term for term in terms if Period.from_range(term.valid).contains(day)]
    term = next(iter(on_day or terms[-1:]), None)
    require(user, "stay.book", unit_id=term.unit_id if term else 0)
    return term


def write(stay: Stay) -> Stay:
    """Save the stay; what the database refuses becomes a sentence naming the day and what to do."""
    booking_of(stay).check()
    try:
        with transaction.atomic():
            stay.save()
    except IntegrityError as error:
        raise _in_words(stay, error) from error
    stay.refresh_from_db(fields=["planned", "actual"])
    return stay


def _in_words(stay: Stay, error: IntegrityError) -> Refusal:
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", "") or ""
    wanted = booking_of(stay)
    if constraint in {"stay_one_booking_a_day", "stay_one_citizen_a_day"}:
        return Refusal(_who_is_there(stay, wanted), "place")
    if constraint == "stay_outside_place_life":
        life = [(p.start, p.last) for p in union(Period.from_range(t.valid) for t in stay.place.terms.all())]
        return Refusal(rules.outside_life(stay.place.code, wanted, life), "place")
    return Refusal("Opholdet kan ikke gemmes, som det er skrevet. Se dato, plads og betalingskommune efter.")


def _who_is_there(stay: Stay, wanted: Booking) -> str:
    days = Period.inclusive(wanted.first, wanted.last).to_range()
    others = StayDays.objects.booked().filter(place=stay.place_id).exclude(pk=stay.pk)
    booked = others.filter(planned__overlap=days).order_by("planned").first()
    if booked is not None:
        return rules.taken(wanted, booking_of(booked))
    overdue = others.filter(actual__overlap=days).order_by("actual").first()
    return rules.still_lived_in(booking_of(overdue)) if overdue is not None else rules.taken(wanted, wanted)


class Touched:
    """The places and days on which a change may alter who lived there."""

    def __init__(self, stays: Iterable[Stay] = ()) -> None:
        self._days: list[tuple[int, date, date]] = []
        for stay in stays:
            self.add(stay)

    def add(self, stay: Stay) -> None:
        """Remember the days of the stay as it is now; call before and after a change."""
        today = clock.today()
        if stay.actual_start is not None and stay.actual_start <= today and stay.withdrawn_at is None:
            last = max(stay.actual_start, min(stay.actual_end or today, today))
            self._days.append((stay.place_id, stay.actual_start, last))

    def refresh(self) -> None:
        """Count the bed-days of the touched units and months again. Nothing to do when nobody lived there."""
        if not self._days:
            return
        first = min(start for _, start, _ in self._days)
        last = max(end for _, _, end in self._days)
        where = Q(pk__in=[])
        for place_id, start, end in self._days:
            where |= Q(place=place_id, valid__overlap=Period.inclusive(start, end).to_range())
        units = set(PlaceTerm.objects.filter(where).values_list("unit", flat=True))
        occupancy.refresh(units, first, last)


def tell(signal: Signal, stay: Stay) -> None:
    """Send the signal once the transaction is through."""
    stay_id = stay.pk
    transaction.on_commit(lambda: signal.send(sender=Stay, stay_id=stay_id))
