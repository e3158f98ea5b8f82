"""Work that runs by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from roedtraad.journeys import occupancy


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="journeys.occupancy")
def catch_up(timestamp: int) -> int:
    """Each hour: count the running and the previous month again. Midnight is then at most minutes away.

    `timestamp` is the planned time, given by the queue. Returns the number of rows changed.
    """
    return occupancy.catch_up()
