"""Relations: one row, one person in a citizen's life."""

from __future__ import annotations

from typing import Any

from roedtraad.citizens.relations.rules import Person, checked_person
from roedtraad.core.period import Period
from roedtraad.exchange import formats
from roedtraad.exchange.kinds import foreign
from roedtraad.exchange.kinds.base import Check, Field, Kind, Values

RELATION = foreign.ForeignEntity(
    table="citizens_relation",
    kind="relationer",
    fields=(
        Field("citizen_id", foreign.CITIZEN_ID, "citizen", "borger"),
        Field("kind", "i.kind", "kind", "relation"),
        Field("name", "i.name", "name", "navn"),
        Field("phone", "i.phone", "phone", "telefon", "''"),
        Field("email", "i.email", "email", "e-mail", "''"),
        Field("chosen_by_citizen", "i.chosen_by_citizen", "chosen_by_citizen", "valgt af borgeren", "false"),
        Field("valid", "i.valid", "valid_from", "gælder fra"),
        Field("note", "i.note", "note", "bemærkning", "''"),
    ),
    source=foreign.matched("relationer", "citizens_relation"),
    constant={"key": "s.new_key"},
)


def _stage(row: Values) -> tuple[Any, ...]:
    person = checked_person(Person(*(row.get(name) or "" for name in ("name", "phone", "email", "note"))))
    return (
        *foreign.staged_origin("relationer", row),
        row["kind"],
        person.name,
        person.phone,
        person.email,
        bool(row.get("chosen_by_citizen")),
        Period.inclusive(row["valid_from"], row.get("valid_last")).to_range(),
        person.note,
    )


RELATIONS = Kind(
    form=formats.RELATIONS,
    incoming={
        **foreign.INCOMING,
        "kind": "varchar",
        "name": "varchar",
        "phone": "varchar",
        "email": "varchar",
        "chosen_by_citizen": "boolean",
        "valid": "daterange",
        "note": "varchar",
    },
    stage=_stage,
    prepare=RELATION.stage,
    checks=foreign.CHECKS,
    apply=RELATION.write,
    name_of="source_id",
    label="s.source_id",
    entity=RELATION,
    citizens=foreign.CITIZENS,
    remarks=(
        foreign.KEPT,
        Check(
            "SELECT line FROM staged WHERE kind = 'guardian' AND state = 'new'",
            lambda _args: (
                "Personen bliver skrevet som værge, men værgemålet er ikke med. Skriv det i journalen."
            ),
        ),
    ),
)
