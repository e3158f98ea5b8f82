"""Notes: what may be written, how it is cut for a list, and two edits of the same text brought together. Pure.

Any script and any emoji may be written. Only what nobody sees and what deceives the eye is taken out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

from roedtraad.core.danish import number
from roedtraad.core.refusal import Refusal

LONGEST_TEXT = 20_000
LONGEST_TAG = 40
MOST_TAGS = 12
TITLE_LENGTH = 60
PREVIEW_LENGTH = 160
ELLIPSIS = "…"
_STOPS = " ,;:.–-"
# Comparing many changed lines, or many that are alike, takes seconds; past this both texts are shown instead.
MOST_PAIRS = 200_000
MOST_LINES = 1_000


class NoteKind(StrEnum):
    """What a note is."""

    DAILY = "daily"
    OBSERVATION = "observation"
    RELATIVES = "relatives"
    PHONE = "phone"
    MEETING = "meeting"


NOTE_KIND_WORDS: Mapping[NoteKind, str] = {
    NoteKind.DAILY: "dagsnotat",
    NoteKind.OBSERVATION: "observation",
    NoteKind.RELATIVES: "kontakt med pårørende",
    NoteKind.PHONE: "telefon",
    NoteKind.MEETING: "mødereferat",
}


@dataclass(frozen=True, slots=True)
class Merged:
    """A text that holds what both have written."""

    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both have written in the same place: the whole of each text, for somebody to choose from."""

    mine: str
    theirs: str


_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LEFT_OUT = frozenset({"Cc", "Cs"})
# The byte order mark, and the overrides that make text read backwards without belonging to any script.
_DECEIVING = frozenset("\ufeff\u202d\u202e")
_JOINER = "\u200d"


def tidied(text: str) -> str:
    """The text as it is kept: NFC, plain line breaks, no control characters, no space at the ends."""
    lines = _LINE_BREAKS.sub("\n", text)
    kept = "".join(
        char
        for char in lines
        if char in "\n\t" or (unicodedata.category(char) not in _LEFT_OUT and char not in _DECEIVING)
    )
    return unicodedata.normalize("NFC", kept).strip()


def checked_text(text: str) -> str:
    """The text of a note, tidied. Raises Refusal when nothing can be read in it, or when it is too long."""
    kept = tidied(text)
    if not any(unicodedata.category(char)[0] not in "ZC" for char in kept):
        raise Refusal("Der står ikke noget i notatet endnu. Skriv, hvad der er sket.", "text")
    if len(kept) > LONGEST_TEXT:
        raise Refusal(
            f"Notatet fylder {number(len(kept))} tegn og må højst fylde {number(LONGEST_TEXT)}. Del det i flere notater.",
            "text",
        )
    return kept


def checked_tags(tags: str | Iterable[str]) -> tuple[str, ...]:
    """The tags in lower case, each once, in the order given; a text is cut at its commas.

    Raises Refusal when one is too long or there are too many.
    """
    given = tags.split(",") if isinstance(tags, str) else tags
    kept = dict.fromkeys(" ".join(tidied(tag).lower().lstrip("#").replace(",", " ").split()) for tag in given)
    kept.pop("", None)
    for tag in kept:
        if len(tag) > LONGEST_TAG:
            raise Refusal(
                f"Et emneord må højst fylde {LONGEST_TAG} tegn. Gør “{_cut(tag, 20)}” kortere.", "tags"
            )
    if len(kept) > MOST_TAGS:
        raise Refusal(
            f"Vælg højst {MOST_TAGS} emneord. Behold dem, der hjælper med at finde notatet.", "tags"
        )
    return tuple(kept)


def title(text: str, length: int = TITLE_LENGTH) -> str:
    """The first line that says something, cut at a word to at most `length` characters."""
    lines = (line.strip() for line in text.split("\n"))
    return _cut(" ".join(next((line for line in lines if line), "").split()), length)


def preview(text: str, length: int = PREVIEW_LENGTH) -> str:
    """The text on one line, cut at a word to at most `length` characters."""
    return _cut(" ".join(text.split()), length)


