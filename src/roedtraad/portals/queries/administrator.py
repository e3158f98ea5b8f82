"""The administrator's home, and the lists of users and keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from roedtraad.access.models import ApiToken, Grant, LookupLog, LookupReview
from roedtraad.access.scope import role_label
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.api import page_of
from roedtraad.core.period import Period
from roedtraad.portals.queries.jobs import JobsState, jobs_state
from roedtraad.portals.queries.scopes import scope_names
from roedtraad.portals.queries.units import EndingGrant, ending_grants

PAGE = 50
CONTROL_DAYS = 30


@dataclass(frozen=True)
class AdministratorHome:
    """*Administration*: what waits for the administrator. Look-ups are of the last 30 days."""

    users: int
    without_grant: int
    ending: list[EndingGrant]
    jobs: JobsState
    lookups: int
    reviewed: int
    to_follow_up: int


@dataclass(frozen=True)
class GrantRow:
    """A grant as a line: `state` is now, later or ended."""

    grant: Grant
    role: str
    scope: str
    first: dt.date
    last: dt.date | None
    state: str
    given_by: str


@dataclass(frozen=True)
class UserRow:
    """An account as a line of the list."""

    user: User
    roles: list[str]


def administrator_home(user: User) -> AdministratorHome:
    """Accounts, what ends soon, the jobs, and how the control of look-ups goes. Seven SQL statements."""
    since = clock.now() - dt.timedelta(days=CONTROL_DAYS)
    active = User.objects.filter(is_active=True)
    held = Grant.objects.in_force().filter(user=OuterRef("pk"))
    reviews = LookupReview.objects.filter(log__at__gte=since)
    return AdministratorHome(
        users=active.count(),
        without_grant=active.filter(~Exists(held)).count(),
        ending=ending_grants(Q(), limit=10),
        jobs=jobs_state(limit=5),
        lookups=LookupLog.objects.filter(at__gte=since).count(),
        reviewed=reviews.count(),
        to_follow_up=LookupReview.objects.filter(outcome=LookupReview.Outcome.ASK).count(),
    )


def user_list(
    text: str = "", role: str = "", state: str = "active", after: str | None = None
) -> tuple[list[UserRow], str | None]:
    """Accounts by username, 50 at a time, and the cursor of the next page. Two SQL statements.

    `text` is found in the username or the name; `role` keeps those who hold it today; `state` is active,
    closed or all. HttpError 400 (`core.api`) when the cursor is not one of this list.
    """
    users = User.objects.all()
    if state in ("active", "closed"):
        users = users.filter(is_active=state == "active")
    if text:
        users = users.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
    if role:
        users = users.filter(Exists(Grant.objects.in_force().filter(user=OuterRef("pk"), role=role)))
    found, cursor = page_of(users, [("username", str)], after, PAGE)
    held: dict[int, list[str]] = {}
    for grant in Grant.objects.in_force().filter(user__in=[user.pk for user in found]).order_by("role"):
        names = held.setdefault(grant.user_id, [])
        if role_label(grant.role) not in names:
            names.append(role_label(grant.role))
    return [UserRow(user, held.get(user.pk, [])) for user in found], cursor


def grants_of_user(user: User) -> list[GrantRow]:
    """All the user's grants, those in force first. At most three SQL statements."""
    return grant_rows(
        Grant.objects.filter(user=user).select_related("granted_by").order_by("role", "-valid", "pk")
    )


def grant_rows(grants: Iterable[Grant]) -> list[GrantRow]:
    """Grants as lines, those in force first, then the coming, then the ended."""
    held = list(grants)
    scopes = scope_names(held)
    today = clock.today()
    rows = []
    for grant in held:
        period = Period.from_range(grant.valid)
        state = "now" if period.contains(today) else "later" if today < period.start else "ended"
        rows.append(
            GrantRow(
                grant=grant,
                role=role_label(grant.role),
                scope=scopes[grant.pk],
                first=period.start,
                last=period.last,
                state=state,
                given_by=str(grant.granted_by) if grant.granted_by else "",
            )
        )
    order = {"now": 0, "later": 1, "ended": 2}
    return sorted(rows, key=lambda row: order[row.state])


@dataclass(frozen=True)
class TokenRow:
    """A key as a line; `state` is good, ended or revoked."""

    token: ApiToken
    state: str


def token_list() -> list[TokenRow]:
    """Every key, the newest end first; those that work before those that do not. One SQL statement."""
    now = clock.now()
    rows = [
        TokenRow(token, "revoked" if token.revoked_at else "ended" if token.expires_at <= now else "good")
        for token in ApiToken.objects.select_related("user").order_by("-expires_at", "pk")[:500]
    ]
    return sorted(rows, key=lambda row: row.state != "good")
