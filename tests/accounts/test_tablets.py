"""Shared tablets: a full login, then a PIN on that tablet alone, and how often it may be wrong."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, RequestFactory

from roedtraad.access import tablets as access
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts import services as account_services
from roedtraad.accounts import sessions
from roedtraad.accounts.models import PersonalPin, SharedTablet, TabletVisit, User
from roedtraad.accounts.tablets import services
from roedtraad.accounts.tablets.rules import WRONG_PER_PERSON, WRONG_PER_TABLET
from roedtraad.accounts.tasks import tidy
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from tests import factories as make
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
LOGIN, LOGOUT, SWITCH, PIN_PAGE = "/konto/login/", "/konto/logout/", "/konto/tablet/", "/konto/pin/"
HISTORY: Any = PersonalPin._meta.get_field("events").related_model
PINS = {"mette": "739204", "jonas": "851390", "lene": "604821", "fremmed": "294806"}


@pytest.fixture
def scene() -> Record:
    return Record()


class Tablet:
    """A browser that is the shared tablet of Elmehuset."""

    def __init__(self, scene: Record, name: str = "Tablet, Hus 2", unit: Any = None) -> None:
        self.row, self.token = access.enrol(scene.leader, (unit or scene.offer).pk, name)
        self.client = Client()
        self.client.cookies[settings.TABLET_COOKIE_NAME] = self.token

    def log_in(self, user: User) -> None:
        """The whole way, and leave the tablet to the next."""
        self.client.post(LOGIN, {"login": user.username, "password": make.PASSWORD})
        assert self.who() == user
        self.client.post(SWITCH)
        assert self.who() is None

    def who(self) -> User | None:
        """Who is logged in."""
        user = get_user(self.client)
        return user if isinstance(user, User) else None

    def address(self, user: User) -> str:
        """Where the colleague's PIN is typed."""
        return f"{SWITCH}{TabletVisit.objects.get(tablet=self.row, user=user).key}/"

    def type_pin(self, user: User, pin: str = "") -> Any:
        """Choose the name and type the PIN."""
        return self.client.post(self.address(user), {"pin": pin or PINS[user.username]})


@pytest.fixture
def tablet(scene: Record) -> Tablet:
    """With Mette's and Jonas's logins of today."""
    made = Tablet(scene)
    for user, name in ((scene.worker, "Mette Åkær"), (scene.colleague, "Jonas Bæk")):
        user.full_name = name
        user.save()
    for user in (scene.worker, scene.colleague):
        services.set_pin(user, PINS[user.username])
        made.log_in(user)
    return made


def after(**time: float) -> Any:
    return clock.fixed(clock.running() + dt.timedelta(**time))


def wrong(user: User) -> str:
    return PINS[user.username][::-1]


def test_a_leader_makes_a_browser_a_tablet_and_ends_it(scene: Record) -> None:
    leader = scene.client(scene.leader)
    answer = leader.post("/faelles-tablets/", {"name": " Tablet,  Hus 2", "unit": scene.offer.pk})
    cookie = answer.cookies[settings.TABLET_COOKIE_NAME]
    assert cookie["httponly"]
    row = SharedTablet.objects.get()
    assert (row.name, row.unit_id, row.enrolled_by) == ("Tablet, Hus 2", scene.offer.pk, scene.leader)
    assert cookie.value not in (row.digest, "")
    page = leader.get("/faelles-tablets/").content.decode()
    assert "Browseren er allerede »Tablet, Hus 2«" in page
    assert leader.post(f"/faelles-tablets/{row.pk}/afmeld/").status_code == 302
    assert services.tablet_of(_request(cookie.value)) is None
    assert "Ingen tablets endnu." in leader.get("/faelles-tablets/").content.decode()


