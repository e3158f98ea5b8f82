"""Logging in, out, and changing one's password."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.accounts.passwords import HOUSE_WORDS
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"


@pytest.fixture
def leader() -> User:
    return make.user_with(Role.LEADER, Scene().offer, "lis")


def test_the_way_in_goes_on_to_the_page_one_wanted(leader: User, client: Client) -> None:
    wanted = reverse("portals:my-lookups") + "?before=7"
    to_login = client.get(wanted)
    page = client.get(to_login["Location"]).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert "Brugernavn" in page
    failed = client.post(LOGIN, {"login": "lis", "password": "forkert", "next": wanted})
    assert "Brugernavn og adgangskode passer ikke sammen" in failed.content.decode()
    assert f'name="next" value="{wanted}"' in failed.content.decode()
    entered = client.post(LOGIN, {"login": "lis", "password": make.PASSWORD, "next": wanted})
    assert (entered.status_code, entered["Location"]) == (302, wanted)


def test_the_way_in_leads_nowhere_else(leader: User, client: Client) -> None:
    entered = client.post(LOGIN, {"login": "lis", "password": make.PASSWORD, "next": "https://ondt.dk/"})
    assert entered["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("name", "password", "closed"),
    [
        ("ukendt", "forkert", False),
        ("lis", "forkert", False),
        ("lis", "forkert", True),
        ("lis", make.PASSWORD, True),
    ],
)
def test_a_refusal_gives_nothing_away(
    name: str, password: str, closed: bool, leader: User, client: Client
) -> None:
    leader.is_active = not closed
    leader.save()
    answer = client.post(LOGIN, {"login": name, "password": password})
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]  # the client has a session
    assert answer.status_code == 200
    assert "passer ikke sammen" in answer.content.decode()
    assert "lukket" not in answer.content.decode()


def test_a_form_sent_after_the_session_ended_comes_back_to_the_front_page(client: Client) -> None:
    assert client.post(reverse("portals:jobs-retry-all"))["Location"] == f"{LOGIN}?next=/"


def test_a_fragment_asked_for_by_a_stranger_moves_the_whole_page_to_the_login(client: Client) -> None:
    answer = client.get(reverse("journeys:capacity"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(LOGIN)


def test_logging_out_asks_first(leader: User, client: Client) -> None:
    client.force_login(leader)
    assert "Vil du logge ud" in client.get("/konto/logout/").content.decode()
    assert get_user(client).is_authenticated  # type: ignore[arg-type]
    client.post("/konto/logout/")
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]


def test_a_password_is_changed_with_the_old_one_and_must_be_long(leader: User, client: Client) -> None:
    page = reverse("account_change_password")
    assert client.get(page)["Location"].startswith(LOGIN)
    client.force_login(leader)
    new = "en helt ny og lang sætning"
    for old, fresh, words in ((make.PASSWORD, "kort", "12"), ("forkert", new, "ikke din nuværende")):
        refused = client.post(page, {"oldpassword": old, "password1": fresh, "password2": fresh})
        assert words in refused.content.decode()
    client.post(page, {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert Client().login(username="lis", password=new)


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("rødtråd-2026-sommer", True),
        ("RØD tråd er fin nok", True),
        ("Roedtraad1234567", True),
        ("rodtrad rodtrad", True),
        ("R.e.g.i.o.n Midtjylland", True),
        ("regionmidtregionmidt", True),
        ("mit Socialomraade er mit socialområdet", True),
        ("tråden er rød og lang", False),
        ("en region midt i landet", True),
        ("social og områder hver for sig", False),
    ],
)
def test_a_password_of_the_house_s_own_words_is_refused(password: str, refused: bool) -> None:
    if refused:
        with pytest.raises(ValidationError, match="husets egne ord"):
            validate_password(password)
    else:
        validate_password(password)


def test_the_page_for_users_lists_the_words_that_are_refused() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "log-ind.md").read_text()
    assert re.findall(r"»([^«]+)«", page.split("Husets egne ord")[1].split("\n\n")[0]) == list(HOUSE_WORDS)


def test_each_login_stands_in_the_log_by_number_and_way(
    leader: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "roedtraad.login")

    def said() -> list[Any]:
        return [record.msg for record in caplog.records if record.name == "roedtraad.login"]

    client.post(LOGIN, {"login": "lis", "password": "forkert"})
    assert [line["event"] for line in said()] == ["login_failed"]
    client.post(LOGIN, {"login": "lis", "password": make.PASSWORD})
    assert (said()[-1]["event"], said()[-1]["user"]) == ("logged_in", leader.pk)
    assert said()[-1]["methods"] == ["password"]
    assert "lis" not in str([{k: v for k, v in line.items() if k != "logger"} for line in said()])


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/reset/",
        "password/set/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "password/reset/key/done/",
        "login/code/confirm/",
    ],
)
def test_what_is_not_offered_says_so(path: str, client: Client) -> None:
    answer = client.get(f"/konto/{path}")
    assert answer.status_code == 404
    assert "Det kan man ikke selv her" in answer.content.decode()
    assert (
        client.post(f"/konto/{path}", {"username": "x", "password1": "y", "password2": "y"}).status_code
        == 404
    )
    assert not User.objects.exists()


def test_the_demo_offers_its_users_and_only_the_demo(leader: User, client: Client, settings: Any) -> None:
    link = "?bruger=lis&amp;next=/kapacitet/"
    assert link not in client.get(LOGIN, {"next": "/kapacitet/"}).content.decode()
    settings.MODE = "demo"
    page = client.get(LOGIN, {"next": "/kapacitet/"}).content.decode()
    assert link in page.replace("%2F", "/")
    assert "Elmehuset" in page
    filled = client.get(LOGIN, {"bruger": "lis"}).content.decode()
    assert 'value="lis"' in filled
    settings.EXAMPLE_DATA = False
    assert "?bruger=" not in client.get(LOGIN).content.decode()
