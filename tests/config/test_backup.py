"""Backups that can be restored, restores that change nothing when they fail, and the drill of docs/backup.md."""

from __future__ import annotations

import io
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import connection, transaction
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pyrage.x25519 import Identity

from roedtraad.config.backup import BackupFailed, archive, identity, inventory, making, restoring, scratch
from roedtraad.config.backup.loading import checked
from roedtraad.config.backup.server import Server, server_of
from roedtraad.config.keyring.columns import encrypted_columns
from roedtraad.config.postgres import DATABASE, OWNER, Cluster
from roedtraad.core import fieldkeys
from tests import factories

# Asks for the suite's own database, whose tables are copied.
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 25


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with a server of its own, the house's tables and a few people in them."""
    # Not below pytest's own folder, which it closes to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="roedtraad-"))
    folder.chmod(0o711)
    cluster = Cluster(folder, fast=True)
    cluster.start()
    yield folder
    cluster.remove()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(data: Path, django_db_setup: None, django_db_blocker: Any) -> Server:
    """The suite's tables, and what its factories make, copied to the small server."""
    small = server_of(Cluster(data))
    with django_db_blocker.unblock():
        suite = Server(_address_of_the_suite(), embedded=True)
        with (
            suite.running("pg_dump", "--schema-only", "--format=custom") as dump,
            small.running("pg_restore", "--clean", "--if-exists", "--exit-on-error") as load,
        ):
            assert dump.stdout and load.stdin
            shutil.copyfileobj(dump.stdout, load.stdin)
        with transaction.atomic():
            for n in range(1, PEOPLE + 1):
                factories.citizen(n)
            _copy_rows(small)
            transaction.set_rollback(True)
        connection.close()
    with small.connect(autocommit=True) as link:
        # Personal data behind a lock that binds even the owner, and a table that refers to it.
        link.execute("CREATE TABLE laast (id int PRIMARY KEY, navn text)")
        link.execute("CREATE TABLE henvist (laast int REFERENCES laast)")
        link.execute("INSERT INTO laast SELECT n, 'navn ' || n FROM generate_series(1, 50) n")
        link.execute("INSERT INTO henvist SELECT id FROM laast")
        for table in ("laast", "henvist"):
            name = sql.Identifier(table)
            link.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))
            link.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
            link.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))
            link.execute(
                sql.SQL(
                    "CREATE POLICY p ON {} USING (current_setting('roedtraad.system', true) <> '')"
                ).format(name)
            )
    return small


def _address_of_the_suite() -> dict[str, Any]:
    link = connection.settings_dict
    given = {"host": link["HOST"], "port": link["PORT"], "user": link["USER"], "password": link["PASSWORD"]}
    return {k: v for k, v in given.items() if v} | {"dbname": link["NAME"]}


def _copy_rows(small: Server) -> None:
    """Every row the suite's transaction sees, into the same tables of the small server."""
    connection.ensure_connection()
    suite = connection.connection
    names = suite.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname = 'public'"
    ).fetchall()
    with small.connect() as link:
        link.execute("SET session_replication_role = replica")
        for (name,) in names:
            table = sql.Identifier(name)
            with (
                suite.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as out,
                link.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as into,
            ):
                for piece in out:
                    into.write(piece)


