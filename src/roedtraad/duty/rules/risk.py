"""The risk of the day: what a checklist suggests, when a reading is too old, and how it is said. Pure: no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roedtraad.duty.rules.moments import moment_words


@dataclass(frozen=True)
class Step:
    """A step of a scale: its rank (0 the calmest) and from how many points the checklist suggests it."""

    rank: int
    from_score: int | None


def total(points: Mapping[str, int], seen: Mapping[str, bool | int]) -> int:
    """The points of what was seen. ValueError for an observation the checklist does not have."""
    if unknown := set(seen) - set(points):
        raise ValueError(f"Tjeklisten har ikke {', '.join(sorted(unknown))}.")
    return sum(points[code] for code, was_seen in seen.items() if was_seen)


def suggested(steps: Sequence[Step], score: int) -> int | None:
    """The rank the score suggests: the highest step it reaches. None when the scale has no such limits."""
    reached = [step.rank for step in steps if step.from_score is not None and step.from_score <= score]
    return max(reached, default=None)


def is_stale(set_at: dt.datetime, now: dt.datetime, stale_after_hours: int) -> bool:
    """Is the reading older than the scale trusts?"""
    return now - set_at > dt.timedelta(hours=stale_after_hours)


def reading_words(name: str, who: str, set_at: dt.datetime, now: dt.datetime, *, stale: bool) -> str:
    """The reading in one phrase: "Gul, sat af Mette kl. 14.05", "For gammel: Gul, sat af Mette i går kl. 22.10"."""
    said = f"{name}, sat af {who} {moment_words(set_at, now)}"
    return f"For gammel: {said}" if stale else said