def test_the_cookie_is_for_https_alone_where_the_house_is(scene: Record, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = scene.client(scene.leader).post("/faelles-tablets/", {"name": "Hus 2", "unit": scene.offer.pk})
    assert answer.cookies[settings.TABLET_COOKIE_NAME]["secure"]


def test_a_tablet_is_of_a_unit_one_leads_and_its_name_is_its_own(scene: Record) -> None:
    access.enrol(scene.leader, scene.offer.pk, "Hus 2")
    with pytest.raises(Refusal, match="allerede en tablet med det navn"):
        access.enrol(scene.leader, scene.offer.pk, "Hus  2 ")
    with pytest.raises(AccessDenied):
        access.enrol(scene.leader, scene.other.pk, "Hus 2")
    with pytest.raises(AccessDenied):
        access.enrol(scene.worker, scene.offer.pk, "Hus 3")
    assert scene.client(scene.worker).get("/faelles-tablets/").status_code == 403
    theirs = make.user_with(Role.LEADER, scene.other, "bodil")
    with pytest.raises(AccessDenied):
        access.revoke(theirs, SharedTablet.objects.get().pk)
    assert '<th scope="row">' not in scene.client(theirs).get("/faelles-tablets/").content.decode()


def test_two_colleagues_change_with_a_name_and_a_pin(scene: Record, tablet: Tablet) -> None:
    names = tablet.client.get(SWITCH).content.decode()
    assert str(scene.worker) in names and str(scene.colleague) in names
    assert tablet.type_pin(scene.worker)["Location"] == "/"
    assert tablet.who() == scene.worker
    first_key, first_token = tablet.client.session.session_key, _csrf(tablet.client)
    home = tablet.client.get("/").content.decode()
    assert "Skift bruger" in home and "logget ind med PIN-kode" in home
    tablet.client.post(SWITCH)
    assert tablet.who() is None
    tablet.type_pin(scene.colleague)
    assert tablet.who() == scene.colleague
    assert tablet.client.session.session_key != first_key
    assert _csrf(tablet.client) != first_token
    # The earlier session is gone altogether, not only left.
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = str(first_key)
    old.cookies[settings.TABLET_COOKIE_NAME] = tablet.token
    assert old.get("/").status_code == 302


def test_nothing_is_typed_over_somebody_elses_session(scene: Record, tablet: Tablet) -> None:
    tablet.type_pin(scene.worker)
    tablet.client.post(tablet.address(scene.colleague), {"pin": PINS["jonas"]})
    assert tablet.who() == scene.worker
    assert "Skift bruger" in tablet.client.get(SWITCH).content.decode()


def test_a_pin_works_on_no_other_device(scene: Record, tablet: Tablet) -> None:
    address = tablet.address(scene.worker)
    assert Client().post(address, {"pin": PINS["mette"]})["Location"] == SWITCH
    assert Client().get(SWITCH).status_code == 404
    second = Tablet(scene, "Tablet, Hus 3")
    second.client.post(address, {"pin": PINS["mette"]})
    assert second.who() is None
    assert str(scene.worker) not in second.client.get(SWITCH).content.decode()


def test_only_those_who_work_there_come_back(scene: Record, tablet: Tablet) -> None:
    services.set_pin(scene.stranger, PINS["fremmed"])
    for user in (scene.stranger, scene.herself):
        tablet.log_in(user)
        assert not TabletVisit.objects.filter(user=user).exists()
    grant = scene.worker.grants.get()
    grant.valid = (grant.valid.lower, clock.today())
    grant.save()
    tablet.type_pin(scene.worker)
    assert tablet.who() is None


def test_a_relative_logs_in_all_the_way(scene: Record, tablet: Tablet) -> None:
    Grant.objects.create(
        user=scene.worker, role=Role.RELATIVE, citizen=scene.bo, valid=scene.worker.grants.get().valid
    )
    assert "Du kan ikke bruge din PIN-kode her nu" in tablet.type_pin(scene.worker).content.decode()


def test_a_password_alone_is_no_full_login_where_two_factors_are_asked(scene: Record, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    tablet = Tablet(scene)
    services.set_pin(scene.worker, PINS["mette"])
    tablet.log_in(scene.worker)
    assert not TabletVisit.objects.exists()
    secret = generate_totp_secret()
    TOTP.activate(scene.worker, secret)
    tablet.client.post(LOGIN, {"login": "mette", "password": make.PASSWORD})
    assert not TabletVisit.objects.exists()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    tablet.client.post("/konto/login/kode/", {"code": code})
    assert TabletVisit.objects.get().user == scene.worker
    tablet.client.post(SWITCH)
    tablet.type_pin(scene.worker)
    assert tablet.client.get("/").status_code == 200


def test_a_pin_does_not_renew_the_shift(scene: Record, tablet: Tablet) -> None:
    with after(hours=11, minutes=58):
        tablet.type_pin(scene.worker)
        assert tablet.client.get("/").status_code == 200
    with after(hours=12, minutes=1):
        assert tablet.client.get("/").status_code == 302
        assert "ikke gælder her længere" in tablet.client.get(LOGIN).content.decode()
        assert tablet.client.get(tablet.address(scene.worker))["Location"] == SWITCH
        assert str(scene.worker) not in tablet.client.get(SWITCH).content.decode()
        tidy(0)
        assert not TabletVisit.objects.exists()


def test_a_pin_session_left_alone_ends_soon(scene: Record, tablet: Tablet) -> None:
    tablet.type_pin(scene.worker)
    with after(minutes=4.9):
        assert tablet.client.get("/").status_code == 200
    with after(minutes=9.8):
        assert tablet.client.get("/").status_code == 200
    with after(minutes=15):
        assert tablet.client.get("/").status_code == 302
        page = tablet.client.get(LOGIN).content.decode()
        assert "så den næste ikke arbejder i dit navn" in page
        assert "Vælg dit navn" in page


def test_five_wrong_close_the_pin_until_a_full_login(scene: Record, tablet: Tablet) -> None:
    for _try in range(WRONG_PER_PERSON):
        assert tablet.type_pin(scene.worker, wrong(scene.worker)).status_code == 422
    assert "Din PIN-kode er lukket" in tablet.type_pin(scene.worker).content.decode()
    assert tablet.who() is None
    assert "Lukket efter forkerte forsøg" in tablet.client.get(SWITCH).content.decode()
    tablet.type_pin(scene.colleague)
    assert tablet.who() == scene.colleague
    tablet.client.post(SWITCH)
    tablet.log_in(scene.worker)
    tablet.type_pin(scene.worker)
    assert tablet.who() == scene.worker


def test_the_tries_of_a_person_count_across_tablets(scene: Record, tablet: Tablet) -> None:
    second = Tablet(scene, "Tablet, Hus 3")
    second.log_in(scene.worker)
    for one in [tablet, second] * WRONG_PER_PERSON:
        one.type_pin(scene.worker, wrong(scene.worker))
    assert PersonalPin.objects.get(user=scene.worker).wrong == WRONG_PER_PERSON


def test_ten_wrong_close_the_tablet_and_ones_own_pin_buys_none(scene: Record, tablet: Tablet) -> None:
    services.set_pin(scene.leader, PINS["lene"])
    tablet.log_in(scene.leader)
    wrongly = [scene.worker, scene.colleague] * (WRONG_PER_PERSON - 1)
    for user in wrongly:
        tablet.type_pin(user, wrong(user))
        # The thief's own PIN in between.
        tablet.type_pin(scene.leader)
        tablet.client.post(SWITCH)
    for _try in range(WRONG_PER_TABLET - len(wrongly)):
        tablet.type_pin(scene.leader, wrong(scene.leader))
    assert "Tabletten tager ikke imod PIN-koder" in tablet.type_pin(scene.leader).content.decode()
    assert "for mange forkerte" in scene.client(scene.leader).get("/faelles-tablets/").content.decode()
    tablet.log_in(scene.colleague)
    tablet.type_pin(scene.colleague)
    assert tablet.who() == scene.colleague


def test_being_right_forgets_ones_own_wrong_tries(scene: Record, tablet: Tablet) -> None:
    for _round in range(2):
        for _try in range(WRONG_PER_PERSON - 1):
            tablet.type_pin(scene.worker, wrong(scene.worker))
        tablet.type_pin(scene.worker)
        assert tablet.who() == scene.worker
        tablet.client.post(SWITCH)


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_as_many_tries(scene: Record, tablet: Tablet) -> None:
    address = tablet.address(scene.worker)

    def attempt(number: int) -> None:
        client = Client()
        client.cookies[settings.TABLET_COOKIE_NAME] = tablet.token
        client.post(address, {"pin": f"{571_300 + number}"})
        connection.close()

    # Each thread in the test's own time.
    times = [copy_context() for _number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: times[number].run(attempt, number), range(12)))
    assert PersonalPin.objects.get(user=scene.worker).wrong == WRONG_PER_PERSON
    assert SharedTablet.objects.get().wrong_pins == WRONG_PER_PERSON


@pytest.mark.parametrize("what", ["removed", "revoked", "password", "rounds", "closed", "cookie"])
def test_what_ends_a_pin_session_and_the_way_back(scene: Record, tablet: Tablet, what: str) -> None:
    tablet.type_pin(scene.worker)
    assert tablet.client.get("/").status_code == 200
    match what:
        case "removed":
            services.remove_pin(scene.worker)
        case "revoked":
            access.revoke(scene.leader, tablet.row.pk)
        case "password":
            account_services.change_password(scene.worker, "en helt anden lang kode")
        case "rounds":
            account_services.end_sessions(scene.worker)
        case "closed":
            User.objects.filter(pk=scene.worker.pk).update(is_active=False)
        case "cookie":
            del tablet.client.cookies[settings.TABLET_COOKIE_NAME]
    assert tablet.client.get("/").status_code == 302
    assert sessions.PIN not in tablet.client.session
    tablet.type_pin(scene.worker)
    assert tablet.who() is None


def test_logging_out_is_to_be_done_with_the_tablet(scene: Record, tablet: Tablet) -> None:
    tablet.type_pin(scene.worker)
    tablet.client.post(LOGOUT)
    names = tablet.client.get(SWITCH).content.decode()
    assert str(scene.worker) not in names
    assert str(scene.colleague) in names


def test_ones_own_page_for_the_pin(scene: Record) -> None:
    client = Client()
    client.post(LOGIN, {"login": "mette", "password": make.PASSWORD})
    page = client.get(PIN_PAGE).content.decode()
    assert 'inputmode="numeric"' in page and "Vælg en PIN-kode" in page
    weak = client.post(PIN_PAGE, {"pin": "123456", "again": "123456"})
    assert weak.status_code == 422 and "Tal på række er lette at gætte" in weak.content.decode()
    assert "De to er ikke ens" in client.post(PIN_PAGE, {"pin": "739204", "again": "739205"}).content.decode()
    assert not PersonalPin.objects.exists()
    assert client.post(PIN_PAGE, {"pin": "739204", "again": "739204"}).status_code == 302
    held = PersonalPin.objects.get(user=scene.worker)
    assert held.digest.startswith("$argon2id$")
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM accounts_personalpin")
        assert b"argon2" not in bytes(cursor.fetchone()[0])
    assert "Fjern PIN-koden" in client.get(PIN_PAGE).content.decode()
    assert client.post(f"{PIN_PAGE}fjern/").status_code == 302
    assert not PersonalPin.objects.exists()
    assert client.post(f"{PIN_PAGE}fjern/").status_code == 404
    told = [event.pgh_context.metadata["reason"] for event in HISTORY._default_manager.order_by("pgh_id")]
    assert told == ["valgte en PIN-kode", "fjernede sin PIN-kode"]


def test_choosing_a_pin_asks_who_it_is_when_the_login_is_not_fresh(scene: Record) -> None:
    client = scene.client(scene.worker)
    answer = client.post(PIN_PAGE, {"pin": "739204", "again": "739204"})
    assert answer["Location"].startswith("/konto/bekraeft/")
    assert not PersonalPin.objects.exists()


def test_pages_cost_few_questions(scene: Record, tablet: Tablet, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        tablet.client.get(SWITCH)
    with django_assert_max_num_queries(5):
        tablet.client.get(tablet.address(scene.worker))
    tablet.type_pin(scene.worker)
    with django_assert_max_num_queries(15):
        assert tablet.client.get("/min-vagt/").status_code == 200
    leader = scene.client(scene.leader)
    with django_assert_max_num_queries(15):
        assert leader.get("/faelles-tablets/").status_code == 200


def _csrf(client: Client) -> str:
    return client.cookies[settings.CSRF_COOKIE_NAME].value


def _request(token: str) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES[settings.TABLET_COOKIE_NAME] = token
    return request
