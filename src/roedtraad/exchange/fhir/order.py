"""An order (bestilling) from a municipality: read as it comes, for a person to look at. Pure.

KL's guide for the order is immature, so only what nothing can be done without is required: that it is an order, to
whom and from whom, for which plan, and about whom. The rest is shown when it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from roedtraad.core.cpr import CprError, parse_cpr
from roedtraad.core.identifiers import gln_ok
from roedtraad.exchange.fhir import words
from roedtraad.exchange.fhir.shape import NotFhir

Json = dict[str, Any]
EVENT = "ffb-order"
LONGEST = 4000
_CODE = re.compile(r"\d{3,4}")
_GUARDIANSHIP = re.compile(r"(?:§\s*)?([567])\b")
_ROLES = {
    "koordinerende-myndighed": "koordinerende myndighed",
    "samarbejdende-myndighed": "samarbejdende myndighed",
    "koordinerende-udfører": "koordinerende udfører",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the order: what they are to the citizen or the plan, and how to reach them."""

    role: str
    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What an order asks for, in words. Names of codes are as the sender wrote them, else as our lists say."""

    sender: str
    receiver: str
    cpr: str
    first_name: str
    last_name: str
    address: str = ""
    starts_on: str = ""
    ends_on: str = ""
    municipality: str = ""
    wishes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    guardianship: str = ""
    account: str = ""
    ean: str = ""
    documents: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def order_of(bundle: Json, names: Mapping[str, str]) -> Order:
    """The order in a bundle that is FHIR; `names` are the loaded codes' names. NotFhir with sentences for no order."""
    return _Reader(bundle, names).order()


