"""What can happen to places: opened, moved to another term, closed, agreed for a year. Access checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from roedtraad.access.scope import require
from roedtraad.core.danish import day as in_words
from roedtraad.core.history import change
from roedtraad.core.period import Period, subtract
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import AgreedPlaces, LegalBasis, Place, PlaceTerm, Unit

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@dataclass(frozen=True, slots=True)
class Purpose:
    """Where a place belongs and for whom it is meant."""

    unit: Unit
    legal_basis: LegalBasis
    target_group: str
    age_group: str


@transaction.atomic
def open_place(
    user: User,
    code: str,
    category: str,
    purpose: Purpose,
    *,
    first: date,
    last: date | None = None,
    reason: str = "plads åbnet",
) -> Place:
    """Open a new place from `first` to and including `last` (open when None).

    Refusal when the number is in use, or the paragraph does not fit the category or the days.
    """
    require(user, "place.edit", unit_id=purpose.unit.pk)
    number = " ".join(code.split())
    if not 0 < len(number) <= 40:
        raise Refusal("Pladsnummeret skal have mellem 1 og 40 tegn.", "code")
    period = _period(first, last)
    _check_basis(purpose.legal_basis, category, first)
    with change(user, reason, "place.opened"):
        try:
            with transaction.atomic():
                place = Place.objects.create(code=number, category=category)
        except IntegrityError as error:
            raise Refusal(
                f"Der er allerede en plads med nummeret {number}. Vælg et andet.", "code"
            ) from error
        _term(place, purpose, period)
    return place


@transaction.atomic
def new_term(
    user: User, place: Place, purpose: Purpose, first: date, *, reason: str = "pladsens formål ændret"
) -> PlaceTerm:
    """From `first` the place belongs or is meant otherwise; it lives as long as it would have.

    Refusal when the place is not open that day. The user must be allowed in the unit it leaves and the one
    it comes to.
    """
    current = _term_on(place, first)
    require(user, "place.edit", unit_id=current.unit_id)
    require(user, "place.edit", unit_id=purpose.unit.pk)
    _check_basis(purpose.legal_basis, place.category, first)
    was = Period.from_range(current.valid)
    with change(user, reason, "place.changed"), _stays_kept():
        if was.start == first:
            current.unit, current.legal_basis = purpose.unit, purpose.legal_basis
            current.target_group, current.age_group = purpose.target_group, purpose.age_group
            current.save()
            return current
        current.valid = Period(was.start, first).to_range()
        current.save(update_fields=["valid"])
        return _term(place, purpose, Period(first, was.end))


@transaction.atomic
def close_place(user: User, place: Place, last: date, *, reason: str = "plads lukket") -> Place:
    """Close the place after `last`; terms to come are removed. Refusal while stays go on after that day."""
    current = _term_on(place, last)
    require(user, "place.edit", unit_id=current.unit_id)
    with change(user, reason, "place.closed"), _stays_kept():
        place.terms.filter(valid__startswith__gt=last).delete()
        current.valid = Period.inclusive(current.valid.lower, last).to_range()
        current.save(update_fields=["valid"])
    return place


@transaction.atomic
def agree_places(
    user: User,
    unit: Unit,
    category: str,
    places: int,
    year: int,
    *,
    note: str = "",
    reason: str = "rammeaftale",
) -> AgreedPlaces:
    """Write how many places are agreed for a unit in a calendar year; what was agreed for that year gives way.

    An agreement that also covers other years keeps them.
    """
    require(user, "place.edit", unit_id=unit.pk)
    if not 0 <= places < 100_000:
        raise Refusal("Antallet af pladser skal være 0 eller mere.", "places")
    if not 1970 <= year < 2200:
        raise Refusal("Årstallet ser forkert ud. Skriv det med fire cifre.", "year")
    wanted = Period.year(year)
    with change(user, reason, "places.agreed"):
        for former in AgreedPlaces.objects.select_for_update().filter(
            unit=unit, category=category, valid__overlap=wanted.to_range()
        ):
            _give_way(former, wanted)
        return AgreedPlaces.objects.create(
            unit=unit, category=category, places=places, valid=wanted.to_range(), note=note
        )


def _give_way(former: AgreedPlaces, wanted: Period) -> None:
    """Take the wanted days out of an agreement; what is left on either side stays as it was."""
    rest = subtract(Period.from_range(former.valid), [wanted])
    former.delete()
    for period in rest:
        former.pk = None
        former.valid = period.to_range()
        former.save(force_insert=True)


def _period(first: date, last: date | None) -> Period:
    try:
        return Period.inclusive(first, last)
    except ValueError as error:
        raise Refusal(str(error), "last") from error


def _check_basis(basis: LegalBasis, category: str, day: date) -> None:
    if basis.category != category:
        raise Refusal(f"{basis} gælder ikke for den slags plads. Vælg en anden paragraf.", "legal_basis")
    if not Period.from_range(basis.valid).contains(day):
        raise Refusal(
            f"{basis} gælder ikke den {in_words(day)}. Vælg den paragraf, der gælder nu.", "legal_basis"
        )


def _term(place: Place, purpose: Purpose, period: Period) -> PlaceTerm:
    return PlaceTerm.objects.create(
        place=place,
        valid=period.to_range(),
        unit=purpose.unit,
        legal_basis=purpose.legal_basis,
        target_group=purpose.target_group,
        age_group=purpose.age_group,
    )


def _term_on(place: Place, day: date) -> PlaceTerm:
    # The place first: whoever books it at the same moment waits, and is seen or sees.
    Place.objects.select_for_update().get(pk=place.pk)
    term = PlaceTerm.objects.select_for_update().filter(place=place, valid__contains=day).first()
    if term is None:
        raise Refusal(f"Plads {place.code} er ikke åben den {in_words(day)}. Vælg en anden dato.", "day")
    return term


@contextmanager
def _stays_kept() -> Iterator[None]:
    """Ask the database now, not at the end of the transaction, whether anybody would lose their place."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        diagnosis: Any = getattr(error.__cause__, "diag", None)
        if diagnosis is None or diagnosis.constraint_name != "placeterm_keeps_stays":
            raise
        first, _, last = (diagnosis.message_detail or "").partition("/")
        until = f"til og med den {in_words(date.fromisoformat(last))}" if last else "uden slutdato"
        raise Refusal(
            f"Pladsen er booket fra den {in_words(date.fromisoformat(first))} {until}. "
            "Flyt eller afslut det ophold først.",
            "day",
        ) from error
