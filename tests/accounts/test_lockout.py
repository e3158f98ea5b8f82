"""Waiting after wrong passwords and codes, over the real login."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from roedtraad.access.roles import Role
from roedtraad.access.services import renew_password
from roedtraad.accounts import devices, lockout
from roedtraad.accounts.address import client_address
from roedtraad.accounts.checks import CHECKS
from roedtraad.accounts.models import KnownDevice, LoginTries, User
from roedtraad.accounts.rules import PATIENCE, Kind
from roedtraad.accounts.tasks import tidy
from roedtraad.core import clock
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
FREE = PATIENCE[Kind.PASSWORD].free
WRONG = "passer ikke sammen"
WAIT = "prøvet for mange gange"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return make.user_with(Role.LEADER, scene.offer, "lis")


@pytest.fixture
def colleague(scene: Scene) -> User:
    return make.user_with(Role.COUNCIL, scene.offer, "ole")


def knock(client: Client, password: str, name: str = "lis", address: str = "192.0.2.1") -> str:
    """Try to log in; the page's text, empty when one got in."""
    answer = client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)
    return "" if answer.status_code == 302 else answer.content.decode()


def used_before(name: str = "lis") -> Client:
    """A browser the user has logged in from, and out again."""
    client = Client()
    assert knock(client, make.PASSWORD, name) == ""
    client.post("/konto/logout/")
    assert settings.DEVICE_COOKIE_NAME in client.cookies
    return client


def hammer(times: int, name: str = "lis", address: str = "203.0.113.9") -> str:
    """An attacker's tries; what the last one was told."""
    said = ""
    for _n in range(times):
        said = knock(Client(), "gæt", name, address)
    return said


def test_the_sixth_try_waits_and_is_told_how_long(leader: User) -> None:
    client = Client()
    for _n in range(FREE):
        assert WRONG in knock(client, "forkert")
    assert "Vent 30 sekunder" in knock(client, "forkert")
    # The right password is not looked at either.
    assert WAIT in knock(client, make.PASSWORD)


def test_the_waiting_grows_and_ends(leader: User) -> None:
    hammer(FREE)
    now = clock.running()
    for seconds in (30, 60, 120):
        now += dt.timedelta(seconds=seconds)
        with clock.fixed(now - dt.timedelta(seconds=1)):
            assert "Vent 1 sekund," in hammer(1)
        with clock.fixed(now):
            assert WRONG in hammer(1)
    with clock.fixed(now + dt.timedelta(seconds=240)):
        assert knock(Client(), make.PASSWORD) == ""
        # Getting in wipes the slate.
        assert WRONG in knock(Client(), "forkert")


def test_an_attacker_elsewhere_does_not_keep_the_owner_out_of_a_known_device(leader: User) -> None:
    owner = used_before()
    assert WAIT in hammer(FREE + 1)
    # Another new device waits, also at the owner's own address …
    assert WAIT in knock(Client(), make.PASSWORD, address="192.0.2.1")
    # … but not the one the owner has used before, not even at the attacker's address.
    assert knock(owner, make.PASSWORD, address="203.0.113.9") == ""


def test_a_known_device_waits_for_its_own_tries_and_for_nobody_elses(leader: User) -> None:
    owner, other = used_before(), used_before()
    for _n in range(FREE):
        assert WRONG in knock(owner, "forkert")
    assert WAIT in knock(owner, make.PASSWORD)
    assert knock(other, make.PASSWORD) == ""
    # An unknown device has a count of its own too.
    assert WRONG in knock(Client(), "forkert")


def test_a_device_is_known_for_one_user_and_not_for_the_next(leader: User, colleague: User) -> None:
    shared = used_before("ole")
    hammer(FREE, "lis")
    assert WAIT in knock(shared, make.PASSWORD, "lis")
    assert knock(shared, make.PASSWORD, "ole") == ""


def test_one_password_at_many_accounts_makes_new_devices_at_the_address_wait(
    leader: User, colleague: User
) -> None:
    owner = used_before()
    address = "198.51.100.7"
    for n in range(PATIENCE[Kind.ADDRESS].free):
        assert WRONG in knock(Client(), "Sommer2026", f"gættet{n}", address)
    assert WAIT in knock(Client(), "Sommer2026", "ole", address)
    assert WAIT in knock(Client(), make.PASSWORD, "ole", address)
    assert knock(owner, make.PASSWORD, "lis", address) == ""
    assert knock(Client(), make.PASSWORD, "ole", "192.0.2.44") == ""


def test_the_same_few_accounts_never_make_a_whole_house_wait(leader: User, colleague: User) -> None:
    for _n in range(PATIENCE[Kind.ADDRESS].free * 2):
        hammer(1, "lis", "198.51.100.7")
    assert knock(Client(), make.PASSWORD, "ole", "198.51.100.7") == ""


