"""Forms that are sent twice: by an impatient hand, by a phone without an answer, by two at once."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

from roedtraad.access import sent
from roedtraad.access.models import SentRequest
from roedtraad.access.roles import Role
from roedtraad.core import clock
from roedtraad.core.ids import new_id
from roedtraad.journeys.models import Stay
from tests import factories as make
from tests.access.scene import Scene

DAY = dt.date(2026, 7, 1)


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def page(client: Client, scene: Scene) -> Client:
    client.force_login(scene.user(Role.LEADER))
    return client


def booking(scene: Scene, request_id: Any, **typed: Any) -> dict[str, Any]:
    """A form that differs from a real one only in its key: a new one each time, so that it proves nothing."""
    return {
        "request_id": str(request_id),
        "who": "known",
        "citizen": str(scene.carl.key),
        "place": "E4",
        "ordered_start": DAY.isoformat(),
        "ordered_end": DAY.isoformat(),
        "paying_municipality": "0791",
        "key": "form-1",
        "act": "book",
        **typed,
    }


def test_every_form_carries_a_number_of_its_own(page: Client, scene: Scene) -> None:
    shown = page.get(reverse("journeys:citizen", args=[scene.ane.key])).content.decode()
    forms = re.findall(r'<form method="post".*?</form>', shown, re.DOTALL)
    numbers = [re.findall(r'name="request_id" value="([0-9a-f-]{36})"', form) for form in forms]
    assert len(forms) > 1
    assert all(len(found) == 1 for found in numbers)
    assert len({found[0] for found in numbers}) == len(forms)


def test_the_second_sending_gets_the_first_ones_answer(page: Client, scene: Scene) -> None:
    form = booking(scene, new_id())
    first = page.post(reverse("journeys:book"), form)
    again = page.post(reverse("journeys:book"), form, follow=True)
    assert first.status_code == 302
    assert again.redirect_chain == [(first["Location"], 302)]
    assert "Det var allerede gemt." in again.content.decode()
    assert Stay.objects.filter(place__code="E4").count() == 1
    kept = SentRequest.objects.get()
    assert (kept.status, kept.route, kept.location) == (302, "kapacitet/book/", first["Location"])


def test_an_act_without_any_other_guard_happens_once(page: Client, scene: Scene) -> None:
    """Undo is the sharpest case: done twice it would undo two things."""
    page.post(reverse("journeys:book"), booking(scene, new_id()))
    stay = Stay.objects.get(place__code="E4")
    change = {
        "ordered_start": DAY.isoformat(),
        "ordered_end": "2026-07-09",
        "agreed_day_rate": "",
        "request_id": str(new_id()),
    }
    page.post(reverse("journeys:stay-change", args=[stay.pk]), change)
    undo = {"request_id": str(new_id())}
    for _ in range(3):
        assert page.post(reverse("journeys:stay-undo", args=[stay.pk]), undo).status_code == 302
    stay.refresh_from_db()
    assert stay.ordered_end == DAY
    assert stay.withdrawn_at is None


def test_other_words_under_the_same_number_are_another_sending(page: Client, scene: Scene) -> None:
    """Back in the browser, one thing corrected, sent: that is no repetition."""
    number = new_id()
    page.post(reverse("journeys:book"), booking(scene, number))
    page.post(
        reverse("journeys:book"),
        booking(scene, number, key="form-2", ordered_start="2026-08-01", ordered_end="2026-08-01"),
    )
    assert Stay.objects.filter(place__code="E4").count() == 2


def test_a_refused_form_is_not_kept_and_may_be_sent_again(page: Client, scene: Scene) -> None:
    number = new_id()
    taken = booking(scene, number, place="E1")
    refused = page.post(reverse("journeys:book"), taken)
    assert refused.status_code in {200, 422}
    assert not SentRequest.objects.exists()
    assert page.post(reverse("journeys:book"), taken).status_code == refused.status_code
    assert page.post(reverse("journeys:book"), booking(scene, number)).status_code == 302


def test_a_failure_leaves_neither_change_nor_number(
    page: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view has written the stay when it fails; without the transaction around it, half would stay."""
    from roedtraad.journeys import views_stays

    def breaks(*_args: Any) -> None:
        raise OperationalError("the server went away")

    page.raise_request_exception = False
    form = booking(scene, new_id())
    with monkeypatch.context() as broken:
        broken.setattr(views_stays, "toast", breaks)
        assert page.post(reverse("journeys:book"), form).status_code == 503
    assert not Stay.objects.filter(place__code="E4").exists()
    assert not SentRequest.objects.exists()
    assert page.post(reverse("journeys:book"), form).status_code == 302


def test_the_number_belongs_to_one_user_and_one_address(page: Client, scene: Scene) -> None:
    form = booking(scene, new_id())
    page.post(reverse("journeys:book"), form)
    other = Client()
    other.force_login(make.user_with("leader", scene.other))
    assert other.post(reverse("journeys:book"), form).status_code != 302
    assert SentRequest.objects.count() == 1


def test_an_uploaded_file_is_part_of_what_was_sent(rf: Any) -> None:
    def digest(text: bytes, **more: str) -> bytes:
        file = SimpleUploadedFile("a.csv", text)
        return sent._digest(rf.post("/x/", {"file": file, "request_id": "1", **more}))

    assert digest(b"en") == digest(b"en")
    assert len({digest(b"en"), digest(b"to"), digest(b"en", kind="ophold")}) == 3


@pytest.mark.parametrize("number", ["x", "1" * 5000, "\x00"])
def test_a_number_that_is_none_is_refused(page: Client, scene: Scene, number: str) -> None:
    assert page.post(reverse("journeys:book"), booking(scene, number)).status_code == 400
    assert not Stay.objects.filter(place__code="E4").exists()


def test_old_answers_are_forgotten(page: Client, scene: Scene) -> None:
    page.post(reverse("journeys:book"), booking(scene, new_id()))
    with clock.fixed(clock.running() + sent.KEPT - dt.timedelta(hours=1)):
        SentRequest.objects.update(at=clock.running() - sent.KEPT + dt.timedelta(minutes=1))
        assert sent.forget_old() == 0
        SentRequest.objects.update(at=clock.running() - sent.KEPT - dt.timedelta(minutes=1))
        assert sent.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one() -> None:
    scene = Scene()
    user = scene.user(Role.LEADER)
    number = new_id()
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(user)
    answers: list[tuple[int, str]] = []
    gate = threading.Barrier(len(clients))
    moment = clock.now()

    def send(client: Client) -> None:
        gate.wait()
        try:
            with clock.fixed(moment):
                answer = client.post(reverse("journeys:book"), booking(scene, number))
            answers.append((answer.status_code, answer.get("Location", "")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(302, reverse("journeys:citizen", args=[scene.carl.key]))] * len(clients)
    assert Stay.objects.filter(place__code="E4").count() == 1
    assert SentRequest.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journeys_stayevent WHERE key = 'form-1'")
        assert cursor.fetchone() == (1,)
