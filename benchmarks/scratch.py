"""A database of its own for a measurement, and the environment of a process that uses it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from roedtraad.config.postgres import OWNER, Cluster, temporary_cluster


@contextmanager
def scratch() -> Iterator[tuple[Cluster, dict[str, str]]]:
    """A throw-away cluster and the environment that points a child process at it."""
    with temporary_cluster() as cluster:
        yield (
            cluster,
            {
                **os.environ,
                "DATABASE_URL": cluster.dsn(OWNER, "roedtraad"),
                "ROEDTRAAD_DB_AS": "owner",
                "ROEDTRAAD_MODE": "test",
                "ROEDTRAAD_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "roedtraad.config.settings.test",
            },
        )
