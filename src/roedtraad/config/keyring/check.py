"""The nightly question whether the keys fit, in the shape of the other checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from roedtraad.core.checks import Severity

from .faults import key_faults


@dataclass(frozen=True)
class KeysFit:
    """Can every encrypted value be opened, and do the blind indexes fit?"""

    name: str = "field_keys_fit"
    question: str = "værdier, som nøglerne her ikke kan låse op eller finde"
    severity: Severity = "fejl"

    def find(self, limit: int = 50) -> list[tuple[Any, ...]]:
        """One row with a sentence for each fault, at most `limit`."""
        return [(fault,) for fault in key_faults()[:limit]]
