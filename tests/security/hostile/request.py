"""One hostile request, and what the lines are written with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Text that does something in a page, a template, a database, a directory, a log or a spreadsheet.
MARKERS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% debug %}${7*7}",
    "' OR '1'='1'; DROP TABLE citizens_citizen; --",
    "*)(uid=*))(|(uid=*",
    '=HYPERLINK("http://attacker.invalid")',
    "%s%n%x \u202egnip",
)
LONG = "a" * 100_000
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
STAY = {"ordered_start": "2026-07-01", "ordered_end": "2026-07-31", "key": "b-hostile-1", "version": ""}


@dataclass(frozen=True)
class Hostile:
    """One request: its name, what it tries, who sends it, and the statuses that may come."""

    id: str
    tries: str
    who: str
    method: str
    path: str
    must: tuple[int, ...]
    data: Mapping[str, Any] | None = None
    body: bytes | None = None
    content_type: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    csrf: bool = True
    token: str = ""
    #: Tables that may change: the request was harmless after all, and is carried out.
    changes: frozenset[str] = frozenset()
    #: What must not stand in the answer as it was sent.
    raw: str = ""
    #: The sender's own words, which a form shows again and which are no finding.
    echo: str = ""


def get(name: str, tries: str, who: str, path: str, *must: int, **more: Any) -> Hostile:
    return Hostile(name, tries, who, "GET", path, must, **more)


def post(
    name: str, tries: str, who: str, path: str, data: Mapping[str, Any] | None, *must: int, **more: Any
) -> Hostile:
    return Hostile(name, tries, who, "POST", path, must, data, **more)
