"""`roedtraad terminology`: the common terms of the sector, read from the file the operator has."""

from __future__ import annotations

from pathlib import Path

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, DanishGroup, Refused


@click.group("terminology", cls=DanishGroup)
def terminology() -> None:
    """Fælles begreber: de temaer, som udredninger og mål går ud fra."""


@terminology.command("load", cls=DanishCommand)
@click.argument("fil", type=click.Path(dir_okay=False, path_type=Path))
def load(fil: Path) -> None:
    """Indlæs FIL: KL's Fælles Faglige Begreber (FFB) som CSV med kolonnerne code, display, parent og definition.

    Temaerne og tilstandene bliver listen for nye udredninger. Den samme fil kan indlæses igen. Det, der ikke længere
    er i filen, tages ud af brug fra i dag og bliver stående på de udredninger og mål, der har det.
    """
    if not fil.is_file():
        raise Refused(f"Der er ingen fil, der hedder {fil}.")
    with house():
        from roedtraad.access import rows
        from roedtraad.core.refusal import Refusal
        from roedtraad.practice.rules.terminology import read_ffb
        from roedtraad.practice.services.terminology import load_ffb

        try:
            concepts = read_ffb(fil.read_bytes())
        except Refusal as refusal:
            raise Refused(f"{refusal} Intet er indlæst.") from refusal
        with rows.as_system("terminologi"):
            done = load_ffb(concepts)
        click.echo(
            f"{done.themes} temaer med {done.conditions} tilstande er i brug: {done.new} nye, "
            f"{done.changed} ændrede, {done.same} uændrede. {done.retired} er taget ud af brug."
        )


COMMANDS: list[click.Command] = [terminology]
