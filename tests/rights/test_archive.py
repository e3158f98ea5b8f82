"""A request from the day it is asked to the archive: all of it, nothing else, and nothing readable on the disk."""

from __future__ import annotations

import datetime as dt

import pytest

from roedtraad.access.models import LookupLog
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock
from roedtraad.core.encrypted import FieldKeyError
from roedtraad.core.refusal import Refusal
from roedtraad.rights import files
from roedtraad.rights.catalogue import GIVEN
from roedtraad.rights.models import Download, SubjectRequest
from roedtraad.rights.sealed import PIECE, SealedWriter, opened
from roedtraad.rights.services import requests
from tests.rights.world import WORDS, Whole, data_of, unpacked

pytestmark = pytest.mark.django_db
State = SubjectRequest.State


def test_everything_is_in_it(world: Whole) -> None:
    world.fill()
    request = world.released()
    assert (request.state, request.due_on) == (State.RELEASED, dt.date(2026, 7, 15))
    data = data_of(request)
    assert data["schema"] == "roedtraad.indsigt/1"
    assert set(data["parts"]) == {part.slug for part in GIVEN}
    empty = {slug for slug, part in data["parts"].items() if not part["rows"]}
    assert empty <= {"downloads"}
    # The request itself is there too; each part has as many rows as were counted.
    for part in request.parts.all():
        assert len(data["parts"][part.part]["rows"]) == part.found, part.part
    (note,) = data["parts"]["notes"]["rows"]
    assert note["text"] == f"Ane fandt en ny {WORDS} i dag."
    assert (note["kind"], note["kind_text"], note["written_by"]) == (
        "daily",
        "dagsnotat",
        "Prøve support_worker",
    )
    (former,) = data["parts"]["notes"]["former"]
    assert former["text"] == f"Ane fandt en {WORDS} i dag."
    (citizen,) = data["parts"]["citizen"]["rows"]
    assert citizen["cpr"] == world.ane.cpr
    assert {row["actor_name"] for row in data["parts"]["lookups"]["rows"]} >= {
        "Prøve support_worker",
        "Ane Elm",
    }


def test_a_pdf_and_the_files_lie_beside(world: Whole) -> None:
    world.fill()
    archive = unpacked(world.released())
    pages = archive.read("indsigt.pdf")
    assert pages.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pages
    (picture,) = [name for name in archive.namelist() if name.startswith("bilag/")]
    assert archive.read(picture) == b"billedet"
    (row,) = data_of(SubjectRequest.objects.get())["parts"]["attachments"]["rows"]
    assert row["file"] == picture
    assert archive.testzip() is None


def test_nobody_else_is_in_it(world: Whole) -> None:
    world.fill()
    text = unpacked(world.released()).read("indsigt.json").decode()
    assert "Birk" not in text
    assert str(world.bo.key) not in text
    assert "Opvaskemaskinen" not in text


def test_nothing_readable_lies_on_the_disk(world: Whole) -> None:
    world.fill()
    path = files.path_of(world.released().stored)
    stored = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"PK" not in stored[:4]
    assert b"indsigt.json" not in stored


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7])
def test_a_sealed_file_is_read_as_it_was_written(size: int) -> None:
    path = files.path_of(files.new_name())
    content = bytes(number % 251 for number in range(size))
    with SealedWriter(path) as out:
        for start in range(0, size, 300_000):
            out.write(content[start : start + 300_000])
    assert b"".join(opened(path)) == content
    files.remove(path.name)


def test_a_sealed_file_that_was_touched_is_refused() -> None:
    path = files.path_of(files.new_name())
    with SealedWriter(path) as out:
        out.write(b"x" * (2 * PIECE + 5))
    whole = path.read_bytes()
    piece = 12 + PIECE + 16
    start = len(whole) - 2 * piece - (12 + 5 + 16)
    changed = bytearray(whole)
    changed[start + 50] ^= 1
    first, second = whole[start : start + piece], whole[start + piece : start + 2 * piece]
    for bad in (
        bytes(changed),
        whole[: start + 2 * piece],
        whole[:start] + second + first + whole[start + 2 * piece :],
        whole[:-1],
    ):
        path.write_bytes(bad)
        with pytest.raises(FieldKeyError):
            b"".join(opened(path))
    other = files.path_of(files.new_name())
    other.write_bytes(whole)
    with pytest.raises(FieldKeyError):
        b"".join(opened(other))
    for each in (path, other):
        files.remove(each.name)


