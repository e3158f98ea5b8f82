"""What the commands share: a running database, Django ready, the app's own processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from roedtraad.config import environment
from roedtraad.config.cli.words import Refused
from roedtraad.config.modes import choose_settings
from roedtraad.config.postgres import Cluster
from roedtraad.config.postgres.binaries import OLDEST_MAJOR

# Any fixed number will do; it only has to be the same in every process.
MIGRATION_TURN = 20_260_615


@contextmanager
def database(quiet: bool = False) -> Iterator[None]:
    """A database that answers: the one of DATABASE_URL, or the embedded server for as long as this lasts."""
    if environment.read("DATABASE_URL"):
        yield
        return
    with Cluster(environment.data_folder()).ensure_running(None if quiet else click.echo):
        yield


def django_ready() -> str:
    """Set Django up once the database is there (settings read its address); returns the mode."""
    mode = choose_settings()
    import django

    django.setup()
    from roedtraad.access import rows

    rows.process_is("kommando")
    return mode


def manage(*args: str, as_owner: bool = False) -> None:
    """Run one of Django's own commands in a process of its own; as the owner role for migrations."""
    env = {**os.environ}
    if as_owner:
        env["ROEDTRAAD_DB_AS"] = "owner"
    done = subprocess.run([sys.executable, "-m", "roedtraad", "manage", *args], env=env, check=False)
    if done.returncode:
        raise Refused(f"»manage {args[0]}« gik ikke godt; se beskeden ovenfor.")


def refuse_old_server(version: int) -> None:
    """Raise Refused, with a sentence, for a server (its number, 150018 for 15.18) too old for the tables."""
    if version < OLDEST_MAJOR * 10_000:
        raise Refused(
            f"Databaseserveren er PostgreSQL {version // 10_000}. Rødtråd skal have {OLDEST_MAJOR} eller nyere. "
            "Opgradér serveren, og prøv igen."
        )


@contextmanager
def one_migration_at_a_time() -> Iterator[None]:
    """Waits for another process that changes the tables; the database frees the turn when one of them dies.

    Each migration is one transaction: one that is killed half-way has changed nothing and is done again.
    """
    import django
    from django.db import connections

    django.setup()
    turn = connections["default"].copy()
    try:
        with turn.cursor() as cursor:
            refuse_old_server(turn.connection.info.server_version)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_TURN])
            if not cursor.fetchone()[0]:
                click.echo("En anden er ved at ændre tabellerne. Venter på den.")
                cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_TURN])
            yield
    finally:
        turn.close()


def missing_migrations() -> int:
    """How many migrations the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def house(quiet: bool = True, database_given: bool = False) -> Iterator[str]:
    """Database and Django ready, and refused with a sentence when the tables are not up to date.

    With `database_given` somebody else looks after the database, and none is started here.
    """
    with nullcontext() if database_given else database(quiet):
        mode = django_ready()
        if count := missing_migrations():
            raise Refused(
                f"Databasen mangler {count} ændringer af tabellerne. Kør »roedtraad demo« eller "
                "»roedtraad manage migrate«, og prøv igen."
            )
        yield mode
