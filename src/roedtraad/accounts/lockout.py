"""Counting tries to log in, in the database, so that every server process counts the same.

A try is counted before the password is looked at and taken back when it was right: two hundred tries at once
are then two hundred tries, and not one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import connection, transaction
from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roedtraad.accounts import devices, rules
from roedtraad.accounts.address import client_address
from roedtraad.accounts.models import LoginTries, User
from roedtraad.accounts.rules import PATIENCE, ZERO, Bucket, Kind, Tries
from roedtraad.core import clock

log = structlog.get_logger("roedtraad.login")

# From this many failures in a row each one is worth a warning in the log.
MANY = 20


class Waiting(Exception):
    """There were too many tries; the message is a Danish sentence that says how long to wait."""

    def __init__(self, left: dt.timedelta) -> None:
        self.left = left
        super().__init__(
            _("Der er prøvet for mange gange. Vent %(time)s, og prøv så igen.") % {"time": in_words(left)}
        )


@dataclass(frozen=True)
class Attempt:
    """A try that has been counted and not yet been judged."""

    counted: tuple[Bucket, ...]
    kind: Kind
    user_id: int | None

    def succeeded(self) -> None:
        """It was right: what was counted for this device, or for all unknown ones together, is forgotten."""
        LoginTries.objects.filter(_any_of(self.counted)).delete()

    def failed(self) -> None:
        """It was wrong, and stays counted."""
        log.info(
            "login_failed",
            kind=self.kind.value,
            user=self.user_id,
            known_device=bool(self.counted[0].place),
        )


def begin(request: HttpRequest, kind: Kind, *, username: str = "", user: User | None = None) -> Attempt:
    """Count a try for the account before it is judged. Raises Waiting when it is too early for another.

    A name nobody has is counted like any other. Six SQL.
    """
    account, user_id = _account(username, user)
    device = devices.known_device(request, user_id)
    place = "" if device else _fingerprint(client_address(request))
    counted = rules.buckets(kind, account, known_device=device, address=place)
    now = clock.running()
    with transaction.atomic():
        _one_at_a_time(counted)
        found = {_bucket(row): row for row in LoginTries.objects.filter(_any_of(counted))}
        waits = [_wait(bucket, found.get(bucket), now) for bucket in counted]
        failures = max((row.failures for row in found.values()), default=0)
        if any(waits):
            log.warning("login_waiting", kind=kind.value, user=user_id, known_device=bool(device))
            raise Waiting(max(waits))
        LoginTries.objects.bulk_create(
            [_counted_once_more(bucket, found.get(bucket), user_id, now) for bucket in counted],
            update_conflicts=True,
            unique_fields=["kind", "account", "place"],
            update_fields=["failures", "last"],
        )
    if failures >= MANY:
        log.warning("login_many_failures", kind=kind.value, user=user_id, failures=failures)
    return Attempt(counted, kind, user_id)


def passkey_failed(user: User | None) -> None:
    """A passkey did not hold. Nobody waits for it – a signature cannot be guessed – but it stands in the log."""
    log.info("login_failed", kind="passkey", user=user.pk if user else None)


def forget(user: User) -> None:
    """Forget every failed try at the account, as when it is given a new password. Nobody waits for it then."""
    LoginTries.objects.filter(account=_account("", user)[0]).delete()


def delete_old() -> int:
    """Delete what no longer counts. Returns the number of rows."""
    longest = max(patience.forgotten_after for patience in PATIENCE.values())
    return LoginTries.objects.filter(last__lt=clock.running() - longest).delete()[0]


def in_words(left: dt.timedelta) -> str:
    """A waiting time as one says it, rounded up: 40 sekunder, 2 minutter, 1 time."""
    seconds = max(1, -(-left // dt.timedelta(seconds=1)))
    if seconds < 60:
        return ngettext("%(n)d sekund", "%(n)d sekunder", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("%(n)d minut", "%(n)d minutter", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(n)d time", "%(n)d timer", hours) % {"n": hours}


def _account(username: str, user: User | None) -> tuple[str, int | None]:
    """The account's fingerprint. A user is found as the login finds it, so that no spelling gives new tries."""
    user_id = user.pk if user else _user_id(username)
    return _fingerprint(f"user:{user_id}" if user_id else f"name:{username.strip().casefold()}"), user_id


def _user_id(username: str) -> int | None:
    found: int | None = (
        User.objects.filter(username__iexact=username.strip()).values_list("pk", flat=True).first()
    )
    return found


def _fingerprint(text: str) -> str:
    return salted_hmac("roedtraad.login", text, algorithm="sha256").hexdigest()


def _one_at_a_time(counted: Sequence[Bucket]) -> None:
    """Hold the buckets until the transaction ends, always in the same order. The address is shared by all accounts
    there, so it is held by itself."""
    names = {
        f"{b.kind}:{b.place}" if b.kind == Kind.ADDRESS else f"{b.kind}:{b.account}:{b.place}"
        for b in counted
    }
    keys = sorted(int(_fingerprint(name)[:15], 16) for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def _any_of(counted: Sequence[Bucket]) -> Q:
    where = Q()
    for bucket in counted:
        where |= Q(kind=bucket.kind.value, account=bucket.account, place=bucket.place)
    return where


def _bucket(row: LoginTries) -> Bucket:
    return Bucket(Kind(row.kind), row.account, row.place)


def _tries(row: LoginTries | None) -> Tries:
    return Tries(row.failures, row.last) if row else Tries()


def _wait(bucket: Bucket, row: LoginTries | None, now: dt.datetime) -> dt.timedelta:
    patience = PATIENCE[bucket.kind]
    if bucket.kind != Kind.ADDRESS:
        return rules.wait_left(_tries(row), now, patience)
    at_address = LoginTries.objects.filter(
        kind=bucket.kind.value, place=bucket.place, last__gt=now - patience.forgotten_after
    ).aggregate(accounts=Count("pk"), last=Max("last"))
    if not at_address["last"]:
        return ZERO
    return rules.wait_left(Tries(at_address["accounts"], at_address["last"]), now, patience)


def _counted_once_more(
    bucket: Bucket, row: LoginTries | None, user_id: int | None, now: dt.datetime
) -> LoginTries:
    after = rules.failed(_tries(row), now, PATIENCE[bucket.kind])
    return LoginTries(
        kind=bucket.kind.value,
        account=bucket.account,
        place=bucket.place,
        user_id=user_id,
        failures=after.failures,
        last=after.last or now,
    )
