"""Bringing a backup's parts back: the database into an empty one, the files into a new folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg import sql
from pyrage.x25519 import Identity

from roedtraad.config.keyring.columns import Column
from roedtraad.config.keyring.faults import key_faults

from . import archive
from .errors import BackupFailed
from .inventory import FORMAT, differences
from .server import Server


class _Load(archive.Handler):
    """Feeds pg_restore, and writes the files below a folder when there is one."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path | None) -> None:
        self._process = process
        self._folder = folder
        self.files = 0

    def database(self, piece: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101  asked for as a pipe
        self._process.stdin.write(piece)

    def file(self, name: str, stream: archive.Readable) -> None:
        self.files += 1
        if self._folder is None:
            super().file(name, stream)
            return
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or not place.parts:
            raise BackupFailed(
                "Sikkerhedskopien har en fil med et navn, der peger ud af mappen. Brug den ikke."
            )
        path = self._folder.joinpath(*place.parts)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb"
        ) as out:
            while piece := stream.read(archive.PIECE):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())


@dataclass(frozen=True)
class Loaded:
    """What came back: tables, rows and files."""

    tables: int
    rows: int
    files: int


@contextmanager
def explained() -> Iterator[None]:
    """The database's own refusals as a BackupFailed."""
    try:
        yield
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise BackupFailed(f"Databasen sagde nej: {said[0]}") from error


def load(
    source: IO[bytes], identities: Sequence[Identity], server: Server, dbname: str, folder: Path | None = None
) -> Loaded:
    """Fill an empty database, and a folder, from a backup; then compare all of it with what the backup says.

    Every table must have the rows and the checksum of the manifest, and a sample of the encrypted values must
    open with the keys of this process and fit their blind index. BackupFailed otherwise.
    """
    # Through --dbname pg_restore runs each statement as it comes; the first error ends it.
    with server.running("pg_restore", "--exit-on-error", "--no-comments", dbname=dbname) as process:
        handler = _Load(process, folder)
        manifest = archive.read(source, identities, handler)
    with explained(), server.connect(dbname) as connection:
        if found := differences(connection, manifest):
            raise BackupFailed("Det genskabte er ikke det, der blev kopieret:\n- " + "\n- ".join(found[:10]))
        columns = [Column(**column) for column in manifest["encrypted"]]
        if faults := key_faults(columns, connection.cursor()):
            raise BackupFailed("Nøglerne her passer ikke til kopien:\n- " + "\n- ".join(faults))
    with explained(), server.connect(dbname, autocommit=True) as connection:
        connection.execute("ANALYZE")
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return Loaded(len(manifest["tables"]), rows, handler.files)


def checked(source: IO[bytes], identities: Sequence[Identity]) -> dict[str, Any]:
    """Read a whole backup without using it; returns its manifest. BackupFailed when anything is wrong with it."""
    manifest = archive.read(source, identities, archive.Handler())
    if manifest.get("format") != FORMAT:
        raise BackupFailed(
            f"Sikkerhedskopien er af form {manifest.get('format')}, som denne udgave af Rødtråd ikke kender."
        )
    return manifest


def lacking_roles(connection: psycopg.Connection[Any], manifest: dict[str, Any]) -> list[str]:
    """Database roles that own or may use something in the backup and are not on this server."""
    here = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    return [name for name in manifest["roles"] if name not in here]


def make_roles(connection: psycopg.Connection[Any], names: Sequence[str]) -> None:
    """Make roles that nobody can log in as, on a server that is thrown away."""
    for name in names:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
