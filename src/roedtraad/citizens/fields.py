"""Which facts about a citizen only some may read, and why: the one table. Pure.

Seeing a citizen is not reading everything about them. A field that stands here is read by the roles of its row, by
those alone, and never in an emergency; everybody else sees a word in its place, whether or not anything is written.
Pages, exports, the API and the log ask here. docs/access.md shows the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from roedtraad.access.roles import Role

HIDDEN = "Skjult"


class Field(StrEnum):
    """A field with readers of its own."""

    PROTECTED_ADDRESS = "protected_address"
    SUBSTANCE = "substance"
    SEXUAL = "sexual"


@dataclass(frozen=True)
class FieldRule:
    """Who reads a field, what it is called, and which law asks for it."""

    words: str
    readers: frozenset[Role]
    because: str


# Those who help the citizen each day, who answer for that help, and the citizen.
_CLOSE = frozenset({Role.CITIZEN, Role.SUPPORT_WORKER, Role.LEADER})
_SPECIAL = (
    "databeskyttelsesforordningen art. 9 og databeskyttelsesloven § 7 (følsomme oplysninger kun til den hjælp, de er "
    "nødvendige for), art. 5, stk. 1, litra c (ikke flere end nødvendigt) og art. 15 (borgerens egen indsigt)"
)

RULES: dict[Field, FieldRule] = {
    Field.PROTECTED_ADDRESS: FieldRule(
        "adressen, når den er beskyttet",
        frozenset({Role.CITIZEN}),
        "CPR-loven § 28 (navne- og adressebeskyttelse)",
    ),
    Field.SUBSTANCE: FieldRule("rusmidler", _CLOSE, _SPECIAL),
    Field.SEXUAL: FieldRule("seksuelle forhold", _CLOSE, _SPECIAL),
}


# Written as facts of their own (`SensitiveFact`).
SPECIAL = (Field.SUBSTANCE, Field.SEXUAL)
