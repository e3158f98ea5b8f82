"""Work that runs by itself."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from roedtraad.accounts import devices, lockout, second_factor
from roedtraad.accounts.tablets import services as tablets


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="accounts.tidy")
def tidy(timestamp: int) -> int:
    """Each hour: delete tries, devices, sessions, shifts at tablets and secrets of removed factors, which no longer count.

    `timestamp` is the planned time, given by the queue. Returns the number of rows.
    """
    sessions, _each = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return (
        lockout.delete_old()
        + devices.delete_old()
        + second_factor.delete_unnamed_secrets()
        + tablets.delete_old()
        + sessions
    )