class _Reader:
    def __init__(self, bundle: Json, names: Mapping[str, str]) -> None:
        self.bundle, self.names = bundle, names
        self.by_id: dict[str, Json] = {}
        for entry in bundle.get("entry") or ():
            resource = entry.get("resource") or {}
            for known_as in (entry.get("fullUrl"), f"{resource.get('resourceType')}/{resource.get('id')}"):
                if known_as:
                    self.by_id[str(known_as)] = resource
            if resource.get("id"):
                self.by_id[str(resource["id"])] = resource

    def order(self) -> Order:
        header = self._header()
        faults = []
        destination = (header.get("destination") or [{}])[0]
        receiver = str(self._at(destination.get("receiver")).get("name") or destination.get("name") or "")
        if not receiver:
            faults.append(
                "Bestillingen siger ikke, hvilket tilbud den er til (destination.receiver med navn)."
            )
        if not destination.get("endpoint"):
            faults.append("Bestillingen mangler modtagerens adresse (destination.endpoint).")
        focus = [self._at(reference) for reference in header.get("focus") or ()]
        plan = next((one for one in focus if one.get("resourceType") == "CarePlan"), None)
        if plan is None:
            faults.append(
                "Bestillingen peger ikke på den plan, der bestilles (focus på en CarePlan i samlingen)."
            )
        patient = self._at((plan or {}).get("subject"))
        if plan is not None and patient.get("resourceType") != "Patient":
            faults.append("Planen siger ikke, hvem den er til (subject på en Patient i samlingen).")
        cpr = self._cpr(patient)
        name = _first(patient.get("name"))
        first, last = " ".join(name.get("given") or ()), str(name.get("family") or "")
        if patient and not cpr:
            faults.append("Borgeren mangler et CPR-nummer, der findes.")
        if patient and not (first and last):
            faults.append("Borgeren mangler fornavn eller efternavn.")
        if faults or plan is None:
            raise NotFhir(faults)
        period = plan.get("period") or {}
        account = next((one for one in focus if one.get("resourceType") == "Account"), {})
        ean = self._ean(account)
        municipality = self._municipality(plan)
        return Order(
            sender=_cut(
                self._at(header.get("sender")).get("name") or (header.get("source") or {}).get("name") or ""
            ),
            receiver=_cut(receiver),
            cpr=cpr,
            first_name=_cut(first, 80),
            last_name=_cut(last, 80),
            address=self._address(patient),
            starts_on=str(period.get("start") or "")[:10],
            ends_on=str(period.get("end") or "")[:10],
            municipality=municipality,
            wishes=self._goals(plan, "wish"),
            purposes=self._goals(plan, "purpose"),
            goals=self._goals(plan, "goal"),
            target_groups=tuple(
                self._words(self._at(link).get("code")) for link in plan.get("addresses") or ()
            ),
            services=tuple(self._services(plan)),
            people=tuple(self._people(plan)),
            guardianship=self._guardianship(),
            account=self._account_number(account),
            ean=ean,
            documents=tuple(
                _cut(one.get("description") or "uden beskrivelse")
                for one in focus
                if one.get("resourceType") == "DocumentReference"
            ),
            remarks=tuple(self._remarks(plan, period, municipality, ean)),
        )

    def _header(self) -> Json:
        if self.bundle.get("type") != "message":
            raise NotFhir(["Samlingen er ikke en meddelelse (Bundle af typen »message«)."])
        first = _first(self.bundle.get("entry")).get("resource") or {}
        if first.get("resourceType") != "MessageHeader":
            raise NotFhir(["Meddelelsen begynder ikke med et hoved (MessageHeader)."])
        event = (first.get("eventCoding") or {}).get("code")
        if event != EVENT:
            raise NotFhir([f"Meddelelsen er ikke en bestilling (eventCoding skal være »{EVENT}«)."])
        return dict(first)

    def _at(self, reference: Any) -> Json:
        """The resource a reference points to in the bundle; empty when it is not there."""
        pointer = str((reference or {}).get("reference") or "")
        return self.by_id.get(pointer) or self.by_id.get(pointer.rsplit("/", 1)[-1]) or {}

    def _words(self, concept: Any) -> str:
        concept = concept or {}
        for coding in concept.get("coding") or ():
            if said := coding.get("display") or self.names.get(str(coding.get("code"))):
                return _cut(said)
        codes = [str(coding["code"]) for coding in concept.get("coding") or () if coding.get("code")]
        return _cut(concept.get("text") or ", ".join(codes) or "uden navn")

    def _cpr(self, patient: Json) -> str:
        for identifier in patient.get("identifier") or ():
            if identifier.get("system") == words.CPR:
                try:
                    return parse_cpr(str(identifier.get("value") or "")).number
                except CprError:
                    return ""
        return ""

    def _address(self, patient: Json) -> str:
        address = _first(patient.get("address"))
        parts = [
            *(address.get("line") or ()),
            f"{address.get('postalCode') or ''} {address.get('city') or ''}",
        ]
        return _cut(", ".join(part.strip() for part in parts if part.strip()), 200)

    def _goals(self, plan: Json, wanted: str) -> tuple[str, ...]:
        found = []
        for link in plan.get("goal") or ():
            goal = self._at(link)
            category = " ".join(self._words(one) for one in goal.get("category") or ()).casefold()
            kind = (
                "goal"
                if goal.get("target")
                else "wish"
                if "ønsker" in category or "borgers" in category
                else "purpose"
            )
            if goal and kind == wanted:
                found.append(self._words(goal.get("description")))
        return tuple(found)

    def _services(self, plan: Json) -> Iterator[str]:
        for resource in self._all("CarePlan"):
            if any(self._at(reference) is plan for reference in resource.get("basedOn") or ()):
                for activity in resource.get("activity") or ():
                    yield self._words((activity.get("detail") or {}).get("code"))

    def _people(self, plan: Json) -> Iterator[Person]:
        author = self._at(plan.get("author"))
        if author:
            yield Person("afsender", *self._named(author))
        for team in map(self._at, plan.get("careTeam") or ()):
            for participant in team.get("participant") or ():
                member = self._at(participant.get("member"))
                if not member:
                    continue
                role = next(iter(participant.get("role") or member.get("relationship") or ()), None)
                code = _first((role or {}).get("coding")).get("code")
                yield Person(
                    _ROLES.get(str(code)) or (self._words(role) if role else "deltager"), *self._named(member)
                )

    def _named(self, resource: Json) -> tuple[str, str]:
        name = resource.get("name")
        if isinstance(name, list):
            first = _first(name)
            name = " ".join([*(first.get("given") or ()), str(first.get("family") or "")]).strip()
        contacts = [resource, *(resource.get("contact") or ())]
        numbers = [str(one.get("value") or "") for each in contacts for one in each.get("telecom") or ()]
        return _cut(name or "uden navn"), _cut(", ".join(number for number in numbers if number), 200)

    def _guardianship(self) -> str:
        for person in self._all("RelatedPerson"):
            for extension in person.get("extension") or ():
                if words.same_extension(extension.get("url"), "kl-messaging-ffb-guardianshipForm"):
                    coding = extension.get("valueCoding") or {}
                    said = f"{coding.get('code') or ''} {coding.get('display') or ''}"
                    paragraph = _GUARDIANSHIP.search(said)
                    return f"værgemålslovens § {paragraph[1]}" if paragraph else _cut(said)
        return ""

    def _municipality(self, plan: Json) -> str:
        for extension in plan.get("extension") or ():
            if words.same_extension(extension.get("url"), "kl-messaging-ffb-actingMunicipality"):
                code = str((extension.get("valueCoding") or {}).get("code") or "")
                return code.zfill(4) if _CODE.fullmatch(code) else ""
        return ""

    def _ean(self, account: Json) -> str:
        for one in self._at(account.get("owner")).get("identifier") or ():
            if one.get("system") in ("urn:oid:1.3.88", "http://www.gs1.org/gln"):
                return str(one.get("value") or "")[:20]
        return ""

    def _account_number(self, account: Json) -> str:
        numbers = [one for one in account.get("identifier") or () if one.get("value")]
        return _cut(numbers[0]["value"], 60) if numbers else ""

    def _remarks(self, plan: Json, period: Json, municipality: str, ean: str) -> Iterator[str]:
        if not plan.get("addresses"):
            yield "Bestillingen nævner ingen målgruppe."
        if not period.get("start"):
            yield "Bestillingen siger ikke, hvornår planen begynder."
        if not municipality:
            yield "Bestillingen siger ikke, hvilken kommune der er handlekommune."
        if ean and not gln_ok(ean):
            yield "EAN-nummeret til fakturaen kan ikke være rigtigt."

    def _all(self, kind: str) -> Iterator[Json]:
        for entry in self.bundle.get("entry") or ():
            if (entry.get("resource") or {}).get("resourceType") == kind:
                yield entry["resource"]


def _first(values: Any) -> Json:
    """The first of a list of elements; empty when there is none."""
    found: Json = next(iter(values or ()), {})
    return found


def _cut(text: Any, longest: int = LONGEST) -> str:
    """A text of another system: without what nobody sees, and not without end."""
    kept = "".join(sign for sign in str(text) if sign.isprintable() or sign == "\n")
    return kept.strip()[:longest]


def outcome(sentences: list[str]) -> Json:
    """The answer to a message that is refused, as FHIR says it: one issue a sentence."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "error", "code": "invalid", "diagnostics": sentence, "details": {"text": sentence}}
            for sentence in sentences
        ],
    }
