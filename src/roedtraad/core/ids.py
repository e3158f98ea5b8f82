"""Identifiers: time-ordered ones for new rows, repeatable ones for rows that come from a source."""

import json
import os
import threading
import time
from uuid import UUID, uuid5

_ROOT = UUID("5f0b6c1e-3d0a-4b6e-9a57-2c1f4e8d7b60")


class _Ticks:
    """A clock of 1/4096 ms that never shows the same tick twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            # A clock that stands still or steps back only counts on.
            self._last = max(time.time_ns() * 4096 // 1_000_000, self._last + 1)
            return self._last


_ticks = _Ticks()


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): later ones sort after earlier ones, also within a millisecond.

    The order is strict within a process; between processes it is that of their clocks.
    """
    milliseconds, fraction = divmod(_ticks.next(), 4096)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def stable_id(namespace: str, *parts: object) -> UUID:
    """A UUID version 5 that is the same every time for the same namespace and parts (as texts)."""
    # JSON keeps ("a", "bc") apart from ("ab", "c").
    return uuid5(_ROOT, json.dumps([namespace, *map(str, parts)], ensure_ascii=False))
