"""A report as a FHIR bundle: codes, dates and numbers, and no free text. Pure."""

from __future__ import annotations

from typing import Any

from roedtraad.exchange.fhir import words
from roedtraad.exchange.fhir.rules import Report
from roedtraad.exchange.fhir.terms import CARE_SOCIAL, FFB, Part, Technical, Terms
from roedtraad.practice.rules import kl_ffb

Resource = dict[str, Any]


def bundle(report: Report, terms: Terms) -> Resource:
    """The report as KL's delivery bundle. KeyError when a code is not loaded: ask `rules.lacks` first."""
    made = _Builder(report, terms)
    resources = [
        made.patient(),
        made.request(),
        *made.gathering(),
        *map(made.condition, report.plan.conditions),
        *map(made.target_group, report.plan.target_groups),
        *map(made.evaluation, report.plan.evaluations),
        *map(made.goal, report.plan.goals),
        made.care_plan(),
        *map(made.intervention, report.plan.interventions),
        *map(made.result, report.plan.results),
        *made.follow_up(),
        *made.performer(),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": report.made_at.isoformat(timespec="seconds"),
        "entry": [
            {"fullUrl": f"{resource['resourceType']}/{resource['id']}", "resource": resource}
            for resource in resources
        ],
    }


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _reference(kind: str, key: str) -> Resource:
    return {"reference": f"{kind}/{key}"}


