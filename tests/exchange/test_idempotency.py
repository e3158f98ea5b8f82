"""A write sent twice is carried out once: the key, what it is bound to, and how long it is remembered."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from roedtraad.access import idempotency, rows
from roedtraad.access.models import ApiAnswer, Grant, LookupLog
from roedtraad.access.policies import ACTIONS
from roedtraad.access.tasks import forget_sent
from roedtraad.access.tokens import EVERYTHING, WRITES, issue, known_scopes
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.practice.models import Note, Wish
from roedtraad.practice.services import notes as note_services
from tests.access.test_policies_everywhere import operations
from tests.exchange.calls import calls
from tests.practice.api_scene import ApiRecord

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def record(db: None) -> ApiRecord:
    return ApiRecord()


def note(record: ApiRecord, text: str = "Et notat") -> dict[str, Any]:
    return {"citizen": str(record.ane.key), "text": text}


def test_every_operation_that_writes_is_carried_out_once_and_no_other_writes() -> None:
    seen = Counter[str]()
    for name, operation in operations():
        writes = bool(WRITING & set(operation.methods))
        action = operation.view_func.policy.action
        once = getattr(operation.view_func, "carried_out_once", False)
        assert once is writes, name
        assert (action in WRITES) is writes, f"{name} asks for {action}"
        seen["writes" if writes else "reads"] += 1
    assert seen["writes"] >= 13
    assert seen["reads"] >= 20


def test_what_writes_is_described_with_its_key(record: ApiRecord) -> None:
    for call in calls(record.things):
        if call.writes:
            refused = call.send(record.secret(record.leader), key=None)
            assert refused.status_code == 400, call.name
            assert "Idempotency-Key" in refused.json()["detail"]


def test_the_same_again_gets_the_first_answer(record: ApiRecord) -> None:
    key = str(uuid4())
    first = record.write("notes", note(record), key=key)
    again = record.write("notes", note(record), key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Note.objects.filter(text="Et notat").count() == 1


def test_the_order_of_names_and_quotes_around_the_key_do_not_count(record: ApiRecord) -> None:
    body = note(record)
    first = record.write("notes", body, key="n-1")
    again = record.write("notes", dict(reversed(body.items())), key='"n-1"')
    assert again.content == first.content


def test_the_same_key_with_another_body_or_address_is_refused(record: ApiRecord) -> None:
    assert record.write("notes", note(record), key="k").status_code == 201
    other = record.write("notes", note(record, "Noget andet"), key="k")
    assert other.status_code == 422
    assert "brugt til et andet kald" in other.json()["detail"]
    wish = record.write("wishes", note(record), key="k")
    assert wish.status_code == 422
    assert not Note.objects.filter(text="Noget andet").exists()
    assert Wish.objects.count() == 1


@pytest.mark.parametrize("key", ["med mellemrum", "x" * 201, "æ", "\x7f"])
def test_a_key_that_cannot_be_used(record: ApiRecord, key: str) -> None:
    refused = record.write("notes", note(record), key=key)
    assert refused.status_code == 400
    assert "synlige ASCII-tegn" in refused.json()["detail"]


def test_keys_of_two_programs_are_their_own(record: ApiRecord) -> None:
    mine = record.write("notes", note(record), key="k")
    theirs = record.write("notes", note(record), record.colleague, key="k")
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


def test_a_refusal_is_not_kept_and_may_be_put_right(record: ApiRecord) -> None:
    assert record.write("notes", note(record, "  "), key="k").status_code == 422
    assert not ApiAnswer.objects.exists()
    assert record.write("notes", note(record, "Nu med ord"), key="k").status_code == 201


def test_who_has_lost_the_access_gets_no_answer_again(record: ApiRecord) -> None:
    first = record.write("notes", note(record), key="k")
    today = clock.today()
    Grant.objects.filter(user=record.worker).update(
        valid=Period(today - dt.timedelta(days=9), today).to_range()
    )
    Grant.objects.create(
        user=record.worker, role="support_worker", unit=record.other, valid=Period(today).to_range()
    )
    again = record.write("notes", note(record), key="k")
    assert first.status_code == 201
    assert again.status_code == 404
    assert "Et notat" not in again.content.decode()


def test_an_answer_given_again_is_logged_as_a_look(record: ApiRecord) -> None:
    for _time in range(2):
        record.write("notes", note(record), key="k")
    assert LookupLog.objects.filter(actor="token", citizen=record.ane, part="notater").count() == 2


def test_after_a_day_the_key_is_free(record: ApiRecord) -> None:
    record.write("notes", note(record), key="k")
    ApiAnswer.objects.update(at=clock.running() - idempotency.KEPT + dt.timedelta(minutes=1))
    assert forget_sent(timestamp=0) == 0
    ApiAnswer.objects.update(at=clock.running() - idempotency.KEPT - dt.timedelta(minutes=1))
    assert record.write("notes", note(record, "Næste dag"), key="k").status_code == 201
    assert ApiAnswer.objects.count() == 1
    ApiAnswer.objects.update(at=clock.running() - idempotency.KEPT - dt.timedelta(minutes=1))
    assert forget_sent(timestamp=0) == 1
    assert not ApiAnswer.objects.exists()


def test_the_answer_lies_encrypted_and_is_its_users_alone(record: ApiRecord) -> None:
    record.write("notes", note(record, "Noget fortroligt"), key="k")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM access_apianswer")
        assert b"fortroligt" not in bytes(cursor.fetchone()[0])
    for user, seen in ((record.worker, 1), (record.colleague, 0)):
        with rows.as_user(user):
            assert ApiAnswer.objects.count() == seen
    with rows.as_user(record.colleague), pytest.raises(DatabaseError), transaction.atomic():
        known = issue(record.worker, "anden", ["record"], 1)[0]
        ApiAnswer.objects.create(token=known, key="x", request=b"", status=201, body="{}")


def test_what_fails_altogether_leaves_neither(record: ApiRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer cannot be kept: then the note is not either, and the next sending does the work."""
    keep = ApiAnswer.objects.create

    def broken(**values: Any) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(ApiAnswer.objects, "create", broken)
        assert record.write("notes", note(record), key="k").status_code == 500
    assert ApiAnswer.objects.create == keep
    assert not Note.objects.filter(text="Et notat").exists()
    assert record.write("notes", note(record), key="k").status_code == 201


