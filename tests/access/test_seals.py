"""The chain of the log of look-ups: sealed by the database at commit, and every tampering leaves a trace."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows, seals
from roedtraad.access.lookups import record, record_system
from roedtraad.access.models import LookupLog, LookupSeal
from roedtraad.access.roles import Role
from roedtraad.access.tasks import tell_head
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db


def commit() -> None:
    """What a commit does, inside the test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def found() -> list[tuple[Any, ...]]:
    return seals.ChainHolds().find()


def run(sql: str, *values: Any) -> int:
    """Tamper as who owns the tables: triggers and the link between log and seal are put aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'access_lookupseal'::regclass AND contype = 'f'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE access_lookupseal DROP CONSTRAINT "{name}"')
        for table in ("access_lookuplog", "access_lookupseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, list(values) or None)
        changed: int = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return changed


@pytest.fixture
def logged() -> list[int]:
    """Five look-ups; the numbers of their rows."""
    scene = Scene()
    leader = scene.user(Role.LEADER)
    for part in ("ophold", "liste", "plads æøå", 'med "anførsel", komma', ""):
        record(leader, [scene.ane.pk], part)
        commit()
    return list(LookupLog.objects.order_by("pk").values_list("pk", flat=True))


def test_every_look_up_is_sealed_in_one_line(logged: list[int]) -> None:
    chain = list(LookupSeal.objects.order_by("position").values_list("log_id", "position"))
    assert chain == [(number, place) for place, number in enumerate(logged, 1)]
    assert bytes(LookupSeal.objects.get(position=1).previous) == seals.START
    assert found() == []


def test_nothing_is_sealed_before_the_commit() -> None:
    scene = Scene()
    record(scene.user(Role.LEADER), [scene.ane.pk], "ophold")
    assert not LookupSeal.objects.exists()
    commit()
    assert LookupSeal.objects.count() == 1


def test_a_machine_is_sealed_as_a_person_is() -> None:
    scene = Scene()
    record_system("indlæsning", [scene.ane.pk, scene.bo.pk], "indlæsning", "indlæst fra borgere.csv")
    commit()
    assert LookupSeal.objects.count() == 2
    assert found() == []


Tampering = Callable[[list[int]], object]
TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "another reader": (
        lambda n: run("UPDATE access_lookuplog SET actor_name = 'En anden' WHERE id = %s", n[2]),
        "ændret",
    ),
    "another moment": (
        lambda n: run("UPDATE access_lookuplog SET at = at + interval '1 microsecond' WHERE id = %s", n[2]),
        "ændret",
    ),
    "text moved from one column to the next": (
        lambda n: run("UPDATE access_lookuplog SET part = '', purpose = part || purpose WHERE id = %s", n[2]),
        "ændret",
    ),
    "nothing instead of an empty text": (
        lambda n: run("UPDATE access_lookuplog SET user_id = NULL WHERE id = %s", n[2]),
        "ændret",
    ),
    "a look-up removed": (lambda n: run("DELETE FROM access_lookuplog WHERE id = %s", n[2]), "fjernet"),
    "a look-up removed with its seal": (
        lambda n: (
            run("DELETE FROM access_lookupseal WHERE log_id = %s", n[2]),
            run("DELETE FROM access_lookuplog WHERE id = %s", n[2]),
        ),
        "mangler led",
    ),
    "and the gap closed": (
        lambda n: (
            run("DELETE FROM access_lookupseal WHERE log_id = %s", n[2]),
            run("DELETE FROM access_lookuplog WHERE id = %s", n[2]),
            run("UPDATE access_lookupseal SET position = -position WHERE position > 3"),
            run("UPDATE access_lookupseal SET position = -position - 1 WHERE position < 0"),
        ),
        "hænger ikke sammen",
    ),
    "two look-ups swapped": (
        lambda n: [
            run("UPDATE access_lookupseal SET log_id = %s WHERE log_id = %s", new, old)
            for old, new in ((n[1], 0), (n[3], n[1]), (0, n[3]))
        ],
        "ændret",
    ),
    "a look-up put in": (
        lambda n: run(
            "INSERT INTO access_lookuplog (actor, actor_name, role, citizen_id, part, purpose) "
            "SELECT actor, 'Sat ind', role, citizen_id, part, purpose FROM access_lookuplog WHERE id = %s",
            n[2],
        ),
        "ingen plads i kæden",
    ),
    "a changed look-up sealed anew": (
        lambda n: (
            run("UPDATE access_lookuplog SET part = 'andet' WHERE id = %s", n[2]),
            run(
                "UPDATE access_lookupseal s SET hash = sha256(previous || convert_to(access_lookup_text(l), 'UTF8')) "
                "FROM access_lookuplog l WHERE l.id = s.log_id AND s.log_id = %s",
                n[2],
            ),
        ),
        "hænger ikke sammen",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_the_first_place_named(logged: list[int], name: str) -> None:
    tamper, words = TAMPERINGS[name]
    tamper(logged)
    faults = found()
    assert faults
    assert words in faults[0][2]
    # Places before the first tampered row stay whole.
    assert faults[0][0] == 0 or faults[0][0] >= 2


def test_cutting_off_the_newest_shows_against_an_anchor(logged: list[int]) -> None:
    anchor = seals.head()
    assert anchor is not None
    assert seals.goes_through(anchor)
    run("DELETE FROM access_lookupseal WHERE log_id >= %s", logged[3])
    run("DELETE FROM access_lookuplog WHERE id >= %s", logged[3])
    assert found() == []
    assert not seals.goes_through(anchor)
    assert seals.goes_through(seals.Head(3, bytes(LookupSeal.objects.get(position=3).hash).hex()))


def test_the_night_tells_the_head_to_the_log(logged: list[int]) -> None:
    with structlog.testing.capture_logs() as told:
        tell_head(0)
    (line,) = [line for line in told if line["event"] == "lookup_chain_head"]
    assert seals.read_anchor(line["anchor"]) == seals.head()


@pytest.mark.parametrize("text", ["", "1", "x:" + "a" * 64, "1:abc", "1:" + "A" * 64])
def test_a_text_that_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plads:hash"):
        seals.read_anchor(text)


def test_the_command_asks_the_chain_and_the_anchors(
    logged: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    from roedtraad.config.cli import checks, cli

    monkeypatch.setattr(checks, "house", lambda: nullcontext("test"))
    anchor = seals.head()
    whole = CliRunner().invoke(cli, ["check", "--anker", str(anchor)])
    assert "✓ lookup_chain_holds" in whole.output
    assert f"✓ kæden går stadig gennem led {len(logged)}" in whole.output
    run("UPDATE access_lookuplog SET part = 'andet' WHERE id = %s", logged[1])
    run("UPDATE access_lookupseal SET hash = sha256(hash) WHERE log_id = %s", logged[4])
    told = CliRunner().invoke(cli, ["check", "--anker", str(anchor)])
    assert told.exit_code == 1
    assert f"2 · {logged[1]} · opslaget er ændret" in told.output
    assert f"✗ kæden går ikke længere gennem led {len(logged)}" in told.output


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_lookuplog SET part = 'x'",
        "DELETE FROM access_lookuplog",
        "TRUNCATE access_lookuplog CASCADE",
        "UPDATE access_lookupseal SET position = 9",
        "DELETE FROM access_lookupseal",
        "TRUNCATE access_lookupseal",
        "INSERT INTO access_lookupseal SELECT log_id + 1, position + 1, previous, hash FROM access_lookupseal",
        "SELECT access_seal_lookup()",
    ],
)
def test_the_application_can_neither_change_the_log_nor_write_seals(
    logged: list[int], statement: str
) -> None:
    """Not even when it tells the triggers to look away."""
    blind = "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger"
    with rows.as_system("prøve"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(blind)
        with (
            pytest.raises(DatabaseError, match=r"permission denied|access_seal_lookup"),
            transaction.atomic(),
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("table", ["access_lookuplog", "access_lookupseal"])
@pytest.mark.parametrize("statement", ["TRUNCATE {} CASCADE", "DELETE FROM {}"])
def test_even_the_owner_is_refused_while_the_triggers_stand(
    logged: list[int], table: str, statement: str
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
        with pytest.raises(DatabaseError, match=r"Cannot (empty|update or delete)"), transaction.atomic():
            cursor.execute(statement.format(table))


@pytest.mark.django_db(transaction=True)
def test_commits_at_once_stand_in_one_line_without_gaps() -> None:
    from django.db import connections

    scene = Scene()
    reader = scene.user(Role.LEADER)
    start = threading.Barrier(6)

    def look(n: int) -> None:
        try:
            start.wait(10)
            for _round in range(8):
                with transaction.atomic():
                    record(reader, [scene.ane.pk, scene.carl.pk], f"prøve {n}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    places = list(LookupSeal.objects.order_by("position").values_list("position", flat=True))
    assert places == list(range(1, 6 * 8 * 2 + 1))
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_a_long_writer_holds_up_nobody_before_it_commits() -> None:
    from django.db import connections

    scene = Scene()
    reader = scene.user(Role.LEADER)
    written, other_done = threading.Event(), threading.Event()

    def long_import() -> None:
        try:
            with transaction.atomic():
                record_system("indlæsning", [scene.bo.pk], "indlæsning", "indlæst fra fil")
                written.set()
                assert other_done.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=long_import)
    thread.start()
    assert written.wait(20)
    with transaction.atomic():
        record(reader, [scene.ane.pk], "ophold")
    assert list(LookupSeal.objects.values_list("log__part", flat=True)) == ["ophold"]
    other_done.set()
    thread.join(20)
    assert [
        str(part) for part in LookupSeal.objects.order_by("position").values_list("log__part", flat=True)
    ] == [
        "ophold",
        "indlæsning",
    ]
    assert found() == []
