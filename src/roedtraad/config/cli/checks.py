"""`roedtraad check`: the nightly look at whether the data still make sense."""

from __future__ import annotations

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand

MOST = 1000
SHOWN = 5


@click.command("check", cls=DanishCommand)
@click.option("--list", "only_list", is_flag=True, help="Vis blot, hvad der efterses.")
@click.pass_context
def check(ctx: click.Context, only_list: bool) -> None:
    """Efterse data: hver regel er et spørgsmål, der ikke må give svar.

    Slutter med fejl (kode 1), hvis en regel, der ikke må brydes, er brudt. Advarsler nævnes blot.
    """
    with house():
        from roedtraad.config.data_checks import all_checks

        broken = 0
        for rule in all_checks():
            if only_list:
                click.echo(f"{rule.name} ({rule.severity}): {rule.question}")
                continue
            rows = rule.find(MOST)
            if not rows:
                click.echo(f"✓ {rule.name}")
                continue
            broken += rule.severity == "fejl"
            many = f"{MOST} eller flere" if len(rows) == MOST else str(len(rows))
            click.echo(
                f"{'✗' if rule.severity == 'fejl' else '!'} {rule.name}: {many} rækker – {rule.question}"
            )
            for row in rows[:SHOWN]:
                click.echo("    " + " · ".join(str(cell) for cell in row))
        if broken:
            ctx.exit(1)


COMMANDS = [check]
