"""What can happen to a citizen's own facts: one function an event, one transaction, access checked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, transaction

from roedtraad.access.scope import AccessDenied, require
from roedtraad.citizens import rules
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.core import clock
from roedtraad.core.danish import day as in_words
from roedtraad.core.danish import sort_key
from roedtraad.core.encrypted import blind_index
from roedtraad.core.history import change
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Municipality

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def name_sort_key(first_name: str, last_name: str) -> str:
    """Citizens are listed by last name, then first name, in Danish order."""
    return sort_key(f"{last_name} {first_name}")


@transaction.atomic
def register_citizen(user: User, new: rules.NewCitizen, *, reason: str = "borger oprettet") -> Citizen:
    """Write a citizen for the first time.

    Raises Refusal for a name, address or CPR number that cannot be, and for a number that is known. Who
    has it is told only to a user who may see that citizen.
    """
    require(user, "stay.book")
    first_name = rules.checked_name(new.first_name, "first_name", "Fornavnet")
    last_name = rules.checked_name(new.last_name, "last_name", "Efternavnet")
    address = rules.checked_address(new.address)
    cpr = rules.checked_cpr(new.cpr)
    index = blind_index(cpr.number, "cpr")
    with change(user, reason):
        try:
            with transaction.atomic():
                return Citizen.objects.create(
                    first_name=first_name,
                    last_name=last_name,
                    sort_key=name_sort_key(first_name, last_name),
                    cpr=cpr.number,
                    cpr_index=index,
                    birth_date=cpr.birth_date,
                    address=address,
                    address_protected=new.address_protected,
                )
        except IntegrityError as error:
            raise Refusal(_already_there(user, index), "cpr") from error


def _already_there(user: User, index: bytes) -> str:
    known = Citizen.objects.visible_to(user).filter(cpr_index=index).first()
    if known is not None:
        return f"{rules.CPR_TAKEN} Det er {known}; søg efter navnet i stedet."
    return f"{rules.CPR_TAKEN} Bed en leder, der har borgeren, om at flytte opholdet."


@transaction.atomic
def change_name(
    user: User, citizen: Citizen, *, first_name: str, last_name: str, reason: str = "navn rettet"
) -> Citizen:
    """Give a citizen another name. Refusal when it cannot be one."""
    changed = _held(user, citizen)
    changed.first_name = rules.checked_name(first_name, "first_name", "Fornavnet")
    changed.last_name = rules.checked_name(last_name, "last_name", "Efternavnet")
    changed.sort_key = name_sort_key(changed.first_name, changed.last_name)
    with change(user, reason):
        changed.save(update_fields=["first_name", "last_name", "sort_key"])
    return changed


@transaction.atomic
def change_address(user: User, citizen: Citizen, address: str, *, reason: str = "adresse rettet") -> Citizen:
    """Write where a citizen lives; the same address again changes nothing. Refusal when the text is too long."""
    changed = _held(user, citizen)
    tidy = rules.checked_address(address)
    if tidy == changed.address:
        return changed
    changed.address = tidy
    with change(user, reason):
        changed.save(update_fields=["address"])
    return changed


@transaction.atomic
def change_protection(
    user: User, citizen: Citizen, protected: bool, *, reason: str = "adressebeskyttelse rettet"
) -> Citizen:
    """Put address protection on or take it off."""
    changed = _held(user, citizen)
    changed.address_protected = protected
    with change(user, reason):
        changed.save(update_fields=["address_protected"])
    return changed


@transaction.atomic
def set_municipality(
    user: User,
    citizen: Citizen,
    kind: str,
    municipality: Municipality,
    first_day: dt.date,
    *,
    reason: str = "kommune rettet",
) -> MunicipalityRelation:
    """From `first_day` this municipality decides, pays or is lived in; the former one ends the day before.

    Refusal when a later change is already written, which would be overrun.
    """
    held = _held(user, citizen)
    if kind not in MunicipalityRelation.Kind.values:
        raise Refusal("Vælg handlekommune, betalingskommune eller bopælskommune.", "kind")
    relations = MunicipalityRelation.objects.select_for_update().filter(citizen=held, kind=kind)
    later = relations.filter(valid__startswith__gt=first_day).order_by("valid").first()
    if later is not None:
        raise Refusal(
            f"Der er allerede skrevet et skift den {in_words(later.valid.lower)}. Vælg en senere dato.",
            "first_day",
        )
    with change(user, reason):
        current = relations.filter(valid__contains=first_day).first()
        if current is None:
            return MunicipalityRelation.objects.create(
                citizen=held, kind=kind, municipality=municipality, valid=Period(first_day).to_range()
            )
        if current.municipality_id == municipality.pk:
            return current
        if current.valid.lower == first_day:
            current.municipality = municipality
            current.valid = Period(first_day).to_range()
            current.save(update_fields=["municipality", "valid"])
            return current
        current.valid = Period(current.valid.lower, first_day).to_range()
        current.save(update_fields=["valid"])
        return MunicipalityRelation.objects.create(
            citizen=held, kind=kind, municipality=municipality, valid=Period(first_day).to_range()
        )


def _held(user: User, citizen: Citizen) -> Citizen:
    """The citizen's row, locked, when the user may change it."""
    require(user, "stay.book")
    visible = Citizen.objects.visible_to(user).filter(pk=citizen.pk).exists()
    if not visible and not just_registered(user, citizen):
        raise AccessDenied("Du har ikke adgang til at ændre denne borger.")
    return Citizen.objects.select_for_update().get(pk=citizen.pk)


def just_registered(user: User, citizen: Citizen) -> bool:
    """Whether the user wrote the citizen today: until the first stay nothing else makes them visible."""
    first = _events().filter(pgh_obj=citizen.pk, pgh_label="insert").select_related("pgh_context").first()
    metadata = first.pgh_context.metadata if first is not None and first.pgh_context is not None else {}
    return bool(metadata.get("user") == user.pk and metadata.get("day") == clock.today().isoformat())


def _events() -> Any:
    return apps.get_model("citizens", "CitizenEvent")._default_manager
