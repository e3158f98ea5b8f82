"""/healthz and /readyz: is the house well, and may it get visitors."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from roedtraad.config.faults import watch

LEAST_DISK = 500 * 1024 * 1024  # below half a gigabyte the database may stop writing
AWAY_NOTE = "svarer ikke"
OLDEST_JOB_SECONDS = 900  # a queue older than a quarter of an hour means no worker is at work


def database_state() -> tuple[bool, str]:
    """Does the database answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        watch.lost()
        return False, AWAY_NOTE
    return True, "svarer"


def migrations_state() -> tuple[bool, str]:
    """Are all migrations carried out?"""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not missing, f"{len(missing)} mangler" if missing else "alle udført"


def queue_state() -> tuple[bool, str]:
    """Is the job queue moving? Counts what waits and looks at the oldest due job."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE j.status = 'todo'),
                   count(*) FILTER (WHERE j.status = 'failed'),
                   coalesce(max(extract(epoch FROM now() - coalesce(j.scheduled_at, e.at)))
                            FILTER (WHERE j.status = 'todo'), 0)
            FROM procrastinate_jobs j
            LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
            """
        )
        waiting, failed, oldest = cursor.fetchone()
    return oldest < OLDEST_JOB_SECONDS, f"{waiting} venter, {failed} fejlet"


def disk_state() -> tuple[bool, str]:
    """Is there room on the disk of the data folder?"""
    folder = Path(settings.DATA)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return free > LEAST_DISK, f"{free // 2**20} MB ledig"


class HealthMiddleware:
    """Answers before sessions, hosts and policies: a load balancer is nobody and has no host name.

    After Django's SecurityMiddleware, so that these answers have HSTS too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/readyz":
            ok = not watch.is_away() and database_state()[0]
            return JsonResponse({"ready": ok}, status=200 if ok else 503)
        if request.path == "/healthz":
            return self.health()
        return self.get_response(request)

    def health(self) -> JsonResponse:
        """Each part's state. Carries no personal data.

        503 when a part is unwell that a person must look at. A database that is away is not among them: its
        supervisor brings it back, and restarting this process would not; visitors stay away by /readyz.
        """
        parts = {"database": (False, AWAY_NOTE) if watch.is_away() else database_state()}
        if parts["database"][0]:
            parts["migrations"] = migrations_state()
            if parts["migrations"][0]:
                parts["jobs"] = queue_state()
        parts["disk"] = disk_state()
        ok = all(state for state, _ in parts.values())
        body = {
            "ok": ok,
            "parts": {name: {"ok": state, "note": note} for name, (state, note) in parts.items()},
        }
        alive = all(state for name, (state, _) in parts.items() if name != "database")
        return JsonResponse(body, status=200 if alive else 503)
