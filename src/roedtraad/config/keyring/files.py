"""Making a key, and writing files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from roedtraad.core import clock
from roedtraad.core.fieldkeys import FieldKeyError, is_key_id, new_key, parse_keys, read_private


def fresh_id(taken: set[str]) -> str:
    """An id nobody has: "k" and today's date, with a number after it when the day has one already."""
    day = f"k{clock.today():%Y%m%d}"
    number = 1
    name = day
    while name in taken:
        number += 1
        name = f"{day}-{number}"
    return name


def make_key(key_id: str, taken: set[str]) -> str:
    """A new key as it is written in the settings, "id:base64". FieldKeyError for an id that cannot be used."""
    if not is_key_id(key_id):
        raise FieldKeyError("Nøglens navn må kun have bogstaver (a-z), tal, - og _, højst 64 tegn.")
    if key_id in taken:
        raise FieldKeyError(f"Der er allerede en nøgle, der hedder “{key_id}”. Vælg et andet navn.")
    return f"{key_id}:{new_key()}"


def put_first(path: Path, entry: str) -> None:
    """Write a key at the top of a key file, so that it is the one that encrypts; the old ones stay below it."""
    held = read_private(path)
    parse_keys(held)
    write_private(path, f"{entry}\n{held.strip()}\n")


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file with mode 0600, whole or not at all. FileExistsError when it may not be replaced."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
