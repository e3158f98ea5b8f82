"""Making a new cluster, and the files we write inside one."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from .account import Account
from .binaries import Binaries
from .errors import ServerFailed, disk_full
from .layout import Layout
from .process import launch
from .provision import SUPERUSER


def make_cluster(layout: Layout, binaries: Binaries, password: str, lock: int, *, fast: bool) -> None:
    """Run initdb into a draft folder and put it in place when it is whole.

    A draft that an earlier attempt left half made is removed first; the lock says nobody is working on it.
    Raises ServerFailed with initdb's own last lines.
    """
    draft = layout.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password_file = layout.folder / "password.new"
    write_private(password_file, password, layout.account)
    command = [
        str(binaries.program("initdb")),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Danish order comes from stored sort keys; the C locale gives the same order on every machine.
        "--no-locale",
        "--data-checksums",
        *(["--no-sync"] if fast else []),
    ]
    try:
        with tempfile.TemporaryFile() as output:
            process = launch(command, layout.account, lock, output.fileno(), die_with_parent=True)
            if process.wait() != 0:
                output.seek(0)
                said = output.read().decode(errors="replace")
                shutil.rmtree(draft, ignore_errors=True)
                raise failure(layout, "Databasen kunne ikke oprettes", said)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(layout.data)


def failure(layout: Layout, what: str, said: str) -> ServerFailed:
    """The refusal for a program that gave up: a full disk by name, anything else with its last lines."""
    if "No space left on device" in said:
        return disk_full(layout.folder)
    lines = [line for line in said.splitlines() if line.strip()][-8:]
    tail = "\n".join(f"  {line}" for line in lines) or "  (intet)"
    return ServerFailed(f"{what} i {layout.folder}. PostgreSQL skrev til sidst:\n{tail}")


def write_private(path: Path, text: str, account: Account) -> None:
    """Write a file with mode 0600 for the server's user, whole or not at all.

    Root writes in a folder that another user owns: a link planted there is replaced, never followed.
    """
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if account.switch:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
