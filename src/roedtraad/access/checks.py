"""What must hold for grants and the log of look-ups, asked each night."""

from __future__ import annotations

from roedtraad.access.seals import ChainHolds

CHECKS = [ChainHolds()]
