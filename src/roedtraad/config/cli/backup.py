"""`roedtraad backup` and `roedtraad restore`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

import click

from roedtraad.config import environment
from roedtraad.config.cli.house import database, django_ready
from roedtraad.config.cli.words import DanishCommand, Refused


@contextmanager
def _ready() -> Iterator[None]:
    """Database and Django ready, refusals as one sentence, and a tidy end when told to stop."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with database(quiet=True):
        django_ready()
        from django.db import connections

        from roedtraad.config.backup import BackupFailed

        try:
            yield
        except BackupFailed as failed:
            raise Refused(str(failed)) from failed
        finally:
            connections.close_all()


def _files() -> Path:
    return environment.data_folder() / "files"


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused(f"Der er ingen fil, der hedder {path}, eller den kan ikke læses.") from error


@click.command("backup", cls=DanishCommand)
@click.argument("fil", required=False, type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Lav ingen kopi, men prøv den, der ligger i FIL.")
@click.option("--no-verify", is_flag=True, help="Prøv ikke kopien bagefter.")
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    default=None,
    help="Slet ældre kopier, så kun så mange er tilbage.",
)
def backup(fil: Path | None, verify: bool, no_verify: bool, keep: int | None) -> None:
    """Lav en krypteret sikkerhedskopi af database og filer, og prøv, at den kan genskabes.

    FIL er en fil eller en mappe; uden den lægges kopien i mappen backups/ i datamappen. Systemet kan køre
    imens. Kopien prøves ved at genskabe den på en database, der smides væk. Nøglerne til de krypterede felter er
    ikke med; se docs/backup.md.
    """
    if verify and (fil is None or no_verify or keep):
        raise Refused("Brug --verify sammen med navnet på en kopi og ikke andet.")
    with _ready():
        if verify and fil is not None:
            _verify(fil)
            return
        from pyrage.x25519 import Identity

        from roedtraad.config.backup import making, scratch
        from roedtraad.config.backup.identity import recipients
        from roedtraad.config.backup.server import house_server
        from roedtraad.config.keyring.columns import encrypted_columns

        target = fil or environment.data_folder() / "backups"
        if fil is None or fil.is_dir():
            target = target / making.usual_name()
        # A key of this run alone: the copy can be tried where only the recipients' public keys are known.
        own = Identity.generate()
        with making.draft_of(target) as draft:
            manifest = making.write(
                draft,
                house_server(),
                columns=encrypted_columns(),
                files=_files(),
                recipients=[*recipients(), own.to_public()],
                say=click.echo,
            )
            if not no_verify:
                draft.flush()
                click.echo("Prøver kopien.")
                scratch.try_out(draft, [own])
        rows = sum(table["rows"] for table in manifest["tables"].values())
        tried = "ikke prøvet" if no_verify else "prøvet"
        click.echo(f"{target}: {rows} rækker, {target.stat().st_size} byte, {tried}.")
        click.echo(f"Kræver nøglerne: {', '.join(manifest['keys']) or 'ingen'}, og opslagsnøglen.")
        if keep is not None:
            for path in making.prune(target.parent, keep):
                click.echo(f"Slettet: {path.name}")


def _verify(path: Path) -> None:
    from roedtraad.config.backup.identity import identities
    from roedtraad.config.backup.scratch import try_out

    with _opened(path) as source:
        loaded = try_out(source, identities())
    click.echo(
        f"Kopien er hel: {loaded.tables} tabeller, {loaded.rows} rækker og {loaded.files} filer kan genskabes."
    )


@click.command("restore", cls=DanishCommand)
@click.argument("fil", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Sæt kopien i stedet for de data, der er.")
def restore(fil: Path, replace: bool) -> None:
    """Sæt sikkerhedskopien FIL ind som systemets data.

    Kopien læses og prøves først. Er der noget i vejen, er alt, som det var. Det, der var før, gemmes under et
    andet navn. Systemet må ikke køre imens.
    """
    with _ready():
        from django.db import connections
        from django.db.migrations.loader import MigrationLoader

        from roedtraad.config.backup import restoring
        from roedtraad.config.backup.identity import identities
        from roedtraad.config.backup.server import house_server

        known = set(MigrationLoader(None).disk_migrations)
        connections.close_all()
        with _opened(fil) as source:
            done = restoring.restore(
                source, identities(), house_server(), _files(), known, replace=replace, say=click.echo
            )
        click.echo(
            f"Genskabt: {done.loaded.tables} tabeller, {done.loaded.rows} rækker og {done.loaded.files} filer fra "
            f"{done.made} (Rødtråd {done.version})."
        )
        click.echo(f"Databasen fra før hedder nu {done.old_database}.")
        if done.old_files:
            click.echo(f"Filerne fra før ligger i {done.old_files}.")
        if done.lacks:
            click.echo(
                f"Kopien er ældre end programmet. Kør »roedtraad manage migrate« ({len(done.lacks)} ændringer)."
            )


COMMANDS = [backup, restore]
