"""The secret address a person's own calendar program reads from."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from roedtraad.access.scope import require
from roedtraad.access.tokens import digest_of
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.duty.models import CalendarFeed

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

ACTION = "home.view"


@transaction.atomic
def open_feed(user: User, *, with_names: bool) -> tuple[CalendarFeed, str]:
    """Make a new address for the user and stop the one they had. Returns it with its secret, which is not kept."""
    require(user, ACTION)
    secret = secrets.token_urlsafe(32)
    with change(user, "kalenderabonnement lavet"):
        _stop(user)
        feed = CalendarFeed.objects.create(
            user=user, digest=digest_of(secret), with_names=with_names, created_at=clock.now()
        )
    return feed, secret


@transaction.atomic
def stop_feed(user: User) -> bool:
    """Stop the user's address: whoever reads from it gets nothing from now on. False when there was none."""
    require(user, ACTION)
    with change(user, "kalenderabonnement stoppet"):
        return _stop(user)


def _stop(user: User) -> bool:
    live = CalendarFeed.objects.select_for_update().filter(user=user, revoked_at__isnull=True)
    stopped = [feed.pk for feed in live]
    for feed in CalendarFeed.objects.filter(pk__in=stopped):
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
    return bool(stopped)
