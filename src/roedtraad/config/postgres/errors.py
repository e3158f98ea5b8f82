"""The three ways the embedded server can refuse, each carrying a Danish sentence meant for the screen."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PostgresError(Exception):
    """Base of all refusals; `str(error)` is a sentence a non-programmer can act on."""


class NoServerBinaries(PostgresError):
    """No usable PostgreSQL programs were found on this machine."""


class ServerAlreadyRunning(PostgresError):
    """Another server holds the same folder."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        self.folder = folder
        self.pid = pid
        process = f" (proces {pid})" if pid else ""
        super().__init__(
            f"Der kører allerede en databaseserver på mappen {folder}{process}. Stop den med "
            "»roedtraad db stop«, eller vælg en anden mappe med ROEDTRAAD_DATA."
        )


class ServerFailed(PostgresError):
    """The server, or the making of its cluster, failed."""


class DiskFull(ServerFailed):
    """There is no room on the disk. Waiting may help: somebody makes room."""


_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}


def disk_full(folder: Path) -> DiskFull:
    """The refusal for a disk without room for the cluster."""
    return DiskFull(
        f"Disken er fuld: der er ikke plads til databasen i {folder}. "
        "Gør plads, eller vælg en anden mappe med ROEDTRAAD_DATA."
    )


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals about `folder` into sentences; other errors pass unchanged."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        if error.errno in _FULL:
            raise disk_full(folder) from error
        if error.errno in _CLOSED:
            raise ServerFailed(
                f"Databasen kan ikke bruge {where}, fordi den bruger, du kører som, ikke har adgang. "
                "Kør som den bruger, der lavede databasen, eller vælg en anden mappe med ROEDTRAAD_DATA."
            ) from error
        if error.errno in _NOT_A_FOLDER:
            raise ServerFailed(
                f"Databasen skal ligge i {folder}, men {where} er en fil og ikke en mappe. "
                "Flyt filen, eller vælg en anden mappe med ROEDTRAAD_DATA."
            ) from error
        raise
