"""Two texts side by side, with what differs marked.

Pure: no Django, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Beyond this many words the texts are compared line by line: word by word takes the square of it.
MOST_WORDS = 1_500


@dataclass(frozen=True)
class Side:
    """A run of one of the texts; `differs` when the other has something else there."""

    text: str
    differs: bool = False


def sides(before: str, after: str) -> tuple[list[Side], list[Side]]:
    """Both texts in pieces; put together again, each is the text it was."""
    split = r"\s+|\w+|[^\w\s]"
    old, new = re.findall(split, before), re.findall(split, after)
    if len(old) + len(new) > 2 * MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    left: list[Side] = []
    right: list[Side] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = what != "equal"
        if a < b:
            left.append(Side("".join(old[a:b]), differs))
        if c < d:
            right.append(Side("".join(new[c:d]), differs))
    return left, right
