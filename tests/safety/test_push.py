"""The push server as it runs: a process of its own, a real PostgreSQL, pages that listen."""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.core import clock, ids
from roedtraad.safety import services, tickets
from roedtraad.safety.models import Alarm, AlarmStep, LoneWork
from roedtraad.safety.push import house as push_house
from tests import factories as make
from tests.safety.listening import ORIGIN, Page, Push, push_server
from tests.safety.scene import House

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> Iterator[dt.datetime]:
    """The push server lives in the time that passes, so the test must, too."""
    with clock.fixed(dt.datetime.now(clock.COPENHAGEN)) as moment:
        yield moment


@pytest.fixture
def house(now: dt.datetime) -> House:
    return House()


@pytest.fixture
def push(house: House) -> Iterator[Push]:
    with push_server() as running:
        yield running


def steps_of(alarm: Alarm) -> list[str]:
    return list(AlarmStep.objects.filter(alarm=alarm).order_by("pk").values_list("kind", flat=True))


def wait_for(alarm: Alarm, kind: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while kind not in steps_of(alarm):
        assert time.monotonic() < deadline, steps_of(alarm)
        time.sleep(0.1)


def test_heard_within_a_second_by_the_unit_and_nobody_else(house: House, push: Push) -> None:
    pages = {name: Page(push, getattr(house, name)) for name in ("anna", "bo", "lis", "nina", "fie", "top")}
    assert push.health() == {"ok": True, "streams": 6}
    begun = time.monotonic()
    alarm = house.alarm("Et sted, der ikke må stå i strømmen")
    heard = {name: pages[name].next(5) for name in ("anna", "bo", "lis")}
    assert time.monotonic() - begun < 1
    assert heard["bo"][1:] == ("alarm", {"alarm": str(alarm.key), "kind": "raised", "calls": True})
    wait_for(alarm, "delivered")
    assert set(AlarmStep.objects.filter(kind="delivered").values_list("user__username", flat=True)) == {
        "bo",
        "lis",
    }
    services.acknowledge(house.bo, alarm)
    assert pages["anna"].kinds() == ["delivered", "delivered", "acknowledged"]
    for name in ("nina", "fie", "top"):
        assert pages[name].kinds(0.2) == [], name
    for page in pages.values():
        page.close()


def test_what_was_missed_is_told_on_coming_back(house: House, push: Push) -> None:
    page = Page(push, house.bo)
    alarm = house.alarm()
    last = page.next()[0]
    page.close()
    wait_for(alarm, "delivered")
    services.acknowledge(house.lis, alarm)
    services.end_alarm(house.lis, alarm, what_happened="Ro igen.")
    page = Page(push, house.bo, after=last)
    assert page.kinds()[-2:] == ["acknowledged", "ended"]
    page.close()
    fresh = Page(push, house.bo)
    assert fresh.kinds(0.5) == [], "what is ended calls nobody"
    fresh.close()
    stranger = Page(push, house.fie, after=0)
    assert stranger.kinds(0.5) == []
    stranger.close()


def test_who_comes_later_is_called_by_what_is_going_on(house: House, push: Push) -> None:
    alarm = house.alarm()
    page = Page(push, house.bo)
    assert page.next()[2]["kind"] == "raised"
    wait_for(alarm, "delivered")
    page.close()


def test_nobody_answers_and_the_neighbours_hear_it(house: House, push: Push) -> None:
    house.neighbours(seconds=5)
    nina, fie = Page(push, house.nina), Page(push, house.fie)
    alarm = house.alarm()
    assert nina.next(15)[2] == {"alarm": str(alarm.key), "kind": "escalated", "calls": True}
    wait_for(alarm, "unanswered")
    assert fie.kinds(0.2) == []
    nina.close()
    fie.close()


def test_who_does_not_check_in_is_called_for(house: House, push: Push) -> None:
    work = services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=5)
    page = Page(push, house.bo)
    earlier = clock.now() - dt.timedelta(minutes=6)
    LoneWork.objects.filter(pk=work.pk).update(started_at=earlier, last_check_in=earlier)
    assert page.next()[2]["kind"] == "raised"
    assert Alarm.objects.get().about == "lone"
    page.close()


