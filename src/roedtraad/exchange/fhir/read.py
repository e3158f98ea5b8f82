"""A report from another system, read back into a plan. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid5

from roedtraad.exchange.fhir import profiles, words
from roedtraad.exchange.fhir.rules import Report, valid_cpr
from roedtraad.exchange.fhir.terms import CARE_SOCIAL, FFB, Part, Technical, Terms, missing
from roedtraad.practice.rules import kl_ffb
from roedtraad.practice.rules.goals import FollowUp, GoalKind

Json = dict[str, Any]
Value = TypeVar("Value")
# For the ids of a system that does not use UUIDs.
_FOREIGN = UUID("3b0d8c54-53b5-5b3e-9f0a-3a1f7c6b2d10")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")


class Unreadable(ValueError):
    """The report cannot be read; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def report_of(bundle: Json, terms: Terms) -> Report:
    """The report in a bundle that is FHIR (`shape.parsed`). Unreadable for what is not KL's, or has unknown codes."""
    sentences = missing(terms) or profiles.faults(bundle)
    if sentences:
        raise Unreadable(sentences)
    return _Reader(bundle, terms).report()


class _Reader:
    """One bundle being read; what cannot be is gathered in `faults`."""

    def __init__(self, bundle: Json, terms: Terms) -> None:
        self.bundle, self.terms = bundle, terms
        self.faults: list[str] = []
        self.found: dict[str, list[Json]] = {}
        for entry in bundle["entry"]:
            self.found.setdefault(profiles.profile_of(entry["resource"]), []).append(entry["resource"])
        self.groups = {_key(link) for link in self._plan().get("addresses") or ()}

    def _plan(self) -> Json:
        return self.found["plan"][0]

    def report(self) -> Report:
        patient, plan = self.found["Patient"][0], self._plan()
        cpr = str(patient["identifier"][0].get("value", "")).replace("-", "")
        if not valid_cpr(cpr):
            self.faults.append("Borgerens CPR-nummer findes ikke.")
        organisation = str((patient["managingOrganization"].get("identifier") or {}).get("value", ""))
        gathered = self.found.get("ClinicalImpression")
        try:
            key = UUID(str(plan["id"]))
        except (KeyError, ValueError):
            key = uuid5(_FOREIGN, str(plan.get("id", "")))
        read = Report(
            key=key,
            cpr=cpr,
            organisation=organisation,
            made_at=dt.datetime.fromisoformat(str(self.bundle["timestamp"])),
            plan=self._facts(plan),
            assessed=self._day(gathered[0]["effectiveDateTime"]) if gathered else None,
            closed=frozenset(
                str(goal["id"])
                for goal in self.found.get("Goal", ())
                if goal["lifecycleStatus"] == "completed"
            ),
            offer=self._offer(),
        )
        if self.faults:
            raise Unreadable(list(dict.fromkeys(self.faults)))
        return read

    def _facts(self, plan: Json) -> kl_ffb.Plan:
        conditions = self.found.get("Condition", [])
        numbers = profiles.case_numbers(plan)
        ranks = {_key(link): _rank(link) for link in plan.get("addresses") or ()}
        encounter = next(iter(self.found.get("Encounter", ())), None)
        return kl_ffb.Plan(
            case_number=numbers[0] if numbers else "",
            start=self._day(plan["period"].get("start")),
            end=self._day(plan["period"].get("end")),
            ordered=plan["intent"] == "order",
            completed=plan["status"] == "completed",
            follow_up=self._day(encounter["period"].get("start")) if encounter else None,
            target_groups=tuple(
                kl_ffb.TargetGroup(str(item["id"]), self._code(item["code"], FFB), ranks[str(item["id"])])
                for item in conditions
                if str(item["id"]) in self.groups
            ),
            conditions=tuple(
                self._condition(item) for item in conditions if str(item["id"]) not in self.groups
            ),
            goals=tuple(self._goal(item) for item in self.found.get("Goal", ())),
            interventions=tuple(self._intervention(item) for item in self.found.get("intervention", ())),
            evaluations=tuple(
                kl_ffb.Evaluation(
                    str(item["id"]),
                    self._meaning(Part.NEED, item["valueCodeableConcept"], int),
                    self._day(item["effectiveDateTime"]),
                )
                for item in self.found.get("evaluation", ())
            ),
            results=tuple(self._results()),
        )

    def _condition(self, item: Json) -> kl_ffb.Condition:
        code = self._code(item["code"], FFB)
        is_activity = self.terms.conditions.get(code)
        if is_activity is None:
            self.faults.append(f"Tilstanden {code[:64]} er ikke i den terminologi, der er indlæst.")
        return kl_ffb.Condition(
            str(item["id"]),
            code,
            kl_ffb.Area.ACTIVITY if is_activity else kl_ffb.Area.FUNCTIONS,
            self._meaning(Part.LEVEL, item["severity"], int) if "severity" in item else None,
            self._day(item["recordedDate"]),
        )

    def _goal(self, item: Json) -> kl_ffb.GoalFacts:
        technical = self.terms.of(Part.TECHNICAL)
        targets = {self._code(target["measure"], CARE_SOCIAL): target for target in item["target"]}
        level = targets.get(technical[Technical.LEVEL_MEASURE.value])
        kind = targets.get(technical[Technical.KIND_MEASURE.value])
        if level is None or kind is None:
            self.faults.append("Et mål mangler funktionsniveau eller måltype.")
        return kl_ffb.GoalFacts(
            str(item["id"]),
            tuple(kl_ffb.Addressed(_key(link), _rank(link)) for link in item["addresses"]),
            self._meaning(Part.KIND, kind["detailCodeableConcept"], GoalKind) if kind else None,
            self._meaning(Part.LEVEL, level["detailCodeableConcept"], int) if level else None,
        )

    def _intervention(self, item: Json) -> kl_ffb.Intervention:
        codes = tuple(
            self._code((activity.get("detail") or {}).get("code"), FFB) for activity in item["activity"]
        )
        known = self.terms.listed(Part.SERVICE)
        self.faults += [
            f"Ydelsen {code[:64]} er ikke i den terminologi, der er indlæst."
            for code in codes
            if code not in known
        ]
        return kl_ffb.Intervention(
            str(item["id"]),
            codes,
            self._day(item["period"].get("start")),
            self._day(item["period"].get("end")),
        )

    def _results(self) -> list[kl_ffb.Result]:
        found = []
        for item in self.found.get("result", ()):
            decision = self._meaning(Part.DECISION, item["valueCodeableConcept"], FollowUp)
            day = self._day(item["effectiveDateTime"])
            if item["status"] == "final" and decision is not None and day is not None:
                found.append(kl_ffb.Result(str(item["id"]), decision, day))
        return found

    def _offer(self) -> str:
        teams = self.found.get("CareTeam")
        return self._code(teams[0]["category"][0], FFB) if teams else ""

    def _code(self, concept: Any, system: str) -> str:
        """The one code of a concept in a system; a fault and "" for anything else."""
        codings = [
            c for c in (concept or {}).get("coding") or () if c.get("system") == system and c.get("code")
        ]
        if len(codings) != 1:
            self.faults.append("Et sted skulle der stå præcis én kode fra KL's lister.")
            return ""
        return str(codings[0]["code"])

    def _meaning(self, part: Part, concept: Any, make: Callable[[Any], Value]) -> Value | None:
        code = self._code(concept, FFB)
        value = self.terms.meaning(part).get(code)
        if value is None:
            if code:
                self.faults.append(f"Koden {code[:64]} er ikke i den terminologi, der er indlæst.")
            return None
        return make(value)

    def _day(self, text: Any) -> dt.date | None:
        """A whole day; None for nothing, and with a fault for anything else."""
        if text in (None, ""):
            return None
        written = _DAY.fullmatch(str(text))
        try:
            return dt.date.fromisoformat(written[1] if written else "")
        except ValueError:
            self.faults.append("En dato er ikke en hel dag (år, måned og dag).")
            return None


def _key(link: Json) -> str:
    return str(link.get("reference", "")).rsplit("/", 1)[-1]


def _rank(link: Json) -> int:
    for extension in link.get("extension") or ():
        if words.same_extension(extension.get("url"), words.RANK):
            return int(extension.get("valuePositiveInt") or 0)
    return 0