@pytest.fixture
def here(data: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The small house as the one that commands see: its data folder, its files and no other database."""
    monkeypatch.setenv("ROEDTRAAD_DATA", str(data))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("ROEDTRAAD_BACKUP_RECIPIENTS", raising=False)
    files = data / "files"
    shutil.rmtree(files, ignore_errors=True)
    (files / "indlæst").mkdir(parents=True)
    (files / "indlæst" / "ark.csv").write_bytes(b"navn;plads\n")
    (files / "stor").write_bytes(os.urandom(archive.PIECE + 12_345))
    (files / "henvisning").symlink_to("/etc/hostname")
    return server


def write(
    server: Server, data: Path, target: Path, *recipients: pyrage.x25519.Recipient
) -> tuple[Path, dict[str, Any]]:
    """A backup of the small house."""
    with making.draft_of(target) as draft:
        manifest = making.write(
            draft,
            server,
            columns=encrypted_columns(),
            files=data / "files",
            recipients=recipients or identity.recipients(),
            say=lambda sentence: None,
        )
    return target, manifest


def put_back(server: Server, data: Path, source: Path, *, replace_it: bool = True) -> restoring.Restored:
    with source.open("rb") as file:
        return restoring.restore(
            file,
            identity.identities(),
            server,
            data / "files",
            {tuple(row) for row in _migrations(server)},  # type: ignore[misc]
            replace=replace_it,
            say=lambda sentence: None,
        )


def _migrations(server: Server) -> list[tuple[Any, ...]]:
    with server.connect() as link:
        return link.execute("SELECT app, name FROM django_migrations").fetchall()


def contents(server: Server, data: Path) -> tuple[Any, ...]:
    """All there is: tables, files, and the names of databases."""
    with server.connect() as link:
        tables = inventory.tables(link)
        databases = link.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    files = {path.relative_to(data): path.read_bytes() for path in making.plain_files(data / "files")}
    return tables, files, databases


def test_a_backup_holds_all_and_comes_back_whole(here: Server, data: Path, tmp_path: Path) -> None:
    before = contents(here, data)
    copy, manifest = write(here, data, tmp_path / "kopi.age")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert manifest["tables"]["public.citizens_citizen"]["rows"] == PEOPLE
    assert manifest["tables"]["public.laast"]["rows"] == 50
    assert manifest["keys"] == ["t1"]
    for secret in (b"navn 7", b"ark.csv", b"citizens_citizen"):
        assert secret not in copy.read_bytes()
    with here.connect() as link:
        link.execute("DELETE FROM henvist")
        link.execute("UPDATE laast SET navn = 'et andet'")
    (data / "files" / "stor").write_bytes(b"ny")
    (data / "files" / "ny").write_bytes(b"ny")
    done = put_back(here, data, copy)
    tables, files, databases = contents(here, data)
    assert (tables, files) == before[:2]
    assert (done.old_database,) in databases and done.lacks == []
    assert done.old_files is not None and (done.old_files / "ny").exists()
    with here.connect(done.old_database) as link:
        assert link.execute("SELECT count(*) FROM henvist").fetchone() == (0,)
    with psycopg.connect(**Cluster(data).connection()) as link:  # as the app's role
        assert link.execute("SELECT count(*) FROM django_migrations").fetchone() != (0,)
    _drop(here, done)


def _drop(server: Server, done: restoring.Restored) -> None:
    with server.connect("postgres", autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(done.old_database)))
    if done.old_files:
        shutil.rmtree(done.old_files)


def test_an_owner_bound_by_row_level_security_copies_every_row(
    here: Server, data: Path, tmp_path: Path
) -> None:
    """As on a server of somebody else's, where we are no superuser; restored as the same owner."""
    owner = Server(conninfo_to_dict(Cluster(data).dsn(OWNER, DATABASE)), embedded=False)
    with psycopg.connect(**owner.link) as link:
        assert link.execute("SELECT count(*) FROM laast").fetchone() == (0,)
    copy, manifest = write(owner, data, tmp_path / "kopi.age")
    assert manifest["tables"]["public.laast"]["rows"] == 50
    assert manifest["tables"] == write(here, data, tmp_path / "kopi2.age")[1]["tables"]
    before = contents(here, data)
    _drop(here, put_back(owner, data, copy))
    assert contents(here, data) == before
    with psycopg.connect(**owner.link) as link:
        assert link.execute("SELECT count(*) FROM laast").fetchone() == (0,)


def test_rows_that_are_hidden_from_us_stop_the_backup(here: Server, data: Path, tmp_path: Path) -> None:
    owner = Server(conninfo_to_dict(Cluster(data).dsn(OWNER, DATABASE)), embedded=False)
    with here.connect(autocommit=True) as link:
        link.execute("ANALYZE laast")
        link.execute("ALTER POLICY p ON laast USING (false)")
    try:
        with pytest.raises(BackupFailed, match=r"viser ingen rækker i public\.laast"):
            write(owner, data, tmp_path / "kopi.age")
    finally:
        with here.connect(autocommit=True) as link:
            link.execute("ALTER POLICY p ON laast USING (current_setting('roedtraad.system', true) <> '')")
    assert list(tmp_path.iterdir()) == []


def test_it_is_tried_on_a_server_that_is_thrown_away(here: Server, data: Path, tmp_path: Path) -> None:
    once = Identity.generate()
    copy, _manifest = write(here, data, tmp_path / "kopi.age", once.to_public())
    with copy.open("rb") as file:
        loaded = scratch.try_out(file, [once])
    assert loaded.files == 2 and loaded.rows > PEOPLE
    assert list((data / "scratch").iterdir()) == []


def doctored(copy: Path, target: Path, change: Any) -> Path:
    """A backup whose parts somebody with the key has changed: `change` gets (name, bytes), gives both or None."""
    plain = io.BytesIO(pyrage.decrypt(copy.read_bytes(), identity.identities()))
    out = io.BytesIO()
    with tarfile.open(fileobj=plain) as old, tarfile.open(fileobj=out, mode="w") as tar:
        for entry in old:
            found = old.extractfile(entry)
            assert found is not None
            changed = change(entry.name, found.read())
            if changed is not None:
                new = tarfile.TarInfo(changed[0])
                new.size = len(changed[1])
                tar.addfile(new, io.BytesIO(changed[1]))
    target.write_bytes(pyrage.encrypt(out.getvalue(), identity.recipients()))
    return target


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    here: Server, data: Path, tmp_path: Path
) -> None:
    copy, _manifest = write(here, data, tmp_path / "kopi.age")
    whole = copy.read_bytes()
    before = contents(here, data)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    bad = tmp_path / "ødelagt.age"
    for content in (whole[:-1], whole[: len(whole) // 2], bytes(flipped), whole[:10], b""):
        bad.write_bytes(content)
        with pytest.raises(BackupFailed, match="ødelagt"):
            put_back(here, data, bad)
    changes: list[Any] = [
        lambda name, content: None if name == "seal.json" else (name, content),
        lambda name, content: None if name == "files/stor" else (name, content),
        lambda name, content: (name, content.replace(b"navn;plads", b"navn;plads2")),
        lambda name, content: (name.replace("files/stor", "files/../../stor"), content),
        lambda name, content: (name, content.replace(b'"version": "', b'"version": "9')),
    ]
    for change in changes:
        with pytest.raises(BackupFailed, match="ødelagt"):
            put_back(here, data, doctored(copy, bad, change))
    stranger = pyrage.encrypt(b"hello", [Identity.generate().to_public()])
    bad.write_bytes(stranger)
    with pytest.raises(BackupFailed, match="ROEDTRAAD_BACKUP_IDENTITY_FILE"):
        put_back(here, data, bad)
    assert contents(here, data) == before


def test_a_restore_that_fails_late_changes_nothing(
    here: Server, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, _manifest = write(here, data, tmp_path / "kopi.age")
    before = contents(here, data)
    with here.connect(autocommit=True) as link:
        with pytest.raises(BackupFailed, match="i brug af 1 forbindelser"):
            put_back(here, data, copy)
        link.execute("SELECT 1")
    with pytest.raises(BackupFailed, match="allerede data"):
        put_back(here, data, copy, replace_it=False)
    # The folder of files cannot be put in place after the databases have changed names.
    monkeypatch.setattr(Path, "rename", _fails_for("files.restore-"))
    with pytest.raises(OSError, match="as asked"):
        put_back(here, data, copy)
    monkeypatch.undo()
    monkeypatch.setenv("ROEDTRAAD_DATA", str(data))
    assert contents(here, data) == before
    assert not list(data.glob("files.*"))


def _fails_for(name: str) -> Any:
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.startswith(name):
            raise OSError("as asked")
        return real(self, target)

    return rename


def test_missing_keys_are_told_of_at_once(
    here: Server, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, _manifest = write(here, data, tmp_path / "kopi.age")
    for name, value, words in (
        ("ROEDTRAAD_FIELD_KEYS", f"anden:{fieldkeys.new_key()}", "nøglerne t1, som ikke findes her"),
        ("ROEDTRAAD_FIELD_KEYS", f"t1:{fieldkeys.new_key()}", "kan ikke låses op"),
        ("ROEDTRAAD_INDEX_KEY", fieldkeys.new_key(), "ROEDTRAAD_INDEX_KEY"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            fieldkeys.reset_keys()
            with pytest.raises(BackupFailed, match=words):
                put_back(here, data, copy)
        fieldkeys.reset_keys()


def test_a_backup_of_a_newer_program_is_refused(here: Server, data: Path, tmp_path: Path) -> None:
    copy, _manifest = write(here, data, tmp_path / "kopi.age")
    with (
        copy.open("rb") as file,
        pytest.raises(BackupFailed, match="ændringer af tabellerne, denne udgave ikke"),
    ):
        restoring.restore(
            file, identity.identities(), here, data / "files", set(), replace=True, say=lambda sentence: None
        )


def test_nothing_half_is_left_behind(here: Server, data: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))  # a disk that becomes full
    try:
        with pytest.raises(BackupFailed, match="kan ikke skrives"):
            write(here, data, tmp_path / "kopi.age")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    copy, _manifest = write(here, data, tmp_path / "kopi.age")
    whole = copy.read_bytes()
    with pytest.raises(BackupFailed, match="findes allerede"):
        write(here, data, copy)
    broken = replace(here, link=here.link | {"dbname": "findes_ikke"})
    with pytest.raises(BackupFailed, match="kan ikke læses"):
        write(broken, data, tmp_path / "anden.age")
    assert list(tmp_path.iterdir()) == [copy] and copy.read_bytes() == whole
    left = tmp_path / ".gammel.age.1.unfinished"
    left.write_bytes(b"half")
    with making.draft_of(tmp_path / "ny.age"):
        assert not left.exists()
        with making.draft_of(tmp_path / "nyere.age"):
            assert len(list(tmp_path.glob(".ny*"))) == 2  # one that is being written is left alone


# -- the drill --------------------------------------------------------------------------------------------------


def drill() -> list[tuple[str, list[str]]]:
    """The commands of the page's drill, each with the lines it says will come; … stands for anything."""
    text = (ROOT / "docs" / "backup.md").read_text()
    part = text.split("<!-- drill: begin")[1].split("<!-- drill: end")[0]
    steps: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", part, re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                steps[-1][1].append(line)
    return steps


def test_the_drill_goes_as_the_page_says(here: Server, data: Path, tmp_path: Path) -> None:
    before = contents(here, data)[:2]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "DJANGO"))}
    env |= {
        "PATH": f"{Path(sys.executable).parent}:{env['PATH']}",
        "ROEDTRAAD_DATA": str(data),
        "ROEDTRAAD_MODE": "demo",
        "KOPIER": str(tmp_path),
    }
    env.pop("ROEDTRAAD_DB_AS", None)
    steps = drill()
    assert {"backup", "restore", "keys"} <= {
        step.split()[1] for step, _lines in steps if step.startswith("roedtraad")
    }
    for command, lines in steps:
        done = subprocess.run(
            ["/bin/bash", "-c", command],
            env=env,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = done.stdout.decode()
        assert done.returncode == 0, f"{command}\n{said}"
        pattern = "\n".join(
            "(?s:.*)" if line == "…" else re.escape(line).replace("…", ".*") for line in lines
        )
        assert re.fullmatch(pattern, said.rstrip("\n")), (
            f"{command}\nsaid:\n{said}\nthe page says:\n" + "\n".join(lines)
        )
    assert contents(here, data)[:2] == before


def test_a_backup_that_is_killed_leaves_no_backup(here: Server, data: Path, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "DJANGO"))}
    env |= {"ROEDTRAAD_DATA": str(data), "ROEDTRAAD_MODE": "demo"}
    for deadly in (signal.SIGTERM, signal.SIGKILL):
        process = subprocess.Popen(
            [sys.executable, "-m", "roedtraad", "backup", str(tmp_path / "kopi.age")],
            env=env,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if "Prøver kopien" in line.decode():
                break
        time.sleep(0.5)
        process.send_signal(deadly)
        process.wait()
        assert not (tmp_path / "kopi.age").exists()
        if deadly == signal.SIGTERM:
            assert list(tmp_path.iterdir()) == [] and list((data / "scratch").iterdir()) == []
    # What the second left is gone after the next run.
    write(here, data, tmp_path / "kopi.age")
    assert list(tmp_path.iterdir()) == [tmp_path / "kopi.age"]
    with scratch.scratch_server():
        assert len(list((data / "scratch").iterdir())) == 1
    with (tmp_path / "kopi.age").open("rb") as file:
        assert checked(file, identity.identities())["keys"] == ["t1"]
