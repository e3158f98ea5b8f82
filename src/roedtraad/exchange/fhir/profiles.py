"""Our own check of a report against KL's profiles: which elements each resource may and must have. Pure.

The library looks at the shape of FHIR R4; it knows neither KL's profiles nor codes. Here every element of a resource is
on a list or is a fault, so there is no place in a report for a name, a note or any other free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roedtraad.exchange.fhir import words

Json = dict[str, Any]

# Elements whose words somebody writes; none of them may stand anywhere in a report.
FREE_TEXT = frozenset(
    {"text", "display", "note", "title", "summary", "comment", "div", "name", "contentString", "valueString"}
    | {"statusReason", "patientInstruction", "contained", "presentedForm", "data", "assigner"}
)
_CODE = re.compile(r"[^\s]{1,64}")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Profile:
    """The elements a resource must have, and those it may have beside."""

    words: str
    must: frozenset[str]
    may: frozenset[str] = frozenset()


def _profile(words: str, must: str, may: str = "") -> Profile:
    return Profile(words, frozenset(must.split()), frozenset(may.split()))


PATIENT = _profile("borgeren", "identifier managingOrganization")
PROFILES: dict[str, Profile] = {
    "Patient": PATIENT,
    "ServiceRequest": _profile("anledningen", "status intent subject", "extension"),
    "ClinicalImpression": _profile(
        "udredningen", "extension status subject effectiveDateTime", "finding investigation"
    ),
    "Condition": _profile(
        "tilstanden", "clinicalStatus code subject recordedDate", "severity verificationStatus extension"
    ),
    "Goal": _profile("målet", "lifecycleStatus category description subject target addresses"),
    "Encounter": _profile("opfølgningen", "status class type subject period"),
    "CareTeam": _profile("udføreren", "category subject"),
    "plan": _profile("planen", "extension status intent subject period", "careTeam addresses goal activity"),
    "intervention": _profile("indsatsen", "basedOn status intent subject period created activity"),
    "evaluation": _profile("støttebehovet", "status code subject effectiveDateTime valueCodeableConcept"),
    "result": _profile("resultatet", "status code subject focus effectiveDateTime valueCodeableConcept"),
}


def profile_of(resource: Json) -> str:
    """Which profile a resource is to follow; "" for one that has no place in a report."""
    kind = str(resource.get("resourceType", ""))
    if kind == "CarePlan":
        return "intervention" if resource.get("basedOn") else "plan"
    if kind == "Observation":
        return "result" if resource.get("focus") else "evaluation"
    return kind if kind in PROFILES else ""


def faults(bundle: Json) -> list[str]:
    """What in a bundle KL's profiles do not allow, as sentences; empty when it follows them."""
    return list(_faults(bundle))


def _faults(bundle: Json) -> Iterator[str]:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "collection":
        yield "Filen er ikke en samling (Bundle af typen »collection«)."
        return
    if not bundle.get("timestamp"):
        yield "Samlingen mangler et tidspunkt."
    if extra := set(bundle) - {"resourceType", "id", "meta", "type", "timestamp", "entry"}:
        yield f"Samlingen har »{', '.join(sorted(extra))}«, som ikke hører til."
    entries = [entry for entry in bundle.get("entry") or () if isinstance(entry, dict)]
    resources = [entry["resource"] for entry in entries if isinstance(entry.get("resource"), dict)]
    kinds = [profile_of(resource) for resource in resources]
    for wanted, what in (("Patient", "én borger"), ("plan", "én plan")):
        if kinds.count(wanted) != 1:
            yield f"Samlingen skal have præcis {what}; her er der {kinds.count(wanted)}."
    for number, (resource, kind) in enumerate(zip(resources, kinds, strict=True), start=1):
        for sentence in _resource_faults(resource, kind):
            yield f"Del {number}: {sentence}"
    yield from (
        f"Fri tekst må ikke sendes til KL: der er »{where}«." for where in sorted(set(_texts(bundle, "")))
    )
    yield from _dangling(resources)


def _resource_faults(resource: Json, kind: str) -> Iterator[str]:
    if not kind:
        yield f"»{resource.get('resourceType')}« hører ikke til i en indberetning."
        return
    profile = PROFILES[kind]
    there = set(resource) - {"resourceType", "id", "meta"}
    for name in sorted(profile.must - there):
        yield f"{profile.words} mangler »{name}«."
    for name in sorted(there - profile.must - profile.may):
        yield f"{profile.words} må ikke have »{name}«."
    if kind == "Condition" and resource.get("severity") and _system(resource.get("severity")) is None:
        yield "tilstandens funktionsniveau er ikke en kode."
    if kind == "Patient":
        yield from _identified(resource)
    if kind == "Goal" and len(resource.get("target") or ()) != 2:
        yield "målet skal have ét funktionsniveau og én måltype."
    if kind == "result" and resource.get("status") not in ("final", "entered-in-error"):
        yield "resultatet skal være endeligt eller en fejl."
    if kind == "plan":
        yield from (
            f"sagsnummeret »{number[:20]}« er ikke et nummer."
            for number in case_numbers(resource)
            if not _NUMBER.fullmatch(number)
        )


def _identified(patient: Json) -> Iterator[str]:
    numbers = [item for item in patient.get("identifier") or () if isinstance(item, dict)]
    if [item.get("system") for item in numbers] != [words.CPR]:
        yield "borgeren skal have præcis ét CPR-nummer."


def _system(concept: Any) -> str | None:
    """The one coding's system; None for a concept that is not exactly one code."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    if not isinstance(codings, list) or len(codings) != 1 or not isinstance(codings[0], dict):
        return None
    code, system = codings[0].get("code"), codings[0].get("system")
    return system if isinstance(system, str) and isinstance(code, str) and _CODE.fullmatch(code) else None


def case_numbers(resource: Json) -> list[str]:
    """The municipality's case numbers of a plan or an occasion."""
    return [
        str((inner.get("valueIdentifier") or {}).get("value", ""))
        for outer in resource.get("extension") or ()
        if isinstance(outer, dict) and words.same_extension(outer.get("url"), words.CASE_NUMBER)
        for inner in outer.get("extension") or ()
        if isinstance(inner, dict)
    ]


def _texts(value: Any, where: str) -> Iterator[str]:
    """Where there is an element that holds words."""
    if isinstance(value, dict):
        for name, inner in value.items():
            place = f"{where}.{name}" if where else name
            if name in FREE_TEXT:
                yield place
            else:
                yield from _texts(inner, place)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, where)


def _dangling(resources: list[Json]) -> Iterator[str]:
    there = {f"{resource.get('resourceType')}/{resource.get('id')}" for resource in resources}
    pointed = {pointer for resource in resources for pointer in _references(resource)}
    for pointer in sorted(pointed - there):
        yield f"»{pointer[:60]}« peges der på, men den er ikke i samlingen."


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and isinstance(inner, str):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
