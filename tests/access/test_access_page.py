"""docs/access.md says what the code does."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from roedtraad.access import emergencies
from roedtraad.access.policies import ACTIONS
from roedtraad.access.roles import LABELS, SCOPE, Role
from roedtraad.citizens.fields import RULES
from roedtraad.portals.queries.movers import UNUSED

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


def fields_table() -> str:
    """The table of fields with readers of their own, as it belongs on the page."""
    rows = [
        f"| {rule.words} | {', '.join(LABELS[role] for role in Role if role in rule.readers)} | {rule.because} |"
        for rule in RULES.values()
    ]
    head = "| felt | læses af | hvorfor |\n|---|---|---|"
    return "\n".join(["<!-- felter:begynd -->", head, *rows, "<!-- felter:slut -->"])


def test_the_page_has_the_fields_of_the_code() -> None:
    assert fields_table() in PAGE.read_text(encoding="utf-8"), f"Put this in:\n{fields_table()}"


def test_the_page_has_the_limits_of_the_code() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"**{emergencies.LASTS // dt.timedelta(hours=1)} timer**" in text
    assert f"**{emergencies.TRIES} forsøg i timen**" in text
    assert f"mindst {emergencies.SHORTEST_REASON} tegn" in text
    assert f"ingen har brugt i {UNUSED.days} dage" in text


def test_every_action_can_be_done_by_somebody() -> None:
    assert all(action.roles for action in ACTIONS.values())
