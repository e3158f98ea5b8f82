"""What a phone keeps for when its net is gone: who is here, what is to be done, what hangs on the board, and the risk.

It is what the colleague sees at work, no more: the residents of the unit the phone stands in, and of their record only
what `record.write` reaches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from roedtraad.access.lookups import record
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty.queries.risk import RiskNow, scales_for
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.portals.queries.shift import BEHIND, WORK, Resident, standing_in
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Goal, Note
from roedtraad.practice.queries.tasks import DueTask, due
from roedtraad.practice.rules.tasks import REASONS

# A phone may be away for a whole shift and the beginning of the next.
AHEAD = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Kept:
    """What a phone keeps, ready for JSON: texts, numbers, and moments as milliseconds since 1970."""

    unit: str
    made: int
    residents: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    scales: dict[str, list[dict[str, Any]]]
    reasons: list[str]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def kept_on_phone(user: User, asked: str = "") -> Kept:
    """What a phone standing in the unit `asked` keeps. Everyone in it is written in the log of look-ups."""
    now = clock.now()
    tree = last_known_tree(now.date())
    standing = standing_in(user, tree, asked, now)
    tasks = due(user, standing.here, now - BEHIND, now + AHEAD)
    living = {one.citizen_id for one in standing.residents}
    named = living | {part.citizen_id for task in tasks for part in task.parts}
    if named:
        record(user, sorted(named), "læst ned til brug uden net", action=WORK)
    homes = {row.citizen_id: row.unit_id for row in standing.shown.living if row.unit_id is not None}
    scales = scales_for(set(homes.values()), now, tree)
    in_use = {scale.pk: scale for scale in scales.values()}
    within = Citizen.objects.filter(visible_q(CITIZEN, user, "record.write"), pk__in=living)
    board, aims = _board(within, now), _goals(within)
    return Kept(
        unit=standing.where,
        made=_ms(now),
        residents=[
            {
                **_resident(one),
                "notes": board.get(one.citizen_id, []),
                "goals": aims.get(one.citizen_id, []),
                "scale": _scale_of(scales, homes.get(one.citizen_id)),
            }
            for one in standing.residents
        ],
        tasks=[_task(task, user) for task in tasks],
        scales={str(scale.pk): [_level(level) for level in scale.levels.all()] for scale in in_use.values()},
        reasons=list(REASONS),
    )


def _ms(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


def _scale_of(scales: dict[int, Any], unit_id: int | None) -> str:
    scale = scales.get(unit_id) if unit_id is not None else None
    return str(scale.pk) if scale is not None else ""


def _level(level: Any) -> dict[str, Any]:
    return {name: getattr(level, name) for name in ("id", "name", "tone", "shape", "meaning", "action")}


def _resident(one: Resident) -> dict[str, Any]:
    return {
        "key": str(one.key),
        "name": one.name,
        "short": one.short,
        "initials": one.initials,
        "unit": one.unit_name,
        "absence": one.absence,
        "risk": _risk(one.risk) if one.risk else None,
    }


def _risk(risk: RiskNow) -> dict[str, Any]:
    reading = risk.reading
    stale_after = dt.timedelta(hours=reading.level.scale.stale_after_hours)
    return {
        "name": risk.level.name,
        "tone": risk.level.tone,
        "shape": risk.level.shape,
        "at": _ms(reading.set_at),
        "by": str(reading.set_by),
        "text": reading.text,
        # The phone sees for itself when it has become too old.
        "stale_at": _ms(reading.set_at + stale_after),
    }


def _task(task: DueTask, user: User) -> dict[str, Any]:
    return {
        "key": str(task.key),
        "series": str(task.series_key) if task.task_id is None else None,
        "due": _ms(task.due_at),
        "who": task.who,
        "title": task.title,
        "instruction": task.instruction,
        "minutes": task.minutes,
        "state": task.state,
        "started_at": _ms(task.started_at) if task.started_at else None,
        "by": task.ended_by or task.skipped_by or task.started_by,
        "mine": user.pk in (task.started_by_id, task.ended_by_id, task.skipped_by_id),
    }


def _board(citizens: Any, now: dt.datetime) -> dict[int, list[dict[str, Any]]]:
    """What hangs on the board of each of the citizens, the latest first. One SQL statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = (
        Note.objects.filter(citizen__in=citizens, sticky_until__gte=now.date(), withdrawn_at__isnull=True)
        .defer("search")
        .select_related("written_by", "corrected_by")
        .order_by("-occurred_at", "-pk")
    )
    for note in rows:
        found.setdefault(note.citizen_id, []).append(
            {
                "key": str(note.key),
                "version": note.version,
                "text": note.text,
                "who": str(note.corrected_by or note.written_by),
                "at": _ms(note.occurred_at),
            }
        )
    return found


def _goals(citizens: Collection[int] | Any) -> dict[int, list[dict[str, Any]]]:
    """The goals of each of the citizens that run, with the words of their steps. One SQL statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Goal.objects.filter(citizen__in=citizens, closed_on__isnull=True).order_by("starts_on", "pk")
    for goal in rows:
        found.setdefault(goal.citizen_id, []).append(
            {"key": str(goal.key), "title": goal.title, "levels": goal.levels}
        )
    return found
