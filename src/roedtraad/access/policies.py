"""The one table of who may do what. Views, services, the API and templates all ask here.

An action is named `subject.verb`. A role appears in a row when it may do it somewhere; where follows from
the scope of the grant (`access.scope.reach`). Documented for people in docs/access.md by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

from roedtraad.access.roles import Role

EVERYONE = frozenset(Role)
STAFF = frozenset(
    {
        Role.SUPPORT_WORKER,
        Role.LEADER,
        Role.ECONOMIST,
        Role.QUALITY,
        Role.STRATEGIST,
        Role.COUNCIL,
        Role.ADMINISTRATOR,
    }
)
OFFICE = frozenset({Role.LEADER, Role.ECONOMIST, Role.QUALITY, Role.STRATEGIST, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Action:
    """One thing that can be done: its name, what it is in words, and the roles that may.

    `now_only`: a unit gives it for those who live there or are coming, never for those who have moved on.
    `with_pin`: it is part of a shift and may be done by one who changed user on a shared tablet with a PIN.
    """

    name: str
    words: str
    roles: frozenset[Role]
    now_only: bool = False
    with_pin: bool = False


_ACTIONS = (
    Action("home.view", "se sin forside", EVERYONE, with_pin=True),
    Action("draft.own", "se sine egne kladder", EVERYONE, with_pin=True),
    Action("organisation.view", "se organisationen", EVERYONE),
    Action("organisation.edit", "ændre organisationen", frozenset({Role.STRATEGIST, Role.ADMINISTRATOR})),
    Action("scenario.view", "se ledelsesscenarier", OFFICE | {Role.COUNCIL}),
    Action("scenario.edit", "lave ledelsesscenarier", OFFICE),
    Action("capacity.view", "se kapaciteten", STAFF | {Role.CASEWORKER, Role.INSPECTOR}),
    Action(
        "place.view",
        "se pladserne én for én i statistikken",
        # Behind one place stand one or two persons: a figure of so few is for those who work with the places.
        frozenset({Role.SUPPORT_WORKER, Role.LEADER, Role.ECONOMIST, Role.QUALITY, Role.INSPECTOR}),
    ),
    Action("place.edit", "ændre pladser", frozenset({Role.LEADER, Role.ADMINISTRATOR})),
    Action(
        "citizen.view",
        "se borgere",
        frozenset(
            {Role.CITIZEN, Role.RELATIVE, Role.SUPPORT_WORKER, Role.LEADER, Role.CASEWORKER, Role.INSPECTOR}
        ),
        with_pin=True,
    ),
    Action(
        "citizen.emergency",
        "åbne en borger uden for sin enhed med en begrundelse",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER}),
    ),
    Action("emergency.review", "se nødadgange efter", frozenset({Role.LEADER, Role.ADMINISTRATOR})),
    Action(
        "citizen.protect",
        "beskytte en borger mod at blive set",
        frozenset({Role.LEADER}),
        now_only=True,
    ),
    Action(
        "sensitive.view",
        "læse særlige oplysninger om en borger",
        frozenset({Role.CITIZEN, Role.SUPPORT_WORKER, Role.LEADER}),
        now_only=True,
    ),
    Action(
        "sensitive.write",
        "skrive særlige oplysninger om en borger",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER}),
        now_only=True,
    ),
    Action(
        "record.view",
        "læse en borgers journal",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR}),
        with_pin=True,
    ),
    Action(
        "record.write",
        "skrive i en borgers journal",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER}),
        now_only=True,
        with_pin=True,
    ),
    Action("report.approve", "godkende en statusrapport til kommunen", frozenset({Role.LEADER})),
    Action(
        "report.read",
        "læse godkendte statusrapporter",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER, Role.CASEWORKER, Role.INSPECTOR}),
    ),
    Action(
        "handover.read",
        "læse en overleveringspakke, der er sendt til ens enhed eller kommune",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER, Role.CASEWORKER}),
        now_only=True,
    ),
    Action("effect.view", "se, hvad der er kommet ud af målene i sin enhed", frozenset({Role.LEADER})),
    Action(
        "method.view", "se listen over metoder", frozenset({Role.SUPPORT_WORKER, Role.LEADER, Role.QUALITY})
    ),
    Action("method.edit", "rette listen over metoder", frozenset({Role.LEADER, Role.QUALITY})),
    Action(
        "duty.work",
        "arbejde på en vagt",
        frozenset({Role.SUPPORT_WORKER, Role.LEADER}),
        now_only=True,
        with_pin=True,
    ),
    Action("duty.configure", "indstille vagten i en enhed", frozenset({Role.LEADER})),
    Action("own.view", "se sin egen tråd", frozenset({Role.CITIZEN})),
    Action("own.write", "skrive sine egne ønsker og svar", frozenset({Role.CITIZEN})),
    Action("shared.view", "se det, en borger deler", frozenset({Role.RELATIVE})),
    Action(
        "message.write",
        "skrive beskeder mellem borger, pårørende og tilbud",
        frozenset({Role.CITIZEN, Role.RELATIVE, Role.SUPPORT_WORKER, Role.LEADER}),
        now_only=True,
    ),
    Action("rights.handle", "behandle anmodninger om indsigt", frozenset({Role.LEADER})),
    Action(
        "retention.view",
        "se regler om opbevaring og slettelister",
        frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    ),
    Action("retention.hold", "spærre en borgers oplysninger mod sletning", frozenset({Role.LEADER})),
    Action(
        "retention.edit", "ændre regler om opbevaring og lave slettelister", frozenset({Role.ADMINISTRATOR})
    ),
    Action(
        "retention.approve", "godkende en andens sletteliste", frozenset({Role.LEADER, Role.ADMINISTRATOR})
    ),
    Action("stay.book", "booke, ændre og afslutte ophold", frozenset({Role.LEADER})),
    Action("staffing.view", "se stillinger", OFFICE | {Role.COUNCIL, Role.INSPECTOR}),
    Action("maalbillede.view", "se målbilledet", STAFF),
    Action("plan.edit", "redigere planer og mål", frozenset({Role.STRATEGIST})),
    Action("import.run", "indlæse data", frozenset({Role.ADMINISTRATOR})),
    Action(
        "referral.send",
        "sende en kommunes bestilling ind",
        frozenset({Role.CASEWORKER, Role.LEADER, Role.ADMINISTRATOR}),
    ),
    Action("referral.decide", "tage imod eller afvise en bestilling", frozenset({Role.LEADER})),
    Action("export.run", "trække data ud", OFFICE),
    Action("lookup_log.sample", "tage stikprøver i opslagsloggen", frozenset({Role.ADMINISTRATOR})),
    Action("lookup_log.own", "se hvem der har set ens egne oplysninger", frozenset({Role.CITIZEN})),
    Action("jobs.manage", "se og gentage baggrundsopgaver", frozenset({Role.ADMINISTRATOR})),
    Action("grants.overview", "se, hvem der er kommet, flyttet og stoppet", frozenset({Role.LEADER})),
    Action("grants.end", "slutte en adgang", frozenset({Role.LEADER, Role.ADMINISTRATOR})),
    Action("tablet.manage", "styre fælles tablets", frozenset({Role.LEADER, Role.ADMINISTRATOR})),
    Action("users.manage", "styre brugere og adgange", frozenset({Role.ADMINISTRATOR})),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _ACTIONS}


def roles_for(action: str) -> frozenset[Role]:
    """The roles that may do `action`. KeyError on an action nobody has declared."""
    return ACTIONS[action].roles
