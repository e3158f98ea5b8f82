"""What the walk through every form needs of the record and has to be made first: something open, to be written in."""

from __future__ import annotations

import datetime as dt
import json

from django.urls import reverse

from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.exchange.fhir import orders
from roedtraad.exchange.fhir import services as fhir
from roedtraad.exchange.fhir.terms import Part
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Unit
from roedtraad.organisation.tree import tree
from roedtraad.practice.models import (
    Assessment,
    AssessmentScore,
    Effort,
    Goal,
    GoalTheme,
    StatusReport,
    Transition,
)
from roedtraad.practice.services import packages, reports, transitions
from tests.exchange.fhir.orders import order
from tests.exchange.fhir.scene import ORGANISATION, load_terms
from tests.exchange.fhir.terms import TERMS


def _at_work(worker: User) -> list[Citizen]:
    """Who lives where the colleague works, with a number and nothing open."""
    found = Citizen.objects.filter(
        visible_q("citizens.Citizen", worker, "record.write"),
        stays__in=Stay.objects.occupying(clock.today()),
        cpr_index__isnull=False,
    )
    open_ones = StatusReport.objects.exclude(state="approved").values("citizen")
    moving = Transition.objects.values("citizen")
    return list(found.exclude(pk__in=open_ones).exclude(pk__in=moving).distinct().order_by("pk")[:3])


def a_report(worker: User, citizen: Citizen) -> list[str]:
    """A status report that is being written."""
    today = clock.today()
    made = reports.draft(worker, citizen, today - dt.timedelta(days=30), today)
    return [
        reverse(f"practice:{page}", args=[citizen.key, made.key])
        for page in ("edit-report", "refresh-report")
    ]


def a_package(worker: User, citizen: Citizen) -> list[str]:
    """A handover package that is being looked through."""
    stay = Stay.objects.occupying(clock.today()).filter(citizen=citizen)[0]
    here = stay.place.terms.get(valid__contains=clock.today()).unit
    day = clock.today() + dt.timedelta(days=20)
    plan = transitions.Plan("move", day, from_unit=here, to_unit=Unit.objects.get(key="hinnerup-kollegiet"))
    change = transitions.begin(worker, citizen, plan)
    package = packages.draft(worker, citizen, change)
    part = package.parts.order_by("position")[0]
    return [
        reverse("practice:package", args=[citizen.key, change.key, package.key]),
        reverse("practice:package-part", args=[citizen.key, change.key, package.key, part.key]),
    ]


def a_plan(worker: User, citizen: Citizen) -> list[str]:
    """A plan from another system that waits: the citizen's own, read in again."""
    day = clock.today()
    themes = load_terms()
    by = {"citizen": citizen, "written_by": worker}
    assessment = Assessment.objects.create(**by, list="ffb", assessed_on=day, finished_at=clock.now())
    for code, level in (("cond-1", 3), ("cond-2", 0)):
        AssessmentScore.objects.create(
            assessment=assessment, theme=themes[code], level=level, support_need=2, text="", citizen_text=""
        )
    goals = Goal.objects.filter(citizen=citizen)
    goals.update(closed_on=day)
    goal = Goal.objects.create(**by, title="Handle ind", kind="develop", starts_on=day, follow_up_on=day)
    GoalTheme.objects.create(goal=goal, theme=themes["cond-1"], rank=1)
    effort = Effort.objects.create(**by, goal=goal, title="Med i byen", times=1, minutes=30, starts_on=day)
    text = fhir.PlanText(
        case_number="SAG-1",
        organisation=ORGANISATION,
        starts_on=day,
        offer=next(iter(TERMS.listed(Part.OFFER))),
        groups=tuple(TERMS.listed(Part.GROUP))[:1],
        levels={str(goal.key): 2},
        services={str(effort.key): next(iter(TERMS.listed(Part.SERVICE)))},
    )
    fhir.save_plan(worker, citizen, text, version=0)
    raw = json.dumps(fhir.bundle_of(citizen)).encode()
    message = fhir.receive_plan(worker, citizen, raw, "et andet system")
    return [
        reverse("exchange:plan", args=[citizen.key]),
        reverse("exchange:plan-message", args=[citizen.key, message.key]),
    ]


def of_the_record() -> list[str]:
    """A report, a package and a plan, each of somebody else."""
    worker = User.objects.get(username="medarbejder")
    one, two, three = _at_work(worker)
    return [*a_report(worker, one), *a_package(worker, two), *a_plan(worker, three)]


def an_order() -> list[str]:
    """A municipality's order to an offer that the leader leads."""
    leader = User.objects.get(username="leder")
    made = order()
    made["entry"][2]["resource"]["name"] = next(
        node.name for node in tree().by_id.values() if node.key == "hinnerup-kollegiet"
    )
    message = orders.receive(leader, json.dumps(made).encode())
    return [reverse("exchange:messages"), reverse("exchange:order", args=[message.key])]
