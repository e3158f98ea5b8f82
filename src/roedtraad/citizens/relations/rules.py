"""What holds for relations, guardianships and consents. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from roedtraad.core.danish import day as in_words
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal

_PHONE = re.compile(r"\+?[\d ]{8,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_NAME, LONGEST_NOTE = 120, 400


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is and how to reach them."""

    name: str
    phone: str = ""
    email: str = ""
    note: str = ""


def checked_person(person: Person) -> Person:
    """The same with tidy spaces; Refusal beside the field for what cannot be."""
    name, phone, email, note = (
        " ".join(text.split()) for text in (person.name, person.phone, person.email, person.note)
    )
    if not name:
        raise Refusal("Skriv navnet.", "name")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"Navnet må højst have {LONGEST_NAME} tegn, men har {len(name)}.", "name")
    if phone and not _PHONE.fullmatch(phone):
        raise Refusal("Skriv telefonnummeret med mindst 8 cifre, for eksempel 12 34 56 78.", "phone")
    if email and (not _EMAIL.fullmatch(email) or len(email) > 200):
        raise Refusal("E-mailen kan ikke være rigtig. Skriv den som navn@eksempel.dk.", "email")
    return Person(name, phone, email, checked_note(note))


def checked_note(text: str) -> str:
    """The note with tidy spaces; Refusal when it is too long."""
    note = " ".join(text.split())
    if len(note) > LONGEST_NOTE:
        raise Refusal(f"Bemærkningen må højst have {LONGEST_NOTE} tegn, men har {len(note)}.", "note")
    return note


def checked_period(first: dt.date, last: dt.date | None) -> Period:
    """From `first` to and including `last`; Refusal when the last day comes before."""
    if last is not None and last < first:
        raise Refusal(
            f"Den sidste dag, {in_words(last)}, ligger før den første, {in_words(first)}. Ret en af dem.",
            "last",
        )
    return Period.inclusive(first, last)


def ended(period: Period, last: dt.date) -> Period:
    """The period ending with `last`; Refusal when it would be empty or end later than it already does."""
    if last < period.start:
        raise Refusal(f"Det begynder først {in_words(period.start)}. Vælg den dag eller en senere.", "last")
    if period.last is not None and last > period.last:
        raise Refusal(f"Det er allerede slut efter {in_words(period.last)}.", "last")
    return Period.inclusive(period.start, last)


def check_guardianship(form: str, *, personal: bool, economic: bool) -> None:
    """Refusal for a guardianship that værgemålsloven does not know.

    A guardianship after § 5 is about personal or economic matters or both; what § 6 adds (taking away the legal
    capacity) and a co-guardian after § 7 are about economic matters alone.
    """
    if form not in ("5", "6", "7"):
        raise Refusal("Vælg, om værgemålet er efter § 5, § 6 eller § 7.", "form")
    if not (personal or economic):
        raise Refusal("Vælg, om værgemålet gælder personlige eller økonomiske forhold.", "scopes")
    if form != "5" and personal:
        raise Refusal(
            f"Et værgemål efter § {form} gælder kun økonomiske forhold. Skriv de personlige forhold som et værgemål "
            "for sig efter § 5.",
            "scopes",
        )


def check_consent(
    scopes: Collection[str], known: Collection[str], first: dt.date, last: dt.date | None, today: dt.date
) -> Period:
    """The consent's period. Refusal when nothing is shared, and for one that is not given yet or is over already."""
    if not scopes or not set(scopes) <= set(known):
        raise Refusal("Vælg mindst én ting, der må deles.", "scopes")
    if first > today:
        raise Refusal("Et samtykke skrives, når det er givet. Vælg i dag eller en tidligere dag.", "first")
    period = checked_period(first, last)
    if last is not None and last < today:
        raise Refusal(
            "Samtykket er udløbet. Vælg i dag eller en senere dag, eller lad feltet stå tomt.", "last"
        )
    return period
