"""The calendar: made, changed, called off, taken back; one time of a series or all; reminders; who sees it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Appointment
from roedtraad.duty.queries import calendar as queries
from roedtraad.duty.services import calendar as services
from roedtraad.duty.services.calendar import Agreed
from tests import factories as make

from .conftest import House, at

DENTIST = Agreed("Tandlæge", at(9, day=16), at(10, day=16), kind="doctor", place="Torvet 3")
WALK = Agreed("Gåtur", at(14), at(15), kind="activity", rrule="FREQ=DAILY", reminder_minutes=30)
WEEK = queries.day_bounds(dt.date(2026, 6, 15), 7)


def titles(house: House, days: int = 7) -> list[str]:
    found = queries.agenda(house.mette, [house.unit.pk], *queries.day_bounds(dt.date(2026, 6, 15), days))
    return [f"{one.day:%d} {one.span} {one.appointment.title}" for one in found]


def test_the_agenda_of_a_unit_is_its_own_and_its_citizens(house: House) -> None:
    services.make_appointment(house.mette, DENTIST, citizen=house.ane)
    services.make_appointment(
        house.mette, dataclasses.replace(DENTIST, title="Husmøde", kind="meeting"), unit=house.unit
    )
    services.make_appointment(house.leader, dataclasses.replace(DENTIST, title="Nabo"), citizen=house.carl)
    services.make_appointment(
        house.leader, dataclasses.replace(DENTIST, title="Naboens"), unit=house.next_door
    )
    assert titles(house) == ["16 09.00–10.00 Husmøde", "16 09.00–10.00 Tandlæge"]
    assert [one.appointment.title for one in queries.agenda_of(house.ane.pk, *WEEK)] == ["Tandlæge"]


def test_a_series_and_one_time_of_it(house: House) -> None:
    walk = services.make_appointment(house.mette, WALK, citizen=house.ane)
    assert titles(house, 3) == [f"{day} 14.00–15.00 Gåtur" for day in (15, 16, 17)]
    later = dataclasses.replace(WALK, starts_at=at(16, day=16), ends_at=at(17, day=16))
    moved = services.change_appointment(house.mette, walk, later, version=1, day=dt.date(2026, 6, 16))
    assert titles(house, 3) == ["15 14.00–15.00 Gåtur", "16 16.00–17.00 Gåtur", "17 14.00–15.00 Gåtur"]
    assert (moved.rrule, moved.instead_of, moved.instead_day) == ("", walk, dt.date(2026, 6, 16))
    services.undo_last(house.mette, moved)
    assert titles(house, 3) == [f"{day} 14.00–15.00 Gåtur" for day in (15, 16, 17)]
    services.cancel_appointment(house.mette, walk, dt.date(2026, 6, 17))
    assert len(titles(house, 3)) == 2
    services.cancel_appointment(house.mette, walk, dt.date(2026, 6, 17))
    services.undo_last(house.mette, walk)
    assert len(titles(house, 3)) == 3
    services.cancel_appointment(house.mette, walk)
    assert titles(house, 3) == []
    services.undo_last(house.mette, walk)
    assert len(titles(house, 3)) == 3


def test_change_and_undo(house: House) -> None:
    made = services.make_appointment(house.mette, DENTIST, citizen=house.ane)
    changed = services.change_appointment(
        house.mette, made, dataclasses.replace(DENTIST, title="Tandpleje"), version=made.version
    )
    with pytest.raises(
        services.AppointmentChanged, match=r"Nu står der: Tandpleje, 16. juni 2026 09.00–10.00"
    ):
        services.change_appointment(house.leader, made, DENTIST, version=made.version)
    with pytest.raises(Refusal, match="en anden har ændret"):
        services.undo_last(house.leader, changed)
    with clock.fixed(at(8, day=16)), pytest.raises(Refusal, match="samme dag"):
        services.undo_last(house.mette, changed)
    services.undo_last(house.mette, changed)
    assert titles(house) == ["16 09.00–10.00 Tandlæge"]


def test_what_was_just_made_is_called_off_by_undo(house: House) -> None:
    made = services.make_appointment(house.mette, DENTIST, unit=house.unit)
    services.undo_last(house.mette, made)
    assert titles(house) == []
    assert Appointment.objects.count() == 1
    with pytest.raises(Refusal, match="aflyst"):
        services.change_appointment(house.mette, made, DENTIST, version=2)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "party"}, "kind"),
        ({"ends_at": at(9, day=16)}, "ends_at"),
        ({"ends_at": at(9, day=16, month=8)}, "ends_at"),
        ({"starts_at": at(9).replace(year=2040), "ends_at": at(10).replace(year=2040)}, "starts_at"),
        ({"rrule": "FREQ=HOURLY"}, "every"),
        ({"rrule": "FREQ=DAILY", "repeats_until": dt.date(2026, 1, 1)}, "until"),
        ({"reminder_minutes": 5000}, "reminder_minutes"),
        ({"place": "x" * 121}, "place"),
    ],
)
def test_refused_in_words(house: House, typed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.make_appointment(house.mette, dataclasses.replace(DENTIST, **typed), citizen=house.ane)
    assert refused.value.field == field


def test_a_day_it_is_not(house: House) -> None:
    weekly = services.make_appointment(
        house.mette, dataclasses.replace(WALK, rrule="FREQ=WEEKLY;BYDAY=MO"), citizen=house.ane
    )
    with pytest.raises(Refusal, match=r"ikke den 16. juni 2026"):
        services.cancel_appointment(house.mette, weekly, dt.date(2026, 6, 16))


def test_sent_twice_it_is_one(house: House) -> None:
    key = ids.new_id()
    made = services.make_appointment(house.mette, WALK, citizen=house.ane, key=key)
    assert services.make_appointment(house.mette, WALK, citizen=house.ane, key=key) == made
    with pytest.raises(Refusal, match="noget andet"):
        services.make_appointment(house.mette, WALK, unit=house.unit, key=key)
    own = ids.new_id()
    day = dt.date(2026, 6, 16)
    later = dataclasses.replace(WALK, starts_at=at(16, day=16), ends_at=at(17, day=16))
    moved = services.change_appointment(house.mette, made, later, version=1, day=day, key=own)
    assert services.change_appointment(house.mette, made, later, version=1, day=day, key=own) == moved
    assert Appointment.objects.count() == 2


def test_written_only_where_one_works(house: House) -> None:
    made = services.make_appointment(house.mette, DENTIST, citizen=house.ane)
    its = services.make_appointment(house.mette, DENTIST, unit=house.unit)
    for one in (made, its):
        for act in (services.cancel_appointment, services.undo_last):
            with pytest.raises(AccessDenied):
                act(house.stranger, one)
    with pytest.raises(AccessDenied):
        services.make_appointment(house.stranger, DENTIST, unit=house.unit)
    assert queries.agenda(house.stranger, [house.unit.pk], *WEEK) == []
    assert not queries.appointments_for(house.stranger).exists()
    assert queries.appointments_for(house.mette).count() == 2
    with pytest.raises(ValueError, match="a citizen's or a unit's"):
        services.make_appointment(house.mette, DENTIST)
    with pytest.raises(Refusal, match="deles med pårørende"):
        services.make_appointment(
            house.mette, dataclasses.replace(DENTIST, shared_with_relatives=True), unit=house.unit
        )


def test_the_database_says_the_same(house: House) -> None:
    services.make_appointment(house.mette, DENTIST, citizen=house.ane)
    services.make_appointment(
        house.mette,
        dataclasses.replace(DENTIST, title="Møde om Ane", shared_with_citizen=False),
        citizen=house.ane,
    )
    services.make_appointment(house.mette, dataclasses.replace(DENTIST, title="Husmøde"), unit=house.unit)
    own = make.user_with("citizen", house.ane)
    readers = {
        "mette": house.mette,
        "lene": house.leader,
        "frede": house.stranger,
        "ane": own,
        "tilsyn": make.user_with("inspector", house.offer),
        "pårørende": make.user_with("relative", house.ane),
    }
    seen = {}
    for name, user in readers.items():
        with rows.as_user(user):
            seen[name] = (
                sorted(Appointment.objects.values_list("title", flat=True)),
                Appointment.pgh_event_model.objects.count(),
            )
    everything = ["Husmøde", "Møde om Ane", "Tandlæge"]
    assert seen == {
        "mette": (everything, 3),
        "lene": (everything, 3),
        "frede": ([], 0),
        "ane": (["Tandlæge"], 0),
        "tilsyn": (["Møde om Ane", "Tandlæge"], 2),
        "pårørende": ([], 0),
    }
    with rows.as_user(own), transaction.atomic():
        assert [one.appointment.title for one in queries.own_agenda(house.ane.pk, *WEEK)] == ["Tandlæge"]
        assert Appointment.objects.update(title="mit") == 0


def test_reminders_come_and_go(house: House) -> None:
    services.make_appointment(house.mette, WALK, citizen=house.ane)
    services.make_appointment(house.mette, dataclasses.replace(WALK, reminder_minutes=None), citizen=house.bo)

    def due(moment: dt.datetime) -> list[str]:
        return [f"{one.appointment.title} {one.day:%d}" for one in queries.due_reminders(house.mette, moment)]

    assert due(at(13, 29)) == []
    assert due(at(13, 30)) == ["Gåtur 15"]
    assert due(at(14)) == []
    assert due(at(13, 45, day=20)) == ["Gåtur 20"]
    assert queries.due_reminders(house.stranger, at(13, 45)) == []


def test_the_agenda_is_one_statement_however_much_there_is(
    house: House, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        services.make_appointment(
            house.mette, dataclasses.replace(WALK, title=f"Tur {number}"), citizen=house.ane
        )
        services.make_appointment(
            house.mette, dataclasses.replace(WALK, title=f"Ture {number}"), unit=house.unit
        )
    with django_assert_max_num_queries(1):
        found = queries.agenda(house.mette, [house.unit.pk], *WEEK)
        assert len(found) == 30 * 7
        assert {str(one.citizen) for one in found} == {"Ane Prøve", "None"}


def test_relatives_see_what_is_shared_while_the_citizen_consents(house: House) -> None:
    for person in (house.ane, house.bo):
        shared = dataclasses.replace(DENTIST, title=f"Besøg hos {person}", shared_with_relatives=True)
        services.make_appointment(house.mette, shared, citizen=person)
    services.make_appointment(house.mette, DENTIST, citizen=house.ane)
    mother = make.user_with("relative", house.ane)

    def seen() -> tuple[list[str], int]:
        titles = [one.appointment.title for one in queries.relatives_agenda(mother, *WEEK)]
        with rows.as_user(mother):
            assert [one.appointment.title for one in queries.relatives_agenda(mother, *WEEK)] == titles
            return titles, Appointment.objects.count()

    assert seen() == ([], 0)
    given = make.consent(make.relation(house.ane, user=mother), "calendar", recorded_by=house.mette)
    assert seen() == (["Besøg hos Ane Prøve"], 1)
    assert queries.relatives_agenda(mother, *WEEK, citizen_id=house.bo.pk) == []
    given.withdrawn_at, given.withdrawn_by = clock.now(), house.mette
    given.save()
    assert seen() == ([], 0)
