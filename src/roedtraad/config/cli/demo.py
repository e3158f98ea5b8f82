"""`roedtraad demo`: from nothing to a running system with example data."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

import click

from roedtraad.config import environment
from roedtraad.config.cli.house import database, django_ready, manage, missing_migrations
from roedtraad.config.cli.serve import catch_up, choose_port, run_servers, serving_here, static_files_ready
from roedtraad.config.cli.words import DanishCommand, Refused

if TYPE_CHECKING:
    from roedtraad.demo.operators import Scale
    from roedtraad.demo.world import Summary


@click.command("demo", cls=DanishCommand)
@click.option("--no-serve", is_flag=True, help="Lav eksempeldata, men start ikke systemet.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Porten på denne maskine."
)
@click.option(
    "--scale",
    type=click.Choice(["region", "national", "x20"]),
    default="region",
    show_default=True,
    help="Hvor stor verden er: regionen, hele landet eller regionen gange 20.",
)
def demo(no_serve: bool, port: int, scale: str) -> None:
    """Lav en database med eksempeldata og start systemet.

    Alle personer er opdigtede. Anden gang ændres intet, og det tager få sekunder.
    """
    if environment.read("ROEDTRAAD_MODE", "demo") == "production":
        raise Refused("Eksempeldata kan ikke laves i produktion.")
    started = time.monotonic()
    with database():
        django_ready()
        if missing_migrations():
            manage("migrate", "--noinput", "-v", "0", as_owner=True)
        from roedtraad.demo.world import DemoRefusedError, make_world

        try:
            summary = make_world(scale=cast("Scale", scale), say=click.echo)
        except DemoRefusedError as refusal:
            raise Refused(str(refusal)) from refusal
        static_files_ready(environment.data_folder())
        _tell(summary)
        click.echo(f"Klar på {time.monotonic() - started:.0f} sekunder.")
        if no_serve:
            return
        with serving_here():
            catch_up()
            chosen = choose_port(port)
            click.echo(f"Rødtråd kører på http://localhost:{chosen} – tryk Ctrl-C for at stoppe.")
            run_servers(chosen, workers=1, with_jobs=True)


def _tell(summary: Summary) -> None:
    """What the world holds, who can log in, and the key to the API."""
    from roedtraad.demo.users import role_words

    for line in summary.lines():
        click.echo(line)
    click.echo(f"\nLog ind med adgangskoden {summary.password} som en af disse:")
    for user in summary.users:
        click.echo(f"  {user.username:<16}{role_words(user)}")
    if summary.token:
        click.echo(f"\nNøgle til API'et (vises kun nu): {summary.token}")
    click.echo()


COMMANDS = [demo]
