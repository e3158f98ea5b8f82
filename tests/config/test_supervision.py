"""The supervisor alone: waiting, giving up, leaving nothing behind; and the sentences while the database is away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from roedtraad.config import faults, supervision
from roedtraad.config.supervision import Endings, GivenUp, Part, Supervisor, is_served, serving

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
AT_ONCE = [sys.executable, "-c", "raise SystemExit(7)"]


def test_the_wait_grows_and_then_one_gives_up() -> None:
    endings = Endings()
    waits = [endings.note(float(n)) for n in range(7)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, None]


def test_what_ends_seldom_is_always_started_again_soon() -> None:
    endings = Endings()
    assert {endings.note(n * 61.0) for n in range(50)} == {0.5}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(supervision, "LONGEST_WAIT", 0.01)
    monkeypatch.setattr(supervision, "PAUSE", 0.01)


def test_a_part_that_keeps_ending_makes_the_supervisor_give_up_and_take_the_others_down(
    hurried: None,
) -> None:
    steady, broken = Part("Webserveren", FOREVER), Part("Arbejderen", AT_ONCE)
    said: list[str] = []
    supervisor = Supervisor([steady, broken], os.environ, lambda: True, said.append)
    with pytest.raises(GivenUp, match=r"^Arbejderen stoppede 7 gange på et minut, og Rødtråd giver op\."):
        supervisor.run(lambda: False)
    assert said == ["Arbejderen stoppede af sig selv (kode 7). Startes igen."] * 6
    assert steady.process is not None
    assert steady.process.returncode is not None


def test_a_part_that_needs_the_database_waits_for_it(hurried: None) -> None:
    part = Part("Arbejderen", FOREVER, waits_for_database=True)
    asked: list[float] = []

    def answers() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 5

    supervisor = Supervisor([part], os.environ, answers, lambda _sentence: None)
    supervisor.run(lambda: part.process is not None)
    assert len(asked) == 6


STARTS_A_CHILD = """
import os, sys
from roedtraad.config.supervision import Part, Supervisor
part = Part("Barnet", [sys.executable, "-c", "import time; time.sleep(600)"])
def told():
    if part.process is not None:
        print(part.process.pid, flush=True)
    return False
Supervisor([part], os.environ, lambda: True, print).run(told)
"""


def test_a_killed_supervisor_takes_its_children_along() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_CHILD], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, left = psutil.wait_procs([child], timeout=10)
    assert gone
    assert not left


def test_a_served_folder_says_so_for_as_long_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "var"
    assert not is_served(data)
    with serving(data) as others:
        assert not others
        assert is_served(data)
        with serving(data) as more:
            assert more
        assert is_served(data)
    assert not is_served(data)


def _raised(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django raises it: its own exception from the driver's."""
    try:
        raise kind("words of the database") from cause
    except kind as error:
        return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (_raised(psycopg.OperationalError()), faults.AWAY),
        (_raised(psycopg.errors.AdminShutdown()), faults.AWAY),
        (_raised(psycopg.InterfaceError(), InterfaceError), faults.AWAY),
        (psycopg.OperationalError(), faults.AWAY),
        (_raised(psycopg.errors.DiskFull()), faults.FULL),
        (_raised(psycopg.errors.DeadlockDetected()), faults.BUSY),
        (_raised(psycopg.errors.QueryCanceled()), faults.BUSY),
        (ValueError("not the database"), None),
    ],
)
def test_each_trouble_has_its_own_words(error: Exception, trouble: Any) -> None:
    assert faults.trouble_of(error) is trouble


def _answer(path: str, method: str = "GET", **headers: str) -> Any:
    request = RequestFactory(headers=headers).generic(method, path)
    return faults.refusal(request, faults.FULL)


def test_a_person_gets_a_page_without_any_question_to_the_database() -> None:
    """The test has no access to a database, so a question would fail."""
    page = _answer("/kapacitet/?enhed=a&b=<script>")
    text = page.content.decode()
    assert page.status_code == 503
    assert "<h1>Der er ikke plads til mere</h1>" in text
    assert "Serverens disk er fuld" in text
    assert 'href="/kapacitet/?enhed=a&amp;b=' in text
    assert "<script>" not in text.split("</head>")[1]
    assert page["Retry-After"] == "5"
    assert page["Cache-Control"] == "no-store"


def test_what_was_sent_is_sent_again_by_loading_the_page_anew() -> None:
    text = _answer("/kapacitet/book/", "POST").content.decode()
    assert "Genindlæs siden for at sende det igen." in text
    assert "Prøv igen</a>" not in text


def test_a_program_gets_a_sentence_and_htmx_a_note() -> None:
    api = _answer("/api/v1/units")
    assert api["Content-Type"] == "application/json"
    assert json.loads(api.content)["detail"].startswith("Serverens disk er fuld")
    note = _answer("/kapacitet/", **{"HX-Request": "true"})
    assert (note["HX-Retarget"], note["HX-Reswap"]) == ("#toasts", "beforeend")
    assert note.content.decode().count("data-toast") >= 1
    assert "<html" not in note.content.decode()


def test_while_it_is_known_to_be_away_nobody_is_sent_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    state = {"there": False}

    def answers() -> bool:
        asked.append(time.monotonic())
        return state["there"]

    monkeypatch.setattr(faults, "database_answers", answers)
    watch = faults.Watch()
    assert not watch.is_away()
    assert not asked, "nobody asks while all is well"
    watch.lost()
    assert all(watch.is_away() for _ in range(100))
    assert len(asked) <= 2, "a hundred visitors shall not be a hundred questions"
    state["there"] = True
    time.sleep(faults.Watch.PAUSE)
    assert not watch.is_away()
    assert not watch.is_away()


@pytest.mark.parametrize(
    ("failure", "status"), [(OperationalError("gone"), 503), (DatabaseError("no such row"), 400)]
)
def test_a_session_that_a_lost_database_could_not_keep_is_no_mistake_of_the_visitors(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    """Django turns every failure to save a session into a malformed request."""

    def fails(*_args: Any, **_options: Any) -> None:
        raise failure

    def view(request: HttpRequest) -> HttpResponse:
        request.session["seen"] = 1
        return HttpResponse()

    monkeypatch.setattr(SessionStore, "load", lambda _self: {})
    no_transaction = SimpleNamespace(atomic=lambda **_options: nullcontext())
    monkeypatch.setattr("django.contrib.sessions.backends.db.transaction", no_transaction)
    monkeypatch.setattr(Session, "save", fails)
    monkeypatch.setattr(faults, "watch", faults.Watch())
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "a" * 32
    with pytest.raises(SessionInterrupted) as interrupted:
        SessionMiddleware(view)(request)
    assert faults.bad_request(request, interrupted.value).status_code == status


def test_any_other_failure_is_an_ordinary_500() -> None:
    try:
        raise ValueError("a plain mistake")
    except ValueError:
        answer = faults.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
