"""Many new tables in one step of a migration.

Django draws every model anew for each operation that touches one it is related to. Here nearly all are related to a
citizen or a user, so a migration with two hundred operations draws all of them two hundred times, and a fresh
database takes minutes. `Together` lets a list of operations as `makemigrations` wrote it count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation

_PARTS_OF_A_TABLE = (AddConstraint, AddField, AddIndex)


class Together(Operation):
    """Operations that make new tables and what belongs to them, carried out with the models as they are afterwards.

    A table is made whole, so the fields, constraints and indexes that are added to it later in the list are not
    added once more. Other operations in the list (triggers) run after the tables. ValueError for a field, constraint
    or index of a table that the list does not make: that belongs outside.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        self.new = {op.name_lower for op in operations if isinstance(op, CreateModel)}
        for op in operations:
            if isinstance(op, _PARTS_OF_A_TABLE) and op.model_name.lower() not in self.new:
                raise ValueError(f"{op.model_name} is not made here: move {op.describe()!r} out of Together.")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As migrations are written to files."""
        return (self.__class__.__qualname__, [self.operations], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """All changes to the models; they are drawn once, when somebody asks for them."""
        state.__dict__.pop("apps", None)
        for op in self.operations:
            op.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The tables whole, then the rest."""
        for op in self._tables():
            op.database_forwards(app_label, schema_editor, from_state, to_state)
        for op in self._rest():
            op.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Away with the rest, then with the tables, the last one first. What hangs on a table goes with it."""
        for op in reversed(self._rest()):
            if getattr(op, "model_name", "").lower() not in self.new:
                op.database_backwards(app_label, schema_editor, from_state, to_state)
        for op in reversed(self._tables()):
            op.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What is told while migrating."""
        return f"Create {len(self.new)} tables"

    def _tables(self) -> list[Operation]:
        return [op for op in self.operations if isinstance(op, CreateModel)]

    def _rest(self) -> list[Operation]:
        return [op for op in self.operations if not isinstance(op, (CreateModel, *_PARTS_OF_A_TABLE))]
