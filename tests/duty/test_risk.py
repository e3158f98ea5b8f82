"""The risk of the day: set, shown, gone stale; the scale of a unit; who sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import RiskLevel, RiskReading, RiskScale
from roedtraad.duty.queries.risk import readings_of, risk_now, scale_for
from roedtraad.duty.services import risk as services
from roedtraad.duty.services.risk import NewItem, NewLevel

from .conftest import NOW, House, at

TWO = [
    NewLevel("Rolig", "good", "●", "Som det plejer.", "Vi følger planen.", 0),
    NewLevel("Uro", "attention", "▲", "Noget er galt.", "Vi er to.", 2),
]


def level(house: House, rank: int) -> RiskLevel:
    scale = scale_for(house.unit.pk)
    assert scale is not None
    return scale.levels.get(rank=rank)


def words(house: House, moment: dt.datetime | None = None) -> dict[int, str]:
    return {number: one.words for number, one in risk_now([house.ane.pk, house.bo.pk], moment).items()}


def test_set_and_gone_stale(house: House) -> None:
    with clock.fixed(at(9, 5)):
        services.set_risk(house.mette, house.ane, level(house, 0))
    with clock.fixed(at(11, 40)):
        services.set_risk(
            house.mette, house.ane, level(house, 1), {"irritabel": True, "ting": False}, " urolig  nat "
        )
    assert words(house) == {house.ane.pk: "Gul, sat af Mette Holm kl. 11.40"}
    assert words(house, at(10)) == {house.ane.pk: "Grøn, sat af Mette Holm kl. 09.05"}
    late = risk_now([house.ane.pk], at(11, 41, day=16))[house.ane.pk]
    assert late.stale and late.tone == "none"
    assert late.words == "For gammel: Gul, sat af Mette Holm i går kl. 11.40"
    newest = readings_of(house.ane.pk)[0]
    assert (newest.text, newest.scores) == ("urolig nat", {"irritabel": 1, "ting": 0})


def test_a_reading_is_never_changed(house: House) -> None:
    services.set_risk(house.mette, house.ane, level(house, 0))
    for statement in (
        lambda: RiskReading.objects.update(text="x"),
        lambda: RiskReading.objects.all().delete(),
        lambda: RiskLevel.objects.update(name="x"),
    ):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            statement()


def test_refused_in_words(house: House) -> None:
    old = level(house, 1)
    with clock.fixed(NOW + dt.timedelta(minutes=1)):
        services.configure_scale(house.leader, house.offer, name="", stale_after_hours=8, levels=TWO)
        with pytest.raises(Refusal, match="Skalaen er ændret"):
            services.set_risk(house.mette, house.ane, old)
        # Noted on a phone before the scale was changed, it counts.
        services.set_risk(house.mette, house.ane, old, at=at(11))
        new = level(house, 1)
        with pytest.raises(Refusal, match="Tjeklisten er ændret"):
            services.set_risk(house.mette, house.ane, new, {"irritabel": True})
        with pytest.raises(Refusal, match="fremtiden"):
            services.set_risk(house.mette, house.ane, new, at=at(13))
        with pytest.raises(Refusal, match="tre døgn"):
            services.set_risk(house.mette, house.ane, new, at=at(11, day=12))
        with pytest.raises(Refusal, match="400 tegn"):
            services.set_risk(house.mette, house.ane, new, text="x" * 401)
    assert RiskReading.objects.count() == 1


def test_sent_twice_it_is_one(house: House) -> None:
    key = ids.new_id()
    first = services.set_risk(house.mette, house.ane, level(house, 1), key=key)
    with clock.fixed(at(13)):
        again = services.set_risk(house.mette, house.ane, level(house, 1), key=key)
    assert first.pk == again.pk
    with pytest.raises(Refusal, match="sendt som noget andet"):
        services.set_risk(house.leader, house.ane, level(house, 1), key=key)


def test_set_only_where_one_works(house: House) -> None:
    with pytest.raises(AccessDenied):
        services.set_risk(house.stranger, house.ane, level(house, 1))
    services.set_risk(house.leader, house.ane, level(house, 1))
    with rows.as_user(house.stranger):
        assert risk_now([house.ane.pk]) == {}
    with rows.as_user(house.mette):
        assert house.ane.pk in risk_now([house.ane.pk])
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            RiskReading.objects.create(
                citizen=house.ane,
                level=level(house, 1),
                set_at=clock.now(),
                received_at=clock.now(),
                set_by=house.leader,
            )


def test_a_unit_has_its_own_scale_and_the_old_readings_keep_theirs(house: House) -> None:
    services.set_risk(house.mette, house.ane, level(house, 2))
    with clock.fixed(NOW + dt.timedelta(minutes=1)):
        mine = services.configure_scale(
            house.leader,
            house.offer,
            name="Uro",
            stale_after_hours=8,
            levels=TWO,
            items=[NewItem("Går uroligt rundt"), NewItem("Går uroligt rundt", 2)],
        )
        assert scale_for(house.unit.pk) == mine
        assert words(house)[house.ane.pk].startswith("Rød, sat af Mette Holm kl. 12.00")
        assert [item.code for item in mine.items.all()] == ["gar-uroligt-rundt", "gar-uroligt-rundt-1"]
    with clock.fixed(NOW + dt.timedelta(minutes=2)):
        nearer = services.configure_scale(
            house.leader, house.unit, name="Hus 3", stale_after_hours=8, levels=TWO
        )
        assert scale_for(house.unit.pk) == nearer
        assert scale_for(house.next_door.pk) == mine
    with clock.fixed(NOW + dt.timedelta(minutes=3)):
        services.use_common_scale(house.leader, house.unit)
        assert scale_for(house.unit.pk) == mine
    common = scale_for(house.unit.pk, NOW)
    assert common is not None and common.unit is None
    assert RiskScale.objects.filter(unit=house.unit).count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"levels": TWO[:1]}, "mellem to og 5 trin"),
        ({"levels": [TWO[0], TWO[0]]}, "samme navn eller form"),
        ({"levels": TWO[::-1]}, "Pointgrænserne skal stige"),
        ({"levels": [TWO[0], NewLevel("x", "red", "▲", "a", "b")]}, "farve og form"),
        ({"levels": [TWO[0], NewLevel("x", "good", "▲", "", "b")]}, "for hvert trin"),
        ({"stale_after_hours": 0}, "mellem 1 og 168 timer"),
        ({"items": [NewItem("x")] * 13}, "højst have 12 punkter"),
    ],
)
def test_a_scale_that_cannot_be_used_is_refused(house: House, typed: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        services.configure_scale(
            house.leader, house.unit, **{"name": "", "stale_after_hours": 8, "levels": TWO, **typed}
        )


def test_only_a_leader_configures(house: House) -> None:
    with pytest.raises(AccessDenied):
        services.configure_scale(house.mette, house.unit, name="", stale_after_hours=8, levels=TWO)


def test_risk_now_is_one_statement(house: House, django_assert_num_queries: Any) -> None:
    for person in (house.ane, house.bo):
        services.set_risk(house.mette, person, level(house, 1))
    with django_assert_num_queries(1):
        assert len(words(house)) == 2
