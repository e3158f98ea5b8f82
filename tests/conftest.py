"""What the whole suite shares. The database cluster is started by the test settings."""

from __future__ import annotations

import pytest

from roedtraad.core import clock

TODAY = "2026-06-15"


@pytest.fixture(autouse=True)
def _a_known_day(request: pytest.FixtureRequest) -> object:
    """Every test lives on the same day, so that nothing depends on when the suite runs."""
    import datetime as dt

    with clock.fixed(dt.datetime.fromisoformat(f"{TODAY}T12:00:00+02:00")) as moment:
        yield moment
