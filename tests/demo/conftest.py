"""The demo's tests live on the demo's day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from roedtraad.core import clock
from tests.demo_world import DEMO_DAY, demo_database, demo_world

__all__ = ["demo_database", "demo_world"]


@pytest.fixture(autouse=True)
def _a_known_day() -> Iterator[object]:
    """Takes the place of the suite's day."""
    with clock.fixed(DEMO_DAY) as moment:
        yield moment
