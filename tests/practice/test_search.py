"""Finding notes again: in any form of a word, past slips of the finger, and only what one may read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q

from roedtraad.access import emergencies, rows
from roedtraad.accounts.models import User
from roedtraad.citizens import protection
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.practice.models import Note
from roedtraad.practice.queries.search import search_notes
from roedtraad.practice.rules.excerpts import Piece, excerpt
from roedtraad.practice.services import notes
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db


def write(scene: Record, text: str, citizen: Citizen | None = None, **values: object) -> Note:
    user = scene.stranger if citizen == scene.bo else scene.worker
    return notes.write_note(user, citizen or scene.ane, text=text, **values)  # type: ignore[arg-type]  # what is given


def found(user: User, asked: str, **values: object) -> list[str]:
    with rows.as_user(user):
        return [hit.note.text for hit in search_notes(user, asked, **values).hits]  # type: ignore[arg-type]  # passed on


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Hun cyklede hjem.", "cykel"),
        ("Hun vil have en cykel.", "cyklede"),
        ("To cykler i gården.", "cyklen"),
        ("Gaflerne blev vasket.", "gaffel"),
        ("Hun vil have en cykel.", "cylke"),
        ("Hun var på biblioteket.", "bibloteket"),
        ("Æbletræet blomstrer.", "æbletræet"),
        ("ÆBLER OG PÆRER.", "æble"),
        ("Æbler og pærer.", "aebler"),
        ("»Jeg vil hjem,« sagde hun.", "jeg hjem"),
        ("Ringede til José.", "jose"),
        ("Søren og Åse kom på besøg.", "soren ase"),
        ("Inuugujoq, Ivalu Kleist.", "ivalu"),
        ("قال أحمد شكرا.", "أحمد"),
        ("Borgerens kontaktperson ringede.", "kontaktpersoner"),
    ],
)
def test_found_in_any_form(scene: Record, written: str, asked: str) -> None:
    write(scene, written)
    write(scene, "Noget helt andet.")
    assert found(scene.worker, asked) == [written]


def test_every_word_must_occur(scene: Record) -> None:
    write(scene, "Ane spiste fisk.")
    write(scene, "Ane spiste kage.")
    assert found(scene.worker, "ane kage") == ["Ane spiste kage."]
    assert found(scene.worker, "kylling") == []


@pytest.mark.parametrize(
    "asked", ["", "  ", "og i det", "!!!", "a' | b & (", "\\", "'" * 300, "x" * 5000, "12"]
)
def test_whatever_is_typed_is_answered(scene: Record, asked: str) -> None:
    write(scene, "Ane spiste kage.")
    assert found(scene.worker, asked) == []


def test_a_word_others_wrote_wrong_too_is_still_taken_for_the_right_one(scene: Record) -> None:
    write(scene, "En cylke.", scene.bo)
    write(scene, "En cykel.")
    assert found(scene.worker, "cylke") == ["En cykel."]


def test_newest_first_page_by_page(scene: Record) -> None:
    now = clock.now()
    for n in range(25):
        write(scene, f"Kage nummer {n}.", occurred_at=now - dt.timedelta(days=n * 40))
    with rows.as_user(scene.worker):
        first = search_notes(scene.worker, "kage", limit=10)
        second = search_notes(scene.worker, "kage", limit=10, before=first.next)
        third = search_notes(scene.worker, "kage", limit=10, before=second.next)
    shown = [hit.note.text for page in (first, second, third) for hit in page.hits]
    assert shown == [f"Kage nummer {n}." for n in range(25)]
    assert third.next is None


def test_corrected_it_is_found_by_the_new_words_and_withdrawn_not_at_all(scene: Record) -> None:
    note = write(scene, "Ane spiste kage.")
    notes.correct_note(scene.worker, note, version=1, text="Ane spiste rugbrød.")
    assert found(scene.worker, "kage") == []
    assert found(scene.worker, "rugbrod") == ["Ane spiste rugbrød."]
    notes.withdraw_note(scene.worker, note, "Det var en anden dag.")
    assert found(scene.worker, "rugbrød") == []


def test_only_what_one_may_read(scene: Record) -> None:
    write(scene, "Hemmelig kage.")
    write(scene, "Delt kage.", shared_with_citizen=True)
    write(scene, "Birkehusets kage.", scene.bo)
    assert found(scene.worker, "kage") == ["Delt kage.", "Hemmelig kage."]
    assert found(scene.leader, "kage") == ["Delt kage.", "Hemmelig kage."]
    assert found(scene.herself, "kage") == ["Delt kage."]
    assert found(scene.stranger, "kage") == ["Birkehusets kage."]


def test_python_alone_gives_nothing_away(scene: Record) -> None:
    """The database keeps only the citizens its own rules name, whoever is asked for."""
    write(scene, "Hemmelig kage.")
    ask = "SELECT note_id FROM practice_search('kage', %s, NULL, NULL, 10)"
    for reader, many in ((scene.worker, 1), (scene.stranger, 0), (scene.herself, 0), (None, 0)):
        for citizen in (None, scene.ane.pk):
            with rows.as_user(reader), connection.cursor() as cursor:
                cursor.execute(ask, [citizen])
                assert len(cursor.fetchall()) == many
    with rows.as_system("prøve"), connection.cursor() as cursor:
        cursor.execute(ask, [None])
        assert len(cursor.fetchall()) == 1
        cursor.execute(ask, [scene.bo.pk])
        assert len(cursor.fetchall()) == 0


def test_the_database_alone_gives_nothing_away(scene: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database found is shown only where the rule in Python says so too."""
    write(scene, "Hemmelig kage.")
    assert found(scene.worker, "kage") == ["Hemmelig kage."]
    monkeypatch.setattr("roedtraad.practice.queries.search.visible_q", lambda *_a, **_k: Q(pk__in=[]))
    assert found(scene.worker, "kage") == []


