"""Who has seen the citizen's data, in the citizen's words: by day, each person once a day for each thing they saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.access.models import Grant, LookupLog
from roedtraad.access.roles import Role
from roedtraad.access.scope import reach_as, role_label
from roedtraad.accounts.models import User
from roedtraad.core.clock import COPENHAGEN
from roedtraad.portals.queries.scopes import scope_names

# What the log calls a part, as one says it to the citizen. A part that is not here is shown as it stands.
PARTS = {
    "ophold": gettext_lazy("din side: hvor du bor og dine ophold"),
    "liste": gettext_lazy("en liste over borgere, hvor du står"),
    "søgning": gettext_lazy("en søgning, hvor du kom frem"),
    "udtræk": gettext_lazy("et udtræk til en fil"),
    "udtræk med CPR-numre": gettext_lazy("et udtræk til en fil, med CPR-nummer"),
    "indlæsning": gettext_lazy("oplysninger, der blev læst ind fra en fil"),
    "min vagt": gettext_lazy("oversigten over dem, der bor i huset"),
    "min enhed": gettext_lazy("oversigten over ind- og udflytninger"),
    "plads": gettext_lazy("den plads, du bor på"),
    "hvor borgeren bor": gettext_lazy("hvor du bor"),
    "kommunens borgere": gettext_lazy("kommunens liste over sine borgere"),
    "kommende flytninger": gettext_lazy("oversigten over kommende flytninger"),
    "beskyttelse": gettext_lazy("hvem der må se dig, når du er beskyttet"),
    "særlige oplysninger": gettext_lazy("særlige oplysninger om dig"),
    "nødadgang set efter": gettext_lazy("at nogen har brugt nødadgang til dig"),
    "beskeder": gettext_lazy("beskeder til og fra dig"),
    "det, der deles": gettext_lazy("det, du deler med dem"),
    "tråden": gettext_lazy("dine ønsker og mål i din journal"),
    "ønsker": gettext_lazy("dine ønsker"),
    "mål": gettext_lazy("dine mål"),
    "indsatser": gettext_lazy("det, I arbejder med"),
    "adgang til borger": gettext_lazy("hvem der skal have adgang til dig"),
}
MACHINE = "m"


@dataclass(frozen=True)
class Seen:
    """Somebody saw a part on a day, once or more; `last` is the latest time. A machine has no role."""

    who: str
    role: str
    where: str
    part: str
    purpose: str
    times: int
    last: dt.datetime
    machine: bool
    emergency: str


@dataclass(frozen=True)
class SeenPage:
    """A piece of the log: its days, newest first, whom one can choose, and the row to go on after."""

    days: list[tuple[dt.date, list[Seen]]]
    people: list[tuple[str, str]]
    next: int | None


def seen_by(user: User, *, who: str = "", before: int | None = None, limit: int = 100) -> SeenPage:
    """Everyone else who opened the citizen's data; `who` is a user's number or the machines. Five SQL statements.

    `before` is the last row of the page before. A day cut by the page goes on at the top of the next.
    """
    rows = _others(user)
    people = _people(rows)
    if who == MACHINE:
        rows = rows.filter(user__isnull=True)
    elif who.isdecimal() and len(who) < 19:
        rows = rows.filter(user=int(who))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("emergency").order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return SeenPage(_by_day(shown), people, shown[-1].pk if len(found) > limit else None)


def latest(user: User, limit: int) -> list[Seen]:
    """The newest few, for the front page. Three SQL statements."""
    rows = list(_others(user).select_related("emergency").order_by("-pk")[: limit * 4])
    return [one for _day, many in _by_day(rows) for one in many][:limit]


def _others(user: User) -> QuerySet[LookupLog]:
    return LookupLog.objects.filter(citizen__in=reach_as(user, Role.CITIZEN).citizens).exclude(user=user)


def _people(rows: QuerySet[LookupLog]) -> list[tuple[str, str]]:
    found = list(rows.order_by("user", "actor_name").distinct("user").values_list("user", "actor_name"))
    people = sorted((name, str(number)) for number, name in found if number is not None)
    choices = [(number, name) for name, number in people]
    return choices + ([(MACHINE, _("Maskiner"))] if any(number is None for number, _name in found) else [])


def _by_day(logs: Iterable[LookupLog]) -> list[tuple[dt.date, list[Seen]]]:
    held = list(logs)
    where = _workplaces(held)
    days: dict[dt.date, dict[tuple[object, ...], list[LookupLog]]] = {}
    for log in held:
        day = log.at.astimezone(COPENHAGEN).date()
        same = (log.user_id, log.actor_name, log.role, log.part, log.purpose, log.emergency_id)
        days.setdefault(day, {}).setdefault(same, []).append(log)
    return [(day, [_seen(many, where) for many in days[day].values()]) for day in days]


def _seen(logs: list[LookupLog], where: dict[tuple[int | None, str], str]) -> Seen:
    log = logs[0]
    return Seen(
        who=log.actor_name,
        role=role_label(log.role) if log.role else "",
        where=where.get((log.user_id, log.role), ""),
        part=str(PARTS.get(log.part, log.part)),
        purpose=log.purpose,
        times=len(logs),
        last=max(each.at for each in logs),
        machine=log.actor != LookupLog.Actor.USER,
        emergency=log.emergency.reason if log.emergency else "",
    )


def _workplaces(logs: list[LookupLog]) -> dict[tuple[int | None, str], str]:
    """Where each worked in the role they looked in: the latest grant of it."""
    users = {log.user_id for log in logs if log.user_id and log.role}
    grants = list(Grant.objects.filter(user__in=users, citizen__isnull=True).order_by("valid", "pk"))
    names = scope_names(grants)
    return {(grant.user_id, grant.role): names[grant.pk] for grant in grants}
