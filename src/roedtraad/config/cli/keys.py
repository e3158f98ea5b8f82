"""`roedtraad keys`: the keys of the encrypted fields."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, DanishGroup, Refused


@click.group("keys", cls=DanishGroup)
def keys() -> None:
    """Nøgler til de krypterede felter: se dem, lav en ny, skift.

    Sådan skiftes en nøgle: »keys new«, sæt den nye ind, »keys rotate«, og »keys status«. Den gamle må først
    fjernes, når »keys status« siger, at den ikke bruges mere.
    """


@keys.command("status", cls=DanishCommand)
@click.pass_context
def status(ctx: click.Context) -> None:
    """Vis, hvilke nøgler der er i brug, og om de passer.

    Slutter med kode 1, når noget ikke kan låses op med de nøgler, der er her.
    """
    with house():
        from roedtraad.config.keyring.columns import encrypted_columns, values_by_key
        from roedtraad.config.keyring.faults import key_faults
        from roedtraad.core.fieldkeys import FieldKeyError, load_keys

        try:
            known = load_keys()
        except FieldKeyError as fault:
            raise Refused(str(fault)) from fault
        in_use: set[str] = set()
        for column in encrypted_columns():
            counts = values_by_key(column)
            in_use |= set(counts)
            told = ", ".join(f"{many} under {key_id or '(ingen)'}" for key_id, many in sorted(counts.items()))
            click.echo(f"{column.name}: {told or 'ingen værdier'}")
        click.echo(f"Nye værdier skrives med {known.current}.")
        for key_id in known.ciphers:
            if key_id == known.current:
                continue
            if key_id in in_use:
                click.echo(f"{key_id} er stadig i brug. Kør »roedtraad keys rotate«, før den fjernes.")
            else:
                click.echo(
                    f"{key_id} bruges ikke mere i databasen. Den kan fjernes, men gem den, så længe der er "
                    "sikkerhedskopier fra dens tid."
                )
        faults = key_faults()
        for fault_sentence in faults:
            click.echo(f"✗ {fault_sentence}", err=True)
        if faults:
            ctx.exit(1)


@keys.command("new", cls=DanishCommand)
@click.option("--navn", default="", help="Nøglens navn. Uden: k og dags dato.")
@click.option(
    "--fil",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Skriv nøglen i denne nye fil (0600).",
)
@click.option("--vis", is_flag=True, help="Skriv nøglen på skærmen.")
def new(navn: str, fil: Path | None, vis: bool) -> None:
    """Lav en ny nøgle.

    Kommer nøglerne fra en nøglefil, sættes den nye øverst i filen. Ellers skrives den i den fil, der nævnes med
    --fil, eller på skærmen med --vis.
    """
    from roedtraad.config.keyring import files
    from roedtraad.config.modes import settings_of_this_mode
    from roedtraad.core.fieldkeys import FieldKeyError, keys_file, load_keys

    settings_of_this_mode()
    try:
        held = set(load_keys().ciphers)
        name = navn or files.fresh_id(held)
        entry = files.make_key(name, held)
        own = keys_file()
        if vis:
            click.echo(entry)
        elif fil is not None:
            files.write_private(fil, entry + "\n", replace=False)
            click.echo(f"Nøglen {name} er skrevet i {fil}.")
        elif own is not None:
            files.put_first(own, entry)
            click.echo(
                f"Nøglen {name} står nu øverst i {own} og bruges fra nu af. Kør så »roedtraad keys rotate«."
            )
            return
        else:
            raise Refused("Sig, hvor nøglen skal hen: --fil FIL eller --vis.")
    except FieldKeyError as fault:
        raise Refused(str(fault)) from fault
    except FileExistsError as error:
        raise Refused(f"{fil} findes allerede. Vælg et andet navn.") from error
    except OSError as error:
        raise Refused(f"Nøglefilen kan ikke skrives: {error.strerror}.") from error
    click.echo(
        "Sæt den sidst i ROEDTRAAD_FIELD_KEYS, og genstart alle processer. Sæt den derefter først, genstart igen, "
        "og kør »roedtraad keys rotate«.",
        err=True,
    )


@keys.command("rotate", cls=DanishCommand)
@click.option(
    "--batch",
    default=500,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Værdier i hver transaktion.",
)
@click.pass_context
def rotate(ctx: click.Context, batch: int) -> None:
    """Kryptér alle værdier på ny med den nyeste nøgle.

    Systemet kan køre imens. Afbrydes kommandoen, fortsætter den næste gang, hvor den slap. Kører som
    tabellernes ejer. Slutter med kode 1, hvis noget er tilbage under en anden nøgle.
    """
    os.environ["ROEDTRAAD_DB_AS"] = "owner"
    with house():
        from roedtraad.config.keyring import rotation
        from roedtraad.config.keyring.columns import encrypted_columns
        from roedtraad.core.fieldkeys import FieldKeyError, load_keys

        left = 0
        try:
            current = load_keys().current
            for column in encrypted_columns():
                done = rotation.rotate(column, batch=batch, progress=_told(column.name))
                left += done.left
                click.echo(f"{column.name}: {done.moved} værdier er nu under {current}.")
                if done.left:
                    click.echo(
                        f"{column.name}: {done.left} værdier holdes af andre lige nu. Kør kommandoen igen.",
                        err=True,
                    )
        except (FieldKeyError, rotation.RotationRefused) as fault:
            raise Refused(str(fault)) from fault
        if left:
            ctx.exit(1)
        click.echo("Alt er under den nyeste nøgle. Se »roedtraad keys status«, før den gamle fjernes.")


@keys.command("backup", cls=DanishCommand)
@click.argument("fil", type=click.Path(dir_okay=False, path_type=Path))
def backup_identity(fil: Path) -> None:
    """Lav nøglen til sikkerhedskopier i FIL, og vis dens modtager.

    Modtageren (age1…) sættes i ROEDTRAAD_BACKUP_RECIPIENTS. Filen åbner kopierne og skal gemmes et andet sted.
    """
    from roedtraad.config.backup.identity import new_identity

    try:
        click.echo(new_identity(fil))
    except FileExistsError as error:
        raise Refused(f"{fil} findes allerede. Vælg et andet navn.") from error
    except OSError as error:
        raise Refused(f"{fil} kan ikke skrives: {error.strerror}.") from error


def _told(name: str) -> Callable[[int, int], None]:
    """Progress on one line of a terminal; nothing in a log file."""

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            click.echo(f"\r\033[K{name}: {done} af {max(done, total)}{end}", nl=False, err=True)

    return tell


COMMANDS = [keys]
