"""A person never meets the limits, a script does; and all processes count together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roedtraad.access.models import RequestCount
from roedtraad.access.rates import Kind, Rate, wait_for
from roedtraad.access.roles import Role
from roedtraad.config import environment
from roedtraad.config.rates import EXPORTS, SEARCHES
from roedtraad.core import clock
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
TWO = {"write": "2/m", "export": "2/m", "search": "2/m"}


@pytest.fixture
def leader(client: Client, settings: Any) -> Client:
    settings.RATES = TWO
    client.force_login(Scene().user(Role.LEADER))
    return client


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/rolle/"),
        ("post", "/kapacitet/book/"),
        ("get", "/kapacitet/udtraek.csv"),
        ("get", "/kapacitet/borgere/?vis=alle&format=csv"),
        ("get", "/kapacitet/borgere/"),
        ("post", "/kapacitet/borgere/soeg/"),
    ],
)
def test_the_third_of_two_is_refused_with_the_time_to_wait(leader: Client, method: str, address: str) -> None:
    answers = [getattr(leader, method)(address) for _n in range(3)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    seconds = int(answers[2]["Retry-After"])
    assert 1 <= seconds <= 60
    assert f"Vent {seconds} sekund" in answers[2].content.decode()


def test_part_of_a_page_gets_its_note(leader: Client) -> None:
    for _n in range(2):
        leader.post("/rolle/")
    answer = leader.post("/rolle/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (429, "#toasts")
    assert "<html" not in answer.content.decode()


def test_reading_is_not_counted(leader: Client) -> None:
    assert {leader.get(reverse("journeys:capacity")).status_code for _n in range(5)} == {200}
    assert not RequestCount.objects.exists()


def test_one_waits_and_may_again(leader: Client) -> None:
    assert [leader.post("/rolle/").status_code for _n in range(3)][-1] == 429
    with clock.fixed(clock.now() + dt.timedelta(minutes=1)):
        assert leader.post("/rolle/").status_code == 302


def test_each_account_and_each_kind_is_counted_by_itself() -> None:
    rate = Rate(1, 60)
    assert [wait_for(Kind.WRITE, 1, rate) > 0 for _n in range(2)] == [False, True]
    assert wait_for(Kind.WRITE, 2, rate) == wait_for(Kind.SEARCH, 1, rate) == 0
    assert RequestCount.objects.count() == 3


def test_the_counts_are_in_the_database_and_cost_no_wait_for_the_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'access_requestcount'")
        assert cursor.fetchone() == ("u",)


def test_every_file_of_the_house_is_counted_as_an_export() -> None:
    def names(resolver: Any, space: str = "") -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                found |= names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            elif isinstance(entry, URLPattern) and entry.name:
                found.add((f"{space}{entry.name}", str(entry.pattern)))
        return found

    known = names(get_resolver())
    assert {name for name, _pattern in known} >= EXPORTS | SEARCHES
    files = {
        name
        for name, pattern in known
        if (".<" in pattern or pattern.endswith("/fil/")) and not name.startswith("api-1:")
    }
    assert files <= EXPORTS


@pytest.mark.parametrize("text", ["600/m", "1/s", "99/h"])
def test_a_rate_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROEDTRAAD_WRITE_RATE", text)
    assert Rate.read(environment.read_rate("ROEDTRAAD_WRITE_RATE", "1/m")).most == int(text[:-2])


@pytest.mark.parametrize("text", ["600", "0/m", "-1/m", "m", "1/d", "1e9/m", "٣/m"])
def test_a_rate_that_is_none_stops_the_start_with_a_sentence(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROEDTRAAD_WRITE_RATE", text)
    with pytest.raises(SystemExit, match="600/m"):
        environment.read_rate("ROEDTRAAD_WRITE_RATE", "1/m")
    with pytest.raises(ValueError, match="rate"):
        Rate.read(text)
