"""The table of settings is what the code reads, and what operators are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roedtraad.config import environment

ROOT = Path(__file__).resolve().parents[2]


def test_the_operators_page_lists_exactly_the_settings() -> None:
    text = (ROOT / "docs" / "operators.md").read_text()
    table = text.split("settings: begin")[1].split("settings: end")[0]
    told = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", table, re.M)
    assert told == [(s.name, s.default or "–", s.meaning) for s in environment.SETTINGS]


def test_nothing_else_reads_the_environment_for_settings() -> None:
    """Every ROEDTRAAD_ name used in the source is declared."""
    declared = {s.name for s in environment.SETTINGS}
    used: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"\bROEDTRAAD_[A-Z_]+[A-Z]\b", file.read_text()))
    assert used <= declared, f"not declared: {used - declared}"


def test_an_undeclared_setting_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        environment.read("ROEDTRAAD_NOT_THERE")


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("ja", True), ("0", False), ("nej", False), ("", True)]
)
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, text: str, expected: bool) -> None:
    monkeypatch.setenv("ROEDTRAAD_HTTPS", text)
    assert environment.read_bool("ROEDTRAAD_HTTPS", True) is expected
