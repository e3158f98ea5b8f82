"""The network map as programs read and draw it."""

from __future__ import annotations

import datetime as dt

import pytest

from roedtraad.citizens.models import NetworkMap, NetworkPerson
from roedtraad.citizens.network.services import draw_map
from roedtraad.core import clock
from tests.practice.api_scene import ApiRecord

pytestmark = pytest.mark.django_db
MONA = {"name": "Mona", "what": "søster", "sector": "leisure", "ring": 2, "tier": "primary"}


@pytest.fixture
def record(db: None) -> ApiRecord:
    return ApiRecord()


def test_the_map_with_its_people_and_index_numbers(record: ApiRecord) -> None:
    found = record.get(f"citizens/{record.ane.key}/network-map").json()
    assert (found["id"], found["latest"], found["drawn_with"]) == (str(record.map.key), True, "Mette")
    assert [(one["name"], one["ring"], one["sector"]) for one in found["people"]] == [
        ("Mona", 1, "family_friends")
    ]
    assert (found["count"], found["close"], found["mean_ring"]) == (1, 1, 1.0)
    assert found["by_ring"] == {"1": 1, "2": 0, "3": 0, "4": 0, "5": 0}


def test_a_citizen_without_a_map(record: ApiRecord) -> None:
    path = f"citizens/{record.carl.key}/network-map"
    assert record.get(path).status_code == 404
    refused = record.write(f"{path}/people", MONA)
    assert refused.status_code == 422
    assert refused.json()["detail"] == "Der er intet netværkskort endnu. Tegn et først."
    made = record.write(path, {"drawn_with": "Carl"})
    assert made.status_code == 201
    assert made.json()["people"] == []
    assert record.get(path).json()["id"] == made.json()["id"]


def test_a_new_map_keeps_the_people_and_locks_the_one_before(record: ApiRecord) -> None:
    path = f"citizens/{record.dea.key}/network-map"
    today = clock.today()
    with clock.fixed(today - dt.timedelta(days=20)):
        draw_map(record.worker, record.dea)
    first = record.get(path).json()
    assert record.write(f"{path}/people", MONA).status_code == 201
    second = record.write(path, {"drawn_with": "Dea"}).json()
    assert [one["name"] for one in second["people"]] == ["Mona"]
    assert second["drawn_on"] == today.isoformat()
    earlier = record.get(path, on=(today - dt.timedelta(days=1)).isoformat()).json()
    assert (earlier["id"], earlier["latest"]) == (first["id"], False)
    again = record.write(path, {})
    assert again.status_code == 422
    assert again.json()["detail"].startswith("drawn_on: Der er allerede et kort")
    assert NetworkMap.objects.filter(citizen=record.dea).count() == 2


def test_somebody_is_put_on_the_map_and_moved(record: ApiRecord) -> None:
    path = f"citizens/{record.ane.key}/network-map/people"
    made = record.write(path, MONA).json()
    assert (made["sector"], made["ring"], made["version"]) == ("leisure", 2, 1)
    moved = record.write(f"{path}/{made['id']}", {"version": 1, "angle": 10, "distance": 0.9}, method="PATCH")
    assert moved.status_code == 200
    assert (moved.json()["sector"], moved.json()["ring"]) == ("family_friends", 5)
    clash = record.write(
        f"{path}/{made['id']}",
        {"version": 1, "angle": 200, "distance": 0.1},
        record.colleague,
        method="PATCH",
    )
    assert clash.status_code == 409
    assert clash.json()["current"]["angle"] == 10
    assert clash.json()["yours"] == {"version": 1, "angle": 200, "distance": 0.1}
    assert NetworkPerson.objects.get(key=made["id"]).angle == 10


@pytest.mark.parametrize(
    "change",
    [{"sector": "findes-ikke"}, {"ring": 6}, {"ring": 0}, {"tier": ""}, {"name": " "}, {"name": "x" * 121}],
)
def test_what_cannot_be_on_a_map_is_refused(record: ApiRecord, change: dict[str, object]) -> None:
    refused = record.write(f"citizens/{record.ane.key}/network-map/people", MONA | change)
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith(".")
    assert NetworkPerson.objects.filter(map=record.map).count() == 1


def test_somebody_elses_person_is_not_on_the_map(record: ApiRecord) -> None:
    draw_map(record.worker, record.dea)
    path = f"citizens/{record.dea.key}/network-map/people/{record.mona.key}"
    answer = record.write(path, {"version": 1, "angle": 10, "distance": 0.9}, method="PATCH")
    assert answer.status_code == 404
