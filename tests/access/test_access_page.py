"""docs/access.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from roedtraad.access.policies import ACTIONS
from roedtraad.access.roles import LABELS, SCOPE, Role

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
BEGIN, END = "<!-- tabel:begynd -->", "<!-- tabel:slut -->"


def table() -> str:
    """The table of actions and roles, as it belongs on the page."""
    head = f"| handling | {' | '.join(LABELS[role] for role in Role)} |"
    line = "|---|" + ":-:|" * len(Role)
    rows = [
        f"| {action.words} (`{action.name}`) | "
        + " | ".join("●" if role in action.roles else "" for role in Role)
        + " |"
        for action in ACTIONS.values()
    ]
    return "\n".join([BEGIN, head, line, *rows, END])


def test_the_page_has_the_table_of_the_code() -> None:
    """Prints the right table when it fails, to be put on the page."""
    found = re.search(f"{BEGIN}.*{END}", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[0] == table(), f"docs/access.md is out of date. Put this in:\n{table()}"


def test_the_page_says_what_each_role_is_granted_for() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for kind, words in (
        ("unit", "en enhed og alt under den"),
        ("municipality", "en kommune"),
        ("citizen", "en borger"),
    ):
        roles = ", ".join(LABELS[role] for role in Role if SCOPE[role] == kind)
        # Only the order on the page is free.
        line = re.search(rf"\| {words} \| (.+) \|", text)
        assert line
        assert sorted(line[1].split(", ")) == sorted(roles.split(", "))


def test_every_action_can_be_done_by_somebody() -> None:
    assert all(action.roles for action in ACTIONS.values())
