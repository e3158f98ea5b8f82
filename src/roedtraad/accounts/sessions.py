"""How long a session lasts: its last use is kept in the session itself, written at most once a minute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from roedtraad.accounts import rules
from roedtraad.accounts.models import User
from roedtraad.accounts.rules import Activity, Ended, Span
from roedtraad.core import clock

log = structlog.get_logger("roedtraad.login")

KEY = "activity"
WHY = "ended_because"
# In the session: it was begun with a PIN at a shared tablet, and rests on this visit (accounts/tablets).
PIN = "pin_visit"
# Why such a session ended: nobody used it, or what it rests on is gone.
AT_TABLET, NO_MORE_PIN = "at_tablet", "no_more_pin"
WRITE_EVERY = dt.timedelta(minutes=1)


def span(session: Any) -> Span:
    """The house's limits; at a shared tablet somebody else soon stands there."""
    minutes = settings.TABLET_IDLE_MINUTES if PIN in session else settings.SESSION_IDLE_MINUTES
    return Span(dt.timedelta(minutes=minutes), dt.timedelta(hours=settings.SESSION_HOURS))


def begin(session: Any) -> None:
    """Somebody logged in: the session begins now."""
    _write(session, Activity(clock.running(), clock.running()))


def use(session: Any) -> None:
    """The session was used. Written when the last mark is a minute old, so that reading costs no writing."""
    activity, now = _read(session), clock.running()
    if activity is None:
        begin(session)
    elif now - activity.last >= WRITE_EVERY:
        _write(session, Activity(activity.began, now))


def ended(session: Any) -> Ended | None:
    """Why the session has ended, or None."""
    activity = _read(session)
    return rules.ended(activity, clock.running(), span(session)) if activity else None


def left(session: Any) -> dt.timedelta:
    """How long the session lasts if nothing more is done in it."""
    activity = _read(session)
    return rules.left(activity, clock.running(), span(session)) if activity else rules.ZERO


def on_login(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Django's signal when somebody has logged in, in whatever way: the log says who, by number, and how."""
    begin(request.session)
    records = get_authentication_records(request, user)
    log.info("logged_in", user=user.pk, methods=[record.get("type", record["method"]) for record in records])


def _read(session: Any) -> Activity | None:
    kept = session.get(KEY)
    if not kept:
        return None
    return Activity(*(dt.datetime.fromtimestamp(seconds, clock.COPENHAGEN) for seconds in kept))


def _write(session: Any, activity: Activity) -> None:
    session[KEY] = [activity.began.timestamp(), activity.last.timestamp()]
