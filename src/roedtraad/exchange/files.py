"""The files themselves: in the data folder, under names nobody can guess, readable by the owner only."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings

_STORED = re.compile(r"[0-9a-f]{32}\.(csv|xlsx)")


def folder() -> Path:
    """Where the files lie; made when it is missing."""
    place = Path(settings.DATA) / "files"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(stored: str) -> Path:
    """The file of a stored name. ValueError for a name that was not made here."""
    if not _STORED.fullmatch(stored):
        raise ValueError("not a stored file's name")
    return folder() / stored


def new_path(ending: str) -> Path:
    """An empty file with a new name, already closed to others."""
    path = path_of(f"{uuid4().hex}.{ending}")
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def store(chunks: Iterable[bytes], largest: int) -> Path | None:
    """Keep what is uploaded; None, and nothing kept, when it is more than `largest` bytes.

    The ending says nothing: what a file is, its first bytes tell.
    """
    path = new_path("csv")
    size = 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > largest:
                break
            file.write(chunk)
    if size > largest:
        path.unlink()
        return None
    return path


def remove(stored: str) -> None:
    """Delete a stored file; one that is gone is fine."""
    if stored:
        path_of(stored).unlink(missing_ok=True)


def sweep(before: dt.datetime) -> None:
    """Delete stored files last written before the moment: those a crash has left without a row."""
    for path in folder().iterdir():
        if _STORED.fullmatch(path.name) and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
