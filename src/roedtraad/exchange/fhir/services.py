"""What can happen to a plan between systems: codes loaded, a report filled in and fetched, a plan taken over."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.exchange.fhir import build, profiles, queries, read, rules, shape
from roedtraad.exchange.fhir.models import Message, ReportedPlan, TermCode
from roedtraad.exchange.fhir.terms import Code, Part, Terms
from roedtraad.practice.access import require_write
from roedtraad.practice.models import Assessment, Goal, Theme
from roedtraad.practice.rules import kl_ffb
from roedtraad.practice.rules.goals import GoalKind
from roedtraad.practice.services import assessments
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.goals import GoalText, set_goal

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


class NotReadable(Refusal):
    """A message that is refused: one sentence a fault."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences), "file")
        self.sentences = list(sentences)


@transaction.atomic
def load_codes(codes: Sequence[Code]) -> int:
    """Make the codes of the parts that are given exactly these; the other parts stay. Returns how many there are."""
    TermCode.objects.filter(part__in={code.part.value for code in codes}).delete()
    once = {(code.part, code.code): code for code in codes}.values()
    TermCode.objects.bulk_create(
        TermCode(part=code.part.value, value=code.value, code=code.code, name=code.name[:160], number=number)
        for number, code in enumerate(once, start=1)
    )
    return len(once)


