"""The pages each demo user walks through, for the checks that every page must pass."""

from __future__ import annotations

PAGES: list[tuple[str | None, str]] = [
    (None, "/konto/login/"),
    (None, "/design/"),
    ("borger", "/"),
    ("paaroerende", "/"),
    ("medarbejder", "/"),
    ("leder", "/"),
    ("oekonom", "/"),
    ("kvalitet", "/"),
    ("strateg", "/"),
    ("raad", "/"),
    ("viborg", "/"),
    ("tilsyn", "/"),
    ("admin", "/"),
]
