"""Starting, locking and stopping server processes."""

from __future__ import annotations

import ctypes
import fcntl
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from .account import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def take_lock(path: Path, account: Account) -> int | None:
    """An open, locked file descriptor, or None when a living server holds the lock.

    The lock belongs to the open file, so it lives exactly as long as a process that inherited it does, and
    that is the server: a file left behind by a crash locks nobody out.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    account.own(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def is_locked(path: Path) -> bool:
    """Whether a living server holds the lock; asks with a shared one, so that askers do not meet."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def environment_for_server() -> dict[str, str]:
    """What the server inherits: nothing of ours that others could read in its process entry."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **kept}


def launch(
    command: Sequence[str], account: Account, lock: int, output: int, *, die_with_parent: bool
) -> subprocess.Popen[bytes]:
    """Start `command` as `account`, holding `lock`, in a session of its own so Ctrl-C is for us alone.

    With `die_with_parent` the kernel sends it SIGINT, PostgreSQL's fast and clean shutdown, when we die in
    whatever way. The kernel means the *thread* that forked, so that one waits as long as the server lives.
    Raises OSError when the program cannot be started.
    """
    if not die_with_parent:
        return _popen(command, account, lock, output, None)
    answer: queue.SimpleQueue[subprocess.Popen[bytes] | BaseException] = queue.SimpleQueue()

    def keep() -> None:
        try:
            child = _popen(command, account, lock, output, dies_with(os.getpid(), signal.SIGINT))
        except BaseException as error:  # handed to the caller, who raises it
            answer.put(error)
            return
        answer.put(child)
        child.wait()

    threading.Thread(target=keep, name="postgres-keeper", daemon=True).start()
    outcome = answer.get()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _popen(
    command: Sequence[str], account: Account, lock: int, output: int, before_exec: Callable[[], None] | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd="/",
        env=environment_for_server(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=(lock,),
        start_new_session=True,
        umask=0o077,
        # Only the child can ask for its parent-death signal; the function takes no lock and imports nothing.
        preexec_fn=before_exec,  # noqa: PLW1509
        **account.popen_options(),
    )


def dies_with(parent: int, farewell: signal.Signals) -> Callable[[], None] | None:
    """What a child calls first (as `preexec_fn`) to be sent `farewell` when its parent dies in whatever way.

    The kernel means the parent's *thread* that forked. None where the kernel knows no such thing.
    """
    if not sys.platform.startswith("linux"):
        return None

    def ask_the_kernel() -> None:
        if _LIBC.prctl(_PR_SET_PDEATHSIG, farewell, 0, 0, 0) != 0 or os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def working_folder(pid: int) -> Path | None:
    """The working folder of a process, for a server its data directory; None when gone or closed to us."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


def first_line_as_pid(path: Path) -> int | None:
    """The process number on a pid file's first line, None when there is no readable one."""
    try:
        return abs(int(path.read_text(errors="replace").splitlines()[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return None