def test_a_key_given_to_read_does_not_write(record: ApiRecord) -> None:
    for scopes in ((EVERYTHING,), ("record",), ("duty.work",)):
        record.secrets[record.worker.pk, ()] = record.secret(record.worker, *scopes)
        refused = record.write("notes", note(record))
        assert refused.status_code == 403, scopes
        assert refused.json()["detail"] == "Nøglen har ikke omfanget »record.write«."
    assert {*WRITES, EVERYTHING} <= known_scopes()
    assert set(ACTIONS) >= WRITES


@pytest.fixture
def _committed(transactional_db: None) -> Iterator[None]:
    """Real transactions: what one thread commits, the others see."""
    yield
    connections.close_all()


@pytest.mark.usefixtures("_committed")
def test_eight_at_once_write_one_row() -> None:
    """Each sends the same until it gets an answer; meanwhile it may hear that the first is being carried out."""
    record = ApiRecord()
    record.secret(record.worker)
    start, answers, statuses = threading.Barrier(8), list[bytes](), list[int]()

    def send() -> None:
        start.wait()
        try:
            for _attempt in range(200):
                answer = record.write("notes", note(record, "Otte på én gang"), key="samme")
                statuses.append(answer.status_code)
                if answer.status_code != 409:
                    answers.append(answer.content)
                    return
        finally:
            connection.close()

    # The clock the suite holds goes along.
    threads = [threading.Thread(target=copy_context().run, args=[send]) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Note.objects.filter(text="Otte på én gang").count() == 1
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert set(statuses) <= {201, 409}
    assert ApiAnswer.objects.count() == 1


@pytest.mark.usefixtures("_committed")
def test_while_the_first_is_carried_out_the_second_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    record = ApiRecord()
    record.secret(record.worker)
    begun, go_on = threading.Event(), threading.Event()
    told: list[int] = []
    moment = note_services._moment

    def slow(at: Any) -> Any:
        begun.set()
        go_on.wait(30)
        return moment(at)

    def first() -> None:
        try:
            told.append(record.write("notes", note(record), key="k").status_code)
        finally:
            connection.close()

    monkeypatch.setattr(note_services, "_moment", slow)
    thread = threading.Thread(target=copy_context().run, args=[first])
    thread.start()
    assert begun.wait(30)
    second = record.write("notes", note(record), key="k")
    go_on.set()
    thread.join()
    assert second.status_code == 409
    assert "Vent et øjeblik" in second.json()["detail"]
    assert told == [201]
    assert record.write("notes", note(record), key="k").status_code == 201
    assert Note.objects.filter(text="Et notat").count() == 1
