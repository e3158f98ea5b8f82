"""What is left when processes die in the middle of things."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from roedtraad.config.postgres import OWNER, Cluster, ServerFailed

START = "import sys; from roedtraad.config.postgres import Cluster; cluster = Cluster(sys.argv[1]); "

COMMIT_ROWS_UNTIL_KILLED = (
    START
    + """
import psycopg
cluster.start()
with psycopg.connect(cluster.dsn("roedtraad_owner"), autocommit=True) as connection:
    connection.execute("CREATE TABLE row (id int PRIMARY KEY)")
    number = 0
    while True:
        connection.execute("INSERT INTO row VALUES (%s)", [number])
        print(number, flush=True)
        number += 1
"""
)

START_IN_A_THREAD_THAT_ENDS = (
    START
    + """
import threading, time
thread = threading.Thread(target=cluster.start)
thread.start()
thread.join()
time.sleep(0.5)
print(cluster.status().running, flush=True)
"""
)

START_AND_LEAVE = START + "cluster.start(die_with_parent=False); print(cluster.status().pid, flush=True)"

USE_FOR_A_MOMENT = (
    START
    + """
import psycopg, time
with cluster.ensure_running():
    with psycopg.connect(cluster.dsn("roedtraad_owner")) as connection:
        print(connection.execute("SELECT current_user").fetchone()[0], flush=True)
    sys.stdin.read()
"""
)


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="roedtraad-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)
        Cluster(folder).remove()


def _python(program: str, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _wait_for(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.01)


def test_killing_the_parent_stops_the_server_and_keeps_every_committed_row(data: Path) -> None:
    with _python(COMMIT_ROWS_UNTIL_KILLED, data) as parent:
        assert parent.stdout is not None
        told = [int(next(parent.stdout)) for _ in range(200)]
        server = Cluster(data).status().pid
        assert server is not None
        parent.send_signal(signal.SIGKILL)
        told += [int(line) for line in parent.stdout if line.endswith("\n")]
    _wait_for(lambda: not psutil.pid_exists(server), "the server to follow its parent")

    restarted = Cluster(data)
    restarted.start()
    with psycopg.connect(restarted.dsn(OWNER)) as connection:
        kept = [row[0] for row in connection.execute("SELECT id FROM row ORDER BY id")]
    assert kept[: len(told)] == told
    assert len(kept) <= len(told) + 1, "at most the one row that was committed but not yet told of"


def test_a_restart_while_the_old_server_is_still_leaving_succeeds(data: Path) -> None:
    with _python(COMMIT_ROWS_UNTIL_KILLED, data) as parent:
        assert parent.stdout is not None
        next(parent.stdout)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        restarted = Cluster(data)
        restarted.start()
    with psycopg.connect(restarted.dsn(OWNER)) as connection:
        assert connection.execute("SELECT min(id) FROM row").fetchone() == (0,)


def test_rows_survive_when_the_server_itself_is_killed(data: Path) -> None:
    cluster = Cluster(data)
    cluster.start()
    with psycopg.connect(cluster.dsn(OWNER)) as connection:
        connection.execute("CREATE TABLE row AS SELECT generate_series(1, 500) AS id")
    server = cluster.status().pid
    assert server is not None
    os.kill(server, signal.SIGKILL)
    cluster.start()
    assert cluster.status().pid != server
    with psycopg.connect(cluster.dsn(OWNER)) as connection:
        assert connection.execute("SELECT count(*) FROM row").fetchone() == (500,)


def test_the_server_outlives_the_thread_that_asked_for_it(data: Path) -> None:
    """The kernel's promise is made to a thread; a web server starts things from threads that end."""
    with _python(START_IN_A_THREAD_THAT_ENDS, data) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read().split() == ["True"]
    _wait_for(lambda: not Cluster(data).status().running, "the server to follow its parent")


def test_a_server_that_was_told_to_stay_stays_until_another_process_stops_it(data: Path) -> None:
    with _python(START_AND_LEAVE, data) as starter:
        assert starter.stdout is not None
        server = int(starter.stdout.read())
    cluster = Cluster(data)
    assert cluster.status().pid == server
    psycopg.connect(cluster.dsn(OWNER)).close()
    assert cluster.stop()
    assert not psutil.pid_exists(server) or psutil.Process(server).status() == psutil.STATUS_ZOMBIE


def test_a_first_start_killed_half_way_can_be_done_again(data: Path) -> None:
    draft = data / "postgres" / "cluster" / "data.new"
    with _python(START_AND_LEAVE, data) as starter:
        _wait_for((draft / "PG_VERSION").exists, "initdb to begin")
        starter.send_signal(signal.SIGKILL)
    assert not Cluster(data).exists()
    cluster = Cluster(data)
    cluster.start()
    assert not draft.exists()
    psycopg.connect(cluster.dsn(OWNER)).close()


def test_two_that_start_at_once_share_one_server(data: Path) -> None:
    with _python(USE_FOR_A_MOMENT, data) as first, _python(USE_FOR_A_MOMENT, data) as second:
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline().strip() == OWNER
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.close()
    assert (first.returncode, second.returncode) == (0, 0)
    _wait_for(lambda: not Cluster(data).status().running, "the one server to stop")


def test_a_full_disk_is_called_a_full_disk(data: Path) -> None:
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=8m,mode=0711", "tmpfs", str(data)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here, so no disk can be filled")
    try:
        with pytest.raises(ServerFailed, match="Disken er fuld"):
            Cluster(data).start()
        assert not (data / "postgres" / "cluster" / "data.new").exists()
    finally:
        subprocess.run(["umount", str(data)], check=True)
