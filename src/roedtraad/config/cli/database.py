"""`roedtraad db`: the embedded database server."""

from __future__ import annotations

import os

import click

from roedtraad.config import environment
from roedtraad.config.cli.words import DanishCommand, DanishGroup, Refused
from roedtraad.config.postgres import OWNER, Cluster
from roedtraad.config.supervision import is_served


@click.group("db", cls=DanishGroup)
def db() -> None:
    """Databasen: start, stop og se til den.

    Rødtråd har sin egen databaseserver i datamappen. »demo« og »serve« starter den selv; disse kommandoer er
    til, når man vil have den til at køre for sig.
    """
    if environment.read("DATABASE_URL"):
        raise Refused("DATABASE_URL peger på en anden databaseserver; den indbyggede bruges ikke.")


def _cluster() -> Cluster:
    return Cluster(environment.data_folder())


@db.command("start", cls=DanishCommand)
def start() -> None:
    """Start databaseserveren og lad den køre."""
    cluster = _cluster()
    cluster.start(die_with_parent=False)
    status = cluster.status()
    click.echo(f"Databaseserveren kører (proces {status.pid}). Data ligger i {status.folder}.")


@db.command("stop", cls=DanishCommand)
def stop() -> None:
    """Stop databaseserveren pænt."""
    if is_served(environment.data_folder()):
        raise Refused("Rødtråd kører og ville starte databasen igen. Stop »serve« eller »demo« først.")
    click.echo("Databaseserveren er stoppet." if _cluster().stop() else "Databaseserveren kørte ikke.")


@db.command("status", cls=DanishCommand)
@click.pass_context
def status(ctx: click.Context) -> None:
    """Fortæl, om databaseserveren kører, og hvor data ligger."""
    state = _cluster().status()
    if state.running:
        click.echo(
            f"Kører (proces {state.pid}), PostgreSQL {state.major}.\nData: {state.folder}\nLog:  {state.log}"
        )
        return
    click.echo(
        "Kører ikke." + (f"\nData: {state.folder}" if state.folder else " Der er ingen database endnu.")
    )
    ctx.exit(3)


@db.command("psql", cls=DanishCommand)
def psql() -> None:
    """Åbn psql som tabellernes ejer. Databaseserveren skal køre."""
    cluster = _cluster()
    if not cluster.status().running:
        raise Refused("Databaseserveren kører ikke. Start den med »roedtraad db start«.")
    command, env = cluster.psql(OWNER)
    os.execvpe(command[0], command, env)  # noqa: S606  psql takes over the terminal


COMMANDS = [db]
