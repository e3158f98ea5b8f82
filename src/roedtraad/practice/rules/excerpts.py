"""The piece of a note that a search shows: where the words stand, with the words marked.

Pure: no Django, no clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

#: About two lines on a phone before the word and four after it.
BEFORE = 60
LENGTH = 240
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Piece:
    """A run of the text; `hit` when it is a word that was asked for."""

    text: str
    hit: bool = False


def excerpt(text: str, stems: Collection[str]) -> list[Piece]:
    """The text from a little before the first word that begins with one of the stems, in pieces.

    Words count whatever their case and accents. Without a hit the beginning of the text is shown.
    """
    # A stem shorter than this begins half the words there are.
    wanted = tuple({_plain(stem) for stem in stems if len(stem) > 1})
    flat = " ".join(text.split())
    hits = [(m.start(), m.end()) for m in _WORD.finditer(flat) if _plain(m.group()).startswith(wanted)]
    start = _word_start(flat, hits[0][0] - BEFORE) if hits else 0
    end = _word_end(flat, start + LENGTH)
    pieces = [Piece("… ")] if start else []
    place = start
    for first, last in hits:
        if first < place or last > end:
            continue
        pieces += [Piece(flat[place:first]), Piece(flat[first:last], True)]
        place = last
    pieces.append(Piece(flat[place:end] + (" …" if end < len(flat) else "")))
    return [piece for piece in pieces if piece.text]


def _word_start(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place)
    return place if space < 0 or space > place + 40 else space + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place)
    return place if space < place - 40 else space


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower().replace("æ", "ae").replace("ø", "o"))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))
