"""API tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import secrets
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from roedtraad.access import rows
from roedtraad.access.models import ApiToken
from roedtraad.access.policies import ACTIONS
from roedtraad.access.scope import may, require
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.policy import requires

# Scopes for reading are the first half of an action ("capacity" of "capacity.view"); "*" is all that the user may read.
EVERYTHING = "*"
# What the API writes. A key does that only when it carries the whole action as a scope: none that was given to read,
# not even "*", writes.
WRITES = frozenset({"record.write", "duty.work", "referral.send"})
# How exactly the last use is kept: a write for every call would cost more than it tells.
USE_NOTED = dt.timedelta(hours=1)


def digest_of(secret: str) -> bytes:
    """The stored form of a token; the secret itself is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def known_scopes() -> set[str]:
    """Every scope a token can have."""
    return {_subject(action) for action in ACTIONS} | WRITES | {EVERYTHING}


def scope_for(action: str) -> str:
    """The scope a key needs for an action, unless it carries "*" and only reads."""
    return action if action in WRITES else _subject(action)


def covers(scopes: Collection[str], action: str) -> bool:
    """Do the scopes of a key allow the action?"""
    return scope_for(action) in scopes or (EVERYTHING in scopes and action not in WRITES)


def _subject(action: str) -> str:
    return action.partition(".")[0]


@transaction.atomic
def issue(
    user: User,
    name: str,
    scopes: list[str],
    days: int,
    *,
    secret: str | None = None,
    issued_by: User | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for `user` that ends after `days`; returns it with its secret, which is not kept.

    ValueError with a sentence when a scope is unknown, none is chosen, or the period is not between 1 and 366
    days; AccessDenied when `issued_by` may not. Without `issued_by` the system itself makes it (the demo).
    """
    if issued_by is not None:
        require(issued_by, "users.manage")
    if not scopes:
        raise ValueError("Vælg mindst ét omfang.")
    if unknown := set(scopes) - known_scopes():
        raise ValueError(f"Ukendt omfang: {', '.join(sorted(unknown))}.")
    if not 1 <= days <= 366:
        raise ValueError("En nøgle gælder mellem 1 og 366 dage.")
    secret = secret or "rt_" + secrets.token_urlsafe(32)
    token, _created = ApiToken.objects.update_or_create(
        digest=digest_of(secret),
        defaults={
            "user": user,
            "name": name,
            "scopes": scopes,
            "expires_at": clock.now() + dt.timedelta(days=days),
            "revoked_at": None,
        },
    )
    return token, secret


class TokenAuth(HttpBearer):
    """`Authorization: Bearer …`. An unknown, ended or revoked token is a stranger (401)."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's row, with its user put on the request."""
        found = (
            ApiToken.objects.select_related("user")
            .filter(digest=digest_of(token), revoked_at__isnull=True)
            .first()
        )
        if found is None or found.expires_at <= clock.now() or not found.user.is_active:
            return None
        if found.last_used_at is None or found.last_used_at < clock.now() - USE_NOTED:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=clock.now())
        found.user.api_token_name = found.name  # type: ignore[attr-defined]  # read by the log of look-ups
        request.user = found.user
        return found


Operation = Callable[..., Any]


def api_action(action: str) -> Callable[[Operation], Operation]:
    """Declare and enforce an operation's action: the token must carry its scope, the user be allowed."""

    def declare(operation: Operation) -> Operation:
        @wraps(operation)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja after TokenAuth
            if not covers(token.scopes, action):
                raise HttpError(403, f"Nøglen har ikke omfanget »{scope_for(action)}«.")
            if not may(request.user, action):
                raise HttpError(403, f"Nøglens bruger må ikke {ACTIONS[action].words}.")
            with rows.as_user(request.user):
                return operation(request, *args, **kwargs)

        # ninja reads names in the wrapper's module; the signature carries the types themselves.
        checked.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return requires(action)(checked)

    return declare
