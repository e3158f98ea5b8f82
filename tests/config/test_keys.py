"""Changing the key of the encrypted values while others read and write, and saying so when a key is wrong."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from roedtraad.citizens.models import Citizen
from roedtraad.config.cli import keys as keys_command
from roedtraad.config.data_checks import all_checks
from roedtraad.config.keyring.columns import Column, encrypted_columns, values_by_key
from roedtraad.config.keyring.faults import key_faults
from roedtraad.config.keyring.rotation import rotate
from roedtraad.config.keys import UnsafeSettings, demo_keys
from roedtraad.core import fieldkeys
from roedtraad.core.encrypted import decrypt, encrypt
from roedtraad.core.fieldkeys import FieldKeyError
from tests import factories

CPR = Column("citizens_citizen", "cpr", "id", "citizens_citizen.cpr", "cpr_index", "cpr")


def key(seed: str) -> str:
    return base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()


UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseKeys]:
    """Set key variables (None removes) and make them take effect."""

    def use(**variables: str | None) -> None:
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(f"ROEDTRAAD_{name}", raising=False)
            else:
                monkeypatch.setenv(f"ROEDTRAAD_{name}", value)
        fieldkeys.reset_keys()

    use(FIELD_KEYS=f"gammel:{key('1')}", FIELD_KEYS_FILE=None, INDEX_KEY=key("index"))
    yield use
    monkeypatch.undo()
    fieldkeys.reset_keys()


BOTH = f"ny:{key('2')},gammel:{key('1')}"


def facts() -> list[tuple[Any, ...]]:
    """Everything about the citizens, and how much history there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM citizens_citizenevent")
        events = cursor.fetchall()
    return events + list(Citizen.objects.order_by("pk").values_list())


@pytest.mark.django_db(transaction=True)
def test_a_new_key_comes_in_while_others_read_and_write(use_keys: UseKeys) -> None:
    people = [factories.citizen(n) for n in range(120)]
    use_keys(FIELD_KEYS=BOTH)
    wanted = {person.pk: person.cpr for person in people}
    before = facts()
    stop, wrong, rounds = threading.Event(), [], [0]

    def write_and_read() -> None:
        try:
            while not stop.is_set():
                person = people[rounds[0] % len(people)]
                Citizen.objects.filter(pk=person.pk).update(cpr=wanted[person.pk])
                wrong.extend(found for found in Citizen.objects.in_bulk() if found not in wanted)
                rounds[0] += 1
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    writer = threading.Thread(target=write_and_read)
    writer.start()
    try:
        with transaction.atomic():
            # A row that somebody holds is passed over, waited for, and told of.
            Citizen.objects.select_for_update().get(pk=people[-1].pk)
            held = run_elsewhere(lambda: rotate(CPR, batch=7, patience=0.5))
        done = rotate(CPR, batch=7)
    finally:
        stop.set()
        writer.join()
    assert held.left == 1 and done.left == 0 and not wrong
    assert rounds[0] > 0
    assert values_by_key(CPR) == {"ny": len(people)}
    assert facts() == before
    assert rotate(CPR).moved == 0
    # Addresses lie in the history too; nothing but the bytes moves there either.
    for column in encrypted_columns():
        assert rotate(column).left == 0
    use_keys(FIELD_KEYS=f"ny:{key('2')}")
    assert {person.pk: person.cpr for person in Citizen.objects.all()} == wanted
    assert key_faults() == []


def run_elsewhere(work: Callable[[], Any]) -> Any:
    """Run in another thread, on a connection of its own."""
    answer: list[Any] = []

    def run() -> None:
        try:
            answer.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answer[0]


ROTATE_AND_TELL = """
import django
django.setup()
from roedtraad.config.keyring.columns import encrypted_columns
from roedtraad.config.keyring.rotation import rotate
[column] = [column for column in encrypted_columns() if column.name == "citizens_citizen.cpr"]
rotate(column, batch=5, progress=lambda done, total: print(done, flush=True))
"""


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_goes_on_where_it_was(use_keys: UseKeys) -> None:
    people = [factories.citizen(n) for n in range(200)]
    before = facts()
    use_keys(FIELD_KEYS=BOTH)
    link = connection.get_connection_params()
    address = make_conninfo(
        **{k: link[k] for k in ("host", "port", "user", "password", "dbname") if link.get(k)}
    )
    process = subprocess.Popen(
        [sys.executable, "-c", ROTATE_AND_TELL],
        env={
            **os.environ,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "roedtraad.config.settings.test",
            "ROEDTRAAD_DB_AS": "owner",
        },
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 15:
            break
    process.kill()
    process.wait()
    half = values_by_key(CPR)
    assert half["ny"] >= 15 and half["gammel"] > 0
    assert facts() == before
    done = rotate(CPR)
    assert done.left == 0 and done.moved <= half["gammel"]
    assert values_by_key(CPR) == {"ny": len(people)}
    assert facts() == before


@pytest.mark.django_db
def test_values_in_a_history_that_nobody_may_rewrite_are_moved_too(use_keys: UseKeys) -> None:
    person = factories.citizen(1)
    history = Column("citizens_citizenevent", "cpr", "pgh_id", "citizens_citizen.cpr")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE citizens_citizenevent ADD COLUMN cpr bytea")
        put = "UPDATE citizens_citizenevent SET cpr = %s WHERE pgh_obj_id = %s"
        value = encrypt("0201609995", history.context)
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', array_agg(tgname::text)::text, true) FROM pg_trigger"
        )
        cursor.execute(put, [value, person.pk])
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(put, [value, person.pk])
        before = facts()
        use_keys(FIELD_KEYS=BOTH)
        assert rotate(history).moved == 1
        assert facts() == before
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(put, [value, person.pk])
        cursor.execute("SELECT cpr FROM citizens_citizenevent WHERE pgh_obj_id = %s", [person.pk])
        assert decrypt(bytes(cursor.fetchone()[0]), history.context) == "0201609995"
    assert values_by_key(history) == {"ny": 1}


