"""Whose a backup is, which are kept, and that its size does not matter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from roedtraad.config.backup import BackupFailed, identity, making


def test_only_the_newest_are_kept_and_nothing_else_is_deleted(tmp_path: Path) -> None:
    names = [f"roedtraad-2026060{day}T010000Z.tar.age" for day in range(1, 6)]
    for name in (*names, "roedtraad-vigtig.tar.age", "andet.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in making.prune(tmp_path, 2)] == names[:3]
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], "roedtraad-vigtig.tar.age", "andet.txt"}
    assert making.usual_name() > names[-1]


def test_whose_backup_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROEDTRAAD_DATA", str(tmp_path))
    monkeypatch.setenv("ROEDTRAAD_MODE", "production")
    with pytest.raises(BackupFailed, match="keys backup FIL"):
        identity.recipients()
    monkeypatch.setenv("ROEDTRAAD_BACKUP_RECIPIENTS", "age1forkert")
    with pytest.raises(BackupFailed, match="age-modtagere"):
        identity.recipients()
    file = tmp_path / "nøgle"
    public = identity.new_identity(file)
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("ROEDTRAAD_BACKUP_RECIPIENTS", f"{public}, {Identity.generate().to_public()}")
    assert len(identity.recipients()) == 2
    monkeypatch.setenv("ROEDTRAAD_BACKUP_IDENTITY_FILE", str(file))
    assert str(identity.identities()[0].to_public()) == public
    file.chmod(0o644)
    with pytest.raises(BackupFailed, match="chmod 0600"):
        identity.identities()
    file.chmod(0o600)
    file.write_text("noget andet\n")
    with pytest.raises(BackupFailed, match="AGE-SECRET-KEY-1"):
        identity.identities()


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A file of 120 MB goes through, both ways, in a process that may use 80 MB more than it had."""
    code = """
import resource, sys, io
from roedtraad.config.backup import archive
from pyrage.x25519 import Identity
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 80 * 2**20, resource.RLIM_INFINITY))
class Zeros(io.RawIOBase):
    left = 120 * 2**20
    def read(self, size=-1):
        size = min(size, self.left); self.left -= size
        return bytes(size)
who = Identity.generate()
with open(sys.argv[1], "w+b") as file:
    with archive.writing(file, [who.to_public()]) as writer:
        writer.manifest({})
        writer.file("nul", Zeros(), 120 * 2**20)
        writer.seal()
    assert archive.read(file, [who], archive.Handler()) == {}
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "stor.age")],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "roedtraad.config.settings.test"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
