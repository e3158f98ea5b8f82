"""The pages of the network map: shown, drawn, changed by form and by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from roedtraad.access.emergencies import open_in_emergency
from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import NetworkMap, NetworkPerson
from roedtraad.citizens.network import services
from roedtraad.citizens.network.services import Someone
from roedtraad.core import clock
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TYPED = {"name": "Cilla", "what": "nabo", "sector": "home", "ring": "3", "tier": "secondary"}


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene) -> User:
    return scene.user(Role.SUPPORT_WORKER)


@pytest.fixture
def mona(scene: Scene, worker: User) -> NetworkPerson:
    """Mona, on a map of ten days ago."""
    drawn = services.draw_map(worker, scene.ane, drawn_on=clock.today() - 10 * DAY)
    return services.add_person(worker, drawn, Someone("Mona", "mor", "family_friends", 2, "primary"))


@pytest.fixture
def browser(client: Client, worker: User) -> Client:
    client.force_login(worker)
    return client


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page(scene: Scene, name: str = "network", **more: Any) -> str:
    return reverse(f"citizens:{name}", kwargs={"key": scene.ane.key, **more})


def test_the_first_map_is_drawn_and_somebody_put_on_it(scene: Scene, browser: Client) -> None:
    assert "Der er ikke tegnet et kort endnu" in body(browser.get(page(scene)))
    assert browser.get(page(scene, "network-add")).status_code == 302
    answer = browser.post(page(scene, "network-draw"), {"drawn_on": "2026-06-15", "drawn_with": "Ane"})
    assert answer["Location"] == page(scene)
    assert browser.post(page(scene, "network-add"), TYPED).status_code == 302
    shown = body(browser.get(page(scene)))
    assert "1 person på kortet, 0 i de to inderste ringe." in shown
    assert 'aria-label="Cilla, nabo. Bolig. 3, lidt længere væk. Sekundært netværk"' in shown
    assert "Tegnet sammen med: Ane." in shown
    assert LookupLog.objects.filter(part="netværkskort", citizen_id=scene.ane.pk).count() >= 2


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("network-draw", {"drawn_on": ""}, "Skriv, hvilken dag kortet er tegnet."),
        ("network-draw", {"drawn_on": "2026-06-05"}, "Der er allerede et kort fra 5. juni 2026."),
        ("network-add", TYPED | {"name": " "}, "Skriv, hvem det er."),
        ("network-add", TYPED | {"ring": "9"}, "9"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    scene: Scene, browser: Client, mona: NetworkPerson, name: str, typed: dict[str, str], words: str
) -> None:
    answer = browser.post(page(scene, name), typed)
    assert answer.status_code == 422
    assert words in body(answer)
    assert NetworkMap.objects.count() == NetworkPerson.objects.count() == 1


def test_somebody_is_changed_and_taken_off_by_form(
    scene: Scene, browser: Client, mona: NetworkPerson
) -> None:
    make.relation(scene.ane, "Mona Elm")
    address = page(scene, "network-person", person=mona.key)
    shown = body(browser.get(address))
    assert 'value="Mona"' in shown
    assert "Mona Elm" in shown
    assert browser.post(address, TYPED | {"version": "1", "ring": "1"}).status_code == 302
    mona.refresh_from_db()
    assert (mona.name, mona.ring, mona.sector) == ("Cilla", 1, "home")
    assert browser.post(page(scene, "network-remove", person=mona.key)).status_code == 302
    assert not NetworkPerson.objects.exists()
    assert browser.get(address).status_code == 404


def test_two_who_change_the_same_are_both_told(
    scene: Scene, browser: Client, worker: User, mona: NetworkPerson
) -> None:
    services.move_person(worker, mona, 200, 0.9, 1)
    address = page(scene, "network-person", person=mona.key)
    answer = browser.post(address, TYPED | {"version": "1"})
    assert answer.status_code == 422
    shown = body(answer)
    assert "en anden imens: Mona, mor, fritid, ring 5, primært netværk." in shown
    assert 'value="Cilla"' in shown
    assert 'name="version" value="2"' in shown
    assert browser.post(address, TYPED | {"version": "2"}).status_code == 302
    mona.refresh_from_db()
    assert mona.name == "Cilla"


def test_moving_by_hand(scene: Scene, browser: Client, mona: NetworkPerson) -> None:
    sent = {"person": str(mona.key), "angle": "300", "distance": "0.1", "version": "1"}
    for _time in range(2):
        answer = browser.post(page(scene, "network-move"), sent)
        assert answer.status_code == 200
        assert answer.json() == {
            "angle": 300,
            "distance": 0.1,
            "version": 2,
            "words": "Mona, mor. Andet. 1, meget tæt på. Primært netværk",
            "said": "Mona står nu i andet, ring 1. Gemt.",
        }
    late = browser.post(page(scene, "network-move"), sent | {"angle": "10"})
    assert late.status_code == 409
    assert late.json()["version"] == 2
    assert late.json()["said"].endswith("Du ville sætte Mona i familie og venner, ring 1.")
    assert browser.post(page(scene, "network-move"), sent | {"angle": "nord"}).status_code == 422
    assert browser.post(page(scene, "network-move"), sent | {"angle": "nan"}).status_code == 422
    assert browser.post(page(scene, "network-move"), sent | {"person": str(uuid4())}).status_code == 404


def test_two_dates_side_by_side(scene: Scene, browser: Client, worker: User, mona: NetworkPerson) -> None:
    new = services.draw_map(worker, scene.ane)
    services.move_person(worker, new.people.get(), 36, 0.1, 1)
    plain = body(browser.get(page(scene)))
    assert f"?kort={new.key}&amp;mod={mona.map.key}" in plain
    assert "data-network-move" in plain
    both = body(browser.get(page(scene), {"kort": str(new.key), "mod": str(mona.map.key)}))
    assert "Siden 5. juni 2026: 1 er kommet tættere på." in both
    assert "data-network-move" not in both
    assert "net-ghost" in both
    assert "<td>tættere på</td>" in both
    old = body(browser.get(page(scene), {"kort": str(mona.map.key)}))
    assert "Et ældre kort ændres ikke." in old
    assert "data-network-move" not in old
    assert browser.get(page(scene), {"kort": "vrøvl", "mod": "vrøvl"}).status_code == 200


def test_spreading(scene: Scene, browser: Client, worker: User, mona: NetworkPerson) -> None:
    services.add_person(worker, mona.map, Someone("Bo", "", "leisure", 3, "secondary"))
    assert "Spred personerne ud" in body(browser.get(page(scene)))
    assert browser.post(page(scene, "network-spread")).status_code == 302
    services.move_person(worker, mona, 36, 0.35, 1)
    browser.post(page(scene, "network-spread"))
    mona.refresh_from_db()
    assert (mona.angle, mona.distance) == (36, 0.3)


ACTS = ("network-draw", "network-add", "network-move", "network-spread")


@pytest.mark.parametrize("role", list(Role))
def test_who_comes_in(scene: Scene, client: Client, mona: NetworkPerson, role: Role) -> None:
    client.force_login(scene.user(role))
    reads = role in {Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR}
    assert (client.get(page(scene)).status_code == 200) is reads
    writes = role in {Role.SUPPORT_WORKER, Role.LEADER}
    for name in ACTS:
        assert (client.post(page(scene, name), {"x": "1"}).status_code in (302, 422)) is writes, name
    for name in ("network-person", "network-remove"):
        answer = client.post(page(scene, name, person=mona.key), {"x": "1"})
        assert (answer.status_code in (302, 422)) is writes, name


def test_an_emergency_reads_and_does_not_write(scene: Scene, client: Client, mona: NetworkPerson) -> None:
    foreign = make.user_with(Role.SUPPORT_WORKER, scene.other)
    client.force_login(foreign)
    assert client.get(page(scene)).status_code == 404
    open_in_emergency(foreign, scene.ane, "Fundet alene ude på vejen i nat")
    shown = body(client.get(page(scene)))
    assert "Mona" in shown
    assert "data-network-move" not in shown
    assert "Tegn et nyt kort" not in shown
    assert client.post(page(scene, "network-draw"), {"drawn_on": "2026-06-15"}).status_code == 404
    assert LookupLog.objects.filter(user=foreign, emergency__isnull=False, part="netværkskort").count() == 1


def test_the_pages_keep_their_budgets(
    scene: Scene,
    browser: Client,
    worker: User,
    mona: NetworkPerson,
    django_assert_max_num_queries: Any,
) -> None:
    new = services.draw_map(worker, scene.ane)
    for n in range(12):
        services.add_person(worker, new, Someone(f"Ven {n}", "", "leisure", 1 + n % 5, "secondary"))
    for address in (
        page(scene),
        f"{page(scene)}?kort={new.key}&mod={mona.map.key}",
        page(scene, "network-person", person=mona.key),
        page(scene, "network-add"),
    ):
        with django_assert_max_num_queries(15):
            assert browser.get(address).status_code == 200
    sent = {"person": str(mona.key), "angle": "300", "distance": "0.1", "version": "1"}
    with django_assert_max_num_queries(15):
        assert browser.post(page(scene, "network-move"), sent).status_code == 200
