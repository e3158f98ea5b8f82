"""What an administrator can do to background jobs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from roedtraad.access.scope import require
from roedtraad.accounts.models import User
from roedtraad.core import clock


@transaction.atomic
def retry_job(job_id: int, *, by: User) -> None:
    """Put a failed job back in its queue, to be tried at once. ValueError when it is not failed."""
    require(by, "jobs.manage")
    # Held until the end of the transaction, so that two administrators do not put it back twice.
    if not ProcrastinateJob.objects.select_for_update().filter(pk=job_id, status="failed").exists():
        raise ValueError(_("Opgaven er ikke længere fejlet. Genindlæs siden."))
    app.job_manager.retry_job_by_id(job_id=job_id, retry_at=clock.now())


@transaction.atomic
def retry_all_failed(*, by: User) -> int:
    """Put every failed job back; returns how many."""
    require(by, "jobs.manage")
    numbers = list(
        ProcrastinateJob.objects.select_for_update()
        .filter(status="failed")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for number in numbers:
        app.job_manager.retry_job_by_id(job_id=number, retry_at=clock.now())
    return len(numbers)
