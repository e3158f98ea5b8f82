"""Sentences about rows that do not fit the data or each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from roedtraad.core.danish import day as in_words


def _day(value: Any) -> str:
    """A day of the arguments, which have travelled through JSON."""
    return in_words(dt.date.fromisoformat(value))


def span(args: Mapping[str, Any]) -> str:
    """»fra den … til og med den …« of first and last."""
    until = f" til og med den {_day(args['last'])}" if args.get("last") else ""
    return f"fra den {_day(args['first'])}{until}"


def clash(what: str, args: Mapping[str, Any], elsewhere: str) -> str:
    """Two rows that cannot both hold: the other one by its row, or that it is already in the system."""
    other = (
        f"række {args['other']}" if args.get("other") else elsewhere.format(called=args.get("called") or "")
    )
    return f"{what} {span(args)} også i {other}."


def unknown(heading: str, value: str, advice: str) -> str:
    """Something the row points to that is not there."""
    return f"»{heading}« peger på »{value}«, som ikke findes. {advice}"


def doubled(args: Mapping[str, Any]) -> str:
    """The same key twice in a file."""
    return f"Nøglen »{args['key']}« står også i række {args['other']}. Hver nøgle må kun stå én gang."
