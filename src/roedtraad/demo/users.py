"""The demo's users, one for each role, and some weeks of look-ups for the log."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from roedtraad.access.lookups import purpose
from roedtraad.access.models import ApiToken, LookupLog
from roedtraad.access.roles import LABELS, Role
from roedtraad.access.services import grant_role
from roedtraad.access.tokens import EVERYTHING, digest_of, issue
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.demo import distributions as d
from roedtraad.demo.copy import copy_rows
from roedtraad.demo.draws import stream
from roedtraad.demo.notable import RELATIVES_OFFER, WORKPLACE, long_resident
from roedtraad.demo.operators import ROOT, SOCIAL
from roedtraad.demo.people import CitizenPlan
from roedtraad.organisation.models import Municipality, Unit

# Public on purpose: these accounts exist only where the data is synthetic.
PASSWORD = "proevetraad-2026"  # noqa: S105
MACHINE = "api-demo"
TOKEN_DAYS = 366
# An inspection has a beginning and an end.
INSPECTION = (dt.date(2026, 6, 1), dt.date(2027, 12, 31))
# One who came a while ago and leaves before long.
LEAVING = (d.CUT_DAY - dt.timedelta(days=20), d.CUT_DAY + dt.timedelta(days=12))


@dataclass(frozen=True)
class DemoUser:
    """A user with one role from the first day to the last; `scope` is a unit's key or a municipality's code, where a
    citizen is found."""

    username: str
    full_name: str
    role: Role
    scope: str
    days: tuple[dt.date, dt.date | None] = (d.WORLD_START, None)


USERS: tuple[DemoUser, ...] = (
    DemoUser("admin", "Asta Admin Vang", Role.ADMINISTRATOR, ROOT),
    DemoUser("leder", "Lone Ravnholt Prøve", Role.LEADER, "sau"),
    DemoUser("afdelingsleder", "Anders Egelund Prøve", Role.LEADER, "hinnerup-kollegiet"),
    DemoUser("medarbejder", "Mette Lindeskov Prøve", Role.SUPPORT_WORKER, WORKPLACE),
    DemoUser("vikar", "Viggo Vikar Prøve", Role.SUPPORT_WORKER, "hinnerup-kollegiet", LEAVING),
    DemoUser("oekonom", "Ole Kronborg Prøve", Role.ECONOMIST, SOCIAL),
    DemoUser("kvalitet", "Katrine Sundbæk Prøve", Role.QUALITY, SOCIAL),
    DemoUser("strateg", "Stine Maalund Prøve", Role.STRATEGIST, ROOT),
    DemoUser("raad", "Rasmus Tinghus Prøve", Role.COUNCIL, ROOT),
    DemoUser("viborg", "Vibeke Søndersø Prøve", Role.CASEWORKER, "0791"),
    DemoUser("aarhus", "Aksel Åboulevard Prøve", Role.CASEWORKER, "0751"),
    DemoUser("tilsyn", "Tove Eftersyn Prøve", Role.INSPECTOR, "tangkaer", INSPECTION),
    DemoUser("borger", "", Role.CITIZEN, WORKPLACE),
    DemoUser("paaroerende", "", Role.RELATIVE, RELATIVES_OFFER),
)


def make_users(units: dict[str, int], residents: dict[str, tuple[CitizenPlan, int]]) -> dict[str, User]:
    """Make the users with their grants. `residents` are the citizen (and its number) behind each username."""
    hashed = make_password(PASSWORD)
    made: dict[str, User] = {}
    for planned in USERS:
        user = User(username=planned.username, full_name=_name(planned, residents), password=hashed)
        user.save()
        made[planned.username] = user
        start, last = planned.days
        grant_role(
            user,
            planned.role,
            _scope(planned, units, residents),
            start=start,
            last=last,
            reason="eksempeldata",
        )
    machine = User(username=MACHINE, full_name="Demoens API-nøgle")
    machine.set_unusable_password()
    machine.save()
    roots = Unit.objects.filter(versions__parent__isnull=True, versions__valid__contains=d.CUT_DAY).order_by(
        "key"
    )
    for root in roots:
        for role in (Role.STRATEGIST, Role.ECONOMIST, Role.COUNCIL):
            grant_role(machine, role, root, start=d.WORLD_START, reason="eksempeldata")
    return made


def _name(planned: DemoUser, residents: dict[str, tuple[CitizenPlan, int]]) -> str:
    if planned.role == Role.CITIZEN:
        citizen = residents[planned.username][0]
        return f"{citizen.first_name} {citizen.last_name}"
    if planned.role == Role.RELATIVE:
        return f"Jette {residents[planned.username][0].last_name}"
    return planned.full_name


def _scope(
    planned: DemoUser, units: dict[str, int], residents: dict[str, tuple[CitizenPlan, int]]
) -> Unit | Municipality | Citizen:
    if planned.username in residents:
        return Citizen.objects.get(pk=residents[planned.username][1])
    if planned.role == Role.CASEWORKER:
        return Municipality.objects.get(pk=planned.scope)
    return Unit.objects.get(pk=units[planned.scope])


def residents_for(citizens: Sequence[CitizenPlan], ids: dict[str, int]) -> dict[str, tuple[CitizenPlan, int]]:
    """For the citizen and the relative: the first with a number who has lived there for a year or more."""
    found: dict[str, tuple[CitizenPlan, int]] = {}
    for user in USERS:
        if user.role in (Role.CITIZEN, Role.RELATIVE):
            citizen = long_resident(citizens, user.scope)
            found[user.username] = (citizen, ids[str(citizen.key)])
    return found


def write_lookups(
    users: dict[str, User],
    citizens: Iterable[CitizenPlan],
    ids: dict[str, int],
    areas: dict[str, str],
    seed: int,
) -> int:
    """Some weeks of look-ups before the cut day: who opened whose data, as each role would.

    `areas` gives the specialist area of each place. Returns the number of rows.
    """
    rng = stream(seed, "lookups")
    open_stays = [
        (ids[str(c.key)], stay)
        for c in citizens
        for stay in c.stays
        if stay.actual_start is not None and stay.actual_end is None
    ]
    seen_by = {
        "leder": [pk for pk, stay in open_stays if areas[stay.place] == "sau"],
        "medarbejder": [pk for pk, stay in open_stays if stay.place.startswith("tangkaer-")],
        "viborg": [pk for pk, stay in open_stays if stay.payer == "0791"],
        "aarhus": [pk for pk, stay in open_stays if stay.payer == "0751"],
        "tilsyn": [pk for pk, stay in open_stays if stay.place.startswith("tangkaer-")],
    }
    roles = {user.username: user.role for user in USERS}
    moments = sorted(
        _moment(rng.randrange(d.LOOKUP_WEEKS * 5), rng.randrange(8 * 60, 16 * 60)) for _ in range(d.LOOKUPS)
    )
    rows = []
    for at in moments:
        username = rng.choice(list(seen_by))
        user, role = users[username], roles[username]
        rows.append(
            (
                at,
                LookupLog.Actor.USER.value,
                user.pk,
                str(user),
                role.value,
                rng.choice(seen_by[username]),
                rng.choice(d.LOOKUP_PARTS),
                purpose(role),
            )
        )
    return copy_rows(
        LookupLog, ["at", "actor", "user", "actor_name", "role", "citizen", "part", "purpose"], rows
    )


def _moment(workday: int, minute: int) -> dt.datetime:
    """A minute of the nth working day before the cut day."""
    weeks, weekday = divmod(workday, 5)
    monday = d.CUT_DAY - dt.timedelta(days=d.CUT_DAY.weekday() + 7 * weeks)
    if monday + dt.timedelta(days=4) > d.CUT_DAY:
        monday -= dt.timedelta(weeks=1)
    at = dt.datetime.combine(monday + dt.timedelta(days=weekday), dt.time(minute // 60, minute % 60))
    return at.replace(tzinfo=clock.COPENHAGEN)


def ensure_token() -> str | None:
    """The API token's secret: the fixed one of ROEDTRAAD_DEMO_TOKEN, else a fresh one the first time.

    None when the machine account has a token already and no fixed one is set: it was shown when it was made.
    """
    machine = User.objects.get(username=MACHINE)
    in_force = ApiToken.objects.filter(user=machine, revoked_at__isnull=True, expires_at__gt=clock.now())
    fixed = os.environ.get("ROEDTRAAD_DEMO_TOKEN", "").strip()
    if fixed and in_force.filter(digest=digest_of(fixed)).exists():
        return fixed
    if not fixed and in_force.exists():
        return None
    return issue(machine, "Demo", [EVERYTHING], TOKEN_DAYS, secret=fixed or None)[1]


def role_words(user: DemoUser) -> str:
    """The role in Danish, for the list the command prints."""
    return LABELS[user.role]
