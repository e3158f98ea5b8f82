"""The log of look-ups: one row each time somebody opens a person's data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roedtraad.access.models import LookupLog
from roedtraad.access.roles import LABELS, Role
from roedtraad.access.scope import reach


def record(user: Any, citizen_ids: Iterable[int], part: str, *, action: str = "citizen.view") -> int:
    """Write that `user` opened `part` of these citizens' data; the purpose follows from the role.

    Returns the number of rows. Called by the view or API operation that shows the data, in the same
    transaction as the reading, so that nothing is shown that was not logged.
    """
    roles = reach(user, action).roles
    role = next((candidate for candidate in Role if candidate in roles), None)
    token = getattr(user, "api_token_name", "")
    rows = [
        LookupLog(
            actor=LookupLog.Actor.TOKEN if token else LookupLog.Actor.USER,
            user=user,
            actor_name=f"{user} ({token})" if token else str(user),
            role=role or "",
            citizen_id=citizen_id,
            part=part,
            purpose=purpose(role),
        )
        for citizen_id in dict.fromkeys(citizen_ids)
    ]
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
