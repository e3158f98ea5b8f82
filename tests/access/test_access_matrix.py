"""The table that a person can read says what every role gets; here every address is asked."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

import pytest

from roedtraad.core import clock
from tests.access import matrix
from tests.access.test_policies_everywhere import PAGES
from tests.demo_world import DEMO_DAY, demo_database, demo_world

__all__ = ["demo_database", "demo_world"]


@pytest.fixture(autouse=True)
def _a_known_day() -> Iterator[object]:
    """Takes the place of the suite's day."""
    with clock.fixed(DEMO_DAY) as moment:
        yield moment


@pytest.mark.slow
def test_every_role_gets_what_the_table_says(demo_world: object, db: None) -> None:
    things = matrix.Things()
    callers = [matrix.Caller(username) for username, _words in matrix.COLUMNS]
    lines = [line for name in sorted(PAGES) for line in matrix.page_lines(name, callers, things)]
    lines.sort(key=lambda line: line.section)
    lines += matrix.api_lines(callers, things)
    assert not [str(line) for line in lines if "FEJL" in str(line)]
    found = matrix.table(lines)
    if os.environ.get("ROEDTRAAD_MATRIX") == "write":
        matrix.TABLE.write_text(found, encoding="utf-8")
    kept = matrix.TABLE.read_text(encoding="utf-8")
    changed = "\n".join(difflib.unified_diff(kept.splitlines(), found.splitlines(), "tabellen", "nu", n=0))
    assert not changed, f"Svarene er ikke dem, tabellen siger:\n{changed}"
