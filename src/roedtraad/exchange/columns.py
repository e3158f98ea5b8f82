"""What a column and a file are, and how a cell of each kind is read. The files themselves stand in `formats`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from roedtraad.exchange import parsing
from roedtraad.exchange.parsing import Cell

Municipalities = dict[str, str]
Reader = Callable[[Cell, str, Municipalities], Any]
LONGEST_SYSTEM, LONGEST_SOURCE_ID = 40, 100


@dataclass(frozen=True)
class Column:
    """A column: its name in the code, its heading in the file, what it means, an example, how it is read."""

    name: str
    heading: str
    explanation: str
    example: str
    read: Reader
    required: bool = False


@dataclass(frozen=True)
class Format:
    """One of the files. `faults` says what is wrong with a row by itself.

    `exported`: whether the same file can be fetched too.
    """

    kind: str
    words: str
    explanation: str
    columns: tuple[Column, ...]
    faults: Callable[[Mapping[str, Any]], list[str]]
    personal: bool = False
    exported: bool = True

    def column(self, name: str) -> Column:
        """The column with this name in the code."""
        return next(column for column in self.columns if column.name == name)

    @property
    def headings(self) -> list[str]:
        """The headings in their order."""
        return [column.heading for column in self.columns]

    @property
    def example(self) -> list[str]:
        """One row as it may look."""
        return [column.example for column in self.columns]

    def read_row(self, cells: Mapping[str, Cell], known: Municipalities) -> tuple[dict[str, Any], list[str]]:
        """The row's values by column name, and the sentences about what is wrong with it.

        `cells` holds the columns that are in the file. A row with faulty cells is not looked at as a whole.
        """
        values: dict[str, Any] = {}
        faults: list[str] = []
        for column in self.columns:
            if column.name not in cells:
                continue
            try:
                values[column.name] = value = column.read(cells[column.name], column.heading, known)
            except parsing.Unreadable as error:
                faults.append(str(error))
                continue
            if column.required and value in (None, ""):
                faults.append(f"»{column.heading}« mangler.")
        return values, faults or self.faults(values)


@cache
def words_of(choices: type[TextChoices]) -> dict[str, str]:
    """Stored values with their Danish words; the files are Danish whatever the reader's language."""
    with translation.override("da"):
        return {value: str(label) for value, label in choices.choices}


def text(longest: int) -> Reader:
    """A text on one line."""
    return lambda cell, heading, _known: parsing.line_text(cell, heading, longest)


def slug(longest: int) -> Reader:
    """A key in small letters."""
    return lambda cell, heading, _known: parsing.slug(cell, heading, longest)


def choice(choices: type[TextChoices]) -> Reader:
    """One of the words, as it is stored."""
    return lambda cell, heading, _known: parsing.one_of(cell, heading, words_of(choices))


def day(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A date, None for an empty cell."""
    return parsing.day(cell, heading)


def yes_no(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """Ja or nej."""
    return parsing.yes_no(cell, heading)


def cpr(cell: Cell, _heading: str, _known: Municipalities) -> Any:
    """A CPR number, None for an empty cell."""
    return parsing.cpr(cell)


def identifier(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A citizen's key, None for an empty cell."""
    return parsing.identifier(cell, heading)


def citizen(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A citizen's key, or else their CPR number."""
    text = parsing.as_text(cell)
    return parsing.identifier(text, heading) if len(text) >= 32 else parsing.cpr(cell)


def person(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A citizen's key (UUID), or else the text: a CPR number, or the number of the old system."""
    given = parsing.as_text(cell)
    if len(given) >= 32:
        try:
            return parsing.identifier(given, heading)
        except parsing.Unreadable:
            pass
    return parsing.line_text(given, heading, LONGEST_SOURCE_ID)


def moment(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A day with a time of day, None for an empty cell."""
    return parsing.moment(cell, heading)


def long_text(longest: int) -> Reader:
    """A text with line breaks."""
    return lambda cell, heading, _known: parsing.long_text(cell, heading, longest)


def several(longest: int) -> Reader:
    """Several texts, divided by |."""
    return lambda cell, heading, _known: parsing.several(cell, heading, longest)


def listed(choices: type[TextChoices]) -> str:
    """The words to choose from, for an explanation."""
    return ", ".join(words_of(choices).values())
