"""The synthetic region, made once for the session, in a database of its own beside the suite's.

A module that wants it imports the fixtures into its `conftest.py` (as `tests/demo/conftest.py` does) and asks for
`demo_world`; while that module runs, the default connection points at the demo's database, for live servers too.
Each test's own changes are undone as always. Every other module keeps its empty database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection

from roedtraad.core import clock
from roedtraad.demo.distributions import CUT_DAY

# The world's today: the day after the last thing that has happened in it.
DEMO_DAY = CUT_DAY + dt.timedelta(days=1)
TOKEN = "rt_demo_for_the_suite"
# Some of the citizens have a record, and the long history is short: the suite waits for it.
RECORDED = (0.04, 400)


@dataclass(frozen=True)
class DemoDatabase:
    """Where the world is, and what making it told."""

    name: str
    summary: object


def _point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def _maintenance() -> Iterator[object]:
    with connection._nodb_cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def demo_database(django_db_setup: None, django_db_blocker: object) -> Iterator[DemoDatabase]:
    """Copy the suite's empty database and make the region's world in the copy."""
    from roedtraad.demo.record import RecordScale
    from roedtraad.demo.world import make_world

    own = connection.settings_dict["NAME"]
    name = f"{own}_demo"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        with _maintenance() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
        _point_at(name)
        try:
            with pytest.MonkeyPatch.context() as patch, clock.fixed(DEMO_DAY):
                patch.setenv("ROEDTRAAD_DEMO_TOKEN", TOKEN)
                summary = make_world(scale="region", say=lambda _line: None, record=RecordScale(*RECORDED))
        finally:
            _point_at(own)
    yield DemoDatabase(name, summary)
    with django_db_blocker.unblock(), _maintenance() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demo_world(demo_database: DemoDatabase, django_db_blocker: object) -> Iterator[object]:
    """The region's world for the tests of a module; gives the Summary of making it."""
    own = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(demo_database.name)
    yield demo_database.summary
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(own)
