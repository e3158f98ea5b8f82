"""What a shift hands over, proposed from what was registered. Pure: no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ref:
    """A registered fact by its kind and key."""

    kind: str
    key: str


@dataclass(frozen=True)
class Fact:
    """One registered fact in words. `citizen_id` is None for what is the unit's; a higher weight matters more."""

    kind: str
    citizen_id: int | None
    at: dt.datetime
    text: str
    key: str
    weight: int

    @property
    def ref(self) -> Ref:
        """What names the fact."""
        return Ref(self.kind, self.key)


@dataclass(frozen=True)
class Line:
    """A proposed line: about whom, in words, and the facts it rests on."""

    citizen_id: int | None
    text: str
    sources: tuple[Ref, ...]


def propose(facts: Iterable[Fact], already: Iterable[Ref] = ()) -> list[Line]:
    """One line for each citizen, and one for the unit: the most important first, both among lines and in a line.

    Every fact is in exactly one line, unless it is among those `already` handed over; a fact given twice counts once.
    Nothing is said that is not a fact.
    """
    known = set(already)
    by_citizen: dict[int | None, list[Fact]] = {}
    for fact in facts:
        if fact.ref not in known:
            known.add(fact.ref)
            by_citizen.setdefault(fact.citizen_id, []).append(fact)
    groups = [sorted(group, key=_importance) for group in by_citizen.values()]
    groups.sort(key=lambda group: (_importance(group[0]), group[0].citizen_id or 0))
    return [
        Line(
            group[0].citizen_id,
            "\n".join(fact.text for fact in group),
            tuple(fact.ref for fact in group),
        )
        for group in groups
    ]


def _importance(fact: Fact) -> tuple[int, dt.datetime, str, str]:
    return (-fact.weight, fact.at, fact.kind, fact.key)
