"""Work about rights that runs by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from roedtraad.rights.services import requests, retention


@app.task(name=requests.GATHER, queue="rights")
def gather(request_id: int) -> None:
    """Count what there is about a citizen."""
    requests.run_gather(request_id)


@app.task(name=requests.MAKE, queue="rights")
def make(request_id: int) -> None:
    """Make a released archive."""
    requests.run_make(request_id)


@app.task(name=retention.LIST, queue="rights")
def make_list(list_id: int) -> None:
    """Find what the rules say may go."""
    retention.run_list(list_id)


@app.task(name=retention.ERASE, queue="rights", lock="rights.erase")
def erase(list_id: int) -> None:
    """Carry out an approved list."""
    retention.run_erase(list_id)


@app.periodic(cron="50 2 * * *")
@app.task(name="rights.delete_expired", queueing_lock="rights.delete_expired")
def delete_expired(timestamp: int) -> int:
    """Each night: delete the archives whose time has run out. `timestamp` is the planned time."""
    return requests.delete_expired()
