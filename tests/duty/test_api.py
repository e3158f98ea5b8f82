"""The day's risk as programs read and set it."""

from __future__ import annotations

import datetime as dt

import pytest

from roedtraad.core import clock
from roedtraad.duty.models import RiskReading
from roedtraad.duty.services.risk import NewItem, NewLevel, configure_scale
from tests.practice.api_scene import ApiRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(db: None) -> ApiRecord:
    return ApiRecord()


def own_scale(record: ApiRecord) -> None:
    configure_scale(
        record.leader,
        record.offer,
        name="Uro",
        stale_after_hours=8,
        levels=[
            NewLevel("Stille", "good", "●", "Som hun plejer.", "Vi følger planen."),
            NewLevel("Urolig", "attention", "■", "Hun går meget.", "Vi går med."),
        ],
        items=[NewItem("Går frem og tilbage", 2)],
    )


def test_the_risk_is_set_and_read_on_the_units_own_scale(record: ApiRecord) -> None:
    path = f"citizens/{record.ane.key}/risk"
    with clock.fixed(clock.now() + dt.timedelta(minutes=5)):
        own_scale(record)
        scale = record.get(path).json()["scale"]
        assert [(level["rank"], level["name"]) for level in scale["levels"]] == [(0, "Stille"), (1, "Urolig")]
        code = scale["items"][0]["code"]
        made = record.write(path, {"rank": 1, "seen": [code], "text": "Efter besøg."})
        assert made.status_code == 201
        assert (made.json()["name"], made.json()["seen"]) == ("Urolig", [code])
        found = record.get(path).json()
        assert found["now"] == found["readings"][0]
        assert (found["now"]["name"], found["now"]["stale"]) == ("Urolig", False)
        assert len(found["readings"]) == 2
    with clock.fixed(clock.now() + dt.timedelta(hours=9)):
        assert record.get(path).json()["now"]["stale"]


def test_what_a_phone_without_net_noted(record: ApiRecord) -> None:
    path = f"citizens/{record.ane.key}/risk"
    at = clock.now() - dt.timedelta(hours=2)
    made = record.write(path, {"rank": 0, "at": at.isoformat()}).json()
    assert RiskReading.objects.get(key=made["id"]).set_at == at


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"rank": 9}, "rank: Trinnet findes ikke"),
        ({"rank": -1}, "Værdien af rank"),
        ({"seen": ["findes-ikke"]}, "scores: Tjeklisten er ændret"),
        ({"text": "x" * 401}, "text: Teksten må højst"),
        ({"at": "2026-06-01T10:00:00+02:00"}, "at: Tidspunktet er mere end tre døgn"),
        ({"at": "2026-06-20T10:00:00+02:00"}, "at: Tidspunktet ligger i fremtiden"),
    ],
)
def test_what_cannot_be_set_is_said(record: ApiRecord, changes: dict[str, object], word: str) -> None:
    refused = record.write(f"citizens/{record.ane.key}/risk", {"rank": 0, **changes})
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(word)
    assert RiskReading.objects.count() == 1


def test_reading_the_record_is_not_working_the_shift(record: ApiRecord) -> None:
    record.secrets[record.worker.pk, ()] = record.secret(record.worker, "*", "record.write")
    refused = record.write(f"citizens/{record.ane.key}/risk", {"rank": 0})
    assert refused.status_code == 403
    assert refused.json()["detail"] == "Nøglen har ikke omfanget »duty.work«."
