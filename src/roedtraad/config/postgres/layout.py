"""Where the cluster of a data folder lies on disk, and making those folders.

<data>/postgres/secrets.json     the three passwords, for the starter only
<data>/postgres/cluster/         mode 0700, the server's user owns it
    data/ run/ log/ supervisor.lock set-up
<data>/postgres/location         instead of cluster/, when that user cannot reach the data folder:
                                 one line naming the folder under /var/lib/roedtraad that holds the cluster
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .account import Account, account_of, server_account
from .errors import ServerFailed

SYSTEM_FOLDER = Path("/var/lib/roedtraad")
SOCKET_PORT = 5432
# sockaddr_un holds 108 bytes with the closing zero; the server adds "/.s.PGSQL.5432.lock".
_LONGEST_FOLDER = 107 - len(f"/.s.PGSQL.{SOCKET_PORT}.lock")
# Anything else could be read as a list of hosts, or needs quoting somewhere along the way.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.+-]+")


@dataclass(frozen=True)
class Layout:
    """The folders of one cluster and the user that owns them."""

    home: Path
    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log" / "postgresql.log"

    @property
    def lock(self) -> Path:
        """The file that a living server keeps locked."""
        return self.folder / "supervisor.lock"

    @property
    def set_up(self) -> Path:
        """Says which roles, extensions and rights the cluster has been given."""
        return self.folder / "set-up"

    @property
    def secrets(self) -> Path:
        """The passwords."""
        return self.home / "secrets.json"

    @property
    def sockets(self) -> Path:
        """The socket's folder: inside the cluster, or under /tmp when that path is too long or unusual."""
        inside = self.folder / "run"
        if len(os.fsencode(inside)) <= _LONGEST_FOLDER and _PLAIN_PATH.fullmatch(str(inside)):
            return inside
        # TMPDIR may be long itself; /tmp is short, and _private_folder checks that the folder is ours alone.
        return Path("/tmp") / f"roedtraad-{self.account.uid}-{_fingerprint(self.folder)}"  # noqa: S108

    def major(self) -> int | None:
        """The version that made the cluster, None before there is one."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None

    def make_folders(self) -> None:
        """Make what is missing inside the cluster, and check the socket folder is ours alone."""
        for inside in (self.folder / "run", self.folder / "log"):
            if not inside.is_dir():
                inside.mkdir(mode=0o700)
                self.account.own(inside)
        if not self.sockets.is_relative_to(self.folder):
            _private_folder(self.sockets, self.account)

    def remove(self) -> None:
        """Delete the cluster with everything in it. The caller has stopped the server."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.sockets.is_relative_to(self.folder):
            shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def find_layout(data_folder: Path) -> Layout | None:
    """The layout of an existing cluster, whose owner is the server's user; None when there is no cluster."""
    home = data_folder / "postgres"
    pointer = home / "location"
    folder = Path(pointer.read_text().strip()) if pointer.exists() else home / "cluster"
    try:
        owner = folder.stat().st_uid
    except FileNotFoundError:
        if pointer.exists():
            raise ServerFailed(
                f"Databasen skulle ligge i {folder} (det står i {pointer}), men mappen findes ikke. Hent den "
                f"tilbage fra en sikkerhedskopi, eller slet {pointer} for at begynde med en tom database."
            ) from None
        return None
    if owner == 0:
        raise ServerFailed(
            f"Databasens mappe {folder} ejes af root, og databasen må ikke køre som root. "
            "Giv mappen tilbage til den bruger, der ejede den, eller vælg en anden mappe med ROEDTRAAD_DATA."
        )
    layout = Layout(home, folder, account_of(owner))
    if layout.account.switch and os.geteuid() != 0:
        raise ServerFailed(
            f"Databasen i {folder} ejes af brugeren {layout.account.name}. Kør som den bruger, der lavede "
            "den (eller som root), eller vælg en anden mappe med ROEDTRAAD_DATA."
        )
    if layout.account.switch and not layout.account.reaches_folder(folder):
        raise ServerFailed(
            f"Databasen i {folder} ejes af brugeren {layout.account.name}, som ikke længere kan komme ind i "
            "mappen, fordi en mappe over den er blevet lukket. Åbn mappen igen, eller flyt databasen."
        )
    return layout


def make_layout(data_folder: Path) -> Layout:
    """The layout of the data folder, making its folders first if there is no cluster yet."""
    if find_layout(data_folder) is None:
        data_folder.mkdir(parents=True, exist_ok=True)
        _make_home(data_folder / "postgres")
    with _one_at_a_time(data_folder / "postgres"):
        layout = find_layout(data_folder) or _new_layout(data_folder)
        layout.make_folders()
    return layout


def _make_home(home: Path) -> None:
    """Make the folder that holds passwords and cluster; root's lets the server's user pass, but not look."""
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    except FileExistsError:
        if not home.is_dir():
            raise


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two first starts at once shall not meet each other's half-made folders."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _new_layout(data_folder: Path) -> Layout:
    account = server_account()
    home = data_folder / "postgres"
    folder = home / "cluster"
    if account.switch and not account.reaches_folder(home):
        folder = _unused(system_folder(account) / _fingerprint(data_folder))
        _cluster_folder(folder, account)
        draft = home / "location.new"
        draft.write_text(f"{folder}\n")
        draft.replace(home / "location")
    else:
        _cluster_folder(folder, account)
    return Layout(home, folder, account)


def _unused(folder: Path) -> Path:
    """`folder`, or a numbered neighbour when a data folder that was since deleted left its cluster there.

    The passwords went with the data folder, so that cluster can serve nobody; but deleting it is not for us.
    """
    number = 1
    candidate = folder
    while (candidate / "data").exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate


def system_folder(account: Account) -> Path:
    """Root's folder for what cannot lie in the data folder; only root may write in it."""
    SYSTEM_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = SYSTEM_FOLDER.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise ServerFailed(
            f"{SYSTEM_FOLDER} skal være en mappe, som kun root kan skrive i. Ret det, eller vælg en "
            f"datamappe, som brugeren {account.name} kan nå, med ROEDTRAAD_DATA."
        )
    if not account.reaches_folder(SYSTEM_FOLDER):
        raise ServerFailed(
            f"Brugeren {account.name} kan hverken nå datamappen eller {SYSTEM_FOLDER}. "
            "Vælg en datamappe, som brugeren kan nå, med ROEDTRAAD_DATA."
        )
    return SYSTEM_FOLDER


def _cluster_folder(folder: Path, account: Account) -> None:
    """Make the cluster's folder under another name first: whoever finds it shall find it with its owner."""
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.new")
        _private_folder(draft, account)
        draft.rename(folder)
    _private_folder(folder, account)


def _private_folder(folder: Path, account: Account) -> None:
    """Make `folder` with mode 0700 for `account`, or check that an existing one is exactly that."""
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != account.uid
            or stat.S_IMODE(found.st_mode) != 0o700
        ):
            raise ServerFailed(
                f"{folder} findes i forvejen, men er ikke en lukket mappe, som brugeren {account.name} ejer. "
                "Fjern den, og prøv igen."
            ) from None


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
