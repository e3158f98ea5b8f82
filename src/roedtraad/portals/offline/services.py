"""What was written on a phone without a net is carried out: by the services that would have done it at once.

Each entry is a transaction of its own, and its key is claimed in it (`access.SentRequest`): either both are there or
neither, however often the phone has to send. An entry that is refused, or meets what somebody else has written, stops
none of the others and is handed back with all of its words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from roedtraad.access.lookups import record
from roedtraad.access.models import SentRequest
from roedtraad.access.scope import AccessDenied
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.reach import citizen_in
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import RiskLevel
from roedtraad.duty.services.risk import set_risk
from roedtraad.portals.offline import rules
from roedtraad.portals.offline.rules import Batch, Entry, Kind, Unreadable
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Goal, Note, Task
from roedtraad.practice.services import goals, notes, tasks
from roedtraad.practice.services.common import Changed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

log = structlog.get_logger("roedtraad.offline")

_ROUTE = "offline"


class State(StrEnum):
    """What became of an entry."""

    DONE = "done"
    REFUSED = "refused"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Theirs:
    """What stands there now, written by somebody else meanwhile."""

    text: str
    who: str
    at: dt.datetime
    version: int


@dataclass(frozen=True)
class Answer:
    """What became of an entry: nothing more to say, a sentence, or the other text beside one's own."""

    key: UUID
    state: State
    sentence: str = ""
    theirs: Theirs | None = None


@dataclass(frozen=True)
class Received:
    """The answers in the order of the entries. `stopped`: the database was away, the rest is to be sent again."""

    answers: list[Answer]
    stopped: bool = False


@dataclass(frozen=True)
class _Done:
    """An entry on its way in: who did it, and when by our clock."""

    user: User
    entry: Entry
    at: dt.datetime
    phone_now: dt.datetime

    def text(self, name: str) -> str:
        found = self.entry.what.get(name, "")
        if not isinstance(found, str):
            raise Unreadable(name)
        # No text of a database holds this sign.
        return found.replace("\x00", "")

    def whole(self, name: str) -> int:
        found = self.entry.what.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > 2**31 - 1:
            raise Unreadable(name)
        return found

    def key(self, name: str) -> UUID:
        return rules.key_of(self.entry.what.get(name))

    def moment(self, name: str) -> dt.datetime | None:
        """A time of the entry that somebody chose, by our clock; None when nobody did."""
        raw = self.entry.what.get(name)
        if raw is None:
            return None
        return rules.corrected(rules.moment(raw), self.phone_now, clock.now())


def receive(user: User, batch: Batch) -> Received:
    """Carry out the entries in their order, each once; tell of each what became of it."""
    answers: list[Answer] = []
    for entry in batch.entries:
        try:
            answers.append(_one(user, entry, batch.sent_at))
        except (OperationalError, InterfaceError):
            log.warning("offline_stopped", exc_info=True)
            return Received(answers, stopped=True)
    return Received(answers)


def _one(user: User, entry: Entry, phone_now: dt.datetime) -> Answer:
    now = clock.now()
    done = _Done(user, entry, rules.corrected(entry.at, phone_now, now), phone_now)
    try:
        with transaction.atomic():
            if _claimed(user, entry):
                _ACTS[Kind(entry.kind)](done)
        return Answer(entry.key, State.DONE)
    except Changed as changed:
        return _conflict(done, changed.current)
    except (Refusal, AccessDenied) as refused:
        return Answer(entry.key, State.REFUSED, str(refused))
    except (OperationalError, InterfaceError):
        raise
    except (Unreadable, KeyError) as fault:
        log.warning("offline_unreadable", kind=entry.kind, fault=str(fault))
    except ValueError as fault:
        # A kind from a phone whose program is older or newer than ours.
        log.warning("offline_unknown", kind=entry.kind, fault=type(fault).__name__)
    except Exception:
        log.exception("offline_fault", kind=entry.kind)
    return Answer(
        entry.key,
        State.REFUSED,
        _(
            "Det kunne ikke gemmes på grund af en fejl hos os. Prøv igen, eller skriv det direkte i journalen."
        ),
    )


def _claimed(user: User, entry: Entry) -> bool:
    """Is it the first time the entry comes through? Waits for one that is being carried out.

    A form whose answer never came is taken over by the phone under the form's own number: whatever it held, it has
    been carried out when the number is known.
    """
    if SentRequest.objects.filter(request_id=entry.key, user=user).exists():
        return False
    content = hmac.new(
        settings.SECRET_KEY.encode(),
        json.dumps([entry.kind, entry.what], sort_keys=True, ensure_ascii=True).encode(),
        hashlib.sha256,
    ).digest()
    _row, new = SentRequest.objects.get_or_create(
        request_id=entry.key, user=user, content=content, defaults={"route": _ROUTE, "status": 204}
    )
    return new


