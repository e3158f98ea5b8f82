"""Writes the people around each citizen by COPY: relations, guardians, consents, contact persons, network maps."""

from __future__ import annotations

import datetime as dt

from roedtraad.citizens.models import (
    Consent,
    ContactPerson,
    Guardianship,
    NetworkMap,
    NetworkPerson,
    Relation,
)
from roedtraad.demo.copy import copy_rows, period, reserve_ids
from roedtraad.demo.record import CitizenRecord
from roedtraad.demo.record_write import RecordWriter


def write_circles(writer: RecordWriter) -> None:
    """Relations, guardians, consents, contact persons and network maps."""
    relations = _write_relations(writer)
    guardians = _write_guardians(writer, relations)
    _write_consents(writer, relations, guardians)
    writer.counts["contacts"] = copy_rows(
        ContactPerson,
        ["citizen", "user", "role", "valid"],
        (
            (citizen, writer.numbers.users[c.user], c.role, _while_there(one, c.start))
            for one, citizen in writer.each()
            for c in one.circle.contacts
        ),
    )
    _write_maps(writer, relations)


def _while_there(one: CitizenRecord, start: dt.date) -> str:
    return period(start, one.resident.until + dt.timedelta(days=1) if one.resident.gone else None)


def _write_relations(writer: RecordWriter) -> dict[tuple[int, int], int]:
    plans = [(citizen, i, r) for one, citizen in writer.each() for i, r in enumerate(one.circle.relations)]
    ids = reserve_ids(Relation, len(plans))
    writer.counts["relations"] = copy_rows(
        Relation,
        ["id", "key", "citizen", "kind", "name", "phone", "chosen_by_citizen", "user", "valid"],
        (
            (
                pk, r.key, citizen, r.kind, r.name, r.phone, r.chosen,
                writer.numbers.users[r.login] if r.login else None, period(r.start, r.end),
            )
            for pk, (citizen, _, r) in zip(ids, plans, strict=True)
        ),
    )  # fmt: skip
    return {(citizen, i): pk for pk, (citizen, i, _) in zip(ids, plans, strict=True)}


def _write_guardians(writer: RecordWriter, relations: dict[tuple[int, int], int]) -> dict[int, int]:
    plans = [(citizen, one.circle.guardian) for one, citizen in writer.each() if one.circle.guardian]
    ids = reserve_ids(Guardianship, len(plans))
    writer.counts["guardians"] = copy_rows(
        Guardianship,
        ["id", "citizen", "form", "personal", "economic", "relation", "name", "phone", "valid"],
        (
            (
                pk, citizen, g.form, g.personal, g.economic,
                None if g.relation is None else relations[citizen, g.relation], g.name, g.phone,
                period(g.start, None),
            )
            for pk, (citizen, g) in zip(ids, plans, strict=True)
            if g is not None
        ),
    )  # fmt: skip
    return {citizen: pk for pk, (citizen, _) in zip(ids, plans, strict=True)}


def _write_consents(
    writer: RecordWriter, relations: dict[tuple[int, int], int], guardians: dict[int, int]
) -> None:
    writer.counts["consents"] = copy_rows(
        Consent,
        [
            "key", "citizen", "relation", "municipality", "scopes", "valid", "given_by", "guardianship", "how",
            "recorded_by", "recorded_at", "withdrawn_at", "withdrawn_by",
        ],
        (
            (
                c.key, citizen, None if c.relation is None else relations[citizen, c.relation],
                c.municipality or None, list(c.scopes), period(c.start, c.end),
                "guardian" if c.by_guardian else "citizen", guardians[citizen] if c.by_guardian else None, c.how,
                writer.numbers.users[c.by], c.at, c.withdrawn_at, writer.numbers.users[c.by] if c.withdrawn_at else None,
            )
            for one, citizen in writer.each()
            for c in one.circle.consents
        ),
    )  # fmt: skip


def _write_maps(writer: RecordWriter, relations: dict[tuple[int, int], int]) -> None:
    plans = [(citizen, m) for one, citizen in writer.each() for m in one.circle.maps]
    ids = reserve_ids(NetworkMap, len(plans))
    writer.counts["network_maps"] = copy_rows(
        NetworkMap,
        ["id", "key", "citizen", "drawn_on", "drawn_with", "recorded_by"],
        (
            (pk, m.key, citizen, m.drawn_on, m.drawn_with, writer.numbers.users[m.by])
            for pk, (citizen, m) in zip(ids, plans, strict=True)
        ),
    )
    writer.counts["network_people"] = copy_rows(
        NetworkPerson,
        ["key", "map", "name", "what", "sector", "ring", "angle", "distance", "tier", "relation"],
        (
            (
                p.key, pk, p.name, p.what, p.spot.sector, p.spot.ring, p.spot.angle, p.spot.distance, p.tier,
                None if p.relation is None else relations[citizen, p.relation],
            )
            for pk, (citizen, m) in zip(ids, plans, strict=True)
            for p in m.people
        ),
    )  # fmt: skip


TABLES = tuple(
    model._meta.db_table for model in (Relation, Consent, ContactPerson, NetworkMap, NetworkPerson)
)
