"""`roedtraad import` and `roedtraad export`: the same files as on the page Ind og ud."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, Refused

KINDS = ("enheder", "pladser", "borgere", "ophold")
IMPORTED = (*KINDS, "relationer", "maal", "notater")
SHOWN = 200


def _told(phase: str, done: int, total: int) -> None:
    """One line that is written over on a terminal; nothing in a log file."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{phase.capitalize()}: {done} af {total}", nl=False, err=True)


@click.command("import", cls=DanishCommand)
@click.argument("fil", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", required=True, type=click.Choice(IMPORTED), help="Hvad der er i filen.")
@click.option("--check", "only_check", is_flag=True, help="Se kun filen efter; skriv intet.")
@click.option("--som", default="", help="Brugernavnet på den, mål og notater skrives i navnet på.")
@click.pass_context
def import_file(ctx: click.Context, fil: Path, kind: str, only_check: bool, som: str) -> None:
    """Indlæs FIL: et regneark (CSV eller .xlsx) med enheder, pladser, borgere, ophold, relationer, mål eller notater.

    Alt eller intet: er der fejl i en række, indlæses ingen, og hver fejl nævnes med rækkens nummer i arket. Den
    samme fil kan indlæses igen uden at give dobbelte rækker. docs/import.md viser kolonnerne.

    Slutter med kode 1, når filen ikke kan indlæses.
    """
    with house():
        from django.db import IntegrityError

        from roedtraad.accounts.models import User
        from roedtraad.exchange import pipeline, services
        from roedtraad.exchange.reading import FileRefused

        if not fil.is_file():
            raise Refused(f"Der er ingen fil, der hedder {fil}.")
        writer = User.objects.filter(username=som, is_active=True).first() if som else None
        if som and writer is None:
            raise Refused(f"Der er ingen aktiv bruger, der hedder {som}.")
        try:
            outcome = pipeline.run(
                fil,
                kind,
                write=not only_check,
                user=writer,
                filename=services.clean_filename(fil.name),
                progress=_told,
            )
        except FileRefused as refused:
            raise Refused(str(refused)) from refused
        except IntegrityError as error:
            raise Refused(services.MOVED_ON) from error
        finally:
            if sys.stderr.isatty():
                click.echo("\r\033[K", nl=False, err=True)
        counts = outcome.counts
        click.echo(
            f"{counts['new']} nye, {counts['changed']} ændrede, {counts['same']} uændrede, {counts['faulty']} med fejl."
        )
        for fault in outcome.faults[:SHOWN]:
            click.echo(str(fault), err=True)
        for remark in outcome.remarks[:SHOWN]:
            click.echo(f"Bemærk, {remark}", err=True)
        if outcome.remarked > SHOWN:
            click.echo(f"Kun de første {SHOWN} bemærkninger er nævnt.", err=True)
        if not outcome.good:
            if counts["faulty"] > len({fault.row for fault in outcome.faults[:SHOWN]}):
                click.echo(f"Kun de første {min(len(outcome.faults), SHOWN)} fejl er nævnt.", err=True)
            click.echo("Intet er indlæst.", err=True)
            ctx.exit(1)
        click.echo("Filen er i orden; intet er skrevet." if only_check else "Filen er indlæst.")


@click.command("export", cls=DanishCommand)
@click.option("--kind", required=True, type=click.Choice(KINDS), help="Hvad der skal hentes.")
@click.option(
    "--fil",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen, fx ud.csv eller ud.xlsx.",
)
@click.option(
    "--pr-dato", default="", help="Kun det, der gælder den dag (ÅÅÅÅ-MM-DD). Uden: alt gennem tiden."
)
@click.option("--med-cpr", is_flag=True, help="Tag borgernes CPR-numre med.")
def export_file(kind: str, fil: Path, pr_dato: str, med_cpr: bool) -> None:
    """Hent enheder, pladser, borgere eller ophold som en fil, der kan indlæses igen.

    Beskyttede adresser er ikke med. Hver borger, der er i filen, skrives i opslagsloggen. Filen kan kun læses
    af den, der kører kommandoen.
    """
    if fil.suffix not in (".csv", ".xlsx"):
        raise Refused("Filens navn skal ende på .csv eller .xlsx.")
    if fil.exists():
        raise Refused(f"{fil} findes allerede. Vælg et andet navn.")
    try:
        day = dt.date.fromisoformat(pr_dato) if pr_dato else None
    except ValueError as error:
        raise Refused("Datoen skal skrives som ÅÅÅÅ-MM-DD, fx 2026-03-01.") from error
    with house():
        from roedtraad.exchange.exporting import Export

        try:
            fil.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise Refused(f"Filen {fil} kan ikke laves. Se efter, om mappen findes.") from error
        rows = Export(kind, as_of=day, with_cpr=med_cpr).write(fil)
        click.echo(f"{rows} rækker er skrevet i {fil}.")


COMMANDS: list[click.Command] = [import_file, export_file]
