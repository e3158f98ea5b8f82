"""The security part of `make lint` finds what it looks for, and never passes over in silence what it could not ask."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, looking at a small checkout instead of this one."""
    spec = importlib.util.spec_from_file_location("security", ROOT / "scripts" / "security.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "src").mkdir()
    (tmp_path / "scripts").mkdir()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    monkeypatch.setattr(module, "CHECKOUT", tmp_path)
    return module


def test_a_hazard_in_the_code_is_found_unless_the_line_says_why(scan: ModuleType, tmp_path: Path) -> None:
    code = tmp_path / "src" / "farlig.py"
    code.write_text("import pickle\n\nvalue = pickle.loads(b'')\n")
    [first] = [fault for fault in scan.bandit({})[0] if "B301" in fault]
    assert first.startswith("src/farlig.py:3:")
    code.write_text("value = eval('1')  # noqa: S307  our own text\n")
    assert scan.bandit({}) == ([], "")


def test_a_secret_is_found_unless_it_is_accounted_for(scan: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src" / "nøgle.py").write_text('aws = "AKIA' + "IOSFODNN7EXAMPL1" + '"\n')
    [fault] = scan.secrets({})[0]
    assert "src/nøgle.py:1: ligner en hemmelighed (AWS Access Key" in fault
    account = {"file": "src/*.py", "type": "AWS Access Key", "sha1": fault.rsplit(" ", 1)[1].rstrip(")")}
    assert scan.secrets({"secret": [account]}) == ([], "")
    other = account | {"file": "tests/*"}
    assert len(scan.secrets({"secret": [account, other]})[0]) == 1


def answers(
    scan: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *said: dict[str, Any] | None
) -> None:
    """Let pip-audit's place be taken by a program that gives these answers, one a call; None is no answer."""
    (tmp_path / "uv.lock").write_text(
        '[[package]]\nname = "django"\nversion = "5.2"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "os"\nversion = "1"\nsource = { editable = "." }\n'
    )
    program = tmp_path / "pip-audit"
    for number, answer in enumerate(said, 1):
        text = "no network" if answer is None else json.dumps({"dependencies": [answer], "fixes": []})
        (tmp_path / f"answer{number}").write_text(text)
    program.write_text(
        "#!/bin/sh\n"
        f"cd {tmp_path}; for n in 1 2; do if [ -f answer$n ]; then cat answer$n; rm answer$n; exit 1; fi; done\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(scan, "BIN", tmp_path)


GOOD = {"name": "django", "version": "5.2", "vulns": []}
BAD = {
    "name": "django",
    "version": "5.2",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["5.2.1"], "description": ""}],
}


def test_a_known_hole_is_a_fault_until_it_is_accepted_for_a_time(
    scan: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt

    today = dt.datetime.now(dt.UTC).date()
    for until, faults in ((None, 1), (today, 0), (today - dt.timedelta(days=1), 1)):
        answers(scan, tmp_path, monkeypatch, GOOD, BAD)
        known = {} if until is None else {"vulnerability": [{"id": "CVE-1", "reason": "x", "until": until}]}
        found, _remark = scan.packages(known)
        assert len(found) == faults
        assert all("django 5.2: PYSEC-1" in fault and "rettet i 5.2.1" in fault for fault in found)


@pytest.mark.parametrize("first", [None, {"name": "django", "skip_reason": "not found on PyPI"}])
def test_an_audit_that_could_not_be_made_says_so_and_fails_nobody(
    scan: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: dict[str, Any] | None
) -> None:
    answers(scan, tmp_path, monkeypatch, first)
    found, remark = scan.packages({})
    assert found == [] and "IKKE EFTERSET" in remark


def test_packages_without_an_answer_are_counted_aloud(
    scan: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(scan, tmp_path, monkeypatch, GOOD, {"name": "django", "skip_reason": "not found on PyPI"})
    assert "1 pakker" in scan.packages({})[1]
    answers(scan, tmp_path, monkeypatch, GOOD, None)
    assert "IKKE EFTERSET" in scan.packages({})[1]
