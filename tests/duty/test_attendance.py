"""Who is here: absences written, ended, taken back; one at a time; who sees them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Protection
from roedtraad.core import clock, ids
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Absence
from roedtraad.duty.queries.attendance import absence_days, present
from roedtraad.duty.services import attendance as services
from tests import factories as make

from .conftest import House, at


def states(house: House, moment: dt.datetime | None = None) -> dict[str, str]:
    return {one.citizen.first_name: one.words for one in present(house.mette, [house.unit.pk], moment)}


def test_away_and_back(house: House) -> None:
    gone = services.register_absence(
        house.mette, house.ane, "hospital", at(9, 30), expected_back=at(15, day=16), note="  Galdesten "
    )
    assert states(house) == {"Ane": "indlagt siden kl. 09.30, ventes tilbage i morgen kl. 15.00", "Bo": "her"}
    assert gone.note == "Galdesten"
    services.register_return(house.mette, gone, at(11))
    assert states(house) == {"Ane": "her", "Bo": "her"}
    assert states(house, at(10)) == {
        "Ane": "indlagt siden kl. 09.30, ventes tilbage i morgen kl. 15.00",
        "Bo": "her",
    }
    services.reopen_absence(house.mette, gone)
    services.cancel_absence(house.mette, gone)
    assert states(house, at(10)) == {"Ane": "her", "Bo": "her"}
    services.restore_absence(house.mette, gone)
    assert states(house)["Ane"] != "her"
    assert gone.events.count() == 5


def test_overdue(house: House) -> None:
    services.register_absence(house.mette, house.ane, "visit", at(8), expected_back=at(11))
    ane, bo = present(house.mette, [house.unit.pk])
    assert (ane.is_overdue, bo.is_overdue) == (True, False)
    assert (ane.kind, ane.since, ane.is_here) == ("visit", at(8), False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "moon"}, "kind"),
        ({"from_at": at(13)}, "from_at"),
        ({"from_at": at(9, month=1, day=1).replace(year=2024)}, "from_at"),
        ({"from_at": at(9), "expected_back": at(9)}, "expected_back"),
        ({"from_at": at(9), "back_at": at(8)}, "back_at"),
        ({"from_at": at(9), "back_at": at(14)}, "back_at"),
        ({"note": "x" * 401}, "note"),
    ],
)
def test_refused_in_words(house: House, typed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.register_absence(house.mette, house.ane, **{"kind": "holiday", **typed})
    assert refused.value.field == field
    assert str(refused.value).endswith((".", "tegn."))
    assert not Absence.objects.exists()


def test_one_absence_at_a_time(house: House) -> None:
    first = services.register_absence(house.mette, house.ane, "holiday", at(8), back_at=at(9))
    with pytest.raises(Refusal, match=r"I den tid er borgeren allerede skrevet væk \(ferie, fra kl. 08.00"):
        services.register_absence(house.mette, house.ane, "visit", at(8, 30), back_at=at(10))
    services.register_absence(house.mette, house.ane, "visit", at(9))
    with pytest.raises(Refusal, match=r"allerede skrevet væk \(besøg hjemme"):
        services.register_absence(house.mette, house.ane, "hospital", at(10))
    with pytest.raises(Refusal, match="allerede skrevet væk"):
        services.reopen_absence(house.mette, first)
    services.register_absence(house.mette, house.bo, "hospital", at(10))
    with pytest.raises(IntegrityError, match="absence_no_overlap"), transaction.atomic():
        Absence.objects.create(
            citizen=house.ane, kind="other", from_at=at(11), recorded_by=house.mette, recorded_at=clock.now()
        )


def test_sent_twice_it_is_one(house: House) -> None:
    key = ids.new_id()
    once = services.register_absence(house.mette, house.ane, "leave", at(9), key=key)
    again = services.register_absence(house.mette, house.ane, "leave", at(9), key=key)
    assert once.pk == again.pk and again.key == key
    with pytest.raises(Refusal, match="sendt som noget andet"):
        services.register_absence(house.mette, house.bo, "leave", at(9), key=key)
    with pytest.raises(Refusal, match="sendt som noget andet"):
        services.register_absence(house.leader, house.bo, "leave", at(9), key=key)
    assert Absence.objects.count() == 1


def test_written_only_where_one_works(house: House) -> None:
    gone = services.register_absence(house.mette, house.ane, "leave")
    inspector = make.user_with("inspector", house.offer)
    for nobody in (house.stranger, inspector):
        with pytest.raises(AccessDenied):
            services.register_absence(nobody, house.bo, "leave")
        for act in (services.register_return, services.cancel_absence):
            with pytest.raises(AccessDenied):
                act(nobody, gone)
    assert present(house.stranger, [house.unit.pk]) == []
    assert [one.citizen for one in present(house.leader, [house.unit.pk])] == [house.ane, house.bo]


def test_the_protected_are_not_told_of(house: House) -> None:
    Protection.objects.create(
        citizen=house.ane, valid=Period(clock.today()).to_range(), reason="familie til en kollega"
    )
    assert list(states(house)) == ["Bo"]


def test_the_database_says_the_same(house: House) -> None:
    gone = services.register_absence(house.mette, house.ane, "leave")
    own = make.user_with("citizen", house.ane)
    other = make.user_with("citizen", house.bo)
    relative = make.user_with("relative", house.ane)
    seen = {}
    for name, user in {
        "mette": house.mette,
        "lene": house.leader,
        "frede": house.stranger,
        "ane": own,
        "bo": other,
        "pårørende": relative,
    }.items():
        with rows.as_user(user):
            seen[name] = (Absence.objects.count(), Absence.pgh_event_model.objects.count())
    assert seen == {
        "mette": (1, 1),
        "lene": (1, 1),
        "frede": (0, 0),
        "ane": (1, 1),
        "bo": (0, 0),
        "pårørende": (0, 0),
    }
    with rows.as_user(own), transaction.atomic():
        assert Absence.objects.filter(pk=gone.pk).update(note="mit") == 0
        assert Absence.objects.filter(pk=gone.pk).delete()[0] == 0


def test_present_takes_a_fixed_number_of_statements(house: House, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        person = make.citizen()
        make.stay(
            person,
            make.place(f"X-{number}", house.unit),
            dt.date(2026, 1, 1),
            actual_start=dt.date(2026, 1, 1),
        )
        services.register_absence(house.mette, person, "leave", at(9), key=uuid4())
    with django_assert_max_num_queries(2):
        assert len(present(house.mette, [house.unit.pk])) == 22


def test_absence_days_from_the_rows(house: House) -> None:
    services.register_absence(house.mette, house.ane, "holiday", at(18, day=1), back_at=at(12, day=4))
    wrong = services.register_absence(house.mette, house.ane, "holiday", at(18, day=5), back_at=at(12, day=9))
    services.cancel_absence(house.mette, wrong)
    services.register_absence(house.mette, house.ane, "hospital", at(20, day=13))
    days = absence_days(house.ane.pk, dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    assert days == 3 + 2
    assert absence_days(house.ane.pk, dt.date(2026, 6, 2), dt.date(2026, 6, 2)) == 1
    assert absence_days(house.bo.pk, dt.date(2026, 6, 1), dt.date(2026, 6, 30)) == 0
