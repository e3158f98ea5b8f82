"""Is a workbook one of ours to open? Asked before the spreadsheet library sees a byte of it.

A workbook is a zip of XML. What a malicious one does, it does by what it unpacks to, by naming things outside of
itself, or by XML that grows while it is read; each is looked for here, by the parts themselves and not by their
names in the file's ending.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO
from xml.parsers import expat

from roedtraad.exchange.refusals import FileRefused

# What all parts unpack to together; the sheet itself is read as a stream.
LARGEST_UNPACKED = 512 * 1024 * 1024
# The parts beside the sheets are held in memory (the texts of the cells, the formats).
LARGEST_HELD = 64 * 1024 * 1024
# A sheet of a million equal rows packs to a hundredth; zip packs nothing but bombs to less than a thousandth.
MOST_PACKED = 300
# Small parts pack well and harm nobody.
_SMALL = 1024 * 1024
MOST_PARTS = 2_000
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_SHEETS = "xl/worksheets/"
_XML = (".xml", ".rels", ".vml")

NO_SHEET = "Filen er ikke et regneark. Vælg en CSV-fil eller en Excel-fil (.xlsx)."
BROKEN = "Excel-filen kan ikke læses; den er måske beskadiget. Åbn den i Excel, og gem den igen som .xlsx eller CSV."
_TOO_LARGE = "Excel-filen er for stor, når den pakkes ud. Gem den som CSV."
_MACROS = "Filen har makroer. Gem den som en almindelig projektmappe (.xlsx) eller som CSV."
_LINKS = (
    "Filen henter data fra andre filer eller programmer. Indsæt tallene som værdier, eller gem den som CSV."
)
_INSIDE = "Filen har andre filer inde i sig. Slet dem, eller gem arket som CSV."

# By the beginning of a part's path, lower case. Excel's old macros (macrosheets) are sheets of their own kind.
_REFUSED_PARTS = (
    ("xl/macrosheets/", _MACROS),
    ("xl/activex/", _MACROS),
    ("customui/", _MACROS),
    ("xl/externallinks/", _LINKS),
    ("xl/connections.xml", _LINKS),
    ("xl/querytables/", _LINKS),
    ("xl/embeddings/", _INSIDE),
)
_REFUSED_ENDINGS = (
    (("vbaproject.bin", "vbaprojectsignature.bin"), _MACROS),
    ((".zip", ".xlsx", ".xlsm"), _INSIDE),
)


def inspect(path: Path) -> None:
    """FileRefused with a sentence when the file is no workbook, or one that must not be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _names(parts)
            _sizes(parts)
            for part in parts:
                if part.filename.lower().endswith(_XML):
                    with archive.open(part) as content:
                        _plain_xml(content)
            _no_macros_declared(archive)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError):
        raise FileRefused(BROKEN) from None
    except Exception as error:  # zlib and its kin have errors of their own
        raise FileRefused(BROKEN) from error


def _names(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise FileRefused(_TOO_LARGE)
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names):
        # Which of the two a program reads is up to the program.
        raise FileRefused(BROKEN)
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise FileRefused(BROKEN)
        for beginning, sentence in _REFUSED_PARTS:
            if name.startswith(beginning):
                raise FileRefused(sentence)
        for endings, sentence in _REFUSED_ENDINGS:
            if name.endswith(endings):
                raise FileRefused(sentence)
    if "xl/workbook.xml" not in names:
        raise FileRefused(NO_SHEET)


def _sizes(parts: list[zipfile.ZipInfo]) -> None:
    """By the stated sizes: the library for zip files reads no further than those."""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused("Filen er beskyttet med adgangskode. Fjern den, og gem filen igen.")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileRefused(_TOO_LARGE)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_PACKED * max(part.compress_size, 1):
            raise FileRefused(_TOO_LARGE)
        if part.file_size > LARGEST_HELD and not part.filename.lower().startswith(_SHEETS):
            raise FileRefused(_TOO_LARGE)


class _Begun(Exception):
    """The first element has come: no declaration of a document type can follow."""


def _plain_xml(content: IO[bytes]) -> None:
    """XML without a document type: entities that grow, or name a file, are declared there and nowhere else."""
    parser = expat.ParserCreate()

    def declared(*_args: object) -> None:
        raise FileRefused(BROKEN)

    def begun(*_args: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    read = 0
    try:
        while chunk := content.read(_CHUNK):
            read += len(chunk)
            if read > _SMALL:
                raise FileRefused(BROKEN)
            parser.Parse(chunk, False)
    except _Begun:
        return
    except expat.ExpatError:
        raise FileRefused(BROKEN) from None


def _no_macros_declared(archive: zipfile.ZipFile) -> None:
    """What the workbook says of itself: one with macros says so, whatever its parts are called."""
    with archive.open("[Content_Types].xml") as content:
        text = content.read(_SMALL).lower()
    if b"macroenabled" in text or b"vbaproject" in text:
        raise FileRefused(_MACROS)
