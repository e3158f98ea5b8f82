"""Housekeeping that runs by itself."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from roedtraad.access import idempotency, seals, sent

log = structlog.get_logger("roedtraad.access")


@app.periodic(cron="20 3 * * *")
@app.task(name="access.forget_sent", queueing_lock="access.forget_sent")
def forget_sent(timestamp: int) -> int:
    """Each night: forget the answers to forms and to calls of the API. `timestamp` is the planned time."""
    return sent.forget_old() + idempotency.forget_old()


@app.periodic(cron="* * * * *")
@app.task(name="house.take_up_stalled", queueing_lock="house.take_up_stalled")
async def take_up_stalled(timestamp: int) -> int:
    """Each minute: let the jobs of a worker that died be done again. Returns how many there were."""
    jobs = list(await app.job_manager.get_stalled_jobs())
    for job in jobs:
        await app.job_manager.retry_job(job)
    return len(jobs)


@app.periodic(cron="10 0 * * *")
@app.task(name="access.tell_head", queueing_lock="access.tell_head")
def tell_head(timestamp: int) -> str:
    """Each night: write the newest hash of the log of look-ups to the structured log, where it is out of the
    database's hands. Cutting off the newest look-ups, or sealing all anew, shows against it."""
    newest = seals.head()
    if newest is not None:
        log.info("lookup_chain_head", anchor=str(newest))
    return str(newest or "")
