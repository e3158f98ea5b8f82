"""A small world and files about it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from roedtraad.exchange import pipeline
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.pipeline import Outcome
from tests import factories as make
from tests.exchange.worlds import World


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def world(db: None) -> World:
    root = make.region_root()
    offer = make.unit("tang", parent=root)
    make.municipality("0751")
    make.municipality("0791")
    return World(
        root,
        offer,
        [make.place(f"T-{n}", offer) for n in (1, 2)],
        [make.citizen(n, acting="0751") for n in (1, 2)],
        make.user_with("administrator", root, "admin"),
        make.user_with("leader", root, "leder"),
    )


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows as a CSV file: each row a dict by column name, and only the columns that are given."""

    def written(kind: str, rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None) -> Path:
        form = FORMATS[kind]
        names = columns or [c.name for c in form.columns if any(c.name in row for row in rows)]
        path = tmp_path / f"{kind}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([form.column(name).heading for name in names])
            writer.writerows([row.get(name, "") for name in names] for row in rows)
        return path

    return written


@pytest.fixture
def run(write: Write, world: World) -> Callable[..., Outcome]:
    """Import rows of a kind; `keep=False` only looks."""

    def ran(kind: str, rows: Sequence[dict[str, Any]], *, keep: bool = True, **more: Any) -> Outcome:
        path = write(kind, rows, **more)
        return pipeline.run(path, kind, write=keep, user=world.admin, filename="prøve.csv")

    return ran
