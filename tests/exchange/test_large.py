"""A file of ten thousand rows: streamed, so that memory does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from roedtraad.exchange import pipeline
from roedtraad.journeys.models import Stay
from tests.exchange.worlds import World, stay_row

pytestmark = pytest.mark.django_db
ROWS = 10_000


def test_ten_thousand_rows_in_little_memory(world: World, write: Callable[..., Path]) -> None:
    first = date(2013, 1, 1)
    days = [str(first + timedelta(days=n)) for n in range(ROWS // 2)]
    rows = [
        stay_row(
            world,
            key=f"o-{n}",
            place=f"T-{n % 2 + 1}",
            ordered_start=days[n // 2],
            ordered_end=days[n // 2],
            actual_start="",
        )
        for n in range(ROWS)
    ]
    path = write("ophold", rows)
    del rows
    told: list[tuple[str, int, int]] = []
    tracemalloc.start()
    try:
        outcome = pipeline.run(
            path,
            "ophold",
            write=True,
            user=world.admin,
            filename="stor.csv",
            progress=lambda *step: told.append(step),
        )
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (outcome.faults, Stay.objects.count()) == ([], ROWS)
    # The rows as Python objects take more than ten times as much.
    assert peak < 8 * 2**20
    assert {phase for phase, _done, _total in told} >= {pipeline.READING, pipeline.CHECKING, pipeline.WRITING}
    assert all(done <= total for _phase, done, total in told)
