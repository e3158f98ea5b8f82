"""The command `roedtraad`: what an operator does from a terminal, in Danish."""

from __future__ import annotations

import sys

import click

from roedtraad.config.cli.words import DanishGroup, said_in_one_sentence


@click.group(cls=DanishGroup)
@click.version_option(
    package_name="roedtraad", prog_name="roedtraad", message="%(prog)s %(version)s", help="Vis versionen."
)
def cli() -> None:
    """Rødtråd: it-systemet til det specialiserede socialområde.

    Begynd med »roedtraad demo«: den laver en database, fylder den med eksempeldata og starter systemet på
    http://localhost:8000.
    """


def _register() -> None:
    from roedtraad.config.cli import (
        backup,
        checks,
        database,
        demo,
        exchange,
        keys,
        maalbillede,
        manage,
        serve,
        terminology,
        users,
    )

    for module in (
        demo,
        serve,
        database,
        exchange,
        terminology,
        users,
        checks,
        backup,
        keys,
        maalbillede,
        manage,
    ):
        for command in module.COMMANDS:
            cli.add_command(command)


_register()


def main() -> None:
    """Entry point of the console script: any refusal is one sentence and a non-zero exit."""
    sys.exit(said_in_one_sentence(cli))
