"""Danish alphabetical order and Danish ways of writing numbers, money and dates.

``sort_key`` is stored in a column and compared code point by code point, so the column must have
the collation "C"; a linguistic collation would order the marks that stand for æ, ø and å anew.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip

# The three code points right after "z". Swedish and German letters follow their Danish neighbours.
_AFTER_Z = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})
_DIGITS_WIDTH = 12


def sort_key(text: str) -> str:
    """A key that orders texts as a Danish reader expects when compared code point by code point.

    Case and accents do not count, æ ø å come last in that order, "aa" counts as å, punctuation is
    skipped, hyphens are spaces, and whole numbers order by value ("Hus 2" before "Hus 10").
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    folded = re.sub(r"[-/\u2010-\u2015\s]+", " ", folded)
    folded = re.sub(r"[^\w ]", "", folded).replace("_", "")
    folded = folded.replace("aa", "å").translate(_AFTER_Z)
    folded = unicodedata.normalize("NFKD", folded)
    folded = "".join(c for c in folded if not unicodedata.combining(c)).translate(_AFTER_Z)
    return re.sub(r"[0-9]+", lambda m: m.group().lstrip("0").zfill(_DIGITS_WIDTH), folded).strip()


def number(value: Decimal | int | float, decimals: int = 0) -> str:
    """The number with ``decimals`` places, half rounded away from zero: 1112 → "1.112,0"."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError("Tallet kan ikke vises, fordi det ikke er et endeligt tal.")
    # The default context would refuse to round a number of more than 28 digits.
    context = Context(prec=max(1, exact.adjusted() + decimals + 2), rounding=ROUND_HALF_UP)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), context=context)
    digits = f"{abs(rounded):,f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{digits}" if rounded < 0 else digits


def kroner(value: Decimal | int, decimals: int = 0) -> str:
    """An amount in kroner: "1.112.000 kr."."""
    return f"{number(value, decimals)}{NBSP}kr."


def mio(value: Decimal | int, decimals: int = 1) -> str:
    """An amount given in kroner, shown in millions: 1112000000 → "1.112,0 mio. kr."."""
    return f"{number(Decimal(value) / 1_000_000, decimals)}{NBSP}mio.{NBSP}kr."


def percent(value: Decimal | int | float, decimals: int = 1) -> str:
    """A figure that already is in per cent (95.1, not 0.951): "95,1 %"."""
    return f"{number(value, decimals)}{NBSP}%"


def day(value: date) -> str:
    """The date in words: "3. marts 2024"."""
    return f"{value.day}. {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """The date in figures: "03.03.2024"."""
    return f"{value.day:02d}.{value.month:02d}.{value.year:04d}"


def joined(items: Sequence[str]) -> str:
    """The items as one phrase: "a, b og c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} og {items[-1]}"


def count(n: int, one: str, many: str) -> str:
    """The number with the right form of the word: "1 plads", "0 pladser"."""
    return f"{number(n)} {one if n == 1 else many}"