def test_a_rare_word_and_a_frequent_one_are_found_the_same_way(scene: Record) -> None:
    """The frequent one in the latest weeks first; the order and the pages are one."""
    for n in range(12):
        write(scene, f"Regn nummer {n}.")
    one_by_one, place = [], None
    for _n in range(12):
        page = search_notes(scene.worker, "regn", before=place, limit=1)
        one_by_one += [hit.note.text for hit in page.hits]
        place = page.next
    assert place is None
    with connection.cursor() as cursor, rows.as_system("prøve"):
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT pg_get_functiondef('practice_search'::regproc)")
        text = cursor.fetchone()[0]
        cursor.execute(text.replace("> 4000", "> -1"))
    assert [hit.note.text for hit in search_notes(scene.worker, "regn").hits] == one_by_one


def test_the_words_of_all_records_are_read_by_nobody(scene: Record) -> None:
    write(scene, "Hemmelig kage.")
    for statement in (
        "SELECT word FROM practice_noteword",
        "INSERT INTO practice_noteword VALUES ('a', 'a', 'a')",
        "SELECT * FROM practice_asked('kage', true)",
        "SELECT practice_learn('{a}')",
        "SELECT practice_estimate('kage'::tsquery)",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            rows.as_system("prøve"),
            connection.cursor() as cursor,
        ):
            assert settings.ROWS_ROLE
            cursor.execute(statement)


def test_numbers_are_not_kept_among_the_words(scene: Record) -> None:
    write(scene, "CPR 010150-9901, tlf. 86123456 og hus12b, ring til a@b.dk.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM practice_noteword ORDER BY word")
        assert [word for (word,) in cursor.fetchall()] == ["cpr", "ring", "tlf"]
    assert found(scene.worker, "86123456") != []


def test_the_protected_and_those_opened_in_emergency_are_not_searched(scene: Record) -> None:
    write(scene, "Anes kage.")
    emergencies.open_in_emergency(scene.stranger, scene.ane, "Ane er kommet til skade hos os i Birkehuset.")
    assert found(scene.stranger, "kage") == []
    protection.protect(
        scene.leader, scene.ane, reason="Anes søster arbejder her.", last=None, named=[scene.colleague]
    )
    assert found(scene.worker, "kage") == []
    assert found(scene.colleague, "kage") == ["Anes kage."]


def test_the_excerpt_begins_at_the_word_and_marks_it() -> None:
    text = "Før " * 100 + "kom Æblerne\nind " + "efter " * 100
    pieces = excerpt(text, ["æbl"])
    assert Piece("Æblerne", True) in pieces
    assert pieces[0] == Piece("… ") and pieces[-1].text.endswith(" …")
    assert sum(len(piece.text) for piece in pieces) < 260
    assert excerpt("Kort.", ["æbl"]) == [Piece("Kort.")]
    assert excerpt("x" * 500, []) == [Piece("x" * 240 + " …")]
