"""The pages of who is here, of risk and of setting the shift up: what they show, what they log, what they cost."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from roedtraad.core import clock
from roedtraad.duty.models import (
    Absence,
    RiskReading,
    RiskScale,
    ShiftKind,
)
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.services import handover as handover_services
from roedtraad.duty.services.attendance import register_absence
from roedtraad.duty.services.calendar import make_appointment
from roedtraad.duty.services.risk import set_risk
from tests import factories as make

from .conftest import House, at
from .pages import DENTIST, MOST, logged, statements, text

# --- Who is here ------------------------------------------------------------------------------------------------------


def test_who_is_here(mette: Client, house: House) -> None:
    scale = scale_for(house.unit.pk)
    assert scale is not None
    set_risk(house.mette, house.ane, scale.levels.get(rank=1))
    register_absence(house.mette, house.bo, "visit", at(8), expected_back=at(11))
    page = text(mette.get(reverse("duty:present")))
    assert "Hus 3: 1 er her, 1 er væk." in page
    assert "Gul, sat af Mette Holm kl. 12.00" in page
    assert "Besøg hjemme siden kl. 08.00, ventes tilbage kl. 11.00 – skulle være tilbage" in page
    assert "Risiko er ikke sat" in page and "Carl" not in page
    assert logged("hvem er her") == {house.ane.pk, house.bo.pk}
    assert statements(mette, reverse("duty:present")) <= MOST
    assert mette.get(reverse("duty:present"), {"enhed": "hus-4"}).status_code == 404
    assert mette.get(reverse("duty:present"), {"enhed": "ukendt"}).status_code == 404


def test_away_and_back_through_the_pages(mette: Client, house: House) -> None:
    url = reverse("duty:absence", args=[house.ane.key])
    assert mette.get(url).status_code == 200
    sent = mette.post(
        url, {"kind": "hospital", "from_at": "2026-06-15T09:30", "expected_back": ""}, follow=True
    )
    assert "Ane Prøve er skrevet væk (indlagt)." in text(sent)
    held = Absence.objects.get()
    assert (held.recorded_by, held.from_at) == (house.mette, at(9, 30))
    again = mette.post(url, {"kind": "visit", "from_at": "15.06.2026 10.00"})
    assert again.status_code == 422 and "allerede skrevet væk (indlagt, fra kl. 09.30)" in text(again)
    late = mette.post(reverse("duty:absence-back", args=[held.key]), {"back_at": "2026-06-15T08:00"})
    assert late.status_code == 422 and "før borgeren tog af sted" in text(late)
    assert mette.get(reverse("duty:absence-back", args=[held.key])).status_code == 200
    mette.post(reverse("duty:absence-back", args=[held.key]), {"back_at": "2026-06-15T11:00"})
    held.refresh_from_db()
    assert held.back_at == at(11)
    for name, column, value in (
        ("reopen", "back_at", None),
        ("cancel", "cancelled_by_id", house.mette.pk),
        ("restore", "cancelled_by_id", None),
    ):
        assert mette.post(reverse(f"duty:absence-{name}", args=[held.key])).status_code == 302
        held.refresh_from_db()
        assert getattr(held, column) == value
    assert "indlagt" in text(mette.get(url)).lower()
    assert statements(mette, url) <= MOST


def test_the_neighbour_gets_in_nowhere(house: House) -> None:
    held = register_absence(house.mette, house.ane, "visit", at(8))
    made = make_appointment(house.mette, DENTIST, citizen=house.ane)
    handover = handover_services.begin_handover(house.mette, house.unit)
    other = Client()
    other.force_login(house.stranger)
    for name, key in (
        ("absence", house.ane.key),
        ("absence-back", held.key),
        ("risk", house.ane.key),
        ("citizen-calendar", house.ane.key),
        ("appointment", made.key),
        ("appointment-change", made.key),
        ("handover", handover.key),
        ("handover-write", handover.key),
    ):
        assert other.get(reverse(f"duty:{name}", args=[key])).status_code == 404, name
    for name, key in (
        ("absence-cancel", held.key),
        ("absence-restore", held.key),
        ("absence-reopen", held.key),
        ("appointment-cancel", made.key),
        ("appointment-undo", made.key),
        ("handover-reopen", handover.key),
        ("handover-read", handover.key),
    ):
        assert other.post(reverse(f"duty:{name}", args=[key])).status_code == 404, name
    assert other.post(reverse("duty:handover-begin"), {"enhed": "hus-3"}).status_code == 403
    assert other.get(reverse("duty:appointment-new"), {"borger": house.ane.key}).status_code == 404


# --- Risk -------------------------------------------------------------------------------------------------------------


def test_set_the_risk(mette: Client, house: House) -> None:
    url = reverse("duty:risk", args=[house.ane.key])
    scale = scale_for(house.unit.pk)
    assert scale is not None
    asked = mette.post(
        url, {"act": "suggest", "seen": ["ting", "larmende", "irritabel", "ukendt"], "text": "hej"}
    )
    assert "giver 3 point og foreslår ■ Rød" in text(asked)
    assert asked.content.decode().count("checked") == 3
    assert mette.post(url, {"text": "hej"}).status_code == 422
    level = scale.levels.get(rank=1)
    done = mette.post(url, {"level": level.pk, "seen": ["irritabel"], "text": "Sov dårligt"}, follow=True)
    assert "Risikoen for Ane Prøve er sat til Gul." in text(done)
    reading = RiskReading.objects.get()
    assert (reading.scores, reading.text, reading.set_by) == ({"irritabel": 1}, "Sov dårligt", house.mette)
    page = text(mette.get(url))
    assert "Hvad vi gør ved Gul" in page and level.action in page and "Sov dårligt" in page
    assert logged("risiko") == {house.ane.pk}
    assert statements(mette, url) <= MOST


def test_who_only_reads_gets_no_form(house: House) -> None:
    inspector = Client()
    inspector.force_login(make.user_with("inspector", house.offer))
    url = reverse("duty:risk", args=[house.ane.key])
    page = inspector.get(url)
    assert page.status_code == 200 and "Sæt risikoen" not in text(page)
    assert inspector.post(url, {"level": 1}).status_code == 403
    assert inspector.get(reverse("duty:citizen-calendar", args=[house.ane.key])).status_code == 200


# --- How the shift is set up ------------------------------------------------------------------------------------------


def rows(prefix: str, count: int, values: list[dict[str, Any]]) -> dict[str, Any]:
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(values):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


CALM = {
    "name": "Rolig",
    "tone": "good",
    "shape": "●",
    "meaning": "Som altid.",
    "action": "Intet.",
    "from_score": 0,
}
RESTLESS = CALM | {"name": "Uro", "tone": "attention", "shape": "▲", "from_score": 2}


def test_a_leader_sets_up_a_unit(lene: Client, house: House) -> None:
    assert "fælles for alle" in text(lene.get(reverse("duty:settings")))
    url = reverse("duty:scale", args=["hus-3"])
    assert "Trin 3" in text(lene.get(url))
    typed = {
        "name": "Uro",
        "stale_after_hours": 8,
        **rows("punkt", 12, [{"text": "Går rundt", "points": ""}]),
    }
    refused = lene.post(url, typed | rows("trin", 5, [CALM]))
    assert refused.status_code == 422 and "mellem to og 5 trin" in text(refused)
    assert lene.post(url, typed | rows("trin", 5, [CALM, RESTLESS])).status_code == 302
    scale = RiskScale.objects.get(unit=house.unit)
    assert [level.name for level in scale.levels.all()] == ["Rolig", "Uro"]
    assert [item.points for item in scale.items.all()] == [1]
    assert statements(lene, reverse("duty:settings")) <= MOST
    with clock.fixed(at(12, 1)):
        assert lene.post(url, {"act": "common"}).status_code == 302
        assert scale_for(house.unit.pk) != scale


def test_a_leader_sets_the_shifts(lene: Client, house: House) -> None:
    url = reverse("duty:shifts", args=["hus-3"])
    assert "Dagvagt" in lene.get(url).content.decode()
    day = {"name": "Lang dag", "starts": "08:00", "ends": "20:00"}
    night = {"name": "Nat", "starts": "20.00", "ends": "08.00"}
    refused = lene.post(url, rows("vagt", 6, [day]))
    assert refused.status_code == 422 and "Lang dag slutter 20.00, men Lang dag begynder 08.00" in text(
        refused
    )
    assert lene.post(url, rows("vagt", 6, [{"name": "x"}])).status_code == 422
    assert lene.post(url, rows("vagt", 6, [])).status_code == 422
    assert lene.post(url, rows("vagt", 6, [day, night])).status_code == 302
    assert set(ShiftKind.objects.filter(unit=house.unit).values_list("name", flat=True)) == {
        "Lang dag",
        "Nat",
    }
    with clock.fixed(at(12, 1)):
        assert "egne" in text(lene.get(reverse("duty:settings")))
        assert lene.post(url, {"act": "common"}).status_code == 302


def test_only_where_one_leads(lene: Client, mette: Client, house: House) -> None:
    make.unit("fremmed")
    for name in ("scale", "shifts"):
        assert lene.get(reverse(f"duty:{name}", args=["fremmed"])).status_code == 403
        assert lene.get(reverse(f"duty:{name}", args=["findes-ikke"])).status_code == 404
        assert mette.get(reverse(f"duty:{name}", args=["hus-3"])).status_code == 403
