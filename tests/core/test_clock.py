from contextvars import Context
from datetime import UTC, date, datetime, timedelta

import pytest

from roedtraad.core import clock


def now_unheld() -> datetime:
    """The time as a fresh context sees it: the suite holds the clock of the context tests run in."""
    return Context().run(clock.now)


def test_the_clock_runs_in_danish_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROEDTRAAD_TODAY", raising=False)
    assert abs(now_unheld() - datetime.now(UTC)) < timedelta(seconds=5)
    assert str(now_unheld().tzinfo) == "Europe/Copenhagen"


def test_the_clock_can_be_held_and_lets_go_again() -> None:
    before = clock.today()
    with clock.fixed(date(2020, 7, 1)):
        assert clock.today() == date(2020, 7, 1)
        assert clock.now().hour == 12
        with clock.fixed(date(2013, 1, 1)):
            assert clock.today() == date(2013, 1, 1)
        assert clock.today() == date(2020, 7, 1)
    assert clock.today() == before != date(2020, 7, 1)


def test_the_day_turns_at_danish_midnight() -> None:
    with clock.fixed(datetime(2020, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2020, 7, 1)
    with clock.fixed(datetime(2020, 6, 30, 23, 59)):
        assert clock.today() == date(2020, 6, 30)


def test_the_environment_holds_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROEDTRAAD_TODAY", "2026-03-01")
    assert now_unheld().isoformat() == "2026-03-01T12:00:00+01:00"
    monkeypatch.setenv("ROEDTRAAD_TODAY", "2026-07-01T08:15")
    assert now_unheld().isoformat() == "2026-07-01T08:15:00+02:00"
    with clock.fixed(date(2020, 7, 1)):
        assert clock.today() == date(2020, 7, 1)
    monkeypatch.setenv("ROEDTRAAD_TODAY", "1. marts")
    with pytest.raises(ValueError, match="som ikke er en dato"):
        now_unheld()
