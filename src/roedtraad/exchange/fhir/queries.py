"""What a citizen's report would carry, gathered from the record; and the messages that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.exchange.fhir.models import Message, ReportedPlan, TermCode
from roedtraad.exchange.fhir.rules import Report
from roedtraad.exchange.fhir.terms import Code, Part, Terms
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Assessment, AssessmentScore, Effort, FollowUp, Goal, GoalTheme, Theme
from roedtraad.practice.rules import goals as goal_rules
from roedtraad.practice.rules import kl_ffb

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

SHOWN = 100
_CONDITION = "condition"


def terms() -> Terms:
    """The codes that are loaded, and the conditions in use. One SQL statement."""
    conditions = Theme.objects.filter(list=Theme.List.FFB, parent__isnull=False, retired_on__isnull=True)
    rows = TermCode.objects.values_list("number", "part", "value", "code", "name").union(
        conditions.values_list(
            "number",
            Value(_CONDITION),
            Case(When(is_activity=True, then=Value("activity")), default=Value("")),
            "code",
            "name",
        ),
        all=True,
    )
    found = rows.order_by("number")
    return Terms(
        tuple(
            Code(Part(part), value, code, name) for _n, part, value, code, name in found if part != _CONDITION
        ),
        {code: bool(value) for _n, part, value, code, _name in found if part == _CONDITION},
    )


def condition_names() -> dict[str, str]:
    """The conditions by code. One SQL statement."""
    conditions = Theme.objects.filter(list=Theme.List.FFB, parent__isnull=False)
    return dict(conditions.values_list("code", "name"))


@dataclass(frozen=True)
class Gathered:
    """A report as the record has it today, and the rows it comes from."""

    report: Report
    saved: ReportedPlan
    goals: Sequence[Goal]
    efforts: list[Effort]
    scores: list[AssessmentScore]


def gathered(citizen: Citizen) -> Gathered:
    """What a report of the citizen's plan would carry today. At most five SQL statements; the caller logs it.

    In the report are the goals that are open or were closed since the plan began (not their sub-goals), the efforts for
    them, the conditions of the latest finished assessment by FFB, and the follow-ups of those goals.
    """
    saved = ReportedPlan.objects.filter(citizen=citizen).first() or ReportedPlan(citizen=citizen, version=0)
    goals = list(
        Goal.objects.filter(citizen=citizen, parent__isnull=True)
        .prefetch_related(
            Prefetch("goal_themes", GoalTheme.objects.select_related("theme").order_by("rank", "pk"))
        )
        .annotate(held=_held_follow_ups())
        .order_by("starts_on", "pk")
    )
    opened = [goal.starts_on for goal in goals if goal.closed_on is None]
    start = saved.starts_on or min(opened, default=None)
    goals = [goal for goal in goals if goal.closed_on is None or (start and goal.closed_on >= start)]
    efforts = list(Effort.objects.filter(goal__in=goals).order_by("starts_on", "pk"))
    latest = Assessment.objects.filter(
        citizen=citizen, list=Theme.List.FFB, finished_at__isnull=False
    ).order_by("-assessed_on", "-pk")
    scores = list(
        AssessmentScore.objects.filter(
            assessment=Subquery(latest.values("pk")[:1]), theme__parent__isnull=False
        )
        .select_related("theme", "assessment")
        .order_by("theme__number")
    )
    assessment = scores[0].assessment if scores else None
    plan = kl_ffb.Plan(
        case_number=saved.case_number,
        start=start,
        end=saved.ends_on,
        ordered=saved.ordered,
        completed=saved.completed,
        follow_up=min(
            (goal.follow_up_on for goal in goals if goal.follow_up_on and not goal.closed_on), default=None
        ),
        target_groups=tuple(
            kl_ffb.TargetGroup(str(uuid5(citizen.key, f"group {code}")), code, 1 if n == 0 else 2)
            for n, code in enumerate(saved.groups)
        ),
        conditions=tuple(_conditions(assessment, scores)),
        goals=tuple(_goal(goal, assessment, scores, saved) for goal in goals),
        interventions=tuple(
            kl_ffb.Intervention(
                str(effort.key),
                tuple(code for code in [saved.services.get(str(effort.key), "")] if code),
                effort.starts_on,
                effort.ends_on,
            )
            for effort in efforts
        ),
        evaluations=tuple(_evaluations(assessment, scores)),
        results=tuple(_results(citizen, goals)),
    )
    report = Report(
        key=uuid5(citizen.key, "plan"),
        cpr=citizen.cpr or "",
        organisation=saved.organisation,
        made_at=clock.now(),
        plan=plan,
        assessed=assessment.assessed_on if assessment and plan.conditions else None,
        closed=frozenset(str(goal.key) for goal in goals if goal.closed_on),
        offer=saved.offer,
    )
    return Gathered(report, saved, goals, efforts, scores)


def _key(assessment: Assessment, code: str) -> str:
    return str(uuid5(assessment.key, code))


def _conditions(
    assessment: Assessment | None, scores: Iterable[AssessmentScore]
) -> Iterable[kl_ffb.Condition]:
    """Of activity and participation all that has a level; of the rest those that trouble the citizen, without one."""
    for score in scores:
        activity = score.theme.is_activity
        if assessment is None or score.level is None or (not activity and score.level in (0, 9)):
            continue
        yield kl_ffb.Condition(
            _key(assessment, score.theme.code),
            score.theme.code,
            kl_ffb.Area.ACTIVITY if activity else kl_ffb.Area.FUNCTIONS,
            score.level if activity else None,
            assessment.assessed_on,
        )


def _evaluations(
    assessment: Assessment | None, scores: Iterable[AssessmentScore]
) -> Iterable[kl_ffb.Evaluation]:
    """The need for support all in all: the highest of any condition. The choice is ours; KL asks for one need."""
    needs = [score.support_need for score in scores if score.support_need is not None]
    if assessment is not None and needs:
        yield kl_ffb.Evaluation(_key(assessment, "support"), max(needs), assessment.assessed_on)


def _goal(
    goal: Goal, assessment: Assessment | None, scores: Iterable[AssessmentScore], saved: ReportedPlan
) -> kl_ffb.GoalFacts:
    assessed = {score.theme_id for score in scores if score.level is not None}
    links = [
        kl_ffb.Addressed(
            # A condition that was not assessed is in no report; the rules tell that.
            _key(assessment, link.theme.code)
            if assessment and link.theme_id in assessed
            else link.theme.code,
            link.rank,
        )
        for link in goal.goal_themes.all()
        if link.theme.list == Theme.List.FFB and link.theme.parent_id
    ]
    return kl_ffb.GoalFacts(
        str(goal.key), tuple(links), goal_rules.GoalKind(goal.kind), saved.levels.get(str(goal.key))
    )


def _held_follow_ups() -> ArraySubquery:
    """The follow-ups of a goal, beside it."""
    rows = FollowUp.objects.filter(goal=OuterRef("pk")).order_by("held_on", "pk")
    return ArraySubquery(rows.values(data=JSONObject(day="held_on", decision="decision")))


def _results(citizen: Citizen, goals: Iterable[Goal]) -> Iterable[kl_ffb.Result]:
    """One result a day: KL follows the plan up, we each goal. It goes on as long as one of its goals does."""
    days: dict[dt.date, set[str]] = {}
    for goal in goals:
        for held in getattr(goal, "held", ()):
            days.setdefault(dt.date.fromisoformat(held["day"]), set()).add(held["decision"])
    for day, decisions in sorted(days.items()):
        strongest = next(d for d in ("continue", "end_and_refer", "end") if d in decisions)
        yield kl_ffb.Result(str(uuid5(citizen.key, f"follow-up {day}")), goal_rules.FollowUp(strongest), day)


def messages(user: User) -> QuerySet[Message]:
    """The messages the user may open: their own, orders to units they lead, and plans of citizens they write about."""
    return Message.objects.filter(
        Q(received_by=user)
        | Q(kind=Message.Kind.ORDER, unit__in=reach(user, "referral.decide").all_units)
        | Q(
            kind=Message.Kind.PLAN,
            citizen__in=Citizen.objects.filter(visible_q(CITIZEN, user, "record.write")),
        )
    )


def latest(user: User) -> list[Message]:
    """The latest of them, those that wait first. One SQL statement beside the reach."""
    found = messages(user).select_related("unit", "received_by", "citizen").order_by("-received_at", "-pk")
    return sorted(found[:SHOWN], key=lambda message: message.state != Message.State.DRAFT)