def test_an_unknown_name_costs_and_says_the_same(leader: User) -> None:
    told: dict[str, list[str]] = {}
    asked: dict[str, list[int]] = {}
    for name in ("lis", "ukendt"):
        for _n in range(FREE + 1):
            with CaptureQueriesContext(connection) as queries:
                page = knock(Client(), "forkert", name, "192.0.2.9")
            told.setdefault(name, []).append(WRONG if WRONG in page else WAIT if WAIT in page else page)
            asked.setdefault(name, []).append(len(queries))
    assert told["lis"] == told["ukendt"] == [WRONG] * FREE + [WAIT]
    assert asked["lis"] == asked["ukendt"]
    assert max(asked["lis"]) <= 12


def test_no_spelling_of_a_name_gives_new_tries(leader: User) -> None:
    for n in range(FREE):
        assert WRONG in knock(Client(), "gæt", ("lis", "LIS", " Lis ")[n % 3])
    assert WAIT in knock(Client(), "gæt", "lIs")


@pytest.mark.parametrize("cookie", ["", "ikke-underskrevet", "abc:forfalsket"])
def test_a_cookie_that_is_not_ours_makes_no_device_known(cookie: str, leader: User) -> None:
    used_before()
    hammer(FREE)
    client = Client()
    client.cookies[settings.DEVICE_COOKIE_NAME] = cookie
    assert WAIT in knock(client, make.PASSWORD)


def test_a_device_is_forgotten_after_half_a_year_without_a_login(leader: User) -> None:
    owner = used_before()
    with clock.fixed(clock.running() + devices.KNOWN_FOR):
        hammer(FREE)
        assert WAIT in knock(owner, make.PASSWORD)
        assert tidy(timestamp=0) >= 1
        assert not KnownDevice.objects.exists()


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_out_of_reach_of_scripts(leader: User, settings: Any, secure: bool) -> None:
    settings.SESSION_COOKIE_SECURE = secure
    settings.DEVICE_COOKIE_NAME = "__Host-enhed" if secure else "roedtraad_enhed"
    cookie = used_before().cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    # What a name with __Host- asks for.
    assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (secure, "/", "")
    assert KnownDevice.objects.get().device not in cookie.value


def test_a_new_password_from_the_administrator_ends_the_waiting(leader: User) -> None:
    hammer(FREE)
    fresh = renew_password(leader, renewed_by=None, reason="prøve")
    assert knock(Client(), fresh) == ""


def test_old_counts_are_deleted_and_young_ones_kept(leader: User) -> None:
    hammer(1)
    with clock.fixed(clock.running() + dt.timedelta(hours=23)):
        hammer(1, "ole")
    with clock.fixed(clock.running() + dt.timedelta(hours=25)):
        tidy(timestamp=0)
    assert LoginTries.objects.exclude(kind=Kind.ADDRESS.value).count() == 1


def test_neither_names_nor_addresses_are_kept(leader: User) -> None:
    hammer(1, "min-hemmelige-adgangskode", "203.0.113.9")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_logintries t")
        kept = cursor.fetchone()[0]
    assert "hemmelige" not in kept and "203.0" not in kept


def test_the_nightly_check_names_an_account_that_is_hammered(leader: User) -> None:
    (check,) = CHECKS
    now = clock.running()
    for _n in range(lockout.MANY):
        with clock.fixed(now):
            hammer(1)
        assert not check.find() or _n == lockout.MANY - 1
        now += dt.timedelta(minutes=15)
    found = check.find()
    assert [(row[0], row[1], row[2]) for row in found] == [("lis", "password", lockout.MANY)]


@pytest.mark.parametrize(
    ("proxies", "passed", "expected"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.9.8.7, 198.51.100.1", "198.51.100.1"),
        (2, "10.9.8.7, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),
        (1, "vrøvl", "unknown"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
    ],
)
def test_the_address_that_is_believed(proxies: int, passed: str, expected: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": passed})
    assert client_address(request) == expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 sekund"), (59.5, "1 minut"), (61, "2 minutter"), (900, "15 minutter"), (3600, "1 time")],
)
def test_a_waiting_time_is_said_in_words(seconds: float, words: str) -> None:
    assert lockout.in_words(dt.timedelta(seconds=seconds)) == words


def test_guessing_the_old_password_on_an_open_screen_is_counted(leader: User) -> None:
    client = Client()
    assert knock(client, make.PASSWORD) == ""
    new = {"password1": "en helt ny og lang sætning", "password2": "en helt ny og lang sætning"}
    page = ""
    for _n in range(FREE + 1):
        page = client.post("/konto/password/change/", {"oldpassword": "gæt", **new}).content.decode()
    assert WAIT in page
    assert get_user(client).is_authenticated


@pytest.mark.django_db(transaction=True)
def test_two_dozen_tries_at_once_are_two_dozen_tries() -> None:
    User.objects.create_user("lis", password=make.PASSWORD)
    request = RequestFactory().post(LOGIN)

    def attempt(_n: int) -> bool:
        try:
            lockout.begin(request, Kind.PASSWORD, username="lis")
        except lockout.Waiting:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(attempt, range(24)))
    assert sum(heard) == FREE
