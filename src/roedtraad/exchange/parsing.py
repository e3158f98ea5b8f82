"""From the cell of a spreadsheet to a value. Pure: every refusal is a Danish sentence in the column's words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import is_normalized
from uuid import UUID

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.cpr import Cpr, CprError, parse_cpr
from roedtraad.core.danish import number
from roedtraad.practice.rules.notes import tidied

Cell = Any
EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2200, 1, 1)
# What is taken for the time of something that has a day only.
NOON = dt.time(12)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?")
_DANISH = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_MOMENT = re.compile(r"(\S+?)(?:T|,?\s+(?:kl\.?\s*)?)(\d{1,2})[.:](\d{2})(?:[.:](\d{2})(?:[.,]\d+)?)?")
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_YES = {"ja", "j", "x", "1", "true", "sand"}
_NO = {"nej", "n", "0", "false", "falsk", ""}
_SHOWN = 40
# What a spreadsheet might run.
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n")


class Unreadable(ValueError):
    """The cell cannot be what its column asks for; the message is a sentence without the row's number."""


def as_text(cell: Cell) -> str:
    """The cell as a person sees it in the sheet, without surrounding blanks; empty for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(cell).strip()
    return text[1:] if text.startswith("'") and is_guarded(text) else text


def is_guarded(text: str) -> bool:
    """Whether a text, apart from apostrophes in front, begins as a formula does and gets one apostrophe more."""
    return text.lstrip("'").startswith(_GUARDED)


def line_text(cell: Cell, heading: str, longest: int) -> str:
    """A text on one line, with tidy spaces."""
    text = " ".join(as_text(cell).split())
    if len(text) > longest:
        raise Unreadable(f"»{heading}« må højst have {longest} tegn, men har {len(text)}.")
    if any(not (sign.isprintable()) for sign in text):
        raise Unreadable(f"»{heading}« har usynlige tegn, der ikke hører til. Skriv teksten igen.")
    return text


def long_text(cell: Cell, heading: str, longest: int) -> str:
    """A text that may have line breaks, without what nobody sees."""
    text = as_text(cell)
    flat = text.replace("\n", "").replace("\t", "")
    # Most texts have nothing to tidy, and looking at each sign of a hundred thousand notes takes minutes.
    text = text.strip() if flat.isprintable() and is_normalized("NFC", text) else tidied(text)
    if len(text) > longest:
        raise Unreadable(
            f"»{heading}« må højst have {number(longest)} tegn, men har {number(len(text))}. Del teksten i to rækker."
        )
    return text


def several(cell: Cell, heading: str, longest: int) -> list[str]:
    """Texts divided by |, each once; empty for an empty cell."""
    parts = (line_text(part, heading, longest) for part in as_text(cell).split("|"))
    return list(dict.fromkeys(part for part in parts if part))


def slug(cell: Cell, heading: str, longest: int) -> str:
    """A unit's key: small letters a–z, digits and hyphens."""
    text = line_text(cell, heading, longest)
    if text and not _KEY.fullmatch(text):
        raise Unreadable(
            f"»{heading}« må kun have små bogstaver a–z, tal og bindestreger. Der står »{shown(text)}«."
        )
    return text


def day(cell: Cell, heading: str) -> dt.date | None:
    """A date: a real one, 2024-03-31, 31-03-2024 or 31.03.2024; None for an empty cell."""
    if isinstance(cell, dt.datetime):
        return _likely(cell.date(), heading)
    if isinstance(cell, dt.date):
        return _likely(cell, heading)
    text = as_text(cell)
    if not text:
        return None
    iso, danish = _ISO.fullmatch(text), _DANISH.fullmatch(text)
    if iso:
        year, month, date = (int(part) for part in iso.groups())
    elif danish:
        date, month, year = (int(part) for part in danish.groups())
    else:
        raise Unreadable(
            f"»{heading}« skal være en dato, fx 2024-03-31 eller 31-03-2024. Der står »{shown(text)}«."
        )
    try:
        return _likely(dt.date(year, month, date), heading)
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"»{heading}« er en dato, der ikke findes: »{shown(text)}«.") from None


