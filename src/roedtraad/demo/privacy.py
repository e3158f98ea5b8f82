"""The demo's protected citizen, an emergency that waits for its review, and particular facts about a few."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from roedtraad.access.lookups import IN_EMERGENCY
from roedtraad.access.models import EmergencyAccess, EmergencyAttempt, LookupLog
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Protection, ProtectionMember, SensitiveFact
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.demo import distributions as d
from roedtraad.demo.notable import WORKPLACE, lives_there
from roedtraad.demo.people import CitizenPlan

LEADERS_OFFER = "hinnerup-kollegiet-afd"
# The evening of the last day: run out by the next noon, and nobody has looked at it yet.
EMERGENCY_AT = dt.datetime.combine(d.CUT_DAY, dt.time(21, 40), COPENHAGEN)
EMERGENCY_WHY = (
    "Borgeren var med på fælles udflugt og fik det dårligt. Skulle finde ud af, hvem der skal ringes til."
)
PROTECTED_SINCE = d.CUT_DAY - dt.timedelta(days=60)
PROTECTED_WHY = "Borgeren er i familie med en medarbejder i nabohuset"
FACTS = (
    (SensitiveFact.Kind.SUBSTANCE, "Drikker i perioder. Vil gerne tale om det, når der er ro."),
    (SensitiveFact.Kind.SEXUAL, "Ønsker hjælp til at tale om kæresteforhold. Kontaktpersonen tager det op."),
    (SensitiveFact.Kind.SUBSTANCE, "Har været stoffri i to år og er stolt af det."),
)


def make_privacy(
    users: dict[str, User], citizens: Iterable[CitizenPlan], ids: dict[str, int], own: int
) -> None:
    """Write them. `own` is the citizen behind the account »borger«, who has a fact to read about themselves."""
    at_work: list[int] = [own]
    at_home: list[int] = []
    for citizen in citizens:
        number = ids[str(citizen.key)]
        if number != own and _lives(citizen, WORKPLACE):
            at_work.append(number)
        elif citizen.cpr is not None and _lives(citizen, LEADERS_OFFER):
            at_home.append(number)
    _protect(at_home[0], [users["leder"], users["afdelingsleder"]])
    _open(at_home[1], users["medarbejder"])
    for number, (kind, text) in zip(at_work, FACTS, strict=False):
        SensitiveFact.objects.create(
            citizen_id=number,
            kind=kind,
            text=text,
            recorded_at=EMERGENCY_AT - dt.timedelta(days=30),
            recorded_by=users["medarbejder"],
        )


def _lives(citizen: CitizenPlan, unit: str) -> bool:
    """Whether the citizen lives round the clock in the unit on the cut day."""
    return any(lives_there(stay, unit) for stay in citizen.stays)


def _protect(citizen: int, named: list[User]) -> None:
    protection = Protection.objects.create(
        citizen_id=citizen, valid=Period(PROTECTED_SINCE).to_range(), reason=PROTECTED_WHY
    )
    for user in named:
        ProtectionMember.objects.create(protection=protection, user=user)


def _open(citizen: int, worker: User) -> None:
    """The emergency itself, the try, and the look-up it led to."""
    EmergencyAttempt.objects.create(user=worker, at=EMERGENCY_AT, found=True)
    opened = EmergencyAccess.objects.create(
        user=worker,
        citizen_id=citizen,
        reason=EMERGENCY_WHY,
        opened_at=EMERGENCY_AT,
        expires_at=EMERGENCY_AT + dt.timedelta(hours=12),
    )
    LookupLog.objects.create(
        at=EMERGENCY_AT,
        user=worker,
        actor_name=str(worker),
        role=Role.SUPPORT_WORKER,
        citizen_id=citizen,
        part="ophold",
        purpose=IN_EMERGENCY,
        emergency=opened,
    )
