"""What a PIN at a shared tablet opens: the shift of the tablet's unit and nothing else, in Python and in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from roedtraad.access import rows
from roedtraad.access import tablets as access
from roedtraad.access.history import history_of
from roedtraad.access.models import EmergencyAccess, Grant, LookupLog
from roedtraad.access.narrowing import Narrowing, narrowed
from roedtraad.access.policies import ACTIONS
from roedtraad.access.roles import Role
from roedtraad.access.scope import grants_of, may, reach
from roedtraad.accounts.models import TabletVisit, User
from roedtraad.accounts.tablets import services
from roedtraad.citizens.models import Citizen, SensitiveFact
from roedtraad.core import clock
from roedtraad.core.ids import new_id
from roedtraad.drafts import services as drafts
from roedtraad.drafts.rules import Content, Typed
from roedtraad.practice.models import Note
from tests import factories as make
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
PIN = "739204"
LOGIN, SWITCH = "/konto/login/", "/konto/tablet/"


@pytest.fixture
def scene() -> Record:
    made = Record()
    # Lene leads the area and administers it: she may most, and has most to lose.
    Grant.objects.create(
        user=made.leader, role=Role.LEADER, unit=made.area, valid=made.leader.grants.get().valid
    )
    Grant.objects.create(
        user=made.leader, role=Role.ADMINISTRATOR, unit=made.area, valid=made.leader.grants.all()[0].valid
    )
    for citizen in (made.ane, made.bo):
        Note.objects.create(citizen=citizen, written_by=made.leader, text=f"Om {citizen.first_name}.")
    return made


@pytest.fixture
def at_tablet(scene: Record) -> Client:
    """Lene, with her PIN, at the tablet of Elmehuset."""
    return with_pin(scene, scene.leader)


def with_pin(scene: Record, user: User) -> Client:
    row, token = access.enrol(scene.leader, scene.offer.pk, f"Tablet {user.username}")
    client = Client()
    client.cookies[settings.TABLET_COOKIE_NAME] = token
    services.set_pin(user, PIN)
    client.post(LOGIN, {"login": user.username, "password": make.PASSWORD})
    client.post(SWITCH)
    client.post(f"{SWITCH}{TabletVisit.objects.get(tablet=row, user=user).key}/", {"pin": PIN})
    return client


class Narrow:
    """A user as a request of a PIN session has them."""

    def __init__(self, user: User, unit: Any) -> None:
        self.user, self.unit = User.objects.get(pk=user.pk), unit

    def __enter__(self) -> User:
        self._in = narrowed(Narrowing(self.user.pk, self.unit.pk, "PIN på »Tablet«"))
        self._in.__enter__()
        self._rows = rows.as_user(self.user)
        self._rows.__enter__()
        return self.user

    def __exit__(self, *_error: Any) -> None:
        self._rows.__exit__(None, None, None)
        self._in.__exit__(None, None, None)


def seen() -> set[str]:
    """Whom the connection shows, without any filter of Python's."""
    return set(Citizen.objects.values_list("first_name", flat=True))


def test_what_is_left_is_a_support_workers_shift(scene: Record) -> None:
    with Narrow(scene.leader, scene.offer) as lene:
        assert [(grant.role, grant.unit_id) for grant in grants_of(lene)] == [
            ("support_worker", scene.offer.pk)
        ]
        assert {name for name in ACTIONS if may(lene, name)} == {
            "home.view", "draft.own", "citizen.view", "record.view", "record.write", "duty.work",
        }  # fmt: skip
        assert reach(lene, "record.view").units_now == {scene.offer.pk}
        assert not reach(lene, "record.view").units
        assert not reach(lene, "stay.book")
        # Read once more, it is no other.
        assert not may(User.objects.get(pk=lene.pk), "users.manage")
        with rows.as_system("prøve"):
            assert not may(User.objects.get(pk=lene.pk), "users.manage")
        assert may(User.objects.get(pk=scene.stranger.pk), "message.write")
    assert may(User.objects.get(pk=scene.leader.pk), "users.manage")


def test_the_database_shows_those_who_live_there_and_their_record(scene: Record) -> None:
    with rows.as_user(scene.leader):
        everybody = seen()
    assert everybody == {"Ane", "Bo", "Carl", "Dea"}
    with Narrow(scene.leader, scene.offer) as lene:
        assert seen() == {"Ane", "Carl", "Dea"}
        assert set(Citizen.objects.visible_to(lene).values_list("first_name", flat=True)) == seen()
        assert [note.text for note in Note.objects.all()] == ["Om Ane."]
        Note.objects.create(citizen=scene.ane, written_by=lene, text="Skrevet med PIN.")
        with pytest.raises(Exception, match="row-level security"):
            Note.objects.create(citizen=scene.bo, written_by=lene, text="Ikke her.")


def test_what_a_support_worker_has_besides_the_shift_is_closed_in_the_database_too(scene: Record) -> None:
    SensitiveFact.objects.create(
        citizen=scene.ane, kind="substance", text="Prøve", recorded_by=scene.leader, recorded_at=clock.now()
    )
    EmergencyAccess.objects.create(
        user=scene.worker,
        citizen=scene.bo,
        reason="Nødsituation i går",
        opened_at=clock.now() - dt.timedelta(minutes=1),
        expires_at=clock.now() + dt.timedelta(hours=1),
    )
    with rows.as_user(scene.worker):
        assert "Bo" in seen() and SensitiveFact.objects.exists()
    with Narrow(scene.worker, scene.offer) as mette:
        assert "Bo" not in seen()
        with rows.as_system("Python alone"):
            assert not Citizen.objects.openable_by(mette).filter(pk=scene.bo.pk).exists()
        assert not SensitiveFact.objects.exists()