def test_who_is_let_in(house: House, push: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    good = f"billet={tickets.issue(house.anna)}"
    quality = make.user_with(Role.QUALITY, make.region_root())
    refused = ("", "billet=", "billet=x", good[:-3], f"billet={tickets.issue(quality)}")
    assert [push.status(query) for query in refused] == [401] * 5
    assert push.status(good, {"Origin": "http://attacker.invalid"}) == 403
    assert push.status(good, {"Origin": "null"}) == 403
    assert push.status("billet=x", {"Origin": ORIGIN}) == 401

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - tickets.GOOD_FOR - 1)
    old = f"billet={tickets.issue(house.anna)}"
    monkeypatch.undo()
    assert push.status(old) == 401

    Grant.objects.filter(user=house.anna).delete()
    assert push.status(good) == 401, "the access that ended ends the ticket"
    house.bo.session_round += 1
    stale = f"billet={tickets.issue(house.bo)}"
    assert push.status(stale) == 401, "a ticket of another round of logins"
    house.nina.is_active = False
    house.nina.save()
    assert push.status(f"billet={tickets.issue(house.nina)}") == 401


def test_the_origin_is_told_exactly(house: House, push: Push) -> None:

    request = urllib.request.Request(
        f"{push.url}/strom?billet={tickets.issue(house.bo)}", headers={"Origin": ORIGIN}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] is None
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"].startswith("text/event-stream")


def test_one_account_has_few_streams(house: House, push: Push) -> None:
    pages = [Page(push, house.bo) for _n in range(12)]
    assert push.status(f"billet={tickets.issue(house.bo)}") == 429
    pages.pop().close()
    deadline = time.monotonic() + 10
    while push.health()["streams"] > 11:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    pages.append(Page(push, house.bo))
    for page in pages:
        page.close()


def test_a_lost_database_connection_is_made_again_and_every_page_looks(house: House, push: Push) -> None:
    page = Page(push, house.bo)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roedtraad-push' "
            "AND datname = current_database()"
        )
        assert cursor.fetchall() == [(True,)]
    assert page.next(15)[1] == "look"
    alarm = house.alarm()
    assert page.next()[2]["alarm"] == str(alarm.key)
    page.close()


def test_nonsense_on_the_channel_does_no_harm(house: House, push: Push) -> None:
    page = Page(push, house.bo)
    with psycopg.connect(push_house.address(), autocommit=True) as other:
        for payload in ("", "x", "[]", '{"step": "x"}', '{"step": 999999999}', '{"step": null}'):
            other.execute("SELECT pg_notify(%s, %s)", [services.CHANNEL, payload])
    alarm = house.alarm()
    assert page.next()[2]["alarm"] == str(alarm.key)
    page.close()


def test_two_push_servers_pass_on_once(house: House, now: dt.datetime) -> None:
    """Also at the very same moment, with an alarm that is long overdue."""
    house.neighbours(seconds=5)
    with clock.fixed(now - dt.timedelta(minutes=10)):
        alarm = house.alarm()
    barrier, errors = threading.Barrier(6), queue.Queue[Exception]()

    def pass_on() -> None:
        try:
            barrier.wait(10)
            push_house.pass_on()
            services.escalate_due(now)
        except Exception as error:
            errors.put(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=pass_on) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors.empty(), errors.get()
    assert steps_of(alarm) == ["raised", "escalated"]


def test_only_get_and_the_two_addresses(house: House, push: Push) -> None:

    def asked(path: str, method: str = "GET") -> Any:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(push.url + path, method=method), timeout=5
            ) as a:
                return a.status
        except urllib.error.HTTPError as error:
            return error.code

    assert asked("/strom", "POST") == 405
    assert asked("/") == asked("/alarm/") == 404
    assert asked("/healthz") == 200
