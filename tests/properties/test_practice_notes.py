"""What holds for every note: nothing readable is lost, and two edits never lose a line."""

from __future__ import annotations

import unicodedata
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.notes import (
    Conflict,
    Merged,
    checked_tags,
    checked_text,
    merge,
    preview,
    tidied,
    title,
)

few_lines = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=8)
texts = few_lines.map("\n".join)


readable = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\u202d\u202e")
)


@given(readable)
def test_nothing_readable_is_taken_out(text: str) -> None:
    assert tidied(text) == unicodedata.normalize("NFC", text).strip()


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in tidied(text) if char not in "\n\t")


@given(st.text())
def test_a_text_is_kept_as_tidied_or_refused(text: str) -> None:
    try:
        assert checked_text(text) == tidied(text)
    except Refusal:
        assert not any(unicodedata.category(char)[0] in "LNPSM" for char in tidied(text))


@given(st.text(max_size=300), st.integers(2, 40))
def test_a_cut_text_is_short_and_begins_as_the_text(text: str, length: int) -> None:
    for cut in (title(text, length), preview(text, length)):
        assert len(cut) <= length
        assert "\n" not in cut
    on_one_line = " ".join(text.split())
    assert preview(text, length) == on_one_line or on_one_line.startswith(preview(text, length)[:-1])


@given(st.lists(st.text(max_size=20), max_size=12))
def test_checked_tags_stay_as_they_are(tags: list[str]) -> None:
    kept = checked_tags(tags)
    assert checked_tags(kept) == kept
    assert len(set(kept)) == len(kept)


@given(texts, texts, texts)
def test_no_line_is_lost_when_two_edits_meet(base: str, mine: str, theirs: str) -> None:
    result = merge(base, mine, theirs)
    if isinstance(result, Conflict):
        assert (result.mine, result.theirs) == (mine, theirs)
        return
    lines, old = Counter(result.text.split("\n")), Counter(base.split("\n"))
    for edit in (mine, theirs):
        added = Counter(edit.split("\n")) - old
        assert added <= lines
    written = Counter(mine.split("\n")) + Counter(theirs.split("\n"))
    assert all(times <= written[line] for line, times in lines.items())


@given(texts, texts, texts)
def test_it_does_not_matter_who_was_first(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    if isinstance(one, Merged):
        assert one == other
    else:
        assert other == Conflict(theirs, mine)


@given(texts, texts)
def test_an_edit_of_one_alone_is_the_result(base: str, edit: str) -> None:
    assert merge(base, edit, base) == merge(base, base, edit) == merge(base, edit, edit) == Merged(edit)


@settings(deadline=None)
@given(st.integers(3, 12), st.data())
def test_edits_with_an_untouched_paragraph_between_are_both_made(count: int, data: st.DataObject) -> None:
    base = [f"Afsnit {n}" for n in range(count)]
    changes = data.draw(st.lists(st.sampled_from(["mine", "theirs", ""]), min_size=count, max_size=count))
    # Each change is followed by a paragraph nobody touches.
    changes = [who if place % 2 == 0 else "" for place, who in enumerate(changes)]

    def edited(*whose: str) -> str:
        return "\n".join(
            f"{line} ny" if who in whose and who else line for line, who in zip(base, changes, strict=True)
        )

    result = merge("\n".join(base), edited("mine"), edited("theirs"))
    assert result == Merged(edited("mine", "theirs"))
