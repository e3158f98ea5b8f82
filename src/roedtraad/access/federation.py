"""What a federated login means for somebody's access: it gives what is asserted and takes back what no longer is.

Accesses given by hand are left alone. The floor below knows no roles and asks through `accounts.federation.ports`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pghistory
import structlog
from django.db import transaction

from roedtraad.access.models import Grant
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.scope import roles_of
from roedtraad.access.services import end_grant
from roedtraad.accounts.federation.mapping import Wanted
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.period import Period

log = structlog.get_logger("roedtraad.federation")

GIVEN = "givet af login"
ENDED = "loginnet giver den ikke længere"
KEPT = "loginnet giver den stadig"
# Somebody who leaves never logs in again to lose what the logins gave; so it runs out, unless a login keeps it.
LEASE = dt.timedelta(days=60)
RENEWED_BELOW = dt.timedelta(days=30)
# What the scope of a login names: a unit by its key, a municipality by its code.
_NAMED_BY = {"unit": "key", "municipality": "code"}


class FederatedAccess:
    """The answers to `ports.Access`."""

    def only_citizen(self, user: User) -> bool:
        """Has the account citizens' or relatives' access today, and no other? One SQL."""
        held = roles_of(user)
        return bool(held) and all(SCOPE[role] == "citizen" for role in held)

    @transaction.atomic
    def apply(self, user: User, wanted: Sequence[Wanted]) -> None:
        """Make the accesses that come from logins today those of `wanted`, for two months from the latest login.

        A role or place that does not exist here gives nothing and is counted in the log. An access that began
        today is removed – it never held a whole day, and the history keeps it; an older one has yesterday as its
        last day. What the account already has by hand is not given twice.
        """
        # Two logins at once would give the same access twice.
        User.objects.select_for_update().get(pk=user.pk)
        asserted = {(one.role, one.kind, scope.pk) for one in wanted if (scope := _scope_of(one)) is not None}
        if len(asserted) < len(set(wanted)):
            log.warning("unknown_scopes", user=user.pk, number=len(set(wanted)) - len(asserted))
        held = list(Grant.objects.in_force().filter(user=user))
        for grant in held:
            if grant.source == Grant.Source.FEDERATION and _key(grant) in asserted:
                _keep(grant)
            elif grant.source == Grant.Source.FEDERATION:
                _take_back(grant)
        for role, kind, scope in sorted(asserted - {_key(grant) for grant in held}, key=str):
            _give(user, role, kind, scope)
        # What was read about the user before this holds no more.
        for name in ("_grants_in_force", "_reach", "_unit_trees"):
            user.__dict__.pop(name, None)


def _scope_of(one: Wanted) -> Any:
    """The unit or municipality that a login names, or None. Its table is a floor up and known by the grant only."""
    if one.role not in set(Role) or SCOPE[Role(one.role)] != one.kind:
        return None
    target = Grant._meta.get_field(one.kind).related_model
    return target._default_manager.filter(**{_NAMED_BY[one.kind]: one.scope}).first()  # type: ignore[union-attr]  # a foreign key's model


def _key(grant: Grant) -> tuple[str, str, Any]:
    kind = SCOPE[Role(grant.role)]
    return grant.role, kind, getattr(grant, f"{kind}_id")


def _end(user: User, role: str, kind: str, scope: Any) -> dt.date:
    """The first day without the access: after two months, or when the same access begins by another way."""
    same = Grant.objects.filter(
        user=user, role=role, valid__startswith__gt=clock.today(), **{f"{kind}_id": scope}
    )
    other: dt.date | None = same.order_by("valid").values_list("valid__startswith", flat=True).first()
    end = clock.today() + LEASE
    return min(end, other) if other else end


def _give(user: User, role: str, kind: str, scope: Any) -> None:
    with pghistory.context(reason=GIVEN):
        Grant.objects.create(
            user=user,
            role=role,
            valid=Period(clock.today(), _end(user, role, kind, scope)).to_range(),
            source=Grant.Source.FEDERATION,
            **{f"{kind}_id": scope},
        )


def _keep(grant: Grant) -> None:
    """Renew it when it is about to run out – not at each login, which would fill the history."""
    period = Period.from_range(grant.valid)
    if period.end is None or period.end - clock.today() >= RENEWED_BELOW:
        return
    end = _end(grant.user, *_key(grant))
    if end > period.end:
        with pghistory.context(reason=KEPT):
            grant.valid = Period(period.start, end).to_range()
            grant.save(update_fields=["valid"])


def _take_back(grant: Grant) -> None:
    today = clock.today()
    if Period.from_range(grant.valid).start == today:
        with pghistory.context(reason=ENDED):
            grant.delete()
    else:
        end_grant(grant, today - dt.timedelta(days=1), reason=ENDED)