def _cut(text: str, length: int) -> str:
    """The text, or its first words and an ellipsis; a word that is too long itself is cut between what the eye sees."""
    if len(text) <= length:
        return text
    room = length - len(ELLIPSIS)
    # A word that ends just where the room does is a whole one.
    words = text[:room] if text[room] in _STOPS else text[:room].rpartition(" ")[0]
    words = words.rstrip(_STOPS)
    return (words or _seen(text, room)) + ELLIPSIS


def _seen(text: str, room: int) -> str:
    """As much of the text as there is room for without taking anything apart that is seen as one sign."""
    end = 0
    for start, sign in _signs(text[: room + 1]):
        if start + len(sign) > room:
            break
        end = start + len(sign)
    # A sign with more marks than there is room for is cut after all.
    return text[: end or room]


def _signs(text: str) -> Iterator[tuple[int, str]]:
    """What the eye sees as one: a letter with its marks, a flag, an emoji with its colour or family."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _holds_together(text, start, place):
            yield start, text[start:place]
            start = place


def _holds_together(text: str, start: int, place: int) -> bool:
    char, before = text[place], text[place - 1]
    if unicodedata.category(char)[0] == "M" or char in "\u200c\u200d" or before == _JOINER:
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return True
    return _is_flag_half(char) and _is_flag_half(before) and place - start == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def merge(base: str, mine: str, theirs: str) -> Merged | Conflict:
    """Two edits of one text brought together, line by line (a paragraph is a line).

    Where only one has changed something, the change is kept; where both have changed the same or neighbouring lines
    differently, the whole is a conflict. Nothing that either has written is ever left out. Texts too long to compare
    are a conflict too.
    """
    if theirs in (mine, base):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    old, one, other = base.split("\n"), mine.split("\n"), theirs.split("\n")
    head = _alike(old, one, other)
    tail = _alike(old[head:][::-1], one[head:][::-1], other[head:][::-1])
    cores = tuple(lines[head : len(lines) - tail] for lines in (old, one, other))
    if _too_much(*cores):
        return Conflict(mine, theirs)
    middle = _merged_lines(*cores)
    if middle is None:
        return Conflict(mine, theirs)
    return Merged("\n".join([*old[:head], *middle, *old[len(old) - tail :]]))


def _alike(*texts: Sequence[str]) -> int:
    """How many lines the texts have in common from the first on."""
    return sum(1 for _ in takewhile(lambda lines: len(set(lines)) == 1, zip(*texts, strict=False)))


def _too_much(old: Sequence[str], one: Sequence[str], other: Sequence[str]) -> bool:
    times = Counter(old)
    pairs = sum(times[line] for line in one) + sum(times[line] for line in other)
    return pairs > MOST_PAIRS or max(len(old), len(one), len(other)) > MOST_LINES


def _merged_lines(old: list[str], one: list[str], other: list[str]) -> list[str] | None:
    """The lines of both edits, or None when they meet."""
    result: list[str] = []
    done = (0, 0, 0)
    for start, length in _kept_by_both(old, one, other):
        before, here = start
        chunk = _changed(old[done[0] : before], one[done[1] : here[0]], other[done[2] : here[1]])
        if chunk is None:
            return None
        result += [*chunk, *old[before : before + length]]
        done = (before + length, here[0] + length, here[1] + length)
    return result


def _changed(old: list[str], one: list[str], other: list[str]) -> list[str] | None:
    if one in (old, other):
        return other
    return one if other == old else None


def _kept_by_both(
    old: list[str], one: list[str], other: list[str]
) -> Iterator[tuple[tuple[int, tuple[int, int]], int]]:
    """The runs of lines that stand in all three: where in each, and how many. The last is the empty run at the end."""
    mine = SequenceMatcher(None, old, one, autojunk=False).get_matching_blocks()
    theirs = SequenceMatcher(None, old, other, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(mine) and j < len(theirs):
        a, b = mine[i], theirs[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield (start, (a.b + start - a.a, b.b + start - b.a)), end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
    yield (len(old), (len(one), len(other))), 0