@pytest.mark.django_db
def test_after_a_change_of_key_every_value_reads_the_same(use_keys: UseKeys) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE proeve (id int PRIMARY KEY, tekst bytea)")
    column = Column("proeve", "tekst", "id", "proeve.tekst")

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), max_size=20),
        st.integers(1, 6),
    )
    def same(texts: list[str | None], batch: int) -> None:
        use_keys(FIELD_KEYS=f"gammel:{key('1')}")
        rows = [(n, None if text is None else encrypt(text, column.context)) for n, text in enumerate(texts)]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM proeve")
            cursor.executemany("INSERT INTO proeve VALUES (%s, %s)", rows)
            use_keys(FIELD_KEYS=BOTH)
            rotate(column, batch=batch)
            use_keys(FIELD_KEYS=f"ny:{key('2')}")
            cursor.execute("SELECT tekst FROM proeve ORDER BY id")
            found = [
                None if raw is None else decrypt(bytes(raw), column.context) for (raw,) in cursor.fetchall()
            ]
        assert found == texts

    same()


def test_every_encrypted_column_is_looked_after() -> None:
    assert CPR in encrypted_columns()


@pytest.mark.django_db
def test_keys_that_do_not_fit_are_told_of_in_a_sentence(use_keys: UseKeys) -> None:
    for n in range(10):
        factories.citizen(n)
    assert key_faults() == []
    use_keys(FIELD_KEYS=f"ny:{key('2')}")
    of_citizens = ("citizens_citizen.address", "citizens_citizen.cpr", "citizens_citizenevent.address")
    assert key_faults() == [
        f"10 værdier i {column} er krypteret med nøglen “gammel”, som ikke findes her. "
        "Tilføj den sidst i ROEDTRAAD_FIELD_KEYS."
        for column in of_citizens
    ]
    use_keys(FIELD_KEYS=f"gammel:{key('2')}")
    faults = key_faults()
    assert ["kan ikke låses op med nøglen “gammel”" in fault for fault in faults] == [True] * len(of_citizens)
    use_keys(FIELD_KEYS=f"gammel:{key('1')}", INDEX_KEY=key("another"))
    [fault] = key_faults()
    assert fault.startswith("Opslagene i citizens_citizen.cpr_index er lavet med en anden nøgle")
    use_keys(FIELD_KEYS=None)
    assert "mangler nøgler" in key_faults()[0]
    [check] = [check for check in all_checks() if check.name == "field_keys_fit"]
    assert check.severity == "fejl" and "mangler nøgler" in check.find()[0][0]


@pytest.mark.django_db
def test_the_house_does_not_open_when_the_keys_do_not_fit(use_keys: UseKeys) -> None:
    from roedtraad.config.checks import refuse_unfitting_keys

    factories.citizen(1)
    refuse_unfitting_keys()
    use_keys(FIELD_KEYS=f"ny:{key('2')}")
    with pytest.raises(UnsafeSettings, match="“gammel”, som ikke findes her"):
        refuse_unfitting_keys()


