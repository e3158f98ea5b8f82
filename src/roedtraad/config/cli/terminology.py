"""`roedtraad terminology`: the common terms of the sector, read from the file the operator has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    er i filen, tages ud af brug fra i dag og bliver stående på de udredninger og mål, der har det. Niveauer, måltyper,
    målgrupper, tilbud og ydelser bliver koderne til indberetning.

    FIL kan også være KL's fælles koder (CareSocialCodes) eller FFB som JSON; så indlæses kun koderne til indberetning.
    """
    if not fil.is_file():
        raise Refused(f"Der er ingen fil, der hedder {fil}.")
    with house():
        from roedtraad.access import rows
        from roedtraad.core.refusal import Refusal
        from roedtraad.exchange.fhir.services import load_codes
        from roedtraad.exchange.fhir.terms import read_codes
        from roedtraad.practice.rules.terminology import read_ffb
        from roedtraad.practice.services.terminology import load_ffb

        raw = fil.read_bytes()
        as_codes_only = raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
        try:
            codes = _codes(read_codes, raw, required=as_codes_only)
            concepts = [] if as_codes_only else read_ffb(raw)
        except Refusal as refusal:
            raise Refused(f"{refusal} Intet er indlæst.") from refusal
        with rows.as_system("terminologi"):
            if codes:
                click.echo(f"{load_codes(codes)} koder til indberetning er indlæst.")
            if as_codes_only:
                return
            done = load_ffb(concepts)
        click.echo(
            f"{done.themes} temaer med {done.conditions} tilstande er i brug: {done.new} nye, "
            f"{done.changed} ændrede, {done.same} uændrede. {done.retired} er taget ud af brug."
        )


def _codes(read: Any, raw: bytes, *, required: bool) -> list[Any]:
    """The codes for reports; a table of themes alone has none, and that is fine."""
    from roedtraad.core.refusal import Refusal

    try:
        return list(read(raw))
    except Refusal:
        if required:
            raise
        return []


COMMANDS: list[click.Command] = [terminology]
