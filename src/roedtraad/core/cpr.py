"""Danish personal numbers (CPR), replacement numbers and the electronic replacements (eCPR).

Rules: the CPR office's century rule by the 7th digit; dk-core for the two kinds of eCPR. Since 2007
numbers are issued that fail modulus 11, so it can warn but never refuse.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_LETTERED = re.compile(r"[0-9]{7}[A-Z]{2}[0-9]")


class CprError(ValueError):
    """The text is not a CPR number; the message is a Danish sentence without the number itself."""


class CprKind(StrEnum):
    """What sort of number it is."""

    CPR = "cpr"
    REPLACEMENT = "erstatning"
    X_ECPR = "x-ecpr"
    D_ECPR = "d-ecpr"


@dataclass(frozen=True, slots=True)
class Cpr:
    """A number whose form and date have been checked; make one with ``parse_cpr``."""

    number: str
    birth_date: date
    kind: CprKind

    def __repr__(self) -> str:
        # A representation ends up in logs and tracebacks, where the number must not be.
        return f"Cpr({self.masked()})"

    def __str__(self) -> str:
        return self.masked()

    @property
    def is_male(self) -> bool:
        """Whether the last digit is odd."""
        return int(self.number[-1]) % 2 == 1

    @property
    def is_replacement(self) -> bool:
        """Whether it stands in for a real CPR number (day + 60, or an eCPR)."""
        return self.kind is not CprKind.CPR

    @property
    def modulus11_ok(self) -> bool:
        """Whether the check digit fits. False is a reason to warn, never to refuse.

        An eCPR has no check digit, so there is nothing to warn about: True.
        """
        if not self.number.isdecimal():
            return True
        return sum(int(d) * w for d, w in zip(self.number, _WEIGHTS, strict=True)) % 11 == 0

    def formatted(self) -> str:
        """The number as written on paper: "010190-1234"."""
        return f"{self.number[:6]}-{self.number[6:]}"

    def masked(self) -> str:
        """The number with its last four hidden: "010190-****"."""
        return f"{self.number[:6]}-****"


def parse_cpr(text: str) -> Cpr:
    """Read a CPR, replacement or eCPR number; spaces and one hyphen after the date are allowed.

    Raises CprError with what is wrong: letters where there should be digits, a wrong length, or a
    date that does not exist in the century the number names.
    """
    number = re.sub(r"\s+", "", text).upper()
    number = re.sub(r"^(.{6})[-\u2010-\u2015](.*)$", r"\1\2", number)
    if not number:
        raise CprError("CPR-nummeret mangler.")
    if not re.fullmatch(r"[0-9A-Z]*", number):
        raise CprError("CPR-nummeret har tegn, der ikke hører til. Skriv det som DDMMÅÅ-XXXX.")
    if len(number) != 10:
        raise CprError(f"CPR-nummeret skal have 10 tegn, men har {len(number)}.")
    kind = _kind(number)
    return Cpr(number, _birth_date(number, kind), kind)


def is_test_number(cpr: Cpr) -> bool:
    """Whether the number is in the series of the public test persons (7th and 8th digit 99)."""
    return cpr.number.isdecimal() and cpr.number[6:8] == "99"


def _kind(number: str) -> CprKind:
    if number.isdecimal():
        return CprKind.REPLACEMENT if int(number[:2]) > 60 else CprKind.CPR
    if _LETTERED.fullmatch(number):
        if number[6] in "17":
            return CprKind.X_ECPR
        if number[6] in "056":
            return CprKind.D_ECPR
    raise CprError(
        "CPR-nummeret har bogstaver, hvor der skal være cifre. "
        "Kun et elektronisk erstatningsnummer (eCPR) har to bogstaver, på plads 8 og 9."
    )


def _birth_date(number: str, kind: CprKind) -> date:
    day, month, short_year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if kind is CprKind.REPLACEMENT:
        day -= 60
    try:
        return date(_century(int(number[6]), short_year) + short_year, month, day)
    except ValueError:
        raise CprError(
            "CPR-nummeret har en dato, der ikke findes. Kontrollér de første seks cifre."
        ) from None


def _century(seventh: int, short_year: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if short_year <= 36 else 1900
    return 2000 if short_year <= 57 else 1800
