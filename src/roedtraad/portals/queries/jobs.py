"""The state of the queue of background jobs. Arguments of jobs are never shown: they can be personal."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max
from procrastinate.contrib.django.models import ProcrastinateJob

SHOWN_FAILURES = 100
STATUSES = ("todo", "doing", "failed", "succeeded", "cancelled", "aborted")


@dataclass(frozen=True)
class Queue:
    """How many jobs of a queue are in each state."""

    name: str
    counts: dict[str, int]

    @property
    def in_order(self) -> list[int]:
        """The counts in the order of `STATUSES`."""
        return [self.counts.get(status, 0) for status in STATUSES]


@dataclass(frozen=True)
class FailedJob:
    """A job that gave up: which task, how often it was tried and when it last failed."""

    id: int
    task: str
    queue: str
    attempts: int
    failed_at: dt.datetime | None


@dataclass(frozen=True)
class JobsState:
    """Everything the page about jobs shows."""

    queues: list[Queue]
    failed: list[FailedJob]

    def count(self, status: str) -> int:
        """Jobs in a state, over all queues."""
        return sum(queue.counts.get(status, 0) for queue in self.queues)

    @property
    def waiting(self) -> int:
        """Jobs that have not begun."""
        return self.count("todo")

    @property
    def failures(self) -> int:
        """Jobs that gave up."""
        return self.count("failed")


def jobs_state(limit: int = SHOWN_FAILURES) -> JobsState:
    """The queue by queue and status, and the latest failures. Two SQL statements."""
    counted: dict[str, Counter[str]] = {}
    for row in ProcrastinateJob.objects.values("queue_name", "status").annotate(n=Count("id")):
        counted.setdefault(row["queue_name"], Counter())[row["status"]] = row["n"]
    failed = (
        ProcrastinateJob.objects.filter(status="failed")
        .annotate(failed_at=Max("procrastinateevent__at"))
        .order_by("-failed_at", "-id")[:limit]
    )
    return JobsState(
        queues=[Queue(name, dict(counts)) for name, counts in sorted(counted.items())],
        failed=[
            FailedJob(job.id, job.task_name, job.queue_name, job.attempts, job.failed_at) for job in failed
        ],
    )
