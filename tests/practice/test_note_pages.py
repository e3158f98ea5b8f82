"""The pages of notes, of the search, of the line of time, and the note in three taps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.drafts import queries as drafts
from roedtraad.journeys.models import Stay
from roedtraad.practice.models import Attachment, Note
from roedtraad.practice.services import notes
from roedtraad.practice.views.notes import tag_code
from tests import factories as make
from tests.practice.scene import Record
from tests.practice.test_notes import goal_of, picture

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[Any]]


def write(scene: Record, text: str = "Ane bagte kage.", **values: Any) -> Note:
    return notes.write_note(scene.worker, scene.ane, text=text, **values)


def html(scene: Record, user: User, path: str, status: int = 200) -> str:
    answer = scene.client(user).get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def full(scene: Record) -> Record:
    """Notes with everything a note can have, more than a page."""
    goals = [goal_of(scene, f"Mål {n}") for n in range(5)]
    for n in range(25):
        note = write(
            scene,
            f"Kage nummer {n}.",
            occurred_at=clock.now() - dt.timedelta(hours=n),
            goals=goals,
            tags=["kage", f"tal{n}"],
            sticky_until=clock.today() if n % 5 == 0 else None,
            shared_with_citizen=True,
            picture=picture() if n % 4 == 0 else None,
        )
        notes.correct_note(scene.colleague, note, version=1, text=f"Kage nummer {n}, bagt om.")
    return scene


def test_the_pages_keep_their_budget(full: Record, django_assert_max_num_queries: Any) -> None:
    note = Note.objects.latest("occurred_at")
    client = full.client(full.worker)
    client.post("/borgere/soeg/", {"q": "kage"})
    for path in (
        full.path("notater", ""),
        full.path("notater", "nyt", ""),
        full.path("notater", note.key, ""),
        full.path("notater", note.key, "ret", ""),
        full.path("notater", note.key, "historik", ""),
        full.path("notater", note.key, "traek-tilbage", ""),
        full.path("tidslinje", ""),
        f"/borgere/notat/{full.ane.key}/",
        "/borgere/notat/",
        "/borgere/soeg/",
    ):
        with django_assert_max_num_queries(15):
            answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Ane" in answer.content.decode()


def test_the_list_shows_the_board_and_goes_on(full: Record) -> None:
    first = html(full, full.worker, full.path("notater", ""))
    assert "På tavlen" in first and first.count('class="note"') == 25
    cursor = first.split("efter=")[1].split('"')[0]
    second = html(full, full.worker, full.path("notater", f"?efter={cursor}"))
    assert "På tavlen" not in second and second.count('class="note"') == 5
    assert "Kage nummer 24, bagt om." in second and "Kage nummer 19," not in second


def test_chips_narrow_and_no_tag_stands_in_an_address(scene: Record) -> None:
    goal = goal_of(scene)
    write(scene, "Ringede hjem.", kind="phone", tags=["mor Else"])
    write(scene, "Cyklede.", goals=[goal])
    withdrawn = write(scene, "Om Bo.")
    notes.withdraw_note(scene.worker, withdrawn, "Forkert borger.")
    for asked, text in (
        ("slags=phone", "Ringede hjem."),
        (f"maerke={tag_code('mor else')}", "Ringede hjem."),
        (f"maal={goal.key}", "Cyklede."),
        ("vis=trukket-tilbage", "Om Bo."),
    ):
        shown = html(scene, scene.worker, scene.path("notater", f"?{asked}"))
        assert shown.count('class="note"') == 1 and text in shown
        assert "?maerke=mor" not in shown
    assert "Om Bo." not in html(scene, scene.worker, scene.path("notater", ""))


def test_a_note_is_written_with_a_picture(scene: Record) -> None:
    goal = goal_of(scene)
    client = scene.client(scene.worker)
    answer = client.post(
        scene.path("notater", "nyt", ""),
        {
            "text": "Se selv. \U0001f600",
            "kind": "observation",
            "goals": [str(goal.key)],
            "tags": "tur, #Skov",
            "occurred_at": "2026-06-15T10:30",
            "picture": SimpleUploadedFile("IMG_1.jpg", picture().read(), "image/jpeg"),
        },
    )
    assert answer["Location"] == scene.path("notater", "")
    note = Note.objects.get()
    assert (note.tags, note.kind, list(note.goals.all())) == (["tur", "skov"], "observation", [goal])
    assert note.occurred_at == dt.datetime(2026, 6, 15, 10, 30, tzinfo=clock.COPENHAGEN)
    kept = Attachment.objects.get()
    answer = client.get(scene.path("vedhaeftet", kept.key, ""))
    assert answer.content == bytes(kept.content)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert scene.client(scene.stranger).get(scene.path("vedhaeftet", kept.key, "")).status_code == 404
    other = f"/borgere/{scene.bo.key}/vedhaeftet/{kept.key}/"
    assert scene.client(scene.stranger).get(other).status_code == 404


def test_a_refused_note_comes_back_with_its_text(scene: Record) -> None:
    answer = scene.client(scene.worker).post(
        scene.path("notater", "nyt", ""), {"text": "x" * 20_001, "sticky_until": "2020-01-01"}
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "x" * 20_001 in shown and "må højst have 20000" in shown
    assert not Note.objects.exists()


def test_a_note_of_twenty_thousand_signs(scene: Record) -> None:
    answer = scene.client(scene.worker).post(scene.path("notater", "nyt", ""), {"text": "ø\r\n" * 10_000})
    assert answer.status_code == 302
    assert len(Note.objects.get().text) == 19_999


def test_two_people_correct_one_note(scene: Record) -> None:
    note = write(scene, "Ane sov til 7.")
    path = scene.path("notater", note.key, "ret", "")
    first, second = scene.client(scene.worker), scene.client(scene.colleague)
    assert 'name="version" value="1"' in first.get(path).content.decode()
    assert first.post(path, {"text": "Ane sov til 8.", "version": "1"}).status_code == 302
    answer = second.post(path, {"text": "Ane sov til 9.", "version": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Ane sov til " in shown and "<mark>8</mark>" in shown and "Ane sov til 9." in shown
    assert 'name="version" value="2"' in shown
    assert second.post(path, {"text": "Ane sov til 9.", "version": "2"}).status_code == 302
    history = html(scene, scene.leader, scene.path("notater", note.key, "historik", ""))
    assert "<del>7</del>" in history and "<ins>8</ins>" in history
    assert "<del>8</del>" in history and "<ins>9</ins>" in history
    note.refresh_from_db()
    # The field of the time has no seconds; nobody touched it.
    assert note.occurred_at == clock.now()


def test_withdrawing_asks_why(scene: Record) -> None:
    note = write(scene)
    client, path = scene.client(scene.worker), scene.path("notater", note.key, "traek-tilbage", "")
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Det var Bo."}).status_code == 302
    shown = html(scene, scene.worker, scene.path("notater", note.key, ""))
    assert "Det var Bo." in shown and "Ret notatet" not in shown


def test_marks_are_one_tap(scene: Record) -> None:
    goal, note = goal_of(scene), write(scene)
    client = scene.client(scene.worker)

    def tap(part: str, **sent: str) -> Note:
        answer = client.post(scene.path("notater", note.key, part, ""), sent)
        assert answer["Location"] == scene.path("notater", note.key, "")
        note.refresh_from_db()
        return note

    tap("maal", knyt=str(goal.key))
    assert list(note.goals.all()) == [goal]
    tap("maal", loesn=str(goal.key))
    assert not note.goals.exists()
    assert tap("deling", med="borger", **{"del": "ja"}).shared_with_citizen
    assert tap("deling", med="paaroerende", **{"del": "ja"}).shared_with_relatives
    assert not tap("deling", med="borger", **{"del": "nej"}).shared_with_citizen
    assert tap("tavle", sticky_until="2026-06-20").sticky_until == dt.date(2026, 6, 20)
    assert tap("tavle", sticky_until="").sticky_until is None
    far = client.post(scene.path("notater", note.key, "tavle", ""), {"sticky_until": "2030-01-01"})
    assert far.status_code == 422
    wrong = client.post(scene.path("notater", note.key, "maal", ""), {"knyt": str(note.key)})
    assert wrong.status_code == 404


PAGES = ("notater/", "notater/nyt/", "notater/{note}/", "notater/{note}/historik/", "tidslinje/")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(scene: Record, page: str) -> None:
    path = scene.path(page.format(note=write(scene).key))
    assert scene.client(scene.stranger).get(path).status_code in (403, 404)
    assert scene.client(scene.herself).get(path).status_code == 403


def test_who_has_moved_on_is_read_and_not_written(scene: Record) -> None:
    note = write(scene)
    Stay.objects.filter(citizen=scene.ane).update(actual_end=clock.today() - dt.timedelta(days=1))
    shown = html(scene, scene.leader, scene.path("notater", ""))
    assert "Ane bagte kage." in shown and "Nyt notat" not in shown
    assert "Ret notatet" not in html(scene, scene.leader, scene.path("notater", note.key, ""))
    client = scene.client(scene.leader)
    for path in (scene.path("notater", "nyt", ""), scene.path("notater", note.key, "ret", "")):
        assert client.post(path, {"text": "Mere.", "version": "1"}).status_code == 403
    # Those who work with the people who live there do not read those who have moved on.
    html(scene, scene.worker, scene.path("notater", ""), 404)


def test_opening_is_logged(scene: Record) -> None:
    write(scene)
    client = scene.client(scene.worker)
    client.get(scene.path("notater", ""))
    client.get(scene.path("tidslinje", ""))
    client.get("/borgere/notat/")
    client.post("/borgere/soeg/", {"q": "kage"})
    client.get("/borgere/soeg/")
    parts = list(
        LookupLog.objects.filter(user=scene.worker, citizen=scene.ane)
        .order_by("pk")
        .values_list("part", flat=True)
    )
    assert parts == ["notater", "tidslinje", "valg af borger", "søgning"]


def test_the_search_shows_where_the_words_stand(scene: Record) -> None:
    note = write(scene, "Ane bagte kage til naboen.")
    client = scene.client(scene.worker)
    answer = client.post("/borgere/soeg/", {"q": "kagen"})
    assert answer["Location"] == "/borgere/soeg/"
    shown = client.get("/borgere/soeg/").content.decode()
    assert "Ane bagte <mark>kage</mark> til naboen." in shown
    assert scene.path("notater", note.key, "") in shown
    # The field of the frame leads here, and by POST.
    assert 'method="post" action="/borgere/soeg/"' in client.get("/").content.decode()
    assert "data-search" not in scene.client(scene.herself).get("/").content.decode()


def test_the_line_of_time_narrows_and_goes_on(full: Record) -> None:
    shown = html(full, full.worker, full.path("tidslinje", "?slags=notater&slags=ophold"))
    assert "Kage nummer 24, bagt om." in shown and "Flyttet ind" in shown and "Mål begyndt" not in shown
    whole = html(full, full.worker, full.path("tidslinje", ""))
    assert whole.count('class="entry"') == 30
    older = whole.split('href="?efter=')[1].split('"')[0]
    rest = html(full, full.worker, full.path("tidslinje", f"?efter={older}"))
    assert rest.count('class="entry"') == 1 and "Flyttet ind" in rest
    past = html(full, full.worker, full.path("tidslinje", "?dag=2026-01-01"))
    assert past.count('class="entry"') == 1
    assert "Der er intet at vise." in html(full, full.worker, full.path("tidslinje", "?dag=2000-01-01"))
    html(full, full.worker, full.path("tidslinje", "?dag=i-g%C3%A5r&efter=x&slags=ukendt"))


def test_three_taps_without_scripts(scene: Record) -> None:
    client = scene.client(scene.worker)
    chosen = client.get(reverse("practice:quick-note")).content.decode()
    path = f"/borgere/notat/{scene.ane.key}/"
    assert path in chosen and "AE" in chosen
    # Birkehuset is somebody else's, and Carl has not come yet.
    assert "Birk" not in chosen and "Kommer" not in chosen
    goal = goal_of(scene)
    form = client.get(path)
    assert goal.title in form.content.decode()
    assert "microphone=(self)" in form["Permissions-Policy"]
    assert "microphone=()" in client.get("/")["Permissions-Policy"]
    answer = client.post(path, {"text": "Ane cyklede.", "goals": [str(goal.key)]})
    assert answer["Location"] == "/"
    note = Note.objects.get()
    assert (note.kind, list(note.goals.all())) == ("daily", [goal])
    assert "Notatet om Ane er gemt." in client.get("/").content.decode()


def test_twins_with_one_name_are_told_apart_by_their_place(scene: Record) -> None:
    twin = make.citizen(first_name="Ane", last_name="Elm", birth_date=scene.ane.birth_date)
    make.stay(twin, make.place("E9", scene.offer), clock.today(), moved_in=True)
    shown = html(scene, scene.worker, "/borgere/notat/")
    assert "E1" in shown and "E9" in shown
    assert f"/borgere/notat/{twin.key}/" in shown


def test_a_session_that_ends_in_the_middle_keeps_the_text(scene: Record) -> None:
    client, path = scene.client(scene.worker), f"/borgere/notat/{scene.ane.key}/"
    form = client.get(path).content.decode()
    fields = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("written_by", "request_id")
    }
    client.cookies.clear()
    answer = client.post(path, {**fields, "text": "Ane sov uroligt."})
    assert answer.status_code == 302 and "login" in answer["Location"]
    assert not Note.objects.exists()
    (kept,) = drafts.mine(scene.worker.pk)
    assert ("text", "Ane sov uroligt.") in {(one.name, one.value) for one in kept.content.fields}