@pytest.mark.parametrize("unit", ["other", "area"])
def test_a_tablet_elsewhere_opens_nothing(scene: Record, unit: str) -> None:
    with Narrow(scene.worker, getattr(scene, unit)) as mette:
        assert not grants_of(mette)
        assert not seen()


def test_one_who_is_a_relative_too_has_nothing_with_a_pin(scene: Record) -> None:
    Grant.objects.create(
        user=scene.worker, role=Role.RELATIVE, citizen=scene.bo, valid=scene.worker.grants.get().valid
    )
    with Narrow(scene.worker, scene.offer) as mette:
        assert not grants_of(mette)
        assert not seen()


@pytest.mark.parametrize("role", [Role.SUPPORT_WORKER, Role.LEADER])
@pytest.mark.parametrize("of", ["offer", "area"])
@pytest.mark.parametrize("at", ["offer", "other", "area"])
def test_python_and_the_database_narrow_alike_and_never_widen(
    scene: Record, role: Role, of: str, at: str
) -> None:
    user = make.user_with(role, getattr(scene, of), "prøve")
    with rows.as_user(user):
        all_of_it = seen()
    with Narrow(user, getattr(scene, at)) as narrow:
        by_python = set(Citizen.objects.visible_to(narrow).values_list("first_name", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT role, unit_id FROM access_grants()")
            granted = cursor.fetchall()
        assert seen() == by_python
        assert seen() <= all_of_it
        assert [unit for _role, unit in granted] == [grant.unit_id for grant in grants_of(narrow)]
        assert {name for name, _unit in granted} <= {"shared_tablet"}


CLOSED = (
    "/administration/", "/faelles-tablets/", "/konto/sikkerhed/", "/konto/pin/", "/konto/password/change/",
    "/konto/bekraeft/", "/vagt/kalender/abonnement/", "/kapacitet/", "/udveksling/", "/organisation/",
    "/noedadgange/", "/kapacitet/book/",
)  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_pages_outside_the_shift_ask_for_a_full_login(at_tablet: Client, scene: Record, address: str) -> None:
    answer = at_tablet.get(address)
    assert answer.status_code == 403
    assert "Log helt ind" in answer.content.decode()
    assert scene.client(scene.leader).get(address).status_code in {200, 302}


def test_within_the_shift_what_lets_others_in_or_data_out_is_closed(at_tablet: Client, scene: Record) -> None:
    for part in ("samtykker/nyt", "vaergemaal/nyt"):
        answer = at_tablet.get(scene.path(part, ""))
        assert answer.status_code == 403
        assert "Log helt ind" in answer.content.decode()
    assert at_tablet.post("/rolle/", {"role": "administrator"}).status_code == 403
    assert at_tablet.get("/kapacitet/borgere/?format=csv").status_code == 403


def test_the_shift_itself_is_open(at_tablet: Client, scene: Record) -> None:
    home = at_tablet.get("/")
    assert home.status_code == 200
    page = home.content.decode()
    assert "Ane" in page and "Bo Birk" not in page
    assert "/administration/" not in page
    assert at_tablet.get("/min-vagt/").status_code == 200
    assert at_tablet.get(scene.path("")).status_code == 200
    assert at_tablet.get(f"/borgere/{scene.bo.key}/").status_code == 404
    wrote = at_tablet.post(f"/borgere/notat/{scene.ane.key}/", {"text": "Set med PIN.", "kind": "daily"})
    assert wrote.status_code == 302, wrote.content.decode()
    assert Note.objects.filter(text="Set med PIN.", written_by=scene.leader).exists()


def test_the_logs_say_which_tablet_and_that_it_was_a_pin(at_tablet: Client, scene: Record) -> None:
    at_tablet.get(scene.path(""))
    looked = LookupLog.objects.filter(citizen=scene.ane).latest("pk")
    assert looked.actor_name == f"{scene.leader} (PIN på »Tablet lene«)"
    assert (looked.user, looked.role) == (scene.leader, Role.SUPPORT_WORKER)
    at_tablet.post(f"/borgere/notat/{scene.ane.key}/", {"text": "Set med PIN.", "kind": "daily"})
    written = Note.objects.get(text="Set med PIN.")
    event = written.events.latest("pgh_id")  # type: ignore[attr-defined]  # pghistory's relation
    assert event.pgh_context.metadata["through"] == "PIN på »Tablet lene«"
    assert history_of(written)[0].who == f"{scene.leader} (PIN på »Tablet lene«)"


def test_what_one_typed_is_not_shown_to_the_next(scene: Record) -> None:
    tablet = with_pin(scene, scene.worker)
    address = f"/borgere/notat/{scene.ane.key}/"
    content = Content(address, address, "Mettes halve notat", (Typed("text", "Ane sov længe"),))
    kept = drafts.keep(scene.worker.pk, content, writing=new_id(), version=1)
    assert kept is not None
    assert "Mettes halve notat" in tablet.get("/kladder/").content.decode()
    assert tablet.get(f"/kladder/{kept}/").status_code == 200
    tablet.post(SWITCH)
    tablet.post(LOGIN, {"login": "lene", "password": make.PASSWORD})
    assert tablet.get(address).status_code == 200
    assert "Mettes halve notat" not in tablet.get("/kladder/").content.decode()
    assert tablet.get(f"/kladder/{kept}/")["Location"] == "/kladder/"
