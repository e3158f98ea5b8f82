"""Questions about who is in a citizen's life and what they share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from roedtraad.citizens.models import Citizen, Consent, ContactPerson, Guardianship, Relation
from roedtraad.core import clock
from roedtraad.core.period import Period


@dataclass(frozen=True, slots=True)
class Row:
    """Something with a period: whether it holds today, and its last day (None while it is open)."""

    row: Any
    now: bool
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Life:
    """All of it, what holds today first."""

    relations: list[Row]
    guardianships: list[Row]
    consents: list[Row]
    contacts: list[Row]


def life_of(citizen: Citizen) -> Life:
    """A citizen's relations (the chosen ones first), guardianships, consents and contact persons. Four SQL statements."""
    return Life(
        relations=_rows(
            Relation.objects.filter(citizen=citizen)
            .select_related("user")
            .order_by("-chosen_by_citizen", "name", "pk")
        ),
        guardianships=_rows(
            Guardianship.objects.filter(citizen=citizen).select_related("relation").order_by("-valid", "pk")
        ),
        consents=_rows(
            Consent.objects.filter(citizen=citizen)
            .select_related("relation", "municipality", "recorded_by", "withdrawn_by")
            .order_by("-valid", "-pk")
        ),
        contacts=_rows(
            ContactPerson.objects.filter(citizen=citizen).select_related("user").order_by("-valid", "pk")
        ),
    )


def _rows(found: Any) -> list[Row]:
    today = clock.today()
    rows = []
    for one in found:
        period = Period.from_range(one.valid)
        withdrawn = getattr(one, "withdrawn_at", None) is not None
        rows.append(Row(one, period.contains(today) and not withdrawn, period.last))
    return sorted(rows, key=lambda row: not row.now)
