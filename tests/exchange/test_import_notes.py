"""Notes from an old system: never overwritten, known again, and in the importer's name with the author's beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.core.clock import COPENHAGEN
from roedtraad.exchange import parsing, services
from roedtraad.exchange.models import Transfer
from roedtraad.exchange.pipeline import Outcome
from roedtraad.practice.models import Goal, Note
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


def row(**more: Any) -> dict[str, Any]:
    return {
        "system": "Sensum",
        "source_id": "N-1",
        "citizen": make.cpr_number(1),
        "kind": "telefon",
        "occurred_at": "31-03-2024 14.20",
        "text": "Ringede til mor.\nHun kommer ☀️ søndag.",
        "tags": "Familie|besøg",
        "author": "Kim Prøve",
        **more,
    }


GOAL = {
    "system": "Sensum",
    "source_id": "M-1",
    "citizen": make.cpr_number(1),
    "title": "Jeg ser min mor",
    "kind": "fastholde",
    "starts_on": "2024-01-01",
}


def test_a_note_is_written_where_the_citizen_lived(world: World, run: Run) -> None:
    make.stay(world.citizens[0], world.places[0], dt.date(2024, 1, 1), moved_in=True)
    run("maal", [GOAL])
    outcome = run("notater", [row(goals="M-1"), row(source_id="N-2", occurred_at="2023-12-24", kind="")])
    assert (outcome.faults, outcome.counts["new"]) == ([], 2)
    note, earlier = Note.objects.order_by("pk")
    assert (note.citizen, note.written_by, note.kind, note.unit) == (
        world.citizens[0],
        world.admin,
        "phone",
        world.offer,
    )
    assert note.text == (
        "Ringede til mor.\nHun kommer ☀️ søndag.\n\nOverført fra Sensum, skrevet af Kim Prøve."
    )
    assert note.occurred_at == dt.datetime(2024, 3, 31, 14, 20, tzinfo=COPENHAGEN)
    assert (note.tags, list(note.goals.all())) == (["familie", "besøg"], [Goal.objects.get()])
    assert (earlier.kind, earlier.unit, earlier.occurred_at.astimezone(COPENHAGEN).hour) == (
        "daily",
        None,
        12,
    )
    looked = LookupLog.objects.filter(part="indlæsning", citizen=world.citizens[0])
    assert looked.count() == 2
    again = run("notater", [row(goals="M-1"), row(source_id="N-2", occurred_at="2023-12-24", kind="")])
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "faulty": 0}
    assert note.events.count() == 1


def test_a_changed_note_is_corrected_and_the_old_text_stays(world: World, run: Run) -> None:
    run("notater", [row()])
    assert run("notater", [row(text="Ringede til far.")]).counts["changed"] == 1
    note = Note.objects.get()
    assert note.text.startswith("Ringede til far.")
    assert (note.version, note.corrected_by) == (2, world.admin)
    assert note.corrected_at is not None
    assert [event.text[:16] for event in note.events.order_by("pgh_id")] == [
        "Ringede til mor.",
        "Ringede til far.",
    ]
    assert run("notater", [row(text="Ringede til far.")]).counts["same"] == 1


def test_a_goal_can_be_tied_on_later(world: World, run: Run) -> None:
    run("notater", [row()])
    run("maal", [GOAL])
    assert run("notater", [row(goals="M-1")]).counts["changed"] == 1
    assert Note.objects.get().goals.get().title == "Jeg ser min mor"


@pytest.mark.parametrize(
    "here",
    [
        {"version": 2, "text": "Rettet her"},
        {"withdrawn_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "withdrawn_reason": "Forkert borger"},
    ],
)
def test_what_was_corrected_or_withdrawn_here_is_left_alone(
    world: World, run: Run, here: dict[str, Any]
) -> None:
    run("notater", [row()])
    Note.objects.update(**here)
    kept = Note.objects.values().get()
    outcome = run("notater", [row(text="Noget andet")])
    assert (outcome.good, outcome.counts["same"]) == (True, 1)
    assert "Det, der står her, bliver stående." in outcome.remarks[0].sentence
    assert Note.objects.values().get() == kept


FAULTS = [
    ({"occurred_at": "2026-12-24"}, "»skete« (24. december 2026) er ikke kommet endnu."),
    ({"occurred_at": "31-03-2024 25.20"}, "»skete« har et klokkeslæt, der ikke findes"),
    ({"occurred_at": "i går"}, "»skete« skal være en dato"),
    ({"text": "x" * 19_980}, "»notat« må sammen med linjen om, hvor det kommer fra, højst have 20.000 tegn"),
    ({"text": ""}, "»notat« mangler."),
    ({"text": "\u200b"}, "Der står ikke noget i notatet endnu."),
    ({"tags": "|".join("abcdefghijklm")}, "Vælg højst 12 emneord."),
    ({"goals": "M-9"}, "Nummer 1 under »mål« er ikke indlæst fra det system."),
    ({"goals": "M-2"}, "Nummer 1 under »mål« er en anden borgers mål."),
    ({"kind": "brev"}, "»art« skal være en af: dagsnotat"),
]


@pytest.mark.parametrize(("wrong", "words"), FAULTS)
def test_faults(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    run("maal", [{**GOAL, "source_id": "M-2", "citizen": make.cpr_number(2)}])
    outcome = run("notater", [row(source_id="N-0"), row(**wrong)])
    assert any(fault.row == 3 and words in fault.sentence for fault in outcome.faults), outcome.faults
    assert not Note.objects.exists()


MOMENTS = [
    ("31-03-2024 14.20", (2024, 3, 31, 14, 20)),
    ("2024-03-31T14:20:05.123", (2024, 3, 31, 14, 20)),
    ("31.03.2024, kl. 9:05", (2024, 3, 31, 9, 5)),
    ("31/3/2024", (2024, 3, 31, 12, 0)),
    (dt.datetime(2024, 3, 31, 7, 1), (2024, 3, 31, 7, 1)),
    (dt.date(2024, 3, 31), (2024, 3, 31, 12, 0)),
]


@pytest.mark.parametrize(("cell", "expected"), MOMENTS)
def test_a_moment_as_programs_write_it(cell: Any, expected: tuple[int, ...]) -> None:
    found = parsing.moment(cell, "skete")
    assert found is not None
    assert (found.year, found.month, found.day, found.hour, found.minute) == expected
    assert found.tzinfo is COPENHAGEN


def test_from_upload_to_result_with_a_remark_to_fetch(
    world: World, run: Run, write: Callable[..., Path], client: Client, django_assert_max_num_queries: Any
) -> None:
    run("notater", [row()])
    Note.objects.update(version=2)
    client.force_login(world.admin)
    file = SimpleUploadedFile(
        "notater.csv", write("notater", [row(text="Nyt"), row(source_id="N-2")]).read_bytes()
    )
    client.post(reverse("exchange:upload"), {"kind": "notater", "file": file})
    transfer = Transfer.objects.get()
    services.run_check(transfer.pk)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("exchange:incoming", args=[transfer.pk])).content.decode()
    assert "1 række er i orden, men med en bemærkning." in page
    assert "Indlæs 1 række" in page
    text = client.get(reverse("exchange:faults", args=[transfer.pk, "csv"])).content.decode("utf-8-sig")
    assert "2;bemærk;Rækken er ændret i filen" in text
    assert client.get(reverse("exchange:faults", args=[transfer.pk, "pdf"])).status_code == 404
    client.post(reverse("exchange:confirm", args=[transfer.pk]))
    services.run_apply(transfer.pk)
    assert Note.objects.count() == 2
    assert Note.objects.get(version=1).written_by == world.admin
