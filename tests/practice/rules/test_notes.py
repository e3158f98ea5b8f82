"""Notes: what is kept, how it is cut, and two edits of one text."""

from __future__ import annotations

import time
import unicodedata

import pytest

from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.notes import (
    NOTE_KIND_WORDS,
    Conflict,
    Merged,
    NoteKind,
    checked_tags,
    checked_text,
    merge,
    preview,
    title,
)

FAMILY = "👨‍👩‍👧‍👦"
BASE = "Ane stod op kl. 8.\nHun spiste morgenmad.\nHun gik en tur.\nOm aftenen så vi film."


@pytest.mark.parametrize(
    "text",
    [
        "Ane lo højt 😀 og sagde: “Det går”",
        f"Familien {FAMILY} kom på besøg 🇬🇱",
        "Inuugujoq, qanoq ippit? Ajunngilanga – ĸujanaq",
        "مرحبا، كيف حالك؟",
        "می‌خواهم",
        "Første linje\n\n\tindrykket",
    ],
)
def test_any_script_and_emoji_is_kept(text: str) -> None:
    assert checked_text(text) == text


def test_what_nobody_sees_is_taken_out() -> None:
    assert checked_text("\ufeff  A\x00n\x07e\r\nlo\u2028igen\u202e\ud800 ") == "Ane\nlo\nigen"


def test_letters_are_kept_in_one_form() -> None:
    taken_apart = unicodedata.normalize("NFD", "Åse på øen")
    assert checked_text(taken_apart) == "Åse på øen"


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00", "\u200d\u200b"])
def test_an_empty_note_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_text(text)
    assert refused.value.field == "text"


def test_a_note_has_room_for_20000_characters() -> None:
    assert len(checked_text("å" * 20_000)) == 20_000
    with pytest.raises(Refusal, match=r"20\.001 tegn og må højst fylde 20\.000"):
        checked_text("å" * 20_001)


def test_tags_are_alike_however_they_are_written() -> None:
    assert checked_tags(" #Søvn, mad ,, SØVN,  god  dag") == ("søvn", "mad", "god dag")
    assert checked_tags(["Mad", "a,b"]) == ("mad", "a b")
    assert checked_tags("") == ()


def test_tags_have_bounds() -> None:
    with pytest.raises(Refusal, match="40 tegn"):
        checked_tags("a" * 41)
    with pytest.raises(Refusal, match="højst 12"):
        checked_tags(str(n) for n in range(13))


def test_every_kind_has_its_word() -> None:
    assert set(NOTE_KIND_WORDS) == set(NoteKind)


def test_a_title_is_the_first_line_cut_at_a_word() -> None:
    assert title("\n Ane  gik en tur \nSiden spiste vi.") == "Ane gik en tur"
    assert title("Ane gik en lang tur, og det var godt", 20) == "Ane gik en lang tur…"
    assert title("") == ""


def test_a_preview_is_one_line() -> None:
    assert preview("Ane\n\nlo  højt") == "Ane lo højt"
    assert preview("Ane lo højt af det", 12) == "Ane lo højt…"


def test_a_long_word_is_cut_between_what_the_eye_sees() -> None:
    assert preview("😀" * 20, 6) == "😀" * 5 + "…"
    assert preview(FAMILY * 3, 10) == FAMILY + "…"
    assert preview("🇩🇰🇬🇱🇫🇴", 6) == "🇩🇰🇬🇱🇫🇴"
    assert preview("🇩🇰🇬🇱🇫🇴🇩🇰", 6) == "🇩🇰🇬🇱…"
    assert preview("👍🏽👍🏽👍🏽", 4) == "👍🏽…"
    assert preview("e" + "\u0323" * 30, 5) == "e" + "\u0323" * 3 + "…"


def test_two_edits_in_different_places_are_both_kept() -> None:
    mine = BASE.replace("kl. 8", "kl. 9")
    theirs = BASE + "\nHun sov godt."
    assert merge(BASE, mine, theirs) == Merged(mine + "\nHun sov godt.")


def test_the_same_edit_is_kept_once() -> None:
    mine = BASE.replace("en tur", "en lang tur")
    theirs = mine.replace("kl. 8", "kl. 9")
    assert merge(BASE, mine, theirs) == Merged(theirs)
    assert merge(BASE, mine, mine) == Merged(mine)


def test_two_edits_in_the_same_paragraph_are_both_shown() -> None:
    mine, theirs = BASE.replace("en tur", "en lang tur"), BASE.replace("en tur", "to ture")
    assert merge(BASE, mine, theirs) == Conflict(mine, theirs)


def test_what_one_rewrites_and_the_other_deletes_is_a_conflict() -> None:
    mine, theirs = BASE.replace("en tur", "en lang tur"), BASE.replace("Hun gik en tur.\n", "")
    assert merge(BASE, mine, theirs) == Conflict(mine, theirs)


def test_a_deletion_away_from_the_other_edit_holds() -> None:
    mine, theirs = BASE.replace("Ane stod op kl. 8.\n", ""), BASE.replace("film", "en film")
    assert merge(BASE, mine, theirs) == Merged(mine.replace("film", "en film"))


def test_two_texts_written_on_an_empty_one_are_a_conflict() -> None:
    assert merge("", "Min", "Din") == Conflict("Min", "Din")


def test_thousands_of_lines_that_are_changed_take_no_time() -> None:
    lines = [f"{n}" for n in range(3_000)]
    mine = "\n".join(f"{line} a" if n % 4 == 0 else line for n, line in enumerate(lines))
    theirs = "\n".join(f"{line} b" if n % 4 == 2 else line for n, line in enumerate(lines))
    began = time.monotonic()
    assert merge("\n".join(lines), mine, theirs) == Conflict(mine, theirs)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("line", ["", "a"])
def test_thousands_of_lines_that_are_alike_take_no_time(line: str) -> None:
    base = "\n".join([line] * 9_000)
    mine, theirs = "x\n" + base, base + "\ny"
    began = time.monotonic()
    result = merge(base, mine, theirs)
    assert time.monotonic() - began < 2
    assert result == Conflict(mine, theirs)
