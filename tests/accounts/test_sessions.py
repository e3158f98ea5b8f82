"""Sessions end: by lying unused, by lasting too long, with the password, and with the account."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from roedtraad.access import services as access
from roedtraad.access.roles import Role
from roedtraad.accounts import sessions
from roedtraad.accounts.models import User
from roedtraad.accounts.tasks import tidy
from roedtraad.core import clock
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
PAGE = "/kapacitet/"
ASK = "/konto/session/"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return make.user_with(Role.LEADER, scene.offer, "lis")


@pytest.fixture
def inside(leader: User) -> Client:
    """The leader, just logged in."""
    client = Client()
    client.post(LOGIN, {"login": "lis", "password": make.PASSWORD})
    return client


def after(minutes: float) -> Any:
    """The clock so many minutes after the test began."""
    return clock.fixed(clock.running() + dt.timedelta(minutes=minutes))


def logged_in(client: Client) -> bool:
    return bool(get_user(client).is_authenticated)


def test_an_unused_session_ends_and_the_login_says_why_and_goes_on(inside: Client) -> None:
    with after(29):
        assert inside.get(PAGE).status_code == 200
    with after(58):
        assert inside.get(PAGE).status_code == 200
    with after(89):
        to_login = inside.get(f"{PAGE}?opdel=kommune")
        assert to_login["Location"] == f"{LOGIN}?next=/kapacitet/%3Fopdel%3Dkommune"
        page = inside.get(to_login["Location"]).content.decode()
        assert "Du blev logget ud, fordi du ikke havde brugt Rødtråd i 30 minutter." in page
        assert "Du blev logget ud" not in inside.get(LOGIN).content.decode()
        entered = inside.post(LOGIN, {"login": "lis", "password": make.PASSWORD, "next": PAGE})
        assert entered["Location"] == PAGE
        assert inside.get(PAGE).status_code == 200


def test_a_session_that_is_used_all_the_time_ends_after_twelve_hours(inside: Client) -> None:
    for minutes in range(20, 12 * 60, 20):
        with after(minutes):
            assert inside.get(PAGE).status_code == 200
    with after(12 * 60):
        to_login = inside.get(PAGE)
        assert to_login.status_code == 302
        page = inside.get(to_login["Location"]).content.decode()
        assert "fordi der er gået 12 timer, siden du loggede ind" in page


def test_the_limits_are_settings(inside: Client, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    with after(5):
        page = inside.get(inside.get(PAGE)["Location"]).content.decode()
        assert "i 5 minutter" in page


def test_a_clock_that_jumps_back_ends_nothing(inside: Client) -> None:
    with after(-60):
        assert inside.get(PAGE).status_code == 200
    with after(25):
        assert inside.get(PAGE).status_code == 200


def test_reading_writes_the_session_once_a_minute(inside: Client, django_assert_max_num_queries: Any) -> None:
    def writes() -> int:
        with django_assert_max_num_queries(15) as queries:
            assert inside.get(PAGE).status_code == 200
        return sum('UPDATE "django_session"' in query["sql"] for query in queries.captured_queries)

    assert writes() == 0
    with after(0.9):
        assert writes() == 0
    with after(1):
        assert writes() == 1
        assert writes() == 0


def test_what_asks_by_itself_keeps_no_session_alive(inside: Client) -> None:
    for minutes in range(1, 30):
        with after(minutes):
            assert inside.get(PAGE, headers={"X-Background": "yes"}).status_code == 200
    with after(30):
        fragment = inside.get(PAGE, headers={"X-Background": "yes", "HX-Request": "true"})
        assert fragment["HX-Redirect"].startswith(LOGIN)
        assert not logged_in(inside)


def test_everything_that_polls_says_so() -> None:
    source = Path(sessions.__file__).parents[1]
    polling = [
        file
        for file in source.rglob("*.html")
        if "hx-trigger" in (text := file.read_text()) and "every " in text
    ]
    assert polling
    assert all("X-Background" in file.read_text() for file in polling)


def test_one_can_ask_how_long_is_left_without_using_it_and_stay_by_a_click(inside: Client) -> None:
    with after(28):
        assert inside.get(ASK, headers={"X-Background": "yes"}).json() == {"seconds": 120}
        assert inside.get(ASK, headers={"X-Background": "yes"}).json() == {"seconds": 120}
        assert inside.post(ASK).json() == {"seconds": 1800}
    with after(57):
        assert inside.get(PAGE).status_code == 200
    assert Client().get(ASK).status_code == 401
    assert inside.delete(ASK).status_code == 405


def test_the_page_knows_when_it_ends(inside: Client) -> None:
    page = inside.get(PAGE).content.decode()
    assert 'data-session="1800"' in page and "Bliv logget ind" in page
    assert "data-session=" not in Client().get(LOGIN).content.decode()


def test_the_key_of_the_session_changes_at_login(leader: User, client: Client) -> None:
    client.get("/konto/login/noegle/", headers={"Accept": "application/json"})
    before = client.session.session_key
    client.post(LOGIN, {"login": "lis", "password": make.PASSWORD})
    assert before and client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_changed_password_ends_all_other_sessions_and_stands_in_the_history(inside: Client) -> None:
    other = Client()
    other.post(LOGIN, {"login": "lis", "password": make.PASSWORD})
    new = "en helt ny og lang sætning"
    inside.post(
        "/konto/password/change/",
        {"oldpassword": make.PASSWORD, "password1": new, "password2": new},
    )
    assert logged_in(inside) and not logged_in(other)
    user = User.objects.get(username="lis")
    assert user.password_changed_at == clock.now()
    event = User.pgh_event_model.objects.filter(pgh_obj=user).latest("pgh_id")  # type: ignore[attr-defined]  # pghistory adds it
    assert event.password_changed_at == clock.now()
    assert event.pgh_context.metadata["reason"] == "skiftede adgangskode"


def test_a_closed_account_has_no_sessions_also_when_it_is_opened_again(
    inside: Client, leader: User, scene: Scene
) -> None:
    access.close_account(leader, closed_by=None, reason="prøve")
    assert not logged_in(inside)
    access.open_account(leader, opened_by=scene.user(Role.ADMINISTRATOR), reason="prøve")
    assert not logged_in(inside)
    assert inside.get(PAGE).status_code == 302


def test_a_first_password_is_replaced_before_anything_else(scene: Scene, client: Client) -> None:
    user, first = access.create_account("ny", "Ny Prøve", created_by=None, reason="prøve")
    access.grant_role(user, Role.LEADER, scene.offer, start=clock.today())
    entered = client.post(LOGIN, {"login": "ny", "password": first, "next": PAGE})
    step = client.get(entered["Location"])
    assert step["Location"] == "/konto/password/change/?next=%2Fkapacitet%2F"
    for path in ("/", "/konto/sikkerhed/", "/konto/sikkerhed/app/", "/konto/sikkerhed/start/"):
        assert client.get(path)["Location"].startswith("/konto/password/change/"), path
    page = client.get(step["Location"]).content.decode()
    assert "Vælg din egen adgangskode" in page and "Nuværende" not in page
    where = "/konto/password/change/"
    same = client.post(where, {"password1": first, "password2": first, "next": PAGE})
    assert "Vælg din egen" in same.content.decode() and 'value="/kapacitet/"' in same.content.decode()
    short = client.post(where, {"password1": "kort", "password2": "kort", "next": PAGE})
    assert "12" in short.content.decode()
    own = "en helt ny og lang sætning"
    done = client.post(where, {"password1": own, "password2": own, "next": PAGE})
    assert done["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    # From now on the old one is asked for.
    assert "Nuværende adgangskode" in client.get(where).content.decode()
    again = client.post(where, {"password1": first, "password2": first})
    assert again.status_code == 200
    user.refresh_from_db()
    assert user.check_password(own) and not user.password_is_first


def test_a_renewed_password_is_a_first_one_and_ends_the_sessions(inside: Client, leader: User) -> None:
    fresh = access.renew_password(leader, renewed_by=None, reason="glemt")
    assert not logged_in(inside)
    inside.post(LOGIN, {"login": "lis", "password": fresh})
    assert inside.get(PAGE)["Location"].startswith("/konto/password/change/")


def test_ended_sessions_are_deleted(inside: Client) -> None:
    Session.objects.update(expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert tidy(timestamp=0) == 1
    assert not Session.objects.exists()


def test_a_stopped_clock_still_ends_sessions(inside: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo may hold the day still; its sessions must end all the same."""
    monkeypatch.setenv("ROEDTRAAD_TODAY", "2026-06-15")
    earlier = clock.running()
    clock._held.set(None)
    assert clock.now() == clock.now()
    assert clock.running() != earlier
    assert clock.running().date() == dt.datetime.now(clock.COPENHAGEN).date()