def _conflict(done: _Done, current: Note) -> Answer:
    """Both texts, unless they say the same. Showing the other one is a look into the record."""
    if rules.says_the_same(done.text("text"), current.text):
        return Answer(done.entry.key, State.DONE)
    record(done.user, [current.citizen_id], "rettet uden net", action="record.write")
    theirs = Theirs(
        text=current.text,
        who=str(current.corrected_by or current.written_by),
        at=current.corrected_at or current.written_at,
        version=current.version,
    )
    return Answer(
        done.entry.key,
        State.CONFLICT,
        _("En anden har rettet det samme imens. Her er begge tekster."),
        theirs,
    )


def _citizen(done: _Done, action: str) -> Citizen:
    citizen = citizen_in(done.user, done.key("citizen"), action)
    if citizen is None:
        raise Refusal(
            _("Borgeren bor ikke længere, hvor du arbejder. Tal med en kollega om, hvor det hører til.")
        )
    return citizen


def _note(done: _Done) -> None:
    citizen = _citizen(done, "record.write")
    keys = [rules.key_of(raw) for raw in done.entry.what.get("goals") or []]
    about = list(Goal.objects.filter(citizen=citizen, key__in=keys))
    if len(about) < len(set(keys)):
        raise Refusal(_("Et af målene findes ikke længere. Vælg igen, hvad notatet handler om."), "goals")
    sticky = done.text("sticky_until")
    notes.write_note(
        done.user,
        citizen,
        text=done.text("text"),
        kind=done.text("kind") or Note.Kind.DAILY,
        occurred_at=done.moment("happened") or done.at,
        goals=about,
        tags=[tag for tag in done.text("tags").split(",") if tag.strip()],
        important=done.entry.what.get("important") is True,
        sticky_until=dt.date.fromisoformat(sticky) if sticky else None,
        shared_with_citizen=done.entry.what.get("shared_with_citizen") is True,
        shared_with_relatives=done.entry.what.get("shared_with_relatives") is True,
        key=done.entry.key,
    )


def _correction(done: _Done) -> None:
    within = Citizen.objects.filter(visible_q(CITIZEN, done.user, "record.write"))
    note = (
        Note.objects.filter(key=done.key("note"), citizen__in=within)
        .select_related("citizen", "written_by", "corrected_by")
        .first()
    )
    if note is None:
        raise Refusal(
            _(
                "Notatet kan ikke rettes herfra længere. Din tekst står her, så du kan bruge den et andet sted."
            )
        )
    try:
        notes.correct_note(done.user, note, version=done.whole("version"), text=done.text("text"))
    except Changed as changed:
        # With the writers' names, which the page shows.
        changed.current = Note.objects.select_related("written_by", "corrected_by").get(pk=note.pk)
        raise


def _task(done: _Done) -> Task:
    series = done.entry.what.get("series")
    found = tasks.found_task(
        done.user,
        done.key("task"),
        rules.key_of(series) if series else None,
        rules.moment(done.entry.what["due"]) if series else None,
    )
    if found is None:
        raise Refusal(_("Opgaven findes ikke længere. Skriv et notat, hvis den blev udført."))
    return found


def _minutes(done: _Done) -> int | None:
    return None if done.entry.what.get("minutes") is None else done.whole("minutes")


def _rating(done: _Done) -> None:
    within = Citizen.objects.filter(visible_q(CITIZEN, done.user, "record.write"))
    goal = Goal.objects.filter(key=done.key("goal"), citizen__in=within).select_related("citizen").first()
    if goal is None:
        raise Refusal(_("Målet findes ikke længere, hvor du arbejder."))
    goals.rate_goal(
        done.user, goal, done.whole("level"), text=done.text("text"), rated_at=done.at, key=done.entry.key
    )


def _risk(done: _Done) -> None:
    citizen = _citizen(done, "duty.work")
    level = RiskLevel.objects.filter(pk=done.whole("level")).first()
    if level is None:
        raise Refusal(_("Skalaen er ændret. Åbn siden igen, og sæt risikoen på ny."), "level")
    set_risk(done.user, citizen, level, text=done.text("text"), key=done.entry.key, at=done.at)


_ACTS: dict[Kind, Callable[[_Done], object]] = {
    Kind.NOTE: _note,
    Kind.CORRECTION: _correction,
    Kind.START: lambda done: tasks.start(done.user, _task(done), done.at),
    Kind.END: lambda done: tasks.end(done.user, _task(done), done.at, _minutes(done)),
    Kind.DONE: lambda done: tasks.done(done.user, _task(done), _minutes(done), done.at),
    Kind.SKIP: lambda done: tasks.skip(done.user, _task(done), done.text("reason"), done.at),
    Kind.RATING: _rating,
    Kind.RISK: _risk,
}
