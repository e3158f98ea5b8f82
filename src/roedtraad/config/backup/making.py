"""Making a backup: one snapshot of the database and the files that belong to it, in one encrypted file."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from pyrage.x25519 import Recipient

from roedtraad.config.keyring.columns import Column

from . import archive
from .errors import BackupFailed
from .inventory import describe
from .server import Server

ENDING = ".tar.age"
_OURS = re.compile(r"roedtraad-\d{8}T\d{6}Z\.tar\.age")
_DRAFT = ".unfinished"


def usual_name() -> str:
    """The name of a backup made now; names sort as their times do."""
    return f"roedtraad-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}{ENDING}"


@contextmanager
def draft_of(target: Path) -> Iterator[IO[bytes]]:
    """A private file to write and read; it becomes `target` when the block ends well, and is removed otherwise.

    What a killed run left behind is removed by the next one: a draft that nobody holds locked. BackupFailed
    when the folder cannot be written or `target` exists.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}{_DRAFT}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(target.parent)
        if target.exists():
            raise FileExistsError
        file = os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w+b")
    except FileExistsError:
        raise BackupFailed(f"{target} findes allerede. Vælg et andet navn.") from None
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        with file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.link(draft, target)  # refuses to take the place of another file
    except FileExistsError:
        raise BackupFailed(f"{target} findes allerede. Vælg et andet navn.") from None
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unwritable(target: Path, error: OSError) -> BackupFailed:
    return BackupFailed(f"Sikkerhedskopien kan ikke skrives i {target.parent}: {error.strerror or error}.")


def _sweep(folder: Path) -> None:
    for left in folder.glob(f".*{_DRAFT}"):
        with left.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            left.unlink(missing_ok=True)


def write(
    out: IO[bytes],
    server: Server,
    *,
    columns: Sequence[Column],
    files: Path,
    recipients: Sequence[Recipient],
    say: Callable[[str], object],
) -> dict[str, Any]:
    """Write a backup of the server's database and the files of a folder; returns its manifest.

    Table counts, checksums and the dump are of one and the same snapshot; others may write meanwhile. The
    files are read after the snapshot was taken, so every file a row in it knows of is there, unless it was
    deleted in between. BackupFailed; OSError when `out` cannot be written.
    """
    try:
        with server.connect() as connection, archive.writing(out, recipients) as writer:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None  # noqa: S101  the function always answers
            say("Tæller rækker.")
            manifest = describe(connection, columns)
            writer.manifest(manifest)
            say("Kopierer databasen.")
            dump = server.running(
                "pg_dump", "--format=custom", "--enable-row-security", f"--snapshot={row[0]}"
            )
            with dump as process:
                assert process.stdout is not None  # noqa: S101  asked for as a pipe
                writer.database(process.stdout)
            many = 0
            for path in plain_files(files):
                many += _add(writer, files, path)
            say(f"Kopierer filer: {many}.")
            writer.seal()
    except psycopg.Error as error:
        raise BackupFailed(f"Databasen kan ikke læses: {_first_line(error)}") from error
    return manifest


def _add(writer: archive.Writer, files: Path, path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return 0  # deleted since the folder was listed
    with os.fdopen(descriptor, "rb") as stream:
        writer.file(path.relative_to(files).as_posix(), stream, os.fstat(stream.fileno()).st_size)
    return 1


def plain_files(folder: Path) -> Iterator[Path]:
    """The files of a folder and those below it, in order; links are left out."""
    for place, inner, names in os.walk(folder):
        inner.sort()
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def prune(folder: Path, keep: int) -> list[Path]:
    """Delete all but the `keep` newest backups with the usual name in a folder; returns those deleted."""
    found = sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.is_file())
    old = found[:-keep]
    for path in old:
        path.unlink()
    return old
