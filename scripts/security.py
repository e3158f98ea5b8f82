"""The part of `make lint` that looks for security faults: the code, secrets in files, and known holes in packages.

    python scripts/security.py

- bandit on our own code. It has the same rules as ruff's S, and a line that tells ruff why it may (`noqa: S105`)
  has told bandit too; what only bandit finds is answered with `nosec` and a reason.
- detect-secrets on every file. What only looks like a secret stands in security.toml with a reason.
- pip-audit on the versions in uv.lock, asking PyPI. A hole that is known and accepted stands in security.toml with
  a reason and a last day. Where PyPI's answers cannot be had, this says so and goes on: a machine without
  network must be able to work.

Exit code 1 when anything was found.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ("src", "scripts")
ALL = (
    "src",
    "tests",
    "docs",
    "scripts",
    "benchmarks",
    "Makefile",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
)
# Others' files, pictures and fonts, and what is generated from files that are looked at.
PASSED_OVER = r"/vendor/|__pycache__|\.(pyc|png|woff2?|ttf|mo|po|typ)$|/migrations/"
# Seconds: the first for what needs the network, the second for what only needs this machine.
PATIENCE, LONG_PATIENCE = 60, 600


def main() -> int:
    """Run the three and say how each went."""
    known = tomllib.loads((CHECKOUT / "security.toml").read_text(encoding="utf-8"))
    found = 0
    for name, look in (("bandit", bandit), ("detect-secrets", secrets), ("pip-audit", packages)):
        began = time.monotonic()
        faults, remark = look(known)
        for fault in faults:
            print(fault)
        verdict = f"{len(faults)} fund" if faults else "ingen fund"
        print(f"{name}: {remark or verdict} ({time.monotonic() - began:.0f} s)")
        found += len(faults)
    return 1 if found else 0


def bandit(_known: dict[str, Any]) -> tuple[list[str], str]:
    """What bandit finds in our code, less what the line has told ruff the reason for."""
    said = _run("bandit", "-c", "pyproject.toml", "-q", "-r", *CODE, "-f", "json")
    faults = []
    for found in json.loads(said.stdout)["results"]:
        rule = "S" + found["test_id"].removeprefix("B")
        lines = (CHECKOUT / found["filename"]).read_text(encoding="utf-8").splitlines()
        first, last = min(found["line_range"]), max(found["line_range"])
        if not any(re.search(rf"noqa:.*\b{rule}\b", line) for line in lines[first - 1 : last]):
            place = f"{found['filename']}:{found['line_number']}"
            faults.append(f"{place}: {found['test_id']} {found['issue_text']}")
    return faults, ""


def secrets(known: dict[str, Any]) -> tuple[list[str], str]:
    """What looks like a secret and is not accounted for, and accounts that fit nothing any more."""
    here = [name for name in ALL if (CHECKOUT / name).exists()]
    said = _run("detect-secrets", "scan", "--all-files", "--exclude-files", PASSED_OVER, *here)
    accounts = known.get("secret", [])
    used = set()
    faults = []
    for found in (one for many in json.loads(said.stdout)["results"].values() for one in many):
        fitting = [n for n, account in enumerate(accounts) if _accounts_for(account, found)]
        used |= set(fitting)
        if not fitting:
            faults.append(
                f"{found['filename']}:{found['line_number']}: ligner en hemmelighed ({found['type']}, "
                f"sha1 {found['hashed_secret']})"
            )
    faults += [
        f"security.toml: undtagelsen for {account['file']} bruges ikke mere"
        for n, account in enumerate(accounts)
        if n not in used
    ]
    return faults, ""


def _accounts_for(account: dict[str, str], found: dict[str, Any]) -> bool:
    return (
        fnmatch.fnmatch(found["filename"], account["file"])
        and account["type"] == found["type"]
        and account.get("sha1", found["hashed_secret"]) == found["hashed_secret"]
    )


def packages(known: dict[str, Any]) -> tuple[list[str], str]:
    """Known holes in the locked packages, and accepted ones whose last day has passed."""
    lock = tomllib.loads((CHECKOUT / "uv.lock").read_text(encoding="utf-8"))
    versions = {p["name"]: p["version"] for p in lock["package"] if "registry" in p["source"]}
    # One question first: a registry that cannot answer it cannot answer the others.
    if not _answered(_audit({"django": versions["django"]})):
        return (
            [],
            "IKKE EFTERSET – PyPI's liste over kendte huller kan ikke nås herfra. Kør igen med netadgang",
        )
    audited = _audit(versions)
    if audited is None:
        return [], "IKKE EFTERSET – PyPI svarede ikke færdigt. Kør igen"
    accepted = {entry["id"]: entry for entry in known.get("vulnerability", [])}
    # The real day: an accepted hole shall not stay open because a demo's clock stands still.
    today = dt.datetime.now(dt.UTC).date()
    faults, missing = [], 0
    for package in audited:
        missing += "skip_reason" in package
        for hole in package.get("vulns", []):
            entry = next((accepted[i] for i in (hole["id"], *hole["aliases"]) if i in accepted), None)
            if entry is not None and entry["until"] >= today:
                continue
            late = f" (accepteret indtil {entry['until']})" if entry else ""
            fixed = ", ".join(hole["fix_versions"]) or "ingen udgave endnu"
            faults.append(f"{package['name']} {package['version']}: {hole['id']}{late}, rettet i {fixed}")
    remark = (
        f"{len(faults)} fund; {missing} pakker kendes ikke af PyPI og er IKKE EFTERSET" if missing else ""
    )
    return faults, remark


def _answered(audited: list[dict[str, Any]] | None) -> bool:
    return audited is not None and not any("skip_reason" in package for package in audited)


def _audit(versions: dict[str, str]) -> list[dict[str, Any]] | None:
    """pip-audit's answer for these packages, None when it has none."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.writelines(f"{name}=={version}\n" for name, version in versions.items())
        wanted.flush()
        options: tuple[str, ...] = (
            "--no-deps",
            "--disable-pip",
            "--vulnerability-service",
            "pypi",
            "--timeout",
            "5",
        )
        try:
            options += ("--progress-spinner", "off", "-f", "json", "-r", wanted.name)
            said = _run("pip-audit", *options, patience=PATIENCE)
            answer: list[dict[str, Any]] = json.loads(said.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            return None
    return answer


def _run(program: str, *arguments: str, patience: int = LONG_PATIENCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / program), *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience,
    )


if __name__ == "__main__":
    sys.exit(main())
