"""What people type, made fit to keep: any language and any picture sign, but nothing that cannot be seen or is harmful.

Pure: no Django, no clock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MOST_TAGS = 10
LONGEST_TAG = 40
_KEPT_CONTROLS = frozenset("\n\t")
# They turn the order of what follows, and so what a text seems to say. Arabic needs none of them.
_OVERRIDES = frozenset("\u202d\u202e")


def cleaned(text: str) -> str:
    """The text with one kind of line end, and without control characters, half characters and turned order.

    Joiners and direction marks stay: family emoji, Arabic and Greenlandic are made of them.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        sign
        for sign in lines
        if sign in _KEPT_CONTROLS
        or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _OVERRIDES)
    )
    return unicodedata.normalize("NFC", "".join(kept))


def tags(typed: Iterable[str]) -> list[str]:
    """The tags as they are kept: small letters, without #, each once, in the order they were written."""
    kept = (" ".join(cleaned(tag).split()).lstrip("#").strip().lower() for tag in typed)
    return list(dict.fromkeys(tag for tag in kept if tag))
