"""KL's rules for a plan that is reported in Fælles Faglige Begreber (FFB), as sentences. Pure.

Source: KL's public guide for FFB reporting 1.0.0 (hl7dk, kl-ffb-reporting); what each resource must carry is told in
our own words in the domain rules. Nothing that is reported may hold free text, so codes and keys are looked at too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from roedtraad.core.danish import day as day_in_words
from roedtraad.practice.rules.assessments import Level, SupportNeed
from roedtraad.practice.rules.goals import FollowUp, GoalKind

LONGEST_CODE = 64


class Area(StrEnum):
    """The parts of the list of conditions."""

    FUNCTIONS = "functions"
    ACTIVITY = "activity"
    SURROUNDINGS = "surroundings"


class Rule(StrEnum):
    """What a fault offends."""

    SEVERITY = "severity"
    ADDRESSES = "addresses"
    CASE_NUMBER = "case_number"
    PERIOD = "period"
    TARGET_GROUP = "target_group"
    SUPPORT_NEED = "support_need"
    FOLLOW_UP = "follow_up"
    SERVICE_CODE = "service_code"
    CODE = "code"
    FREE_TEXT = "free_text"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition (tilstand) of the citizen."""

    key: str
    code: str
    area: Area
    severity: int | None = None
    recorded: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A target group the plan is for; rank 1 is the primary one."""

    key: str
    code: str
    rank: int
    severity: int | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """That a goal is about a condition, named by the condition's key; rank 1 is the one it is first of all about."""

    condition: str
    rank: int


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal as it is reported."""

    key: str
    addresses: tuple[Addressed, ...]
    kind: GoalKind | None = None
    target_level: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Intervention:
    """An effort as it is reported."""

    key: str
    service_codes: tuple[str, ...]
    start: date | None
    end: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation of how much support is needed."""

    key: str
    need: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided when the plan was followed up."""

    key: str
    decision: FollowUp
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one citizen's report would carry. `ordered` and `completed` are where the plan has got to."""

    case_number: str
    start: date | None
    end: date | None = None
    ordered: bool = False
    completed: bool = False
    follow_up: date | None = None
    target_groups: tuple[TargetGroup, ...] = ()
    conditions: tuple[Condition, ...] = ()
    goals: tuple[GoalFacts, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    results: tuple[Result, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What must be put right before the plan can be reported.

    `where` is the part and its key ("goal:7"), or "plan".
    """

    rule: Rule
    sentence: str
    where: str


def faults(plan: Plan) -> list[Fault]:
    """Everything that keeps the plan from being reported, in the order of the plan; empty when it may be sent."""
    return [
        *_plan(plan),
        *_target_groups(plan),
        *_evaluations(plan),
        *(fault for condition in plan.conditions for fault in _condition(condition)),
        *(fault for goal in plan.goals for fault in _goal(goal, plan)),
        *(fault for effort in plan.interventions for fault in _intervention(effort, plan)),
        *_codes(plan),
        *_texts(plan),
    ]


def without_text(plan: Plan) -> Plan:
    """The plan with every free text taken out: what may leave the house."""
    return replace(
        plan,
        text="",
        conditions=tuple(replace(item, text="") for item in plan.conditions),
        goals=tuple(replace(item, text="") for item in plan.goals),
        interventions=tuple(replace(item, text="") for item in plan.interventions),
    )


def _plan(plan: Plan) -> Iterator[Fault]:
    if not plan.case_number.strip():
        yield Fault(
            Rule.CASE_NUMBER, "Planen mangler kommunens sagsnummer. Skriv det fra bestillingen.", "plan"
        )
    if plan.start is None:
        yield Fault(Rule.PERIOD, "Planen mangler en startdato.", "plan")
    yield from _in_order(plan.start, plan.end, "Planen", "plan")
    if not plan.ordered or plan.completed:
        return
    if plan.follow_up is None:
        yield Fault(Rule.FOLLOW_UP, "Planen er bestilt og i gang. Aftal en dag for opfølgning.", "plan")
    elif plan.start is not None and plan.follow_up < plan.start:
        yield Fault(
            Rule.FOLLOW_UP,
            f"Opfølgningen ligger før planen begynder ({day_in_words(plan.start)}). Vælg en senere dag.",
            "plan",
        )
    if not plan.evaluations:
        yield Fault(Rule.SUPPORT_NEED, "Planen er bestilt og i gang. Vurdér støttebehovet.", "plan")
    if not plan.target_groups:
        yield Fault(Rule.TARGET_GROUP, "Planen er bestilt og i gang. Vælg en målgruppe.", "plan")


def _target_groups(plan: Plan) -> Iterator[Fault]:
    if sum(group.rank == 1 for group in plan.target_groups) > 1:
        yield Fault(
            Rule.TARGET_GROUP,
            "Planen har mere end én primær målgruppe. Behold den vigtigste, og gør de andre sekundære.",
            "plan",
        )
    for group in plan.target_groups:
        where = f"target_group:{group.key}"
        if group.rank not in (1, 2):
            yield Fault(Rule.TARGET_GROUP, "En målgruppe er enten primær (1) eller sekundær (2).", where)
        if group.severity is not None:
            yield Fault(Rule.SEVERITY, "En målgruppe har intet funktionsniveau. Fjern niveauet.", where)
    for code, times in Counter(group.code for group in plan.target_groups).items():
        if times > 1:
            yield Fault(
                Rule.TARGET_GROUP, "Den samme målgruppe er valgt flere gange. Behold den ene.", f"code:{code}"
            )


def _evaluations(plan: Plan) -> Iterator[Fault]:
    if len(plan.evaluations) > 1:
        yield Fault(
            Rule.SUPPORT_NEED,
            "Planen har flere vurderinger af støttebehovet. Vælg den, der gælder nu.",
            "plan",
        )
    for evaluation in plan.evaluations:
        where = f"evaluation:{evaluation.key}"
        if evaluation.need not in set(SupportNeed):
            yield Fault(Rule.SUPPORT_NEED, "Vælg støttebehovet fra intet til fuldstændigt.", where)
        if evaluation.day is None:
            yield Fault(Rule.SUPPORT_NEED, "Skriv, hvilken dag støttebehovet er vurderet.", where)


def _condition(condition: Condition) -> Iterator[Fault]:
    where = f"condition:{condition.key}"
    if condition.area is not Area.ACTIVITY:
        if condition.severity is not None:
            yield Fault(
                Rule.SEVERITY,
                "Kun tilstande under Aktivitet og deltagelse har et funktionsniveau. Fjern niveauet.",
                where,
            )
    elif condition.severity is None:
        yield Fault(
            Rule.SEVERITY,
            "Vælg et funktionsniveau. Det skal tilstande under Aktivitet og deltagelse have.",
            where,
        )
    elif condition.severity not in set(Level):
        yield Fault(Rule.SEVERITY, "Vælg et funktionsniveau fra 0 til 4, eller 9 for ikke vurderet.", where)


def _goal(goal: GoalFacts, plan: Plan) -> Iterator[Fault]:
    where = f"goal:{goal.key}"
    known = {condition.key: condition for condition in plan.conditions}
    if any(link.condition not in known for link in goal.addresses):
        yield Fault(Rule.ADDRESSES, "Målet peger på en tilstand, som ikke er i planen. Tag den med.", where)
    if any(
        known[link.condition].area is not Area.ACTIVITY for link in goal.addresses if link.condition in known
    ):
        yield Fault(
            Rule.ADDRESSES,
            "Et mål kan kun handle om tilstande under Aktivitet og deltagelse. Vælg en anden.",
            where,
        )
    first = sum(link.rank == 1 for link in goal.addresses)
    if first == 0:
        yield Fault(Rule.ADDRESSES, "Vælg den tilstand, som målet først og fremmest handler om.", where)
    if first > 1:
        yield Fault(
            Rule.ADDRESSES,
            "Målet handler først og fremmest om flere tilstande. Vælg én, og gør resten sekundære.",
            where,
        )
    if any(link.rank not in (1, 2) for link in goal.addresses):
        yield Fault(Rule.ADDRESSES, "En tilstand er enten primær (1) eller sekundær (2) for målet.", where)
    if len({link.condition for link in goal.addresses}) < len(goal.addresses):
        yield Fault(
            Rule.ADDRESSES, "Den samme tilstand er valgt flere gange for målet. Behold den ene.", where
        )
    if goal.target_level is not None and goal.target_level not in set(Level) - {Level.NOT_ASSESSED}:
        yield Fault(Rule.SEVERITY, "Målets funktionsniveau skal ligge fra 0 til 4.", where)


def _intervention(effort: Intervention, plan: Plan) -> Iterator[Fault]:
    where = f"intervention:{effort.key}"
    if len(effort.service_codes) != 1:
        problem = "mangler en ydelse" if not effort.service_codes else "har flere ydelser"
        yield Fault(Rule.SERVICE_CODE, f"Indsatsen {problem}. Vælg præcis én.", where)
    if effort.start is None:
        yield Fault(Rule.PERIOD, "Indsatsen mangler en startdato.", where)
    elif plan.start is not None and effort.start < plan.start:
        yield Fault(
            Rule.PERIOD,
            f"Indsatsen begynder før planen ({day_in_words(plan.start)}). Ret den ene af de to datoer.",
            where,
        )
    yield from _in_order(effort.start, effort.end, "Indsatsen", where)


def _in_order(start: date | None, end: date | None, what: str, where: str) -> Iterator[Fault]:
    if start is not None and end is not None and end < start:
        yield Fault(
            Rule.PERIOD,
            f"{what} slutter, før den begynder ({day_in_words(start)}). Ret en af datoerne.",
            where,
        )


def _codes(plan: Plan) -> Iterator[Fault]:
    """A code with spaces in it, or a long one, is a sentence in disguise. The case number is the municipality's own."""
    codes = [
        *((f"target_group:{item.key}", item.code) for item in plan.target_groups),
        *((f"condition:{item.key}", item.code) for item in plan.conditions),
        *((f"intervention:{item.key}", code) for item in plan.interventions for code in item.service_codes),
    ]
    for where, code in codes:
        if not code or len(code) > LONGEST_CODE or any(char.isspace() for char in code):
            yield Fault(Rule.CODE, "Vælg en kode fra listen i stedet for at skrive med egne ord.", where)
    if len(plan.case_number) > LONGEST_CODE or "\n" in plan.case_number:
        yield Fault(Rule.CODE, "Sagsnummeret er for langt. Skriv kun nummeret.", "plan")


def _texts(plan: Plan) -> Iterator[Fault]:
    texts = [
        ("plan", plan.text),
        *((f"condition:{item.key}", item.text) for item in plan.conditions),
        *((f"goal:{item.key}", item.text) for item in plan.goals),
        *((f"intervention:{item.key}", item.text) for item in plan.interventions),
    ]
    for where, text in texts:
        if text:
            yield Fault(Rule.FREE_TEXT, "Fri tekst må ikke sendes til KL. Send kun koder.", where)
