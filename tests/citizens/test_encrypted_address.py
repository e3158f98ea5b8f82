"""Where somebody lives is readable neither in the table nor in the history, and still reads back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from roedtraad.access.history import history_of
from roedtraad.accounts.models import User
from roedtraad.citizens import services
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.rules import NewCitizen
from roedtraad.config.keyring.columns import encrypted_columns
from roedtraad.core.encrypted import decrypt
from tests import factories as make

pytestmark = pytest.mark.django_db

ADDRESS = "Ågade 3, 8800 Viborg"
CONTEXT = "citizens_citizen.address"
BEFORE, CHANGE = ("citizens", "0004_sensitive_fact"), ("citizens", "0005_encrypted_address")


def step(*, back: bool) -> None:
    """Undo the one migration, or do it again; what was built above it since does not know the difference."""
    loader = MigrationLoader(connection)
    with connection.schema_editor() as editor:
        migration, state = loader.get_migration(*CHANGE), loader.project_state([BEFORE])
        (migration.unapply if back else migration.apply)(state, editor)


@pytest.fixture
def leader() -> User:
    return make.user_with("leader", make.unit("tangkaer", parent=make.region_root()))


@pytest.fixture
def ane(leader: User) -> Citizen:
    return services.register_citizen(leader, NewCitizen("Ane", "Prøve", make.cpr_number(1), ADDRESS))


def stored(table: str) -> list[object]:
    """The column as it lies in the table, in the order it was written."""
    key = "pgh_id" if table.endswith("event") else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT address FROM {table} ORDER BY {key}")
        return [bytes(value) if isinstance(value, memoryview) else value for (value,) in cursor.fetchall()]


def said_in_history(citizen: Citizen) -> list[str]:
    return [event.address for event in citizen.events.order_by("pgh_id")]  # type: ignore[attr-defined]  # pghistory's relation


def test_neither_table_nor_history_is_readable_and_both_read_back(leader: User, ane: Citizen) -> None:
    services.change_address(leader, ane, "Skovvej 4")
    assert Citizen.objects.get(pk=ane.pk).address == "Skovvej 4"
    assert said_in_history(ane) == [ADDRESS, "Skovvej 4"]
    for table, texts in (
        ("citizens_citizen", ["Skovvej 4"]),
        ("citizens_citizenevent", [ADDRESS, "Skovvej 4"]),
    ):
        values = stored(table)
        assert [decrypt(value, CONTEXT) for value in values if isinstance(value, bytes)] == texts
        assert not any(word in value for value in values for word in ("Ågade".encode(), b"Skovvej", b"8800"))  # type: ignore[operator]  # bytes, as the line above shows


def test_the_same_address_again_is_no_change(leader: User, ane: Citizen) -> None:
    services.change_address(leader, ane, f"  {ADDRESS} ")
    services.change_name(leader, ane, first_name="Anne", last_name="Prøve")
    services.change_protection(leader, ane, True)
    events = ane.events.order_by("pgh_id")  # type: ignore[attr-defined]  # pghistory's relation
    assert [(e.first_name, e.address_protected) for e in events] == [
        ("Ane", False),
        ("Anne", False),
        ("Anne", True),
    ]
    assert said_in_history(ane) == [ADDRESS] * 3


def test_what_happened_tells_that_it_changed_and_not_to_what(leader: User, ane: Citizen) -> None:
    services.change_address(leader, ane, "Skovvej 4")
    services.change_protection(leader, ane, True)
    protected, moved, made = history_of(ane)
    assert [(f.label, f.before, f.after) for f in moved.fields] == [("adresse", "skjult", "skjult")]
    assert [f.label for f in protected.fields] == ["adressebeskyttelse"]
    assert ("adresse", "", "skjult") in [(f.label, f.before, f.after) for f in made.fields]


def test_the_keys_are_looked_after_in_both_tables() -> None:
    found = {(column.table, column.context) for column in encrypted_columns() if column.column == "address"}
    assert {("citizens_citizen", CONTEXT), ("citizens_citizenevent", CONTEXT)} <= found


def test_addresses_from_before_are_encrypted_and_can_be_taken_back(leader: User, ane: Citizen) -> None:
    services.change_address(leader, ane, "Skovvej 4")
    make.citizen(2)
    now, then = ["Skovvej 4", ""], [ADDRESS, "Skovvej 4", ""]
    step(back=True)
    assert stored("citizens_citizen") == now
    assert stored("citizens_citizenevent") == then
    with connection.cursor() as cursor:
        cursor.execute("UPDATE citizens_citizen SET address = 'Gammelvej 5' WHERE id = %s", [ane.pk])
    step(back=False)
    assert [person.address for person in Citizen.objects.order_by("pk")] == ["Gammelvej 5", ""]
    assert said_in_history(ane) == [ADDRESS, "Skovvej 4", "Gammelvej 5"]
    assert all(isinstance(value, bytes) for value in stored("citizens_citizenevent"))
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Citizen.pgh_event_model.objects.update(address="")  # type: ignore[attr-defined]  # pghistory's model
    Citizen.objects.filter(pk=ane.pk).update(birth_date=date(1970, 1, 1))
    assert len(said_in_history(ane)) == 4
