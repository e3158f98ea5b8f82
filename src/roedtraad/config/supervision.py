"""Keeping the house up: what ends by itself is started again, and what keeps ending makes us give up.

The supervisor starts the web server and the job worker as its children and looks after them and the embedded
database. It does no work itself, so there is little in it that can fail. When it is killed nevertheless, the
kernel takes its children along (`PR_SET_PDEATHSIG`), so that the next start meets nobody.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from roedtraad.config.postgres import (
    Cluster,
    DiskFull,
    PostgresError,
    ServerAlreadyRunning,
    dies_with,
)

PAUSE = 0.2
#: A part that ends more often than this within so many seconds is not helped by one more start.
MOST_ENDS = 6
WITHIN = 60.0
FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
#: How long a child may take to leave when asked, in seconds.
PATIENCE = 15.0

Say = Callable[[str], object]


class GivenUp(Exception):
    """A part of the house keeps ending; the message is a Danish sentence."""


class Endings:
    """When a part ended lately, and what follows: how long to wait before it is started again."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def note(self, now: float) -> float | None:
        """It ended at `now` (seconds on a clock that never turns back). Seconds to wait; None means give up."""
        while self._times and now - self._times[0] > WITHIN:
            self._times.popleft()
        self._times.append(now)
        if len(self._times) > MOST_ENDS:
            return None
        return float(min(FIRST_WAIT * 2 ** (len(self._times) - 1), LONGEST_WAIT))


@dataclass
class Part:
    """A process that shall always run. `name` begins a sentence; `waits_for_database` holds back its start."""

    name: str
    command: Sequence[str]
    waits_for_database: bool = False
    process: subprocess.Popen[bytes] | None = None
    due: float | None = 0.0
    endings: Endings = field(default_factory=Endings)

    def start(self, env: Mapping[str, str]) -> None:
        """Start the process; the kernel kills it when we die. Call from the main thread only."""
        self.process = subprocess.Popen(
            self.command,
            env=env,
            preexec_fn=dies_with(os.getpid(), signal.SIGKILL),  # noqa: PLW1509  only the child can ask
        )
        self.due = None


class DatabaseKeeper:
    """Starts the embedded database server again when there is none on the folder, whoever started the last.

    The start is made in a thread, because a server that recovers may take its time.
    """

    def __init__(self, cluster: Cluster, say: Say) -> None:
        self._cluster = cluster
        self._say = say
        self._alive = cluster.heartbeat()
        self._endings = Endings()
        self._due: float | None = None
        self._starter: threading.Thread | None = None
        self._outcome: PostgresError | None = None
        self._told = ""
        self._started = False

    def look(self, now: float) -> None:
        """Called again and again. Raises GivenUp when the server keeps ending or cannot start."""
        if self._starter is not None:
            if self._starter.is_alive():
                return
            self._starter = None
            self._concluded(now)
        elif self._due is None:
            if not self._alive():
                self._note(now, "Databasen stoppede af sig selv. Den startes igen.")
        elif now >= self._due:
            self._due = None
            self._starter = threading.Thread(target=self._start, name="database-starter", daemon=True)
            self._starter.start()

    def leave(self) -> None:
        """Stop the server if it was we who started it."""
        if self._starter is not None:
            self._starter.join(PATIENCE)
        if self._started:
            self._cluster.stop()

    def _start(self) -> None:
        try:
            self._cluster.start()
        except ServerAlreadyRunning:
            self._outcome = None  # another process on the same folder was quicker
        except PostgresError as error:
            self._outcome = error
        else:
            self._outcome = None
            self._started = True

    def _concluded(self, now: float) -> None:
        if self._outcome is None:
            self._say("Databasen kører igen.")
            self._told = ""
        elif isinstance(self._outcome, DiskFull):
            # Starting again and again does no harm here, and helps as soon as somebody has made room.
            self._tell(f"{self._outcome} Rødtråd prøver igen, til der er plads.")
            self._due = now + LONGEST_WAIT / 2
        else:
            self._note(now, f"Databasen kunne ikke startes. {self._outcome}")

    def _note(self, now: float, sentence: str) -> None:
        wait = self._endings.note(now)
        if wait is None:
            raise GivenUp(
                f"Databasen stoppede {MOST_ENDS + 1} gange på et minut, og Rødtråd giver op. "
                "Se databasens log (»roedtraad db status« siger hvor), og start igen."
            )
        self._tell(sentence)
        self._due = now + wait

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:
            self._say(sentence)
            self._told = sentence


class Supervisor:
    """Runs the parts until told to stop. `database_answers` is asked before a part that waits for it starts."""

    def __init__(
        self,
        parts: Sequence[Part],
        env: Mapping[str, str],
        database_answers: Callable[[], bool],
        say: Say,
        keeper: DatabaseKeeper | None = None,
    ) -> None:
        self._parts = parts
        self._env = env
        self._database_answers = database_answers
        self._say = say
        self._keeper = keeper

    def run(self, told_to_stop: Callable[[], bool]) -> None:
        """Keep everything running. Raises GivenUp; whatever happens, nothing is left running afterwards."""
        try:
            while not told_to_stop():
                now = time.monotonic()
                if self._keeper is not None:
                    self._keeper.look(now)
                for part in self._parts:
                    self._look_after(part, now)
                time.sleep(PAUSE)
        finally:
            self._stop_all()

    def _look_after(self, part: Part, now: float) -> None:
        if part.due is None:
            code = part.process.poll() if part.process is not None else None
            if code is None:
                return
            wait = part.endings.note(now)
            if wait is None:
                raise GivenUp(
                    f"{part.name} stoppede {MOST_ENDS + 1} gange på et minut, og Rødtråd giver op. "
                    "Se loggen ovenfor, ret fejlen, og start igen."
                )
            why = f"signal {-code}" if code < 0 else f"kode {code}"
            self._say(f"{part.name} stoppede af sig selv ({why}). Startes igen.")
            part.due = now + wait
        elif now >= part.due and (not part.waits_for_database or self._database_answers()):
            part.start(self._env)

    def _stop_all(self) -> None:
        running = [part.process for part in self._parts if part.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._keeper is not None:
            self._keeper.leave()


@contextmanager
def serving(data: Path) -> Iterator[bool]:
    """Marks that a supervisor works on the data folder; gives whether another one did already.

    The mark is a lock on an open file, so a killed supervisor leaves none behind.
    """
    data.mkdir(parents=True, exist_ok=True)
    mark = os.open(data / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        others = _others_hold(mark)
        fcntl.flock(mark, fcntl.LOCK_SH)
        yield others
    finally:
        os.close(mark)


def is_served(data: Path) -> bool:
    """Whether a supervisor works on the data folder now."""
    try:
        mark = os.open(data / "serving.lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return _others_hold(mark)
    finally:
        os.close(mark)


def _others_hold(mark: int) -> bool:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
