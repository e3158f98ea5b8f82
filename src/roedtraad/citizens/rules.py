"""What holds for a citizen's own facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from roedtraad.core.cpr import Cpr, CprError, parse_cpr
from roedtraad.core.refusal import Refusal

CPR_TAKEN = "Der er allerede en borger med det CPR-nummer."
ADDRESS_HIDDEN = "Adressen er beskyttet"


@dataclass(frozen=True, slots=True)
class NewCitizen:
    """What is written about a citizen the first time."""

    first_name: str
    last_name: str
    cpr: str
    address: str = ""
    address_protected: bool = False


def checked_name(text: str, field: str, what: str) -> str:
    """The name with tidy spaces; Refusal when it is empty, too long or has signs no name has."""
    name = " ".join(text.split())
    if not name:
        raise Refusal(f"{what} mangler.", field)
    if len(name) > 80:
        raise Refusal(f"{what} må højst have 80 tegn, men har {len(name)}.", field)
    if any(not (sign.isalpha() or sign in " .'’-´") for sign in name):
        raise Refusal(f"{what} har tegn, der ikke hører til i et navn.", field)
    return name


def checked_address(text: str) -> str:
    """The address with tidy spaces; Refusal when it is too long."""
    address = " ".join(text.split())
    if len(address) > 200:
        raise Refusal(f"Adressen må højst have 200 tegn, men har {len(address)}.", "address")
    return address


def checked_cpr(text: str) -> Cpr:
    """The number; Refusal beside the field for one that cannot exist. Replacement numbers are fine."""
    try:
        return parse_cpr(text)
    except CprError as error:
        raise Refusal(str(error), "cpr") from error


def cpr_warning(cpr: Cpr) -> str:
    """A sentence when the check digit does not fit; numbers given since 2007 may well do so."""
    if cpr.is_replacement or cpr.modulus11_ok:
        return ""
    return "CPR-nummerets kontrolciffer passer ikke. Det kan være rigtigt, men se det efter."
