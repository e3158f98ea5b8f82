"""The pages of the alarm, with and without scripts, and what stands on every page of those on shift."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roedtraad.access.roles import Role
from roedtraad.config.security import PAGE_POLICY
from roedtraad.core import clock, ids
from roedtraad.safety import services, tickets
from roedtraad.safety.address import stream_origin, stream_url
from roedtraad.safety.models import Alarm, AlarmSettings, LoneWork
from tests import factories as make
from tests.safety.scene import House

ALARM = "/alarm/"


@pytest.fixture
def house(db: None) -> House:
    return House()


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**more: Any) -> dict[str, Any]:
    return {"unit": "elmehuset", "about": "help", "place": "Køkkenet", "key": str(ids.new_id()), **more}


def test_held_down_it_is_raised_at_once(house: House) -> None:
    anna, sent = as_user(house.anna), typed(confirmed="1")
    for _twice in range(2):
        answer = anna.post(ALARM, sent)
        assert answer.status_code == 302
        assert answer["Location"] == f"/alarm/{sent['key']}/"
    alarm = Alarm.objects.get()
    assert (str(alarm.key), alarm.raised_by, alarm.unit, alarm.place) == (
        sent["key"],
        house.anna,
        house.elm,
        "Køkkenet",
    )


def test_without_scripts_it_is_asked_once_more(house: House) -> None:
    anna = as_user(house.anna)
    page = anna.post(ALARM, typed())
    assert page.status_code == 200
    assert Alarm.objects.count() == 0
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    answer = anna.post(ALARM, {name: hidden[name] for name in ("confirmed", "key", "unit", "about", "place")})
    assert answer.status_code == 302
    assert Alarm.objects.get().place == "Køkkenet"


@pytest.mark.parametrize(
    "wrong", [{"unit": "nabohuset"}, {"about": "lone"}, {"key": "x"}, {"place": "x" * 121}, {"unit": ""}]
)
def test_what_is_wrong_is_told(house: House, wrong: dict[str, str]) -> None:
    answer = as_user(house.anna).post(ALARM, typed(confirmed="1", **wrong))
    assert answer.status_code == 422
    assert Alarm.objects.count() == 0


def test_who_has_no_shift_has_no_alarm(house: House) -> None:
    stranger = as_user(make.user_with(Role.QUALITY, make.region_root()))
    for name in ("alarm", "now", "ticket", "log", "lone", "settings"):
        assert stranger.get(reverse(f"safety:{name}")).status_code == 403
    assert "data-alarm-bar" not in stranger.get("/").content.decode()
    assert as_user(house.anna).get(reverse("safety:settings")).status_code == 403


def test_the_bar_says_what_one_needs_to_know(house: House) -> None:
    house.neighbours()
    alarm = house.alarm()
    services.mark_delivered(alarm.pk, [house.bo.pk])
    (heard,) = as_user(house.bo).get("/alarm/nu/").json()["alarms"]
    assert heard == {
        "key": str(alarm.key),
        "url": f"/alarm/{alarm.key}/",
        "answer_url": f"/alarm/{alarm.key}/jeg-kommer/",
        "title": "Hjælp – Elmehuset, Køkkenet",
        "words": ["Anna Prøve slog alarm kl. 12.00.", "Ingen har svaret endnu.", ""],
        "state": "open",
        "sounding": True,
    }
    assert as_user(house.fie).get("/alarm/nu/").json() == {"alarms": []}
    assert as_user(house.nina).get("/alarm/nu/").json() == {"alarms": []}

    assert as_user(house.bo).post(heard["answer_url"]).status_code == 302
    (mine,) = as_user(house.anna).get("/alarm/nu/").json()["alarms"]
    assert mine["words"] == ["Din alarm kl. 12.00.", "På vej: Bo Prøve (kl. 12.00).", "Vist hos: Bo Prøve."]
    assert (mine["sounding"], mine["answer_url"]) == (False, "")


def test_nobody_answers_and_the_neighbours_do(house: House) -> None:
    house.neighbours()
    alarm = house.alarm()
    nina = as_user(house.nina)
    assert nina.get(f"/alarm/{alarm.key}/").status_code == 404
    assert nina.post(f"/alarm/{alarm.key}/jeg-kommer/").status_code == 404
    services.escalate_due(clock.now() + dt.timedelta(seconds=60))
    page = nina.get(f"/alarm/{alarm.key}/").content.decode()
    assert "Naboen er kaldt: Nabohuset." in page
    assert nina.post(f"/alarm/{alarm.key}/jeg-kommer/").status_code == 302
    assert (
        "Nina Prøve svarede: Jeg kommer" in as_user(house.anna).get(f"/alarm/{alarm.key}/").content.decode()
    )
    assert "Hjælp – Elmehuset" in nina.get("/alarm/log/").content.decode()
    assert as_user(house.fie).get(f"/alarm/{alarm.key}/").status_code == 404


def test_the_page_of_an_alarm_and_its_end(house: House) -> None:
    alarm, bo = house.alarm(), as_user(house.bo)
    url = f"/alarm/{alarm.key}/slut/"
    answer = bo.post(url, {"what_happened": ""})
    assert answer.status_code == 422
    assert "Skriv kort, hvad der skete." in answer.content.decode()
    assert bo.post(url, {"what_happened": "Der er ro igen."}).status_code == 302
    late = as_user(house.anna).post(url, {"what_happened": "Noget andet"})
    assert late.status_code == 422
    assert "allerede afsluttet" in late.content.decode()
    page = bo.get("/alarm/log/").content.decode()
    assert "Der er ro igen." in page
    assert bo.get(url).status_code == 302


def test_the_log_goes_back_page_by_page(house: House, django_assert_max_num_queries: Any) -> None:
    for _n in range(53):
        house.alarm()
    bo = as_user(house.bo)
    bo.get("/alarm/log/")
    with django_assert_max_num_queries(10):
        first = bo.get("/alarm/log/").content.decode()
    older = re.search(r'href="(/alarm/log/\?enhed=elmehuset[^"]*)"', first)
    assert older
    second = bo.get(older[1].replace("&amp;", "&")).content.decode()
    keys = [re.findall(r"/alarm/([0-9a-f-]{36})/", page) for page in (first, second)]
    assert (len(keys[0]), len(keys[1])) == (50, 3)
    assert bo.get("/alarm/log/?enhed=langt-vaek").status_code == 404
    assert bo.get("/alarm/log/?foer=%C2%B2").status_code == 200


def test_every_page_has_few_questions(house: House, django_assert_max_num_queries: Any) -> None:
    house.neighbours()
    alarm = house.alarm()
    services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=30)
    lis = as_user(house.lis)
    addresses = ["/alarm/", "/alarm/alene/", "/alarm/indstillinger/", "/alarm/indstillinger/elmehuset/"]
    for address in [*addresses, f"/alarm/{alarm.key}/", "/alarm/log/"]:
        lis.get(address)
        with django_assert_max_num_queries(15):
            assert lis.get(address).status_code == 200, address
    with django_assert_max_num_queries(9):
        lis.get("/alarm/nu/")
    with django_assert_max_num_queries(4):
        lis.get("/alarm/billet/")


@pytest.mark.parametrize("who", ["anna", "lis"])
def test_the_bar_costs_a_page_no_question(house: House, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_user(getattr(house, who))
    client.get("/organisation/")
    with CaptureQueriesContext(connection) as asked:
        assert "data-alarm-bar" in client.get("/organisation/").content.decode()
    monkeypatch.setattr("roedtraad.safety.context._watch", lambda _request: None)
    with CaptureQueriesContext(connection) as asked_without:
        assert "data-alarm-bar" not in client.get("/organisation/").content.decode()
    assert len(asked) == len(asked_without)


def test_lone_work_from_beginning_to_end(house: House) -> None:
    anna = as_user(house.anna)
    sent = {"unit": "elmehuset", "minutes": "30", "place": "Kælderen", "key": str(ids.new_id())}
    assert anna.post("/alarm/alene/", {**sent, "minutes": "4"}).status_code == 422
    assert anna.post("/alarm/alene/", sent).status_code == 302
    work = LoneWork.objects.get()
    page = anna.get("/alarm/alene/").content.decode()
    assert "Meld dig senest kl. 12.30" in page
    assert 'data-left="1800"' in page
    assert "Anna Prøve, Kælderen" in as_user(house.bo).get("/alarm/alene/").content.decode()
    assert as_user(house.bo).post(f"/alarm/alene/{work.key}/jeg-er-her/").status_code == 404
    with clock.fixed(clock.now() + dt.timedelta(minutes=20)):
        assert anna.post(f"/alarm/alene/{work.key}/jeg-er-her/").status_code == 302
        assert "Meld dig senest kl. 12.50" in anna.get("/alarm/alene/").content.decode()
        assert anna.post(f"/alarm/alene/{work.key}/slut/").status_code == 302
    work.refresh_from_db()
    assert work.ended_at


def test_the_leader_sets_up(house: House) -> None:
    lis, url = as_user(house.lis), "/alarm/indstillinger/elmehuset/"
    assert lis.post(url, {"seconds": "3"}).status_code == 422
    assert lis.post(url, {"seconds": "30", "neighbours": ["langt-vaek"]}).status_code == 422
    assert lis.post(url, {"seconds": "30", "neighbours": ["nabohuset"]}).status_code == 302
    page = lis.get("/alarm/indstillinger/").content.decode()
    assert "Nabohuset" in page
    assert AlarmSettings.objects.get().seconds == 30
    assert "checked" in lis.get(url).content.decode()
    assert lis.get("/alarm/indstillinger/langt-vaek/").status_code == 404


def test_a_ticket_is_for_one_person_for_a_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tickets.issue(house.anna)
    found = tickets.read(text)
    assert found is not None
    assert found.fits(house.anna)
    assert not found.fits(house.bo)
    house.anna.session_round += 1
    assert not found.fits(house.anna), "logged out everywhere"
    assert tickets.read(text[:-2]) is None
    assert tickets.read("") is None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + tickets.GOOD_FOR + 1)
    assert tickets.read(text) is None


@pytest.mark.django_db
def test_a_page_may_listen_at_the_one_place_and_nowhere_else(house: House) -> None:
    bo = as_user(house.bo)
    assert bo.get(ALARM)["Content-Security-Policy"] == PAGE_POLICY
    with override_settings(PUSH_PORT=8001, ALLOWED_HOSTS=["rt.test"]):
        answer = bo.get(ALARM, headers={"host": "rt.test:8000"})
        assert "connect-src 'self' http://rt.test:8001;" in answer["Content-Security-Policy"]
        assert 'data-stream="http://rt.test:8001/strom"' in answer.content.decode()
        refused = bo.get(ALARM, headers={"host": "attacker.invalid"})
        assert refused["Content-Security-Policy"] == PAGE_POLICY


@pytest.mark.parametrize(
    ("setting", "port", "secure", "url", "origin"),
    [
        ("", 0, False, "", ""),
        ("", 8001, False, "http://rt.test:8001/strom", "http://rt.test:8001"),
        ("", 8001, True, "", ""),
        ("/strom", 8001, True, "/strom", ""),
        ("https://push.rt.test/strom", 0, True, "https://push.rt.test/strom", "https://push.rt.test"),
    ],
)
def test_where_the_page_listens(setting: str, port: int, secure: bool, url: str, origin: str) -> None:
    request = RequestFactory().get("/", secure=secure, headers={"host": "rt.test"})
    with override_settings(PUSH_URL=setting, PUSH_PORT=port):
        assert (stream_url(request), stream_origin(request)) == (url, origin)
