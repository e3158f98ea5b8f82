"""The text of a status report while it is edited and when it is locked: parts, what each paragraph comes from, and what
has come to the thread since. Pure.

A part keeps three things: what stands in it, what the thread said when it was drawn, and the sources of each sentence.
So an edited text can always be held against what it was made from, and drawing anew never writes over anybody's words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from roedtraad.practice.rules.report import Section, Sentence
from roedtraad.practice.rules.report_thread import Source, SourceKind

# So alike two paragraphs must be for one to be the other, edited.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some lines of text, what they are drawn from, and whether they stand as they were drawn.

    Without sources they were written by hand.
    """

    text: str
    sources: tuple[Source, ...]
    as_drawn: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: what stands in it, and the sentences the thread gave. `look` asks to look at it again:
    the thread has said something else since the text was written."""

    key: str
    heading: str
    text: str
    drawn: tuple[Sentence, ...]
    look: bool = False

    @property
    def edited(self) -> bool:
        """Does something else stand here than what was drawn?"""
        return tidy(self.text) != drawn_text(self.drawn)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The text paragraph by paragraph, each with where it comes from."""
        return traced(self.text, self.drawn)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Everything the part is drawn from, each once."""
        return _sources(self.drawn)


@dataclass(frozen=True, slots=True)
class News:
    """A part for which the thread says something else now: what it said and says, and whether somebody edited it."""

    key: str
    heading: str
    before: str
    after: str
    edited: bool


def tidy(text: str) -> str:
    """Text as it is kept: line ends of one kind, no spaces at the ends of lines, one empty line between paragraphs."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n\n".join(block.strip("\n") for block in "\n".join(lines).split("\n\n") if block.strip())


def drawn_text(sentences: Sequence[Sentence]) -> str:
    """The sentences as text: those about the same thing make a paragraph."""
    return "\n\n".join(paragraph.text for paragraph in _drawn(sentences))


def part_of(section: Section) -> Part:
    """A part as the thread tells it."""
    return Part(section.key, section.heading, drawn_text(section.sentences), section.sentences)


def traced(text: str, drawn: Sequence[Sentence]) -> list[Paragraph]:
    """The paragraphs of a text, each with the sources of the drawn paragraph it is, or that it is made from.

    A paragraph that is like none of those drawn has no sources: it was written by hand.
    """
    given = _drawn(drawn)
    as_drawn = {paragraph.text: paragraph for paragraph in given}
    found = []
    for block in filter(None, tidy(text).split("\n\n")):
        if block in as_drawn:
            found.append(as_drawn[block])
            continue
        near = max(given, key=lambda one: _alike(one.text, block), default=None)
        come_from = near.sources if near is not None and _alike(near.text, block) >= ALIKE else ()
        found.append(Paragraph(block, come_from, as_drawn=False))
    return found


def news(parts: Sequence[Part], sections: Sequence[Section]) -> list[News]:
    """The parts for which the thread says something else now than when the report was drawn."""
    now = {section.key: section for section in sections}
    found = []
    for part in parts:
        before, after = drawn_text(part.drawn), drawn_text(now[part.key].sentences) if part.key in now else ""
        if before != after:
            found.append(News(part.key, part.heading, before, after, part.edited))
    return found


def redrawn(parts: Sequence[Part], sections: Sequence[Section], take: Collection[str]) -> tuple[Part, ...]:
    """The parts drawn anew. What nobody has edited follows the thread; what somebody has edited stays as it is, and is
    marked to be looked at, unless its key is in `take`."""
    before = {part.key: part for part in parts}
    made = []
    for section in sections:
        fresh, old = part_of(section), before.get(section.key)
        if old is None or not old.edited or section.key in take:
            made.append(fresh)
        else:
            changed = drawn_text(old.drawn) != drawn_text(fresh.drawn)
            made.append(replace(fresh, text=old.text, look=old.look or changed))
    return tuple(made)


def written(parts: Sequence[Part], texts: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts with what was typed. A part that was to be looked at has been, once it is saved."""
    return tuple(
        replace(part, text=tidy(texts[part.key]), look=False) if part.key in texts else part for part in parts
    )


def parts_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts as they are kept."""
    return [
        {
            "key": part.key,
            "heading": part.heading,
            "text": part.text,
            "look": part.look,
            "drawn": [
                {"text": one.text, "sources": [[source.kind.value, source.key] for source in one.sources]}
                for one in part.drawn
            ],
        }
        for part in parts
    ]


def parts_from(data: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts as they were kept."""
    return tuple(
        Part(
            row["key"],
            row["heading"],
            row["text"],
            tuple(
                Sentence(one["text"], tuple(Source(SourceKind(kind), key) for kind, key in one["sources"]))
                for one in row["drawn"]
            ),
            row["look"],
        )
        for row in data
    )


def seal(content: Mapping[str, Any]) -> str:
    """The fingerprint of everything that is locked: 64 hexadecimal digits, the same for the same content."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _drawn(sentences: Sequence[Sentence]) -> list[Paragraph]:
    """Sentences that follow each other and are first of all about the same thing, put together."""
    groups: list[list[Sentence]] = []
    for one in sentences:
        if groups and groups[-1][0].sources[:1] == one.sources[:1]:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [Paragraph(" ".join(one.text for one in group), _sources(group), True) for group in groups]


def _sources(sentences: Sequence[Sentence]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for one in sentences for source in one.sources))


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
