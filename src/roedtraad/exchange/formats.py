"""The four files: their columns, what each means, and how a cell is read.

Described here and nowhere else: the pages, the empty templates, docs/import.md and the exports all read this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from roedtraad.core import clock
from roedtraad.exchange import parsing, rules
from roedtraad.exchange.parsing import Cell
from roedtraad.journeys.rules import HIGHEST_RATE
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup
from roedtraad.organisation.models.unit import UnitKind

Municipalities = dict[str, str]
Reader = Callable[[Cell, str, Municipalities], Any]


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
    """One of the four files. `faults` says what is wrong with a row by itself."""

    kind: str
    words: str
    explanation: str
    columns: tuple[Column, ...]
    faults: Callable[[Mapping[str, Any]], list[str]]
    personal: bool = False

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


def _text(longest: int) -> Reader:
    return lambda cell, heading, _known: parsing.line_text(cell, heading, longest)


def _slug(longest: int) -> Reader:
    return lambda cell, heading, _known: parsing.slug(cell, heading, longest)


def _choice(choices: type[TextChoices]) -> Reader:
    return lambda cell, heading, _known: parsing.one_of(cell, heading, words_of(choices))


def _day(cell: Cell, heading: str, _known: Municipalities) -> Any:
    return parsing.day(cell, heading)


def _yes_no(cell: Cell, heading: str, _known: Municipalities) -> Any:
    return parsing.yes_no(cell, heading)


def _amount(cell: Cell, heading: str, _known: Municipalities) -> Decimal | None:
    return parsing.amount(cell, heading, HIGHEST_RATE)


def _cpr(cell: Cell, _heading: str, _known: Municipalities) -> Any:
    return parsing.cpr(cell)


def _identifier(cell: Cell, heading: str, _known: Municipalities) -> Any:
    return parsing.identifier(cell, heading)


def _citizen(cell: Cell, heading: str, _known: Municipalities) -> Any:
    """A citizen's key, or else their CPR number."""
    text = parsing.as_text(cell)
    return parsing.identifier(text, heading) if len(text) >= 32 else parsing.cpr(cell)


def _words(choices: type[TextChoices]) -> str:
    return ", ".join(words_of(choices).values())


UNITS = Format(
    "enheder",
    "Enheder",
    "Én række for hver periode, en enhed har samme navn, art og plads i organisationen. En ny enhed, et nyt navn "
    "eller en flytning er en ny række med sin egen »gælder fra«; den forrige rækkes »gælder til og med« er dagen før.",
    (
        Column("key", "nøgle", "Enhedens faste nøgle. Den skifter aldrig.", "tangkaer", _slug(80), True),
        Column("kind", "art", f"En af: {_words(UnitKind)}.", "tilbud", _choice(UnitKind), True),
        Column("name", "navn", "Navnet i perioden.", "Tangkær", _text(160), True),
        Column("short_name", "kort navn", "Et kort navn til tabeller.", "", _text(60)),
        Column(
            "parent",
            "hører under",
            "Nøglen på den enhed, den hører under. Tom for regionen selv.",
            "psykiatri",
            _slug(80),
        ),
        Column("manager_title", "lederens titel", "", "Forstander", _text(160)),
        Column("municipality", "kommune", "Kommunens kode eller navn.", "0707", parsing.municipality),
        Column("sites", "placering", "Byer eller regionshuse; flere adskilles med |.", "Ørsted", _text(160)),
        Column("address", "adresse", "", "Skovvej 1", _text(200)),
        Column("tasks", "opgaver", "Opgaverne med få ord.", "", _text(600)),
        Column("valid_from", "gælder fra", "Første dag.", "2024-01-01", _day, True),
        Column("valid_last", "gælder til og med", "Sidste dag. Tom, når rækken stadig gælder.", "", _day),
    ),
    rules.unit_faults,
)

PLACES = Format(
    "pladser",
    "Pladser",
    "Én række for hver periode, en plads hører samme sted til og er for de samme. Rækkerne for en plads er "
    "tilsammen pladsens levetid.",
    (
        Column("code", "plads", "Pladsens nummer. Det skifter aldrig.", "TANG-01", _text(40), True),
        Column("category", "døgn eller dag", f"En af: {_words(Category)}.", "døgn", _choice(Category), True),
        Column("unit", "enhed", "Nøglen på den enhed, pladsen hører til.", "tangkaer", _slug(80), True),
        Column(
            "legal_basis",
            "lovgrundlag",
            "Paragraffens kode, fx SEL107, SEL108, SEL103, SEL104 eller BL43.",
            "SEL108",
            _text(20),
            True,
        ),
        Column(
            "target_group",
            "målgruppe",
            f"En af: {_words(TargetGroup)}.",
            "socialpsykiatri",
            _choice(TargetGroup),
            True,
        ),
        Column("age_group", "aldersgruppe", f"En af: {_words(AgeGroup)}.", "voksne", _choice(AgeGroup), True),
        Column("valid_from", "gælder fra", "Første dag.", "2024-01-01", _day, True),
        Column("valid_last", "gælder til og med", "Sidste dag. Tom, når pladsen stadig er der.", "", _day),
    ),
    rules.place_faults,
)


