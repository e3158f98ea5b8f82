"""Everything about one citizen as one ZIP: for people a PDF, for machines a JSON file, and the files themselves.

Written as it is read, a chunk at a time, straight into an encrypted file: a person with 50,000 notes takes no more
memory than one with 50, and nothing lies readable on the disk. docs/subject-access.md says what stands in it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from roedtraad.core import clock
from roedtraad.rights import paper
from roedtraad.rights.catalogue import GIVEN, Part
from roedtraad.rights.models import LeftOut, SubjectRequest
from roedtraad.rights.progress import Progress
from roedtraad.rights.rows import Row, former_of, labels_of, rows_of
from roedtraad.rights.sealed import SealedWriter

SCHEMA = "roedtraad.indsigt/1"
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "audio/webm": "webm", "audio/ogg": "ogg",
           "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/wav": "wav"}  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """What is given out: the request, and what is left out of it – whole parts, and single rows by their id."""

    request: SubjectRequest
    parts: dict[str, LeftOut] = field(default_factory=dict)
    rows: dict[str, dict[str, LeftOut]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: SubjectRequest) -> Contents:
        """What stands in the request now."""
        whole: dict[str, LeftOut] = {}
        single: dict[str, dict[str, LeftOut]] = {}
        for one in request.left_out.all():
            if one.row:
                single.setdefault(one.part, {})[one.row] = one
            else:
                whole[one.part] = one
        return cls(request, whole, single)

    def given(self, part: Part) -> Iterator[Row]:
        """The rows of a part that are given out."""
        if part.slug in self.parts:
            return
        left = self.rows.get(part.slug, {})
        for _number, row in rows_of(part, self.request.citizen_id):
            if row.id not in left:
                yield row

    def former(self, part: Part) -> Iterator[Row]:
        """The earlier versions of the rows that are given out."""
        if part.slug in self.parts:
            return
        left = self.rows.get(part.slug, {})
        yield from (row for row in former_of(part, self.request.citizen_id) if row.id not in left)

    def bases(self, part: Part) -> list[str]:
        """After which rules something of the part is left out, in words."""
        found = [*self.rows.get(part.slug, {}).values(), *filter(None, [self.parts.get(part.slug)])]
        return sorted({one.get_basis_display() for one in found})


def make(path: Path, contents: Contents, tell: Progress) -> int:
    """Write the archive. Returns the size of the ZIP in bytes. The caller holds one transaction around it."""
    total = sum(part.found for part in contents.request.parts.all())
    counted = _Counted(tell, 2 * total)
    with SealedWriter(path) as sealed:
        size = _Size(sealed.write)
        with zipfile.ZipFile(size, "w", zipfile.ZIP_DEFLATED) as archive:
            counted.phase = _("oplysningerne skrives")
            with archive.open("indsigt.json", "w", force_zip64=True) as out:
                for text in _json_of(contents, counted):
                    out.write(text.encode())
            counted.phase = _("siderne sættes")
            for name, pages in paper.volumes(contents, counted):
                archive.writestr(name, pages, zipfile.ZIP_STORED)
            for name, content in _files(contents):
                archive.writestr(name, content, zipfile.ZIP_STORED)
    return size.written


def _json_of(contents: Contents, counted: _Counted) -> Iterator[str]:
    """The JSON file, a row at a time."""
    request = contents.request
    head = {
        "schema": SCHEMA,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "request": {
            "id": str(request.key),
            "citizen": str(request.citizen.key),
            "asked_by": request.asked_by,
            "received_on": request.received_on.isoformat(),
        },
    }
    yield _dump(head)[:-1] + ',"parts":{'
    for place, part in enumerate(GIVEN):
        about = {"title": str(part.title), "fields": labels_of(part), "left_out": contents.bases(part)}
        yield ("," if place else "") + f"{_dump(part.slug)}:{_dump(about)[:-1]}"
        for name, found in (("rows", contents.given), ("former", contents.former)):
            yield f',"{name}":['
            for number, row in enumerate(found(part)):
                if name == "rows":
                    counted.one()
                data = row.data | ({"file": _file_name(row)} if part.files else {})
                yield ("," if number else "") + _dump(data)
            yield "]"
        yield "}"
    yield "}}"


def _files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """The files that hang on rows, one at a time."""
    for part in GIVEN:
        if part.files:
            for row in contents.given(part):
                content = part.table._default_manager.values_list(part.files, flat=True).get(key=row.id)
                yield _file_name(row), bytes(content)


def _file_name(row: Row) -> str:
    return f"bilag/{row.id}.{ENDINGS.get(str(row.data.get('media_type')).split(';')[0], 'bin')}"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Size:
    """Counts what is written through it; no seeking, so that a ZIP is written from front to end."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self._to = write
        self.written = 0

    def write(self, data: bytes, /) -> int:
        """Write on."""
        self.written += len(data)
        return self._to(bytes(data))

    def flush(self) -> None:
        """Nothing is held here."""

    def close(self) -> None:
        """What is written to is closed by who opened it."""


class _Counted:
    """Rows done of all, told now and then."""

    def __init__(self, tell: Progress, total: int) -> None:
        self._tell, self._total, self._done = tell, total, 0
        self.phase = ""

    def one(self) -> None:
        """One more row is done."""
        self._done += 1
        if self._done % 500 == 0:
            self._tell(self.phase, min(self._done, self._total), self._total)
