"""One embedded cluster: start, stop, ask, connect."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from roedtraad.config import environment

from .binaries import Binaries, find_binaries, find_psql, reachable_copy
from .configuration import HBA, server_settings
from .errors import NoServerBinaries, ServerAlreadyRunning, ServerFailed, explained
from .initdb import failure, make_cluster, write_private
from .layout import SOCKET_PORT, Layout, find_layout, make_layout, system_folder
from .passwords import ensure_passwords, read_passwords
from .process import first_line_as_pid, is_locked, launch, take_lock, working_folder
from .provision import APP, DATABASE, EDITION, OWNER, SUPERUSER, provision

_LARGEST_LOG = 10 * 1024 * 1024
_PAUSE = 0.05
#: How long a server that is recovering or shutting down is waited for, in seconds.
_PATIENCE = 600.0


@dataclass(frozen=True)
class Status:
    """What `roedtraad db status` tells. All but `running` may be None before the first start."""

    running: bool
    pid: int | None
    folder: Path | None
    sockets: Path | None
    log: Path | None
    major: int | None


class Cluster:
    """The embedded cluster of one data folder. Making the object touches nothing on disk.

    `fast` gives up durability for speed and is for clusters that are thrown away.
    All methods raise subclasses of PostgresError with a Danish sentence.
    """

    def __init__(self, data: Path | str | None = None, *, fast: bool = False) -> None:
        self.data = Path(data).expanduser().resolve() if data is not None else environment.data_folder()
        self.fast = fast
        self._process: subprocess.Popen[bytes] | None = None

    # -- asking ---------------------------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether the data folder has a cluster that was made to the end."""
        layout = self._find()
        return layout is not None and layout.major() is not None and layout.secrets.exists()

    def status(self) -> Status:
        """Whether a server runs on the folder, and where things are."""
        layout = self._find()
        if layout is None:
            return Status(False, None, None, None, None, None)
        running = is_locked(layout.lock)
        pid = first_line_as_pid(layout.data / "postmaster.pid") if running else None
        return Status(running, pid, layout.folder, layout.sockets, layout.log, layout.major())

    def heartbeat(self) -> Callable[[], bool]:
        """A question that is cheap enough to ask several times a second: is a server alive on the folder?"""
        lock = self._existing().lock
        return lambda: is_locked(lock)

    def connection(self, role: str = APP, dbname: str = DATABASE) -> dict[str, Any]:
        """Arguments for `psycopg.connect` as one of the three roles."""
        with explained(self.data):
            layout = self._existing()
            password = read_passwords(layout.secrets)[role]
        return self._address(layout) | {"user": role, "password": password, "dbname": dbname}

    def dsn(self, role: str = APP, dbname: str = DATABASE) -> str:
        """The same as a libpq connection string ("host=… user=…"). It holds the password: do not print it."""
        return make_conninfo(**self.connection(role, dbname))

    def psql(self, role: str = OWNER, dbname: str = DATABASE) -> tuple[list[str], dict[str, str]]:
        """The command and environment that open psql; only the environment holds the password."""
        link = self.connection(role, dbname)
        try:
            binaries: Binaries | None = find_binaries()
        except NoServerBinaries:
            binaries = None
        variables = {
            "PGHOST": link["host"],
            "PGPORT": link["port"],
            "PGUSER": link["user"],
            "PGPASSWORD": link["password"],
            "PGDATABASE": link["dbname"],
        }
        return [str(find_psql(binaries))], {**os.environ, **variables}

    # -- starting and stopping ------------------------------------------------------------------------------

    def start(self, *, die_with_parent: bool = True, timeout: float = 60.0) -> None:
        """Start the server and wait until it answers; the first start makes the cluster.

        With `die_with_parent` it shuts down cleanly when this process ends in whatever way; without, it lives
        on until `stop`. A server that is just starting or stopping on the same folder is waited for.
        `timeout` is in seconds and does not count the time a server spends recovering after a crash.
        Raises ServerAlreadyRunning, NoServerBinaries or ServerFailed.
        """
        with explained(self.data):
            layout = make_layout(self.data)
            lock = self._take_lock(layout)
            try:
                binaries = self._binaries(layout)
                if layout.major() is not None:
                    read_passwords(layout.secrets)
                else:
                    passwords = ensure_passwords(layout.secrets)
                    make_cluster(layout, binaries, passwords[SUPERUSER], lock, fast=self.fast)
                self._refuse_unlocked_server(layout)
                for left_behind in (layout.data / "postmaster.pid", *layout.sockets.glob(".s.PGSQL.*")):
                    left_behind.unlink(missing_ok=True)
                settings = server_settings(layout.sockets, binaries.share(), self.fast)
                write_private(layout.data / "postgresql.conf", settings, layout.account)
                write_private(layout.data / "pg_hba.conf", HBA, layout.account)
                began = self._launch(layout, binaries, lock, die_with_parent)
            finally:
                os.close(lock)
            try:
                self._wait_until_ready(layout, began, timeout)
                self._ensure_set_up(layout)
            except BaseException:
                if is_locked(layout.lock):
                    self.stop()
                raise

    def stop(self, timeout: float = 60.0) -> bool:
        """Shut the server down cleanly, whoever started it. False when none was running.

        Raises ServerFailed when it is still there after `timeout` seconds.
        """
        layout = self._find()
        if layout is None or not is_locked(layout.lock):
            return False
        deadline = time.monotonic() + timeout
        asked: int | None = None
        with explained(layout.folder):
            while is_locked(layout.lock):
                pid = first_line_as_pid(layout.data / "postmaster.pid")
                if pid is not None and pid != asked and working_folder(pid) in (layout.data, None):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGINT)
                    asked = pid
                if time.monotonic() > deadline:
                    raise ServerFailed(
                        f"Databaseserveren på {layout.folder} (proces {pid}) er ikke stoppet efter "
                        f"{timeout:.0f} sekunder. Se loggen i {layout.log}, og prøv igen."
                    )
                time.sleep(_PAUSE)
        if self._process is not None:
            self._process.wait()
            self._process = None
        return True

    @contextmanager
    def ensure_running(self, say: Callable[[str], object] | None = None) -> Iterator[Cluster]:
        """A running server: our own, stopped at the end, or the one that already runs on the folder.

        `say` is given the sentence that tells of a server we only borrow.
        """
        borrowed: ServerAlreadyRunning | None = None
        try:
            self.start()
        except ServerAlreadyRunning as running:
            borrowed = running
        if borrowed is not None:
            if say is not None:
                process = f" (proces {borrowed.pid})" if borrowed.pid else ""
                say(f"Bruger den databaseserver, der allerede kører på {borrowed.folder}{process}.")
            self._ensure_set_up(self._existing())
            yield self
            return
        try:
            yield self
        finally:
            self.stop()

    def remove(self) -> None:
        """Stop the server and delete the cluster with all its data and passwords."""
        self.stop()
        layout = self._find()
        if layout is not None:
            layout.remove()

    # -- inside ---------------------------------------------------------------------------------------------

    def _find(self) -> Layout | None:
        with explained(self.data):
            return find_layout(self.data)

    def _existing(self) -> Layout:
        layout = self._find()
        if layout is None:
            raise ServerFailed(
                f"Der er ingen database i {self.data} endnu. Lav den med »roedtraad db start«."
            )
        return layout

    def _binaries(self, layout: Layout) -> Binaries:
        binaries = find_binaries(layout.major())
        if not layout.account.switch:
            return binaries
        return reachable_copy(binaries, layout.account, lambda: system_folder(layout.account) / "bin")

    @staticmethod
    def _address(layout: Layout) -> dict[str, str]:
        return {"host": str(layout.sockets), "port": str(SOCKET_PORT)}

    def _ping(self, layout: Layout) -> pq.Ping:
        conninfo = make_conninfo(
            **self._address(layout), user=SUPERUSER, dbname="postgres", connect_timeout="5"
        )
        return pq.Ping(pq.PGconn.ping(conninfo.encode()))

    def _take_lock(self, layout: Layout) -> int:
        deadline = time.monotonic() + _PATIENCE
        answered = False
        while True:
            lock = take_lock(layout.lock, layout.account)
            if lock is not None:
                return lock
            # Asked twice: a server whose parent died this instant still answers once.
            answers = self._ping(layout) == pq.Ping.OK
            if (answers and answered) or time.monotonic() > deadline:
                raise ServerAlreadyRunning(layout.folder, first_line_as_pid(layout.data / "postmaster.pid"))
            answered = answers
            time.sleep(4 * _PAUSE)

    def _refuse_unlocked_server(self, layout: Layout) -> None:
        """A server that somebody started by hand holds no lock of ours, but works in the data directory."""
        pid = first_line_as_pid(layout.data / "postmaster.pid")
        if pid is not None and working_folder(pid) == layout.data:
            raise ServerAlreadyRunning(layout.folder, pid)

    def _launch(self, layout: Layout, binaries: Binaries, lock: int, die_with_parent: bool) -> int:
        """Start the server; returns where in the log its own lines begin."""
        if layout.log.exists() and layout.log.lstat().st_size > _LARGEST_LOG:
            layout.log.replace(layout.log.with_suffix(".log.1"))
        log = os.open(layout.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            layout.account.own(layout.log)
            began = os.fstat(log).st_size
            command = [str(binaries.program("postgres")), "-D", str(layout.data)]
            self._process = launch(command, layout.account, lock, log, die_with_parent=die_with_parent)
        finally:
            os.close(log)
        return began

    def _wait_until_ready(self, layout: Layout, began: int, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        last_call = time.monotonic() + _PATIENCE
        while True:
            answer = self._ping(layout)
            if answer == pq.Ping.OK:
                return
            now = time.monotonic()
            if answer == pq.Ping.REJECT:  # up, but recovering
                deadline = max(deadline, min(now + timeout, last_call))
            gone = self._process is None or self._process.poll() is not None
            if gone or now > deadline:
                with layout.log.open("rb") as log:
                    log.seek(began)
                    said = log.read().decode(errors="replace")
                raise failure(layout, "Databaseserveren kunne ikke starte", said)
            time.sleep(_PAUSE)

    def _ensure_set_up(self, layout: Layout) -> None:
        try:
            passwords = read_passwords(layout.secrets)
            address = self._address(layout)
            superuser = make_conninfo(
                **address, user=SUPERUSER, password=passwords[SUPERUSER], dbname="postgres"
            )
            if layout.set_up.exists() and layout.set_up.read_text().strip() == EDITION:
                # Proves that the passwords belong to this cluster.
                psycopg.connect(superuser).close()
                return
            provision(superuser, passwords)
        except psycopg.Error as error:
            raise ServerFailed(
                f"Databaseserveren på {layout.folder} svarer, men kunne ikke gøres klar: {str(error).strip()}"
            ) from error
        write_private(layout.set_up, f"{EDITION}\n", layout.account)


@contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A fast cluster, running now and deleted at the end: for tests and measurements."""
    folder = Path(tempfile.mkdtemp(prefix="roedtraad-"))
    # The server's user must be able to walk through; nothing in the folder itself is worth listing.
    folder.chmod(0o711)
    cluster = Cluster(folder, fast=True)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
