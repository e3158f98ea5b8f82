"""Made-up code lists in the shape of KL's files; none of KL's own codes is part of the project."""

from __future__ import annotations

import json
from uuid import NAMESPACE_OID, uuid5

from roedtraad.exchange.fhir.terms import Terms, read_codes

CONDITIONS = {f"cond-{n}": n % 3 != 0 for n in range(9)}

_FFB = {
    "Social indsats": {
        "Ydelse": {"Støtte": {"Støtte i hjemmet": {}, "Støtte ude": {}}, "Kørsel": {}},
        "Tilbud": {"Botilbud": {"Længerevarende": {}}},
        "Målgruppe": {"Voksne": {"Gruppe A": {}, "Gruppe B": {}, "Gruppe C": {}}},
    },
    "Støttebehovsniveau": {
        "Ikke vurderet": {},
        "Intet støttebehov": {},
        "Let støttebehov": {},
        "Moderat støttebehov": {},
        "Højt støttebehov": {},
        "Fuldstændigt støttebehov": {},
    },
    "Status på indsats": {
        "Træf afgørelse om fortsættelse": {},
        "Træf afgørelse om afslutning": {},
        "Træf afgørelse om afslutning og visiter til ny": {},
    },
    "Måltype": {"Udvikle funktionsevne": {}, "Fastholde funktionsevne": {}, "Begrænse tab": {}},
    "Funktionsevneniveau": {
        "Ikke vurderet": {},
        "Ingen nedsat funktionsevne": {},
        "Let nedsat": {},
        "Moderat nedsat": {},
        "Svært nedsat": {},
        "Fuldstændig nedsat": {},
    },
}
_SHARED = {
    "evaluering": {"FFB støttebehovsvurdering": {}},
    "kontaktaktivitet": {"opfølgning": {}, "observation": {}},
    "Mål/formål": {"FFB indsatsmål": {}, "FFB delmål": {}},
    "Målfokus": {"funktionsevneniveau": {}, "måltype": {}},
}


def code(*path: str) -> str:
    """The made-up code of a concept."""
    return str(uuid5(NAMESPACE_OID, "/".join(path)))


def _concepts(tree: dict[str, dict], *above: str) -> list[dict]:  # type: ignore[type-arg]  # a tree of any depth
    return [
        {"code": code(*above, name), "display": name, "concept": _concepts(below, *above, name)}
        for name, below in tree.items()
    ]


def ffb_json() -> bytes:
    """The common terms as a code system."""
    return json.dumps({"resourceType": "CodeSystem", "concept": _concepts(_FFB)}).encode()


def shared_json() -> bytes:
    """The shared technical codes as a code system."""
    return json.dumps({"resourceType": "CodeSystem", "concept": _concepts(_SHARED)}).encode()


def ffb_csv() -> bytes:
    """The common terms as a table."""
    lines = ["code,display,parent,definition"]

    def walk(concepts: list[dict], parent: str) -> None:  # type: ignore[type-arg]  # as above
        for concept in concepts:
            lines.append(f"{concept['code']},{concept['display']},{parent},")
            walk(concept["concept"], concept["code"])

    walk(_concepts(_FFB), "")
    return "\n".join(lines).encode()


TERMS = Terms((*read_codes(ffb_json()), *read_codes(shared_json())), CONDITIONS)
