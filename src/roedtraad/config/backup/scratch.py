"""A database server that is thrown away, to try a backup on."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg import sql
from pyrage.x25519 import Identity

from roedtraad.config import environment
from roedtraad.config.postgres import Cluster

from .loading import Loaded, checked, explained, lacking_roles, load, make_roles
from .server import Server, server_of

_DATABASE = "restored"


@contextmanager
def scratch_server() -> Iterator[Server]:
    """A server below `scratch/` in the data folder, gone at the end.

    Its data directory is closed to everybody else (0700). What a killed run left is removed by the next one.
    """
    home = environment.data_folder() / "scratch"
    # Root's server runs as somebody else, who must be able to walk through.
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    _sweep(home)
    folder = Path(tempfile.mkdtemp(dir=home))
    folder.chmod(0o711)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)
    cluster = Cluster(folder, fast=True)
    try:
        cluster.start()
        yield server_of(cluster)
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _sweep(home: Path) -> None:
    for left in home.iterdir():
        lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Cluster(left).remove()
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue  # somebody is using it
        finally:
            os.close(lock)


def try_out(source: IO[bytes], identities: Sequence[Identity]) -> Loaded:
    """Restore a backup on a scratch server and compare it with what it says it holds. BackupFailed if it differs."""
    manifest = checked(source, identities)
    with scratch_server() as server, explained():
        with server.connect("postgres", autocommit=True) as connection:
            make_roles(connection, lacking_roles(connection, manifest))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))
        return load(source, identities, server, _DATABASE)
