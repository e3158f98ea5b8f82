"""What a report of a plan holds, and what keeps it from being sent. Pure.

The rules of the plan itself are `practice.rules.kl_ffb`; here is what the message needs beside them. Source: KL's
public guide for FFB reporting 1.0.0, told in our own words in the domain rules.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID, uuid5

from roedtraad.core.cpr import CprError, parse_cpr
from roedtraad.exchange.fhir.terms import Part, Terms, missing
from roedtraad.practice.rules import kl_ffb

# A number, not a sentence: what a municipality calls its case.
CASE_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Report:
    """All that one citizen's report carries.

    `key` is the plan's; `organisation` the municipality's number in the shared administration (STS); `assessed` the day
    of the assessment the conditions come from; `closed` the keys of goals that are closed; `offer` the code of the kind
    of offer, "" for none.
    """

    key: UUID
    cpr: str
    organisation: str
    made_at: dt.datetime
    plan: kl_ffb.Plan
    assessed: dt.date | None = None
    closed: frozenset[str] = frozenset()
    offer: str = ""

    def part(self, name: str) -> str:
        """The id of a piece of the report that has no key of its own: the same each time."""
        return str(uuid5(self.key, name))


@dataclass(frozen=True, slots=True)
class Lack:
    """What must be put right before the report can be sent; `where` is the part and its key, or "plan"."""

    sentence: str
    where: str = "plan"


def lacks(report: Report, terms: Terms) -> list[Lack]:
    """Everything that keeps the report from being sent, in the order of the plan; empty when it may be."""
    if sentences := missing(terms):
        return [Lack(sentence, "terms") for sentence in sentences]
    return [
        *_heads(report, terms),
        *(Lack(fault.sentence, fault.where) for fault in kl_ffb.faults(report.plan)),
        *_goals(report),
        *_codes(report, terms),
    ]


def _heads(report: Report, terms: Terms) -> list[Lack]:
    found = []
    if not valid_cpr(report.cpr):
        found.append(Lack("Borgeren har intet CPR-nummer, så planen kan ikke indberettes."))
    if not valid_organisation(report.organisation):
        found.append(Lack("Skriv kommunens organisationsnummer (STS), som kommunen har oplyst."))
    if report.plan.case_number and not CASE_NUMBER.fullmatch(report.plan.case_number):
        found.append(Lack("Sagsnummeret må kun have bogstaver, tal og tegnene . / _ - uden mellemrum."))
    if report.offer and report.offer not in terms.listed(Part.OFFER):
        found.append(Lack("Tilbudstypen er ikke på listen. Vælg en anden."))
    if report.plan.conditions and report.assessed is None:
        found.append(Lack("Udredningen mangler en dato."))
    return found


def _goals(report: Report) -> list[Lack]:
    found = []
    for goal in report.plan.goals:
        where = f"goal:{goal.key}"
        if goal.kind is None:
            found.append(Lack("Vælg, om målet er at udvikle, fastholde eller begrænse et tab.", where))
        if goal.target_level is None:
            found.append(Lack("Vælg det funktionsniveau, målet skal føre til.", where))
    return found


def _codes(report: Report, terms: Terms) -> list[Lack]:
    plan, found = report.plan, []
    for condition in plan.conditions:
        known = terms.conditions.get(condition.code)
        if known is None:
            found.append(Lack("Tilstanden er ikke på listen. Vælg en anden.", f"condition:{condition.key}"))
        elif known != (condition.area is kl_ffb.Area.ACTIVITY):
            found.append(Lack("Tilstanden hører til et andet område.", f"condition:{condition.key}"))
    groups, services = terms.listed(Part.GROUP), terms.listed(Part.SERVICE)
    found += [
        Lack("Målgruppen er ikke på listen. Vælg en anden.", f"target_group:{group.key}")
        for group in plan.target_groups
        if group.code not in groups
    ]
    found += [
        Lack("Ydelsen er ikke på listen. Vælg en anden.", f"intervention:{effort.key}")
        for effort in plan.interventions
        if any(code not in services for code in effort.service_codes)
    ]
    return found


def valid_cpr(text: str) -> bool:
    """Is it a CPR number (or one that stands in for it)?"""
    try:
        return parse_cpr(text).number == text
    except CprError:
        return False


def valid_organisation(text: str) -> bool:
    """Is it a number of the shared administration: a UUID?"""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
