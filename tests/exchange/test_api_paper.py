"""The paper about the API (docs/api.md) and the API itself say the same."""

from __future__ import annotations

import re
from pathlib import Path

from roedtraad.access import idempotency
from roedtraad.access.tokens import WRITES
from roedtraad.exchange.api import api

PAPER = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def rows() -> list[tuple[str, bool, bool]]:
    """The rows of the table of addresses: the address, and whether it is read and written."""
    table = PAPER.partition("## Det, der kan læses og skrives")[2].partition("\n## ")[0]
    found = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            found += [(path, "●" in cells[1], "●" in cells[2]) for path in re.findall(r"`([^`]+)`", cells[0])]
    return found


def test_the_table_of_addresses_is_the_api() -> None:
    told: dict[str, set[str]] = {}
    for path, reads, writes in rows():
        told.setdefault(path, set()).update({"reads"} if reads else set(), {"writes"} if writes else set())
    found: dict[str, set[str]] = {}
    for path, operations in api.get_openapi_schema()["paths"].items():
        known = found.setdefault(path.removeprefix("/api/v1/"), set())
        known |= {"reads" if method == "get" else "writes" for method in operations}
    record = {path: found[path] for path in told if path in found}
    assert set(record) == set(told)
    for path, ways in record.items():
        # »goals, goals/{goal}« share a line: each is read or written by what the line says.
        assert ways <= told[path], path
    missing = {
        path for path, ways in found.items() if path not in told and ("writes" in ways or "{citizen}" in path)
    }
    assert not missing


def test_every_example_is_an_address_of_the_api() -> None:
    paths = [
        re.compile(re.sub(r"\{\w+\}", '[^/?"]+', path.removeprefix("/")) + "$")
        for path in api.get_openapi_schema()["paths"]
    ]
    examples = re.findall(r"https://raad\.example/(api/v1/[^\s\"?]+)", PAPER)
    assert len(examples) >= 5
    for example in examples:
        assert any(path.match(example) for path in paths), example


def test_scopes_and_times_are_those_of_the_code() -> None:
    for scope in WRITES:
        assert f"| `{scope}` |" in PAPER
    assert f"**{int(idempotency.KEPT.total_seconds() // 3600)} timer**" in PAPER
    assert f"1–{idempotency.LONGEST_KEY} synlige" in PAPER
