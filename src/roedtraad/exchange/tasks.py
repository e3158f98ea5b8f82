"""Work with files that runs by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from roedtraad.exchange import services


@app.task(name=services.CHECK, queue="exchange")
def check(transfer_id: int) -> None:
    """See an uploaded file through."""
    services.run_check(transfer_id)


@app.task(name=services.APPLY, queue="exchange")
def apply(transfer_id: int) -> None:
    """Write a confirmed file."""
    services.run_apply(transfer_id)


@app.task(name=services.EXPORT, queue="exchange")
def export(transfer_id: int) -> None:
    """Make a large export."""
    services.run_export(transfer_id)


@app.periodic(cron="40 2 * * *")
@app.task(name="exchange.delete_expired", queueing_lock="exchange.delete_expired")
def delete_expired(timestamp: int) -> int:
    """Each night: delete files older than a week. `timestamp` is the planned time, given by the queue."""
    return services.delete_expired()
