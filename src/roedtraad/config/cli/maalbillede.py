"""`roedtraad maalbillede`: the target picture without a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, Refused


@click.command("maalbillede", cls=DanishCommand)
@click.option("--aar", type=click.IntRange(2000, 2100), default=None, help="Året. Uden: det seneste hele år.")
@click.option("--enhed", default="", help="Nøglen på den enhed, billedet gælder (uden: hele området).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "pdf", "xlsx"]),
    default="text",
    show_default=True,
    help="Udskriftens form.",
)
@click.option(
    "--fil",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Skriv til en fil i stedet for skærmen.",
)
def maalbillede(aar: int | None, enhed: str, form: str, fil: Path | None) -> None:
    """Målbilledet for et år: de samme tal som på siden.

    Små grupper (under fem personer) vises ikke.
    """
    with house():
        from roedtraad.core import clock
        from roedtraad.steering import report as reports

        year = aar or clock.today().year - 1
        try:
            output = reports.render(reports.report(year, enhed or None), form)
        except (LookupError, ValueError) as error:
            # Both carry a sentence: a unit without figures, or a year that cannot be shown.
            raise Refused(str(error.args[0])) from error
        data = output.encode() if isinstance(output, str) else output
        if fil is not None:
            fil.write_bytes(data)
            click.echo(f"Skrevet til {fil}.")
        elif form in {"pdf", "xlsx"} and sys.stdout.isatty():
            raise Refused(f"{form} kan ikke vises i terminalen. Skriv til en fil med --fil.")
        else:
            sys.stdout.buffer.write(data)


COMMANDS = [maalbillede]
