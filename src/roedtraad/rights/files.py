"""Where the archives lie: in the data folder, encrypted, under names nobody can guess, and outside every backup."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from uuid import uuid4

from django.conf import settings

_STORED = re.compile(r"[0-9a-f]{32}\.zip\.aes")


def folder() -> Path:
    """The archives' folder; made when it is missing."""
    place = Path(settings.DATA) / "indsigt"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(stored: str) -> Path:
    """The file of a stored name. ValueError for a name that was not made here."""
    if not _STORED.fullmatch(stored):
        raise ValueError("not a stored archive's name")
    return folder() / stored


def new_name() -> str:
    """A name for an archive that is about to be written."""
    return f"{uuid4().hex}.zip.aes"


def remove(stored: str) -> None:
    """Delete an archive; one that is gone is fine."""
    if stored:
        path_of(stored).unlink(missing_ok=True)


def sweep(before: dt.datetime, known: set[str]) -> int:
    """Delete archives no request knows, last written before the moment: a crash left them. Returns how many."""
    lost = [
        path
        for path in folder().iterdir()
        if _STORED.fullmatch(path.name)
        and path.name not in known
        and path.stat().st_mtime < before.timestamp()
    ]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
