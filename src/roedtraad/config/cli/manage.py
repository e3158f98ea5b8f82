"""Django's own commands, for developers and operators."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

import click

from roedtraad.config.cli.house import database, one_migration_at_a_time
from roedtraad.config.cli.words import DanishCommand
from roedtraad.config.modes import choose_settings

# Commands that look at the code only; a database would be started for nothing.
WITHOUT_DATABASE = {
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "help",
    "findstatic",
}


@click.command(
    "manage",
    cls=DanishCommand,
    context_settings={
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
        "help_option_names": [],
    },
)
@click.argument("kommando", nargs=-1, type=click.UNPROCESSED)
def manage(kommando: tuple[str, ...]) -> None:
    """Djangos egne kommandoer, fx »manage migrate«. For teknikere."""
    from django.core.management import execute_from_command_line

    if "migrate" in kommando[:1]:
        os.environ["ROEDTRAAD_DB_AS"] = "owner"
    arguments = [sys.argv[0], *kommando]
    if not kommando or kommando[0] in WITHOUT_DATABASE:
        choose_settings()
        execute_from_command_line(arguments)
        return
    with database(quiet=True):
        choose_settings()
        with one_migration_at_a_time() if kommando[0] == "migrate" else nullcontext():
            execute_from_command_line(arguments)


COMMANDS = [manage]