def moment(cell: Cell, heading: str) -> dt.datetime | None:
    """A day and a time of day in Denmark: 31-03-2024 14.20, 2024-03-31 14:20, or a real date; None for an empty cell.

    A day without a time is that day at noon.
    """
    if isinstance(cell, dt.datetime):
        found, time = day(cell, heading), cell.time()
    elif isinstance(cell, dt.date) or not as_text(cell):
        found, time = day(cell, heading), NOON
    else:
        text = as_text(cell)
        written = _MOMENT.fullmatch(text)
        found = day(written[1] if written else text, heading)
        time = _time(written, heading, text) if written else NOON
    return dt.datetime.combine(found, time.replace(microsecond=0), COPENHAGEN) if found else None


def _time(written: re.Match[str], heading: str, text: str) -> dt.time:
    try:
        return dt.time(int(written[2]), int(written[3]), int(written[4] or 0))
    except ValueError:
        raise Unreadable(
            f"»{heading}« har et klokkeslæt, der ikke findes: »{shown(text)}«. Skriv det som 31-03-2024 14.20."
        ) from None


def _likely(value: dt.date, heading: str) -> dt.date:
    if not EARLIEST <= value < LATEST:
        raise Unreadable(f"»{heading}« har et årstal, der ser forkert ud: {value.year}.")
    return value


def amount(cell: Cell, heading: str, highest: Decimal) -> Decimal | None:
    """Kroner with at most two decimals: 2831,50, 2.831,50 or 2831.50; None for an empty cell."""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        text = repr(cell) if isinstance(cell, float) else str(cell)
    else:
        text = re.sub(r"[\s\u00a0]|kr\.?$", "", as_text(cell))
        if not as_text(cell):
            return None
        if "," in text or re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", text):
            text = text.replace(".", "").replace(",", ".")
    try:
        value = Decimal(text if text.isascii() else "nan")
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise Unreadable(f"»{heading}« skal være et beløb, fx 2831,50. Der står »{shown(text)}«.")
    if not 0 <= value < highest:
        raise Unreadable(f"»{heading}« skal være mellem 0 og {highest:,.0f} kr.".replace(",", "."))
    rounded = value.quantize(Decimal("0.01"))
    if rounded != value:
        raise Unreadable(f"»{heading}« må højst have to decimaler. Der står »{shown(text)}«.")
    return rounded


def yes_no(cell: Cell, heading: str) -> bool:
    """Ja or nej; an empty cell means nej."""
    text = as_text(cell).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(f"»{heading}« skal være ja eller nej. Der står »{shown(text)}«.")


def one_of(cell: Cell, heading: str, choices: dict[str, str]) -> str:
    """The stored value of a word: `choices` are stored values with the words people write."""
    text = as_text(cell)
    if not text:
        return ""
    wanted = " ".join(text.split()).casefold()
    for stored, word in choices.items():
        if wanted in (stored.casefold(), word.casefold()):
            return stored
    raise Unreadable(f"»{heading}« skal være en af: {_listed(choices.values())}. Der står »{shown(text)}«.")


def cpr(cell: Cell) -> Cpr | None:
    """A CPR number, also one whose first zero the spreadsheet has swallowed; None for an empty cell.

    The sentence never holds the number.
    """
    text = as_text(cell)
    if not text:
        return None
    if re.fullmatch(r"\d{9}", text):
        text = f"0{text}"
    try:
        return parse_cpr(text)
    except CprError as error:
        raise Unreadable(str(error)) from None


def identifier(cell: Cell, heading: str) -> UUID | None:
    """A citizen's key; None for an empty cell."""
    text = as_text(cell)
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable(
            f"»{heading}« er ikke en borgernøgle, som systemet giver dem. Lad den stå tom."
        ) from None


def municipality(cell: Cell, heading: str, known: dict[str, str]) -> str:
    """The four-digit code of a municipality given by code or name; "" for an empty cell."""
    text = " ".join(as_text(cell).split())
    if not text:
        return ""
    wanted = text.casefold().removesuffix(" kommune")
    # A spreadsheet takes the first zero of 0751.
    code = known.get(wanted.zfill(4) if wanted.isdecimal() else wanted)
    if code is None:
        raise Unreadable(f"»{heading}« er ikke en kommune, systemet kender: »{shown(text)}«.")
    return code


def shown(text: str) -> str:
    """A text short enough for a sentence."""
    clean = "".join(sign if sign.isprintable() else "·" for sign in text)
    return clean if len(clean) <= _SHOWN else f"{clean[:_SHOWN]}…"


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)