class _Builder:
    """The pieces of one report."""

    def __init__(self, report: Report, terms: Terms) -> None:
        self.report, self.plan = report, kl_ffb.without_text(report.plan)
        self.levels, self.needs = terms.of(Part.LEVEL), terms.of(Part.NEED)
        self.kinds, self.decisions = terms.of(Part.KIND), terms.of(Part.DECISION)
        self.technical = terms.of(Part.TECHNICAL)
        self.subject = _reference("Patient", report.part("patient"))

    def _shared(self, which: Technical) -> Resource:
        return _concept(CARE_SOCIAL, self.technical[which.value])

    def _resource(self, kind: str, key: str, **elements: Any) -> Resource:
        return {"resourceType": kind, "id": key, **elements}

    def patient(self) -> Resource:
        return self._resource(
            "Patient",
            self.report.part("patient"),
            identifier=[{"use": "official", "system": words.CPR, "value": self.report.cpr}],
            managingOrganization={
                "identifier": {
                    "use": "official",
                    "system": words.STS_ORGANISATION,
                    "value": self.report.organisation,
                }
            },
        )

    def request(self) -> Resource:
        return self._resource(
            "ServiceRequest",
            self.report.part("request"),
            extension=[self._case_number()],
            status="completed" if self.plan.completed else "active",
            intent="proposal",
            subject=self.subject,
        )

    def _case_number(self) -> Resource:
        number = {"use": "usual", "value": self.plan.case_number}
        inner = {"url": words.MUNICIPALITY_SPECIFIC, "valueIdentifier": number}
        return {"url": words.CASE_NUMBER, "extension": [inner]}

    def gathering(self) -> list[Resource]:
        if not self.plan.conditions or self.report.assessed is None:
            return []
        evaluations = [_reference("Observation", item.key) for item in self.plan.evaluations]
        looked_into = (
            {"investigation": [{"code": self._shared(Technical.EVALUATION), "item": evaluations}]}
            if evaluations
            else {}
        )
        return [
            self._resource(
                "ClinicalImpression",
                self.report.part("gathering"),
                extension=[
                    {
                        "url": words.BASED_ON,
                        "valueReference": _reference("ServiceRequest", self.report.part("request")),
                    }
                ],
                status="completed",
                subject=self.subject,
                effectiveDateTime=self.report.assessed.isoformat(),
                **looked_into,
                finding=[
                    {"itemReference": _reference("Condition", item.key)} for item in self.plan.conditions
                ],
            )
        ]

    def _condition(self, key: str, code: str, **more: Any) -> Resource:
        return self._resource(
            "Condition",
            key,
            clinicalStatus=_concept(words.CLINICAL, "active"),
            verificationStatus=_concept(words.VERIFICATION, "confirmed"),
            **more,
            code=_concept(FFB, code),
            subject=self.subject,
        )

    def condition(self, item: kl_ffb.Condition) -> Resource:
        severity = (
            {"severity": _concept(FFB, self.levels[str(int(item.severity))])}
            if item.severity is not None
            else {}
        )
        day = item.recorded or self.report.assessed
        return self._condition(
            item.key, item.code, **severity, **({"recordedDate": day.isoformat()} if day else {})
        )

    def target_group(self, item: kl_ffb.TargetGroup) -> Resource:
        day = self.plan.start
        return self._condition(item.key, item.code, **({"recordedDate": day.isoformat()} if day else {}))

    def evaluation(self, item: kl_ffb.Evaluation) -> Resource:
        return self._resource(
            "Observation",
            item.key,
            status="final",
            code=self._shared(Technical.EVALUATION),
            subject=self.subject,
            effectiveDateTime=item.day.isoformat() if item.day else None,
            valueCodeableConcept=_concept(FFB, self.needs[str(item.need)]),
        )

    def goal(self, item: kl_ffb.GoalFacts) -> Resource:
        kind = item.kind.value if item.kind is not None else ""
        return self._resource(
            "Goal",
            item.key,
            lifecycleStatus="completed" if item.key in self.report.closed else "active",
            category=[self._shared(Technical.GOAL)],
            description=_concept(words.SNOMED, words.PLANNED_GOAL),
            subject=self.subject,
            target=[
                {
                    "measure": self._shared(Technical.LEVEL_MEASURE),
                    "detailCodeableConcept": _concept(FFB, self.levels[str(item.target_level)]),
                },
                {
                    "measure": self._shared(Technical.KIND_MEASURE),
                    "detailCodeableConcept": _concept(FFB, self.kinds[kind]),
                },
            ],
            addresses=[self._ranked(link.condition, link.rank) for link in item.addresses],
        )

    def _ranked(self, key: str, rank: int) -> Resource:
        return {**_reference("Condition", key), "extension": [{"url": words.RANK, "valuePositiveInt": rank}]}

    def care_plan(self) -> Resource:
        plan = self.plan
        extensions = [self._case_number()]
        if plan.follow_up is not None:
            reference = _reference("Encounter", self.report.part("follow-up"))
            extensions.append({"url": words.FOLLOW_UP_DATE, "valueReference": reference})
        parts: Resource = {}
        if self.report.offer:
            parts["careTeam"] = [_reference("CareTeam", self.report.part("performer"))]
        if plan.target_groups:
            parts["addresses"] = [self._ranked(group.key, group.rank) for group in plan.target_groups]
        if plan.goals:
            parts["goal"] = [_reference("Goal", goal.key) for goal in plan.goals]
        if plan.evaluations:
            parts["activity"] = [
                {"outcomeReference": [_reference("Observation", item.key) for item in plan.evaluations]}
            ]
        return self._resource(
            "CarePlan",
            str(self.report.key),
            extension=extensions,
            status="completed" if plan.completed else "active",
            intent="order" if plan.ordered else "plan",
            subject=self.subject,
            period=_period(plan.start, plan.end),
            **parts,
        )

    def intervention(self, item: kl_ffb.Intervention) -> Resource:
        return self._resource(
            "CarePlan",
            item.key,
            basedOn=[_reference("CarePlan", str(self.report.key))],
            status="completed" if self.plan.completed else "active",
            intent="order" if self.plan.ordered else "plan",
            subject=self.subject,
            period=_period(item.start, item.end),
            created=item.start.isoformat() if item.start else None,
            activity=[
                {
                    "detail": {
                        "code": _concept(FFB, item.service_codes[0]),
                        "status": "completed" if self.plan.completed else "in-progress",
                    }
                }
            ],
        )

    def result(self, item: kl_ffb.Result) -> Resource:
        return self._resource(
            "Observation",
            item.key,
            status="final",
            code=_concept(words.SNOMED, words.FOLLOW_UP_STATUS),
            subject=self.subject,
            focus=[_reference("CarePlan", str(self.report.key))],
            effectiveDateTime=item.day.isoformat(),
            valueCodeableConcept=_concept(FFB, self.decisions[item.decision.value]),
        )

    def follow_up(self) -> list[Resource]:
        if self.plan.follow_up is None:
            return []
        encounter = self._resource("Encounter", self.report.part("follow-up"), status="planned")
        encounter["class"] = {"system": words.ACT, "code": words.AT_HOME}
        encounter |= {
            "type": [self._shared(Technical.FOLLOW_UP)],
            "subject": self.subject,
            "period": {"start": self.plan.follow_up.isoformat()},
        }
        return [encounter]

    def performer(self) -> list[Resource]:
        if not self.report.offer:
            return []
        return [
            self._resource(
                "CareTeam",
                self.report.part("performer"),
                category=[_concept(FFB, self.report.offer)],
                subject=self.subject,
            )
        ]


def _period(start: Any, end: Any) -> Resource:
    days = {"start": start, "end": end}
    return {name: day.isoformat() for name, day in days.items() if day is not None}