def _relation(role: str, example: tuple[str, str]) -> tuple[Column, ...]:
    word = rules.ROLES[role]
    return (
        Column(role, word, "Kommunens kode eller navn.", example[0], parsing.municipality),
        Column(f"{role}_from", f"{word} fra", "Første dag.", example[1], _day),
        Column(f"{role}_last", f"{word} til og med", "Sidste dag. Tom, når det stadig gælder.", "", _day),
    )


CITIZENS = Format(
    "borgere",
    "Borgere",
    "Én række for hver borger. Har en borger haft flere kommuner i samme rolle, skrives borgeren på flere rækker: "
    "navn og adresse er de samme, kommune og datoer er forskellige.",
    (
        Column(
            "key",
            "nøgle",
            "Borgerens nøgle, som systemet giver den. Tom for en ny borger med CPR-nummer.",
            "",
            _identifier,
        ),
        Column(
            "cpr",
            "cpr",
            "CPR-nummer eller erstatningsnummer. En tom celle ændrer ikke et nummer, der er skrevet.",
            "010190-9901",
            _cpr,
        ),
        Column("first_name", "fornavn", "", "Ane", _text(80), True),
        Column("last_name", "efternavn", "", "Prøve", _text(80), True),
        Column("birth_date", "fødselsdato", "Kun nødvendig for en borger uden CPR-nummer.", "", _day),
        Column(
            "address", "adresse", "En tom celle ændrer ikke en beskyttet adresse.", "Skovvej 1", _text(200)
        ),
        Column("address_protected", "adressebeskyttelse", "ja eller nej.", "nej", _yes_no),
        *_relation("acting", ("0751", "2024-01-01")),
        *_relation("paying", ("0751", "2024-01-01")),
        *_relation("residence", ("", "")),
    ),
    rules.citizen_faults,
    personal=True,
)

STAYS = Format(
    "ophold",
    "Ophold",
    "Én række for hvert ophold. Alle slutdatoer er den sidste dag (til og med).",
    (
        Column(
            "key",
            "nøgle",
            "Opholdets egen nøgle. Samme nøgle igen retter opholdet i stedet for at lave et nyt.",
            "ophold-1",
            _text(60),
            True,
        ),
        Column("citizen", "borger", "Borgerens nøgle eller CPR-nummer.", "010190-9901", _citizen, True),
        Column("place", "plads", "Pladsens nummer.", "TANG-01", _text(40), True),
        Column("payer", "betalingskommune", "Kommunens kode eller navn.", "0751", parsing.municipality, True),
        Column("ordered_start", "bestilt fra", "Første bestilte dag.", "2024-03-01", _day, True),
        Column(
            "ordered_end",
            "bestilt til og med",
            "Sidste bestilte dag. Tom, når der ikke er aftalt en.",
            "2024-12-31",
            _day,
        ),
        Column("actual_start", "flyttet ind", "Dagen, borgeren faktisk flyttede ind.", "2024-03-01", _day),
        Column("actual_end", "boede der til og med", "Sidste dag, borgeren faktisk boede der.", "", _day),
        Column("agreed_day_rate", "aftalt takst", "Kroner pr. døgn.", "2831,50", _amount),
        Column(
            "withdrawn",
            "fortrudt",
            "Dagen, bookingen blev fortrudt. Tom for et ophold, der gælder.",
            "",
            _day,
        ),
    ),
    lambda row: rules.stay_faults(row, clock.today()),
    personal=True,
)

FORMATS: dict[str, Format] = {form.kind: form for form in (UNITS, PLACES, CITIZENS, STAYS)}


def described() -> str:
    """The columns of the four files as Markdown, for docs/import.md."""
    parts = []
    for form in FORMATS.values():
        rows = "".join(
            f"| {column.heading} | {'ja' if column.required else ''} | {_cell(column.explanation)} | {column.example} |\n"
            for column in form.columns
        )
        table = f"| overskrift | skal udfyldes | betydning | eksempel |\n|---|---|---|---|\n{rows}"
        parts.append(f"### {form.words} (`{form.kind}`)\n\n{form.explanation}\n\n{table}\n")
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
