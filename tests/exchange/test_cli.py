"""`roedtraad import` and `export`, as typed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from roedtraad.access.models import LookupLog
from roedtraad.journeys.models import Stay
from tests import factories as make
from tests.exchange.worlds import World, stay_row

pytestmark = pytest.mark.django_db(transaction=True)


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, on the test's database."""
    parameters = connection.settings_dict
    url = " ".join(
        f"{name}={parameters[key]}"
        for name, key in (
            ("host", "HOST"),
            ("port", "PORT"),
            ("user", "USER"),
            ("password", "PASSWORD"),
            ("dbname", "NAME"),
        )
        if parameters[key]
    )
    env = {**os.environ, "DATABASE_URL": url, "ROEDTRAAD_MODE": "test", "ROEDTRAAD_TODAY": "2026-06-15"}
    return subprocess.run(
        [sys.executable, "-m", "roedtraad", *words], env=env, capture_output=True, text=True, check=False
    )


def test_check_import_and_export(world: World, write: Callable[..., Path], tmp_path: Path) -> None:
    path = write("ophold", [stay_row(world)])
    looked = typed("import", str(path), "--kind", "ophold", "--check")
    assert (looked.returncode, Stay.objects.count()) == (0, 0), looked.stderr
    assert "1 nye, 0 ændrede, 0 uændrede, 0 med fejl." in looked.stdout
    done = typed("import", str(path), "--kind", "ophold")
    assert (done.returncode, Stay.objects.count()) == (0, 1), done.stderr
    out = tmp_path / "ud.csv"
    fetched = typed("export", "--kind", "borgere", "--fil", str(out), "--med-cpr")
    assert fetched.returncode == 0, fetched.stderr
    assert make.cpr_number(1) in out.read_text(encoding="utf-8-sig")
    assert out.stat().st_mode & 0o077 == 0
    assert LookupLog.objects.filter(part="udtræk med CPR-numre", actor="system").count() == 2
    assert typed("export", "--kind", "borgere", "--fil", str(out)).returncode == 1


def test_refused_with_row_numbers_and_a_code(world: World, write: Callable[..., Path]) -> None:
    path = write("ophold", [stay_row(world), stay_row(world, key="o-2", citizen="310299-9901")])
    refused = typed("import", str(path), "--kind", "ophold")
    assert refused.returncode == 1
    assert "række 3: CPR-nummeret har en dato, der ikke findes." in refused.stderr
    assert "Intet er indlæst." in refused.stderr
    assert not Stay.objects.exists()
    missing = typed("import", "findes-ikke.csv", "--kind", "ophold")
    assert (missing.returncode, missing.stderr.strip()) == (
        1,
        "Der er ingen fil, der hedder findes-ikke.csv.",
    )
