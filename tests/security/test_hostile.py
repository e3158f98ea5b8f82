"""Every line of tests/security/hostile, sent: refused or harmless, without a foreign word, without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from roedtraad.access.roles import Role
from roedtraad.config.security import ALWAYS, FILE_POLICY, PAGE_POLICY
from tests.security.hostile import ALL, GROUPS, Hostile, get
from tests.security.sending import (
    HOST,
    LOGIN,
    content_of,
    everything_in,
    foreign_words,
    send,
    state_of_the_tables,
)
from tests.security.world import World

LEAST = 60
FILES = ("/kapacitet/borgere/?vis=alle&format=csv", "/kapacitet/borgere/?vis=alle&format=xlsx")


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.DATA = tmp_path
    settings.ALLOWED_HOSTS = [HOST]
    return World()


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_requests(group: str, world: World) -> None:
    before = state_of_the_tables()
    wrong: list[str] = []
    for line in GROUPS[group]:
        mark = transaction.savepoint()
        wrong += [f"{line.id} ({line.tries}): {fault}" for fault in faults(line, world, before)]
        transaction.savepoint_rollback(mark)
    assert not wrong, "\n" + "\n".join(wrong)


def faults(line: Hostile, world: World, before: dict[str, tuple[int, str]]) -> Iterator[str]:
    """What is wrong with the answer to a line, and with what it left behind."""
    answer = send(line, world)
    content = content_of(answer)
    said = everything_in(content, answer.headers)
    if line.echo:
        said = said.replace(world.filled(line.echo), "")
    if answer.status_code not in line.must or answer.status_code >= 500:
        yield f"answers {answer.status_code}, not {line.must}: {content[:200]!r}"
    if words := foreign_words(said):
        yield f"says {words}"
    if "Traceback" in said or (line.raw and line.raw in said):
        yield "says what was sent, as it was sent, or more than is good"
    location = answer.headers.get("Location", "")
    if location and not url_has_allowed_host_and_scheme(location, {HOST}):
        yield f"leads to {location}"
    if "evil" in " ".join(answer.headers).lower() or "evil" in answer.cookies:
        yield f"lets a header in: {answer.headers}"
    yield from _without_headers(line, answer)
    # That a key was used is noted on the key.
    allowed = {"access_apitoken"} if line.token else set()
    allowed |= (line.changes - {"*login"}) | (LOGIN if "*login" in line.changes else set())
    after = state_of_the_tables()
    if changed := {name for name in after if after[name] != before.get(name)} - allowed:
        yield f"changes {sorted(changed)}"


def _without_headers(line: Hostile, answer: Any) -> Iterator[str]:
    for name, value in ALWAYS.items():
        if answer.headers.get(name) != value:
            yield f"has no {name}"
    if answer.headers.get("Content-Security-Policy") not in {PAGE_POLICY, FILE_POLICY}:
        yield "has no content security policy"
    if "no-store" not in answer.headers.get("Cache-Control", "") and not line.path.startswith("/static/"):
        yield "may be kept"
    if any(name.startswith("Access-Control-") for name in answer.headers):
        yield "may be read by another site"


def test_the_list_is_long_and_each_line_has_its_name() -> None:
    assert len(ALL) >= LEAST
    assert len({line.id for line in ALL}) == len(ALL)
    assert all(line.tries and line.must for line in ALL)


def test_the_search_for_foreign_words_finds_them(world: World) -> None:
    """Their own leader sees them, on the page, in the file and in the workbook: the search is not blind."""
    world.sessions[Role.LEADER] = world.log_in(world.their_leader)
    for path in ("/kapacitet/borgere/$other/", "/kapacitet/borgere/?vis=alle", *FILES):
        answer = send(get("control", "sees one's own", "leader", path, 200), world)
        assert answer.status_code == 200, path
        assert foreign_words(everything_in(content_of(answer), answer.headers)), path


def test_a_change_is_seen(world: World) -> None:
    """Nor is the look at the tables: a word more in a name shows."""
    before = state_of_the_tables()
    world.ane.first_name += "e"
    world.ane.save()
    after = state_of_the_tables()
    assert {name for name in after if after[name] != before[name]} >= {
        "citizens_citizen",
        "citizens_citizenevent",
    }
