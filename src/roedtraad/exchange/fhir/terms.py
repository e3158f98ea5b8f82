"""The codes that a report is written with, as the operator's own files give them. Pure.

KL states no licence for its code lists, so none is part of the product: `roedtraad terminology load` reads them, the
common terms (FFB) as CSV or JSON, and the shared technical codes (CareSocialCodes) as JSON. Here a code is found by the
words KL gives it and the list it stands in.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.assessments import Level, SupportNeed
from roedtraad.practice.rules.goals import FollowUp, GoalKind

FFB = "urn:oid:1.2.208.176.2.22"
CARE_SOCIAL = "http://fhir.kl.dk/term/CodeSystem/CareSocialCodes"
LONGEST_FILE = 20 * 1024 * 1024


class Part(StrEnum):
    """What a code is for."""

    LEVEL = "level"
    NEED = "need"
    KIND = "kind"
    DECISION = "decision"
    SERVICE = "service"
    OFFER = "offer"
    GROUP = "group"
    TECHNICAL = "technical"


class Technical(StrEnum):
    """The shared codes that say what a piece of the report is."""

    GOAL = "goal"
    LEVEL_MEASURE = "level_measure"
    KIND_MEASURE = "kind_measure"
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Code:
    """A code, what it is for, what it stands for here ("" where it is chosen from a list), and its name."""

    part: Part
    value: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """All codes that are loaded. `conditions` says of each condition whether it is of activity and participation."""

    codes: tuple[Code, ...] = ()
    conditions: Mapping[str, bool] = field(default_factory=dict)

    def of(self, part: Part) -> dict[str, str]:
        """The codes of a part by what they stand for."""
        return {code.value: code.code for code in self.codes if code.part is part}

    def meaning(self, part: Part) -> dict[str, str]:
        """What the codes of a part stand for, by code."""
        return {code.code: code.value for code in self.codes if code.part is part}

    def listed(self, part: Part) -> dict[str, str]:
        """The codes of a list to choose from with their names."""
        return {code.code: code.name for code in self.codes if code.part is part}


_LEVELS = {
    "ingen": Level.NONE,
    "let": Level.LIGHT,
    "moderat": Level.MODERATE,
    "svært": Level.SEVERE,
    "fuldstændig": Level.COMPLETE,
    "fuldstændigt": Level.COMPLETE,
    "ikke": Level.NOT_ASSESSED,
}
_NEEDS = {
    "intet": SupportNeed.NONE,
    "let": SupportNeed.LIGHT,
    "moderat": SupportNeed.MODERATE,
    "højt": SupportNeed.HIGH,
    "fuldstændigt": SupportNeed.COMPLETE,
}
_KINDS = {"udvikle": GoalKind.DEVELOP, "fastholde": GoalKind.MAINTAIN, "begrænse": GoalKind.LIMIT_LOSS}
_TECHNICAL = {
    ("Mål/formål", "FFB indsatsmål"): Technical.GOAL,
    ("Målfokus", "funktionsevneniveau"): Technical.LEVEL_MEASURE,
    ("Målfokus", "måltype"): Technical.KIND_MEASURE,
    ("evaluering", "FFB støttebehovsvurdering"): Technical.EVALUATION,
    ("kontaktaktivitet", "opfølgning"): Technical.FOLLOW_UP,
}


def _first_word(words: Mapping[str, Any]) -> Callable[[str], str | None]:
    def meaning(name: str) -> str | None:
        found = words.get(name.split(" ", 1)[0].casefold())
        return None if found is None else str(found)

    return meaning


def _decision(name: str) -> str | None:
    if "fortsættelse" in name:
        return FollowUp.CONTINUE.value
    if "afslutning" not in name:
        return None
    return FollowUp.END_AND_REFER.value if "visiter" in name else FollowUp.END.value


# Under which heading the codes of a part stand, and what each stands for; a list to choose from has its leaves.
_LISTS: tuple[tuple[str, Part, Callable[[str], str | None] | None], ...] = (
    ("Funktionsevneniveau", Part.LEVEL, _first_word(_LEVELS)),
    ("Støttebehovsniveau", Part.NEED, _first_word(_NEEDS)),
    ("Måltype", Part.KIND, _first_word(_KINDS)),
    ("Status på indsats", Part.DECISION, _decision),
    ("Ydelse", Part.SERVICE, None),
    ("Tilbud", Part.OFFER, None),
    ("Målgruppe", Part.GROUP, None),
)
# How many meanings each part must have to write any report.
_NEEDED = {
    Part.LEVEL: [str(level.value) for level in Level],
    Part.NEED: [str(need.value) for need in SupportNeed],
    Part.KIND: [kind.value for kind in GoalKind],
    Part.DECISION: [decision.value for decision in FollowUp],
    Part.TECHNICAL: [technical.value for technical in Technical],
}
Row = tuple[str, str, str]


def read_codes(raw: bytes) -> list[Code]:
    """The codes for reports in a file of KL's: FFB as CSV or JSON, or CareSocialCodes as JSON.

    Refusal for a file that cannot be read, and for one without any of the codes.
    """
    rows = list(_rows(raw))
    children: dict[str, list[Row]] = {}
    for row in rows:
        children.setdefault(row[2], []).append(row)
    names = {code: name for code, name, _parent in rows}
    found: list[Code] = []
    for heading, part, meaning in _LISTS:
        for root in (row for row in rows if row[1] == heading and row[0] in children):
            if meaning is None:
                found += [Code(part, "", code, name) for code, name in _leaves(root, children)]
                continue
            for code, name, _parent in children[root[0]]:
                value = meaning(name)
                if value is not None:
                    found.append(Code(part, value, code, name))
    for code, name, parent in rows:
        technical = _TECHNICAL.get((names.get(parent, ""), name))
        if technical is not None:
            found.append(Code(Part.TECHNICAL, technical.value, code, name))
    if not found:
        raise Refusal(
            "Filen har ingen af de koder, en indberetning skrives med. Se efter, om det er den rigtige."
        )
    return found


def _leaves(root: Row, children: Mapping[str, list[Row]]) -> Iterator[tuple[str, str]]:
    for row in children.get(root[0], []):
        if row[0] in children:
            yield from _leaves(row, children)
        else:
            yield row[0], row[1]


def _rows(raw: bytes) -> Iterator[Row]:
    """Code, name and the code above of each concept."""
    if len(raw) > LONGEST_FILE:
        raise Refusal("Filen er for stor til at være en liste med koder.")
    try:
        text = raw.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            yield from _of_concepts(json.loads(text).get("concept", []), "")
        else:
            for row in csv.DictReader(io.StringIO(text, newline="")):
                yield (
                    (row["code"] or "").strip(),
                    (row["display"] or "").strip(),
                    (row["parent"] or "").strip(),
                )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error):
        raise Refusal("Filen kan ikke læses som en liste med koder (CSV eller JSON i UTF-8).") from None


def _of_concepts(concepts: Iterable[Mapping[str, Any]], parent: str) -> Iterator[Row]:
    for concept in concepts:
        yield str(concept["code"]), str(concept.get("display", "")), parent
        yield from _of_concepts(concept.get("concept", ()), str(concept["code"]))


def missing(terms: Terms) -> list[str]:
    """What must be loaded before a report can be written or read, in words; empty when all is there."""
    found = []
    if not terms.conditions or any(_lacks(terms, part) for part in _NEEDED if part is not Part.TECHNICAL):
        found.append(
            "Fælles Faglige Begreber (FFB) er ikke indlæst, så tilstande, niveauer og måltyper har ingen koder."
        )
    if _lacks(terms, Part.TECHNICAL):
        found.append("KL's fælles koder (CareSocialCodes) er ikke indlæst, så delene kan ikke mærkes.")
    return found


def _lacks(terms: Terms, part: Part) -> bool:
    there = terms.of(part)
    return any(value not in there for value in _NEEDED[part])
