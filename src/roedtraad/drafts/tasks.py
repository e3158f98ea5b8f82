"""Work that runs by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from roedtraad.drafts import services


@app.periodic(cron="40 * * * *")
@app.task(name="drafts.forget_old", queueing_lock="drafts.forget_old")
def forget_old(timestamp: int) -> int:
    """Each hour: delete the drafts that have run out. `timestamp` is the planned time. Returns how many."""
    return services.forget_old()
