"""The files: their columns, what each means, and how a cell is read.

Described here (the four of the house) and in `record_formats` (what comes from an old system), and nowhere else: the
pages, the empty templates, docs/import.md and the exports all read this.
"""

from __future__ import annotations

from decimal import Decimal

from roedtraad.core import clock
from roedtraad.exchange import columns, parsing, rules
from roedtraad.exchange.columns import Column, Format, Municipalities
from roedtraad.exchange.parsing import Cell
from roedtraad.exchange.record_formats import GOALS, NOTES, RELATIONS, origin
from roedtraad.journeys.rules import HIGHEST_RATE
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup
from roedtraad.organisation.models.unit import UnitKind


def _amount(cell: Cell, heading: str, _known: Municipalities) -> Decimal | None:
    return parsing.amount(cell, heading, HIGHEST_RATE)


UNITS = Format(
    "enheder",
    "Enheder",
    "Én række for hver periode, en enhed har samme navn, art og plads i organisationen. En ny enhed, et nyt navn "
    "eller en flytning er en ny række med sin egen »gælder fra«; den forrige rækkes »gælder til og med« er dagen før.",
    (
        Column(
            "key", "nøgle", "Enhedens faste nøgle. Den skifter aldrig.", "tangkaer", columns.slug(80), True
        ),
        Column(
            "kind", "art", f"En af: {columns.listed(UnitKind)}.", "tilbud", columns.choice(UnitKind), True
        ),
        Column("name", "navn", "Navnet i perioden.", "Tangkær", columns.text(160), True),
        Column("short_name", "kort navn", "Et kort navn til tabeller.", "", columns.text(60)),
        Column(
            "parent",
            "hører under",
            "Nøglen på den enhed, den hører under. Tom for regionen selv.",
            "psykiatri",
            columns.slug(80),
        ),
        Column("manager_title", "lederens titel", "", "Forstander", columns.text(160)),
        Column("municipality", "kommune", "Kommunens kode eller navn.", "0707", parsing.municipality),
        Column(
            "sites",
            "placering",
            "Byer eller regionshuse; flere adskilles med |.",
            "Ørsted",
            columns.text(160),
        ),
        Column("address", "adresse", "", "Skovvej 1", columns.text(200)),
        Column("tasks", "opgaver", "Opgaverne med få ord.", "", columns.text(600)),
        Column("valid_from", "gælder fra", "Første dag.", "2024-01-01", columns.day, True),
        Column(
            "valid_last", "gælder til og med", "Sidste dag. Tom, når rækken stadig gælder.", "", columns.day
        ),
    ),
    rules.unit_faults,
)

PLACES = Format(
    "pladser",
    "Pladser",
    "Én række for hver periode, en plads hører samme sted til og er for de samme. Rækkerne for en plads er "
    "tilsammen pladsens levetid.",
    (
        Column("code", "plads", "Pladsens nummer. Det skifter aldrig.", "TANG-01", columns.text(40), True),
        Column(
            "category",
            "døgn eller dag",
            f"En af: {columns.listed(Category)}.",
            "døgn",
            columns.choice(Category),
            True,
        ),
        Column(
            "unit", "enhed", "Nøglen på den enhed, pladsen hører til.", "tangkaer", columns.slug(80), True
        ),
        Column(
            "legal_basis",
            "lovgrundlag",
            "Paragraffens kode, fx SEL107, SEL108, SEL103, SEL104 eller BL43.",
            "SEL108",
            columns.text(20),
            True,
        ),
        Column(
            "target_group",
            "målgruppe",
            f"En af: {columns.listed(TargetGroup)}.",
            "socialpsykiatri",
            columns.choice(TargetGroup),
            True,
        ),
        Column(
            "age_group",
            "aldersgruppe",
            f"En af: {columns.listed(AgeGroup)}.",
            "voksne",
            columns.choice(AgeGroup),
            True,
        ),
        Column("valid_from", "gælder fra", "Første dag.", "2024-01-01", columns.day, True),
        Column(
            "valid_last", "gælder til og med", "Sidste dag. Tom, når pladsen stadig er der.", "", columns.day
        ),
    ),
    rules.place_faults,
)


def _relation(role: str, example: tuple[str, str]) -> tuple[Column, ...]:
    word = rules.ROLES[role]
    return (
        Column(role, word, "Kommunens kode eller navn.", example[0], parsing.municipality),
        Column(f"{role}_from", f"{word} fra", "Første dag.", example[1], columns.day),
        Column(
            f"{role}_last", f"{word} til og med", "Sidste dag. Tom, når det stadig gælder.", "", columns.day
        ),
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
            "Borgerens nøgle, som systemet giver den. Tom for en ny borger.",
            "",
            columns.identifier,
        ),
        Column(
            "cpr",
            "cpr",
            "CPR-nummer eller erstatningsnummer. En tom celle ændrer ikke et nummer, der er skrevet.",
            "010190-9901",
            columns.cpr,
        ),
        Column("first_name", "fornavn", "", "Ane", columns.text(80), True),
        Column("last_name", "efternavn", "", "Prøve", columns.text(80), True),
        Column("birth_date", "fødselsdato", "Kun nødvendig for en borger uden CPR-nummer.", "", columns.day),
        Column(
            "address",
            "adresse",
            "En tom celle ændrer ikke en beskyttet adresse.",
            "Skovvej 1",
            columns.text(200),
        ),
        Column("address_protected", "adressebeskyttelse", "ja eller nej.", "nej", columns.yes_no),
        *_relation("acting", ("0751", "2024-01-01")),
        *_relation("paying", ("0751", "2024-01-01")),
        *_relation("residence", ("", "")),
        *origin("Borgerens", "", required=False),
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
            columns.text(60),
            True,
        ),
        Column(
            "citizen", "borger", "Borgerens nøgle eller CPR-nummer.", "010190-9901", columns.citizen, True
        ),
        Column("place", "plads", "Pladsens nummer.", "TANG-01", columns.text(40), True),
        Column("payer", "betalingskommune", "Kommunens kode eller navn.", "0751", parsing.municipality, True),
        Column("ordered_start", "bestilt fra", "Første bestilte dag.", "2024-03-01", columns.day, True),
        Column(
            "ordered_end",
            "bestilt til og med",
            "Sidste bestilte dag. Tom, når der ikke er aftalt en.",
            "2024-12-31",
            columns.day,
        ),
        Column(
            "actual_start", "flyttet ind", "Dagen, borgeren faktisk flyttede ind.", "2024-03-01", columns.day
        ),
        Column(
            "actual_end", "boede der til og med", "Sidste dag, borgeren faktisk boede der.", "", columns.day
        ),
        Column("agreed_day_rate", "aftalt takst", "Kroner pr. døgn.", "2831,50", _amount),
        Column(
            "withdrawn",
            "fortrudt",
            "Dagen, bookingen blev fortrudt. Tom for et ophold, der gælder.",
            "",
            columns.day,
        ),
    ),
    lambda row: rules.stay_faults(row, clock.today()),
    personal=True,
)

FORMATS: dict[str, Format] = {
    form.kind: form for form in (UNITS, PLACES, CITIZENS, STAYS, RELATIONS, GOALS, NOTES)
}


def described() -> str:
    """The columns of the files as Markdown, for docs/import.md."""
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
