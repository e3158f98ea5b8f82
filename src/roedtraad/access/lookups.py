"""The log of look-ups: one row each time somebody opens a person's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from roedtraad.access.models import EmergencyAccess, LookupLog
from roedtraad.access.narrowing import narrowing_of
from roedtraad.access.roles import LABELS, Role
from roedtraad.access.scope import grants_of, reach
from roedtraad.core.clock import COPENHAGEN

IN_EMERGENCY = "nødadgang"


def record(
    user: Any,
    citizen_ids: Iterable[int],
    part: str,
    *,
    action: str = "citizen.view",
    emergency: EmergencyAccess | None = None,
) -> int:
    """Write that `user` opened `part` of these citizens' data.

    The purpose follows from how the user is related to the citizen: by a grant for that very citizen, else by the
    first role that may do `action`; with `emergency`, the citizen was open for its written reason alone.
    In the log the name tells a key, or a shared tablet and that a PIN was used.
    Returns the number of rows. Called by the view or API operation that shows the data, in the same
    transaction as the reading, so that nothing is shown that was not logged.
    """
    roles = reach(user, action).roles
    for_work = next((role for role in Role if role in roles and role not in _OF_ONE_CITIZEN), None)
    related = {
        grant.citizen_id: Role(grant.role)
        for grant in reversed(grants_of(user))
        if grant.citizen_id and Role(grant.role) in roles
    }
    token = getattr(user, "api_token_name", "")
    narrowing = narrowing_of(user.pk)
    through = token or (narrowing.words if narrowing else "")
    rows = []
    for citizen_id in dict.fromkeys(citizen_ids):
        role = related.get(citizen_id, for_work)
        rows.append(
            LookupLog(
                actor=LookupLog.Actor.TOKEN if token else LookupLog.Actor.USER,
                user=user,
                actor_name=(f"{user} ({through})" if through else str(user))[:120],
                role=role or "",
                citizen_id=citizen_id,
                part=part[:60],
                purpose=IN_EMERGENCY if emergency else purpose(role),
                emergency=emergency,
            )
        )
    LookupLog.objects.bulk_create(rows)
    return len(rows)


def record_system(actor_name: str, citizen_ids: Iterable[int], part: str, purpose_words: str) -> int:
    """Write that a machine (an import, an export, a job) opened these citizens' data."""
    rows = [
        LookupLog(
            actor=LookupLog.Actor.SYSTEM,
            actor_name=actor_name,
            citizen_id=citizen_id,
            part=part,
            purpose=purpose_words,
        )
        for citizen_id in dict.fromkeys(citizen_ids)
    ]
    LookupLog.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def log_time() -> dt.datetime:
    """What time it is for the log, whose moments are the database's own whatever day is held. One SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
        return moment.astimezone(COPENHAGEN)


_OF_ONE_CITIZEN = frozenset({Role.CITIZEN, Role.RELATIVE})

_PURPOSES = {
    Role.CITIZEN: "egne oplysninger",
    Role.RELATIVE: "pårørende",
    Role.SUPPORT_WORKER: "arbejdet med borgeren",
    Role.LEADER: "ledelse af tilbuddet",
    Role.CASEWORKER: "kommunens sag",
    Role.INSPECTOR: "tilsyn",
}


def purpose(role: Role | None) -> str:
    """Why a role opens a person's data, in words."""
    if role is None:
        return "uden rolle"
    return _PURPOSES.get(role, LABELS[role])
