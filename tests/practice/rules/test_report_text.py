"""The text of a status report: where each paragraph comes from, and drawing anew without writing over anybody."""

from __future__ import annotations

import json
from dataclasses import replace

from roedtraad.practice.rules.report import Section, Sentence, draft
from roedtraad.practice.rules.report_text import (
    Part,
    news,
    part_of,
    parts_from,
    parts_json,
    redrawn,
    seal,
    tidy,
    written,
)
from roedtraad.practice.rules.report_thread import Source, SourceKind

from .test_report import EATING, FULL

ONE, TWO = Source(SourceKind.GOAL, "g1"), Source(SourceKind.GOAL, "g2")
GOALS = Section(
    "goals",
    "Mål og udvikling",
    (
        Sentence("Målet “Spise” går ud på at udvikle.", (ONE,)),
        Sentence("Det går fremad.", (ONE,)),
        Sentence("Målet “Gå ture” går ud på at fastholde.", (TWO,)),
    ),
)


def test_sentences_about_the_same_thing_make_a_paragraph() -> None:
    part = part_of(GOALS)
    assert part.text == (
        "Målet “Spise” går ud på at udvikle. Det går fremad.\n\nMålet “Gå ture” går ud på at fastholde."
    )
    assert [paragraph.sources for paragraph in part.paragraphs] == [(ONE,), (TWO,)]
    assert all(paragraph.as_drawn for paragraph in part.paragraphs)
    assert not part.edited


def test_an_edited_paragraph_keeps_what_it_comes_from_and_a_new_one_has_no_source() -> None:
    text = (
        "Målet “Spise” går ud på at udvikle. Det går fremad, og Ane er glad.\r\n\r\n\r\n"
        "Der var sommerlejr i juli.  \n\nMålet “Gå ture” går ud på at fastholde."
    )
    (part,) = written([part_of(GOALS)], {"goals": text})
    assert part.edited
    assert [(paragraph.sources, paragraph.as_drawn) for paragraph in part.paragraphs] == [
        ((ONE,), False),
        ((), False),
        ((TWO,), True),
    ]
    assert part.paragraphs[1].text == "Der var sommerlejr i juli."


def test_saving_the_same_text_with_other_line_ends_is_no_edit() -> None:
    (part,) = written([part_of(GOALS)], {"goals": part_of(GOALS).text.replace("\n", "\r\n") + "\r\n  "})
    assert not part.edited
    assert tidy("  a  \r\r b") == "  a\n\n b"


def test_drawing_anew_follows_the_thread_where_nobody_has_edited() -> None:
    parts = tuple(part_of(section) for section in draft(FULL))
    later = draft(replace(FULL, goals=(replace(EATING, title="Spise sammen"),)))
    assert [one.key for one in news(parts, later)] == ["goals", "efforts", "next"]
    made = redrawn(parts, later, ())
    assert made == tuple(part_of(section) for section in later)
    assert news(made, later) == []


def test_drawing_anew_never_writes_over_what_somebody_wrote() -> None:
    parts = written([part_of(section) for section in draft(FULL)], {"goals": "Ane spiser med nu."})
    later = draft(replace(FULL, goals=(replace(EATING, title="Spise sammen"),)))
    (told,) = [one for one in news(parts, later) if one.key == "goals"]
    assert told.edited
    assert "Spise med de andre" in told.before
    assert "Spise sammen" in told.after
    kept = {part.key: part for part in redrawn(parts, later, ())}
    assert kept["goals"].text == "Ane spiser med nu."
    assert kept["goals"].look
    assert "Spise sammen" in kept["goals"].drawn[0].text
    assert not kept["wish"].look
    taken = {part.key: part for part in redrawn(parts, later, {"goals"})}
    assert "Spise sammen" in taken["goals"].text
    assert not taken["goals"].look
    (seen,) = written([kept["goals"]], {"goals": kept["goals"].text})
    assert not seen.look


def test_what_is_kept_is_what_was_there() -> None:
    parts = written([part_of(section) for section in draft(FULL)], {"next": ""})
    assert parts_from(json.loads(json.dumps(parts_json(parts)))) == parts
    assert parts[-1].paragraphs == []


def test_the_seal_tells_the_slightest_change_and_nothing_else() -> None:
    content = {"a": "Æ", "b": [1, {"c": None}]}
    assert seal(content) == seal({"b": [1, {"c": None}], "a": "Æ"})
    assert seal(content) != seal({"a": "Æ ", "b": [1, {"c": None}]})
    assert len(seal(content)) == 64


def test_a_part_without_a_thread_is_written_by_hand() -> None:
    part = Part("x", "Andet", "Noget helt andet.", ())
    assert part.sources == ()
    assert part.paragraphs[0].sources == ()