@dataclass(frozen=True, slots=True)
class PlanText:
    """What a report needs beside the record, as it is typed. The first of `groups` is the primary target group."""

    case_number: str = ""
    organisation: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    ordered: bool = True
    completed: bool = False
    offer: str = ""
    groups: tuple[str, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_plan(user: User, citizen: Citizen, text: PlanText, *, version: int) -> ReportedPlan:
    """Save what a report needs beside the record. What is missing is told on the page and refuses nothing here.

    `Changed` when somebody else saved it since `version` was read (0: nothing was saved). Refusal for what cannot be.
    """
    require_write(user, citizen)
    held = ReportedPlan.objects.select_for_update().filter(citizen=citizen).first()
    if (held.version if held else 0) != version:
        raise Changed(held)
    values = _checked(text)
    with change(user, "indberetning rettet"):
        if held is None:
            try:
                with transaction.atomic():
                    return ReportedPlan.objects.create(citizen=citizen, written_by=user, **values)
            except IntegrityError:
                raise Changed(ReportedPlan.objects.get(citizen=citizen)) from None
        for name, value in values.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
    return held


def _checked(text: PlanText) -> dict[str, Any]:
    number, organisation = text.case_number.strip(), text.organisation.strip().lower()
    if number and not rules.CASE_NUMBER.fullmatch(number):
        raise Refusal(
            _("Sagsnummeret må kun have bogstaver a–z, tal og tegnene . / _ - uden mellemrum."), "case_number"
        )
    if organisation and not rules.valid_organisation(organisation):
        raise Refusal(
            _("Organisationsnummeret har 32 tegn delt af bindestreger. Skriv det af efter kommunen."),
            "organisation",
        )
    if text.ends_on and text.starts_on and text.ends_on < text.starts_on:
        raise Refusal(_("Planen slutter, før den begynder. Ret en af datoerne."), "ends_on")
    if text.ends_on and not text.starts_on:
        raise Refusal(_("Skriv også, hvornår planen begynder."), "starts_on")
    return {
        "case_number": number,
        "organisation": organisation,
        "starts_on": text.starts_on,
        "ends_on": text.ends_on,
        "ordered": text.ordered,
        "completed": text.completed,
        "offer": text.offer,
        "groups": list(dict.fromkeys(code for code in text.groups if code)),
        "levels": dict(text.levels),
        "services": {key: code for key, code in text.services.items() if code},
    }


def bundle_of(citizen: Citizen) -> dict[str, Any]:
    """The citizen's report, checked. Refusal, naming the first fault, when it cannot be sent.

    The caller has let the reader in and logs that it was fetched.
    """
    codes = queries.terms()
    found = queries.gathered(citizen)
    lacks = rules.lacks(found.report, codes)
    if lacks:
        raise Refusal(lacks[0].sentence)
    made = build.bundle(found.report, codes)
    # Ours are right by construction; a fault here is ours, and nothing is sent.
    faults = shape.shape_faults(made) + profiles.faults(made)
    if faults:
        raise Refusal(faults[0])
    return made


@dataclass(frozen=True)
class Preview:
    """What taking a plan over would do: the report, the goals that would be made, and what is worth knowing."""

    report: rules.Report
    conditions: list[tuple[str, int | None]]
    goals: list[tuple[kl_ffb.GoalFacts, str]]
    services: list[str]
    groups: list[str]
    remarks: list[str]


def receive_plan(user: User, citizen: Citizen, raw: bytes, source: str) -> Message:
    """Keep a plan of the citizen from another system as a draft. The same again is the same draft.

    NotReadable with sentences for what is no such plan; Refusal for another citizen's. AccessDenied out of reach.
    """
    require_write(user, citizen)
    report = _report(raw, queries.terms())
    if report.cpr != citizen.cpr:
        raise Refusal(_("Planen er om en anden borger. Vælg filen igen på den rigtige borgers side."), "file")
    return keep(user, Message.Kind.PLAN, raw, source, citizen=citizen)


def keep(user: User, kind: str, raw: bytes, source: str, **about: Any) -> Message:
    """Write a message down as a draft, once."""
    digest = hashlib.sha256(raw).digest()
    known = Message.objects.exclude(state=Message.State.DECLINED).filter(kind=kind, digest=digest).first()
    if known is not None:
        return known
    with transaction.atomic(), change(user, "meddelelse modtaget"):
        return Message.objects.create(
            kind=kind,
            digest=digest,
            payload=raw.decode("utf-8-sig"),
            source=source[:160],
            received_by=user,
            **about,
        )


def preview(message: Message) -> Preview:
    """What taking the plan over would do. NotReadable when the codes were changed since it came."""
    codes = queries.terms()
    report = _report(message.payload.encode(), codes)
    names = queries.condition_names()
    by_key = {condition.key: condition for condition in report.plan.conditions}
    goals = [
        (goal, names.get(_first(goal, by_key), ""))
        for goal in report.plan.goals
        if goal.key not in report.closed
    ]
    remarks = [fault.sentence for fault in kl_ffb.faults(report.plan)]
    if len(goals) < len(report.plan.goals):
        remarks.append(_("Mål, der er afsluttet i det andet system, tages ikke med."))
    if report.plan.interventions:
        remarks.append(
            _("Ydelserne vises, men bliver ikke til indsatser: I planlægger selv, hvor tit og hvor længe.")
        )
    services, groups = codes.listed(Part.SERVICE), codes.listed(Part.GROUP)
    return Preview(
        report,
        [(names.get(item.code, item.code), item.severity) for item in report.plan.conditions],
        goals,
        [services.get(code, code) for item in report.plan.interventions for code in item.service_codes],
        [groups.get(item.code, item.code) for item in report.plan.target_groups],
        list(dict.fromkeys(remarks)),
    )


def _first(goal: kl_ffb.GoalFacts, conditions: Mapping[str, kl_ffb.Condition]) -> str:
    """The code of the condition a goal is first of all about."""
    return next((conditions[link.condition].code for link in goal.addresses if link.rank == 1), "")


def _report(raw: bytes, codes: Terms) -> rules.Report:
    try:
        return read.report_of(shape.parsed(raw), codes)
    except (shape.NotFhir, read.Unreadable) as error:
        raise NotReadable(error.sentences) from error


@transaction.atomic
def accept_plan(user: User, message: Message) -> list[Goal]:
    """Take a plan over: its assessment, its open goals, and what a report needs. Returns the goals.

    The goals have no words in the message, so each is named by its kind and its condition, to be put in the citizen's
    own words. Refusal when it was decided before, or when a draft of an assessment stands in the way.
    """
    held = _held(user, message)
    found = preview(held)
    plan = found.report.plan
    themes = {
        theme.code: theme for theme in Theme.objects.filter(list=Theme.List.FFB, retired_on__isnull=True)
    }
    by_key = {condition.key: condition for condition in plan.conditions}
    with change(user, "plan taget imod"):
        if plan.conditions:
            _assess(user, held.citizen_or_fail(), found.report, themes)
        made = [
            set_goal(
                user,
                held.citizen_or_fail(),
                _goal_text(goal, name, found.report, themes, by_key),
                key=uuid5(held.key, goal.key),
            )
            for goal, name in found.goals
        ]
        _keep_facts(user, held.citizen_or_fail(), found, made)
        decide(held, user, Message.State.ACCEPTED)
    return made


def _assess(user: User, citizen: Citizen, report: rules.Report, themes: Mapping[str, Theme]) -> None:
    if Assessment.objects.filter(citizen=citizen, list=Theme.List.FFB, finished_at__isnull=True).exists():
        raise Refusal(_("Der er en kladde til en udredning. Afslut eller slet den, før planen tages imod."))
    draft = assessments.begin(user, citizen)
    if draft.list != Theme.List.FFB:
        raise Refusal(
            _("Borgeren er under 18 år og udredes efter ICS, så planens udredning kan ikke bruges.")
        )
    need = next((item.need for item in report.plan.evaluations), None)
    first = next(
        (c for c in report.plan.conditions if c.area is kl_ffb.Area.ACTIVITY), report.plan.conditions[0]
    )
    scores = {
        themes[condition.code].pk: assessments.ScoreText(
            # A condition of functions or surroundings comes without a level: it is there, no more is said.
            level=condition.severity if condition.severity is not None else 1,
            support_need=need if condition is first else None,
        )
        for condition in report.plan.conditions
        if condition.code in themes
    }
    assessments.finish(
        user, draft, version=draft.version, assessed_on=report.assessed or clock.today(), scores=scores
    )


def _goal_text(
    goal: kl_ffb.GoalFacts,
    name: str,
    report: rules.Report,
    themes: Mapping[str, Theme],
    conditions: Mapping[str, kl_ffb.Condition],
) -> GoalText:
    kind = goal.kind or GoalKind.DEVELOP
    starts = report.plan.start or clock.today()
    follow_up = report.plan.follow_up
    others = [themes.get(conditions[link.condition].code) for link in goal.addresses if link.rank != 1]
    return GoalText(
        title=f"{str(Goal.Kind(kind.value).label).capitalize()}: {name}"[:200],
        kind=kind.value,
        starts_on=starts,
        theme=themes.get(_first(goal, conditions)),
        other_themes=tuple(theme for theme in others if theme is not None),
        agreed_with=("municipality",),
        follow_up_on=follow_up if follow_up and follow_up >= starts else None,
    )


def _keep_facts(user: User, citizen: Citizen, found: Preview, made: Sequence[Goal]) -> None:
    """What the report says beside the record; what was typed here before stays."""
    if ReportedPlan.objects.filter(citizen=citizen).exists():
        return
    plan = found.report.plan
    groups = [group.code for group in sorted(plan.target_groups, key=lambda group: group.rank)]
    levels = {
        str(row.key): goal.target_level
        for row, (goal, _name) in zip(made, found.goals, strict=True)
        if goal.target_level is not None
    }
    text = PlanText(
        case_number=plan.case_number,
        organisation=found.report.organisation,
        starts_on=plan.start,
        ends_on=plan.end,
        ordered=plan.ordered,
        completed=plan.completed,
        offer=found.report.offer,
        groups=tuple(groups),
        levels=levels,
    )
    save_plan(user, citizen, text, version=0)


@transaction.atomic
def decline_plan(user: User, message: Message, note: str = "") -> Message:
    """Do not take a plan over; the message is emptied. Refusal when it was decided before."""
    held = _held(user, message)
    with change(user, "plan afvist"):
        return decide(held, user, Message.State.DECLINED, note)


def _held(user: User, message: Message) -> Message:
    """The draft, locked, when the user may write about its citizen."""
    held = Message.objects.select_for_update(of=("self",)).select_related("citizen").get(pk=message.pk)
    require_write(user, held.citizen_or_fail())
    refuse_decided(held)
    return held


def refuse_decided(message: Message) -> None:
    """Refusal when the message has been accepted or declined already."""
    if message.state != Message.State.DRAFT:
        raise Refusal(_("Meddelelsen er allerede %(state)s.") % {"state": message.get_state_display()})


def decide(message: Message, user: User, state: str, note: str = "") -> Message:
    """Write the answer; a message that is declined is emptied. In the transaction of its caller."""
    message.state, message.decided_by, message.decided_at = state, user, clock.now()
    message.decision_note = " ".join(note.split())[:400]
    if state == Message.State.DECLINED:
        message.payload = ""
    message.save()
    return message


def kind_of(raw: bytes) -> str:
    """Whether a file is a plan or an order, by the type of its bundle. NotReadable when it is neither."""
    try:
        found = shape.parsed(raw)
    except shape.NotFhir as error:
        raise NotReadable(error.sentences) from error
    return Message.Kind.ORDER if found.get("type") == "message" else Message.Kind.PLAN


def as_json(bundle: Mapping[str, Any]) -> str:
    """A bundle as a file of text."""
    return json.dumps(bundle, ensure_ascii=False, indent=2)
