"""`roedtraad check`: the nightly look at whether the data still make sense."""

from __future__ import annotations

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, Refused

MOST = 1000
SHOWN = 5


@click.command("check", cls=DanishCommand)
@click.option("--list", "only_list", is_flag=True, help="Vis blot, hvad der efterses.")
@click.option(
    "--anker",
    "anchors",
    multiple=True,
    metavar="PLADS:HASH",
    help="Et tidligere led af opslagsloggens kæde, som den natlige log skrev det. Kan gives flere gange.",
)
@click.pass_context
def check(ctx: click.Context, only_list: bool, anchors: tuple[str, ...]) -> None:
    """Efterse data: hver regel er et spørgsmål, der ikke må give svar.

    Slutter med fejl (kode 1), hvis en regel, der ikke må brydes, er brudt. Advarsler nævnes blot.
    """
    with house():
        from roedtraad.config.data_checks import all_checks

        broken = _lost_anchors(anchors)
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


def _lost_anchors(anchors: tuple[str, ...]) -> int:
    """How many of the anchors the chain of look-ups no longer goes through."""
    from roedtraad.access import seals

    lost = 0
    for text in anchors:
        try:
            anchor = seals.read_anchor(text)
        except ValueError as error:
            raise Refused(str(error)) from error
        if seals.goes_through(anchor):
            click.echo(f"✓ kæden går stadig gennem led {anchor.position}")
        else:
            lost += 1
            click.echo(
                f"✗ kæden går ikke længere gennem led {anchor.position}: opslag er fjernet eller forseglet om"
            )
    return lost


COMMANDS = [check]