@pytest.fixture
def in_the_house(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import contextlib

    monkeypatch.setattr(keys_command, "house", lambda: contextlib.nullcontext("test"))
    monkeypatch.setenv("ROEDTRAAD_DB_AS", "owner")


def test_the_whole_way_from_the_terminal(in_the_house: None, use_keys: UseKeys, tmp_path: Path) -> None:
    file = tmp_path / "nøgler"
    file.write_text(f"gammel:{key('1')}\n")
    file.chmod(0o600)
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE=str(file))
    for n in range(3):
        factories.citizen(n)
    run = CliRunner().invoke
    assert "Nye værdier skrives med gammel." in run(keys_command.status).output
    made = run(keys_command.new)
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o777 == 0o600
    current = file.read_text().partition(":")[0]
    assert current == "k20260615" and key("1") in file.read_text()
    fieldkeys.reset_keys()
    said = run(keys_command.status)
    assert "gammel er stadig i brug" in said.output and said.exit_code == 0
    done = run(keys_command.rotate)
    assert done.exit_code == 0, done.output
    assert f"citizens_citizen.cpr: 3 værdier er nu under {current}." in done.output
    assert "gammel bruges ikke mere" in run(keys_command.status).output
    file.write_text(file.read_text().splitlines()[0])
    fieldkeys.reset_keys()
    assert "gammel" not in run(keys_command.status).output
    file.write_text(f"{current}:{key('other')}")
    fieldkeys.reset_keys()
    assert run(keys_command.status).exit_code == 1
    assert run(keys_command.rotate).output  # nothing to do: all values are under the current id
    file.write_text(f"tredje:{key('3')}")
    fieldkeys.reset_keys()
    refused = run(keys_command.rotate)
    assert refused.exit_code == 1 and "som ikke findes her" in refused.output


def test_a_new_key_in_a_file_of_its_own(use_keys: UseKeys, tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "ny"
    assert run(keys_command.new, ["--navn", "n2", "--fil", str(file)]).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert fieldkeys.parse_keys(file.read_text()).keys() == {"n2"}
    assert "findes allerede" in run(keys_command.new, ["--fil", str(file)]).output
    assert "allerede en nøgle" in run(keys_command.new, ["--navn", "gammel", "--vis"]).output
    assert "må kun have" in run(keys_command.new, ["--navn", "æ", "--vis"]).output
    assert "--fil FIL eller --vis" in run(keys_command.new).output
    shown = run(keys_command.new, ["--navn", "n3", "--vis"]).stdout.strip()
    assert fieldkeys.parse_keys(shown).keys() == {"n3"}
    assert list(tmp_path.iterdir()) == [file]


def test_a_running_process_learns_a_key_that_came_into_the_file(use_keys: UseKeys, tmp_path: Path) -> None:
    file = tmp_path / "nøgler"
    file.write_text(f"gammel:{key('1')}")
    file.chmod(0o600)
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE=str(file))
    assert fieldkeys.load_keys().current == "gammel"
    file.write_text(BOTH)
    fieldkeys.reset_keys()
    stored = encrypt("Åse", "borger.navn")
    file.write_text(f"gammel:{key('1')}")
    fieldkeys.reset_keys()
    with pytest.raises(FieldKeyError, match="som ikke findes her"):
        decrypt(stored, "borger.navn")
    file.write_text("gammel:ødelagt")
    with pytest.raises(FieldKeyError, match="som ikke findes her"):
        decrypt(stored, "borger.navn")
    assert fieldkeys.load_keys().current == "gammel"
    file.write_text(BOTH)
    assert decrypt(stored, "borger.navn") == "Åse"
    assert fieldkeys.load_keys().current == "ny"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_user_is_refused(use_keys: UseKeys, tmp_path: Path) -> None:
    file = tmp_path / "nøgler"
    file.write_text(f"gammel:{key('1')}")
    file.chmod(0o600)
    os.chown(file, 65534, -1)
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE=str(file))
    with pytest.raises(FieldKeyError, match="ejes af en anden"):
        fieldkeys.load_keys()


def test_the_demos_keys_are_private_and_refused_otherwise(use_keys: UseKeys, tmp_path: Path) -> None:
    # The file is named here, too, so that what the demo writes into the environment is taken back.
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE="", INDEX_KEY=None, SECRET_KEY=None)
    assert demo_keys(tmp_path).startswith("demo-")
    assert {(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {
        ("keys.json", 0o600),
        ("field-keys", 0o600),
    }
    assert fieldkeys.load_keys().current == "demo1"
    for name in ("field-keys", "keys.json"):
        use_keys(FIELD_KEYS_FILE=None)
        (tmp_path / name).chmod(0o644)
        with pytest.raises(UnsafeSettings, match="chmod 0600"):
            demo_keys(tmp_path)
        (tmp_path / name).chmod(0o600)


def test_an_older_demo_keeps_its_field_keys(use_keys: UseKeys, tmp_path: Path) -> None:
    import json

    # The file is named here, too, so that what the demo writes into the environment is taken back.
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE="", INDEX_KEY=None, SECRET_KEY=None)
    old = {
        "ROEDTRAAD_SECRET_KEY": "demo-" + "x" * 60,
        "ROEDTRAAD_FIELD_KEYS": f"demo1:{key('1')}",
        "ROEDTRAAD_INDEX_KEY": key("index"),
    }
    (tmp_path / "keys.json").write_text(json.dumps(old))
    (tmp_path / "keys.json").chmod(0o600)
    demo_keys(tmp_path)
    assert fieldkeys.configured_keys() == {"demo1": base64.b64decode(key("1"))}
