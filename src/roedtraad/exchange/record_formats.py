"""The files of an old system: relations, goals and notes. Each row is known again by the system and its number there."""

from __future__ import annotations

from roedtraad.citizens.models import Relation
from roedtraad.core import clock
from roedtraad.exchange import columns, record_rules
from roedtraad.exchange.columns import LONGEST_SOURCE_ID, LONGEST_SYSTEM, Column, Format
from roedtraad.practice.models import Goal, Note

_PERSON = "Borgerens nøgle, CPR-nummer eller nummer i det gamle system (»kilde-id« i filen med borgere)."


def origin(what: str, example: str, *, required: bool = True) -> tuple[Column, Column]:
    """The two columns that say where a row comes from."""
    return (
        Column(
            "system",
            "kildesystem",
            "Navnet på det system, rækken kommer fra. Det samme navn hver gang.",
            "Gammelt system" if required else "",
            columns.text(LONGEST_SYSTEM),
            required,
        ),
        Column(
            "source_id",
            "kilde-id",
            f"{what} nummer i det system. Samme nummer igen retter rækken i stedet for at lave en ny.",
            example,
            columns.text(LONGEST_SOURCE_ID),
            required,
        ),
    )


RELATIONS = Format(
    "relationer",
    "Relationer",
    "Én række for hvert menneske i en borgers liv. Værgemål og samtykker er ikke med; dem skriver en medarbejder, der "
    "har set papirerne.",
    (
        *origin("Relationens", "R-1"),
        Column("citizen", "borger", _PERSON, "010190-9901", columns.person, True),
        Column(
            "kind",
            "relation",
            f"En af: {columns.listed(Relation.Kind)}.",
            "mor",
            columns.choice(Relation.Kind),
            True,
        ),
        Column("name", "navn", "", "Inge Prøve", columns.text(record_rules.LONGEST_NAME), True),
        Column("phone", "telefon", "Mindst otte cifre.", "12 34 56 78", columns.text(30)),
        Column("email", "e-mail", "", "", columns.text(200)),
        Column("chosen_by_citizen", "valgt af borgeren", "ja eller nej.", "ja", columns.yes_no),
        Column("valid_from", "gælder fra", "Første dag.", "2020-01-01", columns.day, True),
        Column("valid_last", "gælder til og med", "Sidste dag. Tom, når det stadig gælder.", "", columns.day),
        Column("note", "bemærkning", "", "", columns.text(record_rules.LONGEST_REMARK)),
    ),
    record_rules.relation_faults,
    personal=True,
    exported=False,
)

GOALS = Format(
    "maal",
    "Mål",
    "Én række for hvert mål. Et mål, som nogen har rettet her siden sidste indlæsning, bliver stående, som det er.",
    (
        *origin("Målets", "M-1"),
        Column("citizen", "borger", _PERSON, "010190-9901", columns.person, True),
        Column("title", "mål", "", "Jeg laver aftensmad to gange om ugen", columns.text(200), True),
        Column(
            "kind", "type", f"En af: {columns.listed(Goal.Kind)}.", "udvikle", columns.choice(Goal.Kind), True
        ),
        Column("description", "beskrivelse", "", "", columns.long_text(record_rules.LONGEST_DESCRIPTION)),
        Column("municipal_goal", "mål i kommunens handleplan", "", "", columns.text(300)),
        Column(
            "theme",
            "tema",
            "Koden eller navnet på det tema, målet handler om: den tilstand i Fælles Faglige Begreber, når de er "
            "indlæst, ellers et tema på den korte liste.",
            "",
            columns.text(160),
        ),
        Column("starts_on", "begynder", "Første dag.", "2024-01-01", columns.day, True),
        Column("follow_up_on", "følges op", "Dagen for næste opfølgning.", "2024-06-01", columns.day),
        Column("closed_on", "afsluttet den", "Tom for et mål, der stadig gælder.", "", columns.day),
        Column("closed_note", "hvorfor afsluttet", "", "", columns.text(400)),
        Column("author", "skrevet af", "Hvem der skrev det i det gamle system.", "", columns.text(120)),
    ),
    lambda row: record_rules.goal_faults(row, clock.today()),
    personal=True,
    exported=False,
)

NOTES = Format(
    "notater",
    "Notater",
    "Én række for hvert notat. Et notat overskrives aldrig: er det ændret i det gamle system, bliver det rettet her, "
    "og den gamle tekst står i historikken. Er det rettet eller trukket tilbage her, bliver det stående.",
    (
        *origin("Notatets", "N-1"),
        Column("citizen", "borger", _PERSON, "010190-9901", columns.person, True),
        Column(
            "kind",
            "art",
            f"En af: {columns.listed(Note.Kind)}. Tom: dagsnotat.",
            "dagsnotat",
            columns.choice(Note.Kind),
        ),
        Column(
            "occurred_at",
            "skete",
            "Dag og klokkeslæt. En dag uden klokkeslæt bliver klokken 12.",
            "31-03-2024 14.20",
            columns.moment,
            True,
        ),
        Column("text", "notat", "", "Gåtur i skoven.", columns.long_text(record_rules.LONGEST_NOTE), True),
        Column(
            "tags", "mærker", "Flere adskilles med |.", "gåtur", columns.several(record_rules.LONGEST_TAG)
        ),
        Column(
            "goals",
            "mål",
            "»kilde-id« på mål i samme system; flere adskilles med |.",
            "",
            columns.several(LONGEST_SOURCE_ID),
        ),
        Column(
            "author", "skrevet af", "Hvem der skrev det i det gamle system.", "Kim Prøve", columns.text(120)
        ),
    ),
    lambda row: record_rules.note_faults(row, clock.now()),
    personal=True,
    exported=False,
)