def test_what_is_left_out_is_not_there_and_it_says_so(world: Whole) -> None:
    world.fill()
    request = world.asked()
    requests.leave_out(
        world.leader,
        request,
        "relations",
        "",
        basis="art15_4",
        note="moren vil ikke have sit nummer givet videre",
    )
    requests.leave_out(
        world.leader,
        request,
        "notes",
        str(world.note.key),
        basis="dbl22_1",
        note="røber en anden beboers sygdom",
    )
    for part in requests.unseen(request):
        requests.mark_seen(world.leader, request, part.part)
    requests.release(world.leader, request)
    requests.run_make(request.pk)
    request.refresh_from_db()
    parts = data_of(request)["parts"]
    assert parts["relations"]["rows"] == parts["relations"]["former"] == []
    assert parts["notes"]["rows"] == parts["notes"]["former"] == []
    assert "art. 15, stk. 4" in parts["relations"]["left_out"][0]
    assert "røber en anden" not in unpacked(request).read("indsigt.json").decode()


def test_other_peoples_data_must_have_been_seen(world: Whole) -> None:
    world.fill()
    request = world.asked()
    assert request.state == State.REVIEW
    with pytest.raises(Refusal, match="Relationer"):
        requests.release(world.leader, request)


def test_who_may(world: Whole) -> None:
    for user in (world.worker, world.admin, world.herself):
        with pytest.raises(AccessDenied):
            requests.register(user, world.ane, asked_by="citizen", received_on=clock.today())
    with pytest.raises(AccessDenied, match="denne borger"):
        requests.register(world.leader, world.bo, asked_by="citizen", received_on=clock.today())
    request = world.released()
    for user in (world.worker, world.mother, world.admin):
        with pytest.raises(AccessDenied):
            requests.fetch(user, request)


def test_each_fetching_is_written_down(world: Whole) -> None:
    request = world.released()
    for user in (world.leader, world.herself):
        requests.fetch(user, request)
        assert Download.objects.filter(request=request, user=user).count() == 1
        assert LookupLog.objects.filter(user=user, citizen=world.ane, part="indsigt hentet").count() == 1


def test_its_time_runs_out(world: Whole) -> None:
    request = world.released()
    path = files.path_of(request.stored)
    assert path.exists()
    with clock.fixed(clock.now() + dt.timedelta(days=31)):
        with pytest.raises(Refusal, match="slettet"):
            requests.fetch(world.leader, request)
        assert requests.delete_expired() == 1
    assert not path.exists()
    request.refresh_from_db()
    assert request.stored == ""


def test_what_cannot_be_is_said_beside_its_field(world: Whole) -> None:
    today = clock.today()
    for values, field in (
        ({"asked_by": "nabo", "received_on": today}, "asked_by"),
        ({"asked_by": "guardian", "received_on": today}, "asker"),
        ({"asked_by": "citizen", "received_on": today + dt.timedelta(days=1)}, "received_on"),
    ):
        with pytest.raises(Refusal) as refused:
            requests.register(world.leader, world.ane, **values)  # type: ignore[arg-type]  # wrong on purpose
        assert refused.value.field == field
    world.asked()
    with pytest.raises(Refusal, match="allerede"):
        world.asked()


def test_the_deadline_is_prolonged_once(world: Whole) -> None:
    request = world.asked()
    requests.prolong(world.leader, request, "Der er meget at se igennem.")
    request.refresh_from_db()
    assert request.due_on == dt.date(2026, 9, 15)
    with pytest.raises(Refusal, match="én gang"):
        requests.prolong(world.leader, request, "Der er endnu mere at se igennem.")


def test_work_done_twice_is_done_once(world: Whole) -> None:
    request = world.released()
    stored = request.stored
    requests.run_gather(request.pk)
    requests.run_make(request.pk)
    request.refresh_from_db()
    assert (request.state, request.stored) == (State.RELEASED, stored)
