"""The pages of the calendar, and the feed of it: what they show, what they log, what they cost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from roedtraad.access.models import LookupLog
from roedtraad.access.rates import Kind
from roedtraad.duty.models import (
    Appointment,
    CalendarFeed,
)
from roedtraad.duty.services import calendar as calendar_services
from roedtraad.duty.services.calendar import make_appointment
from roedtraad.practice.models import Task
from tests import factories as make

from .conftest import House, at
from .pages import DENTIST, MOST, WALK, logged, statements, text

# --- Calendar ---------------------------------------------------------------------------------------------------------


def test_the_week_and_the_day(mette: Client, house: House) -> None:
    make_appointment(house.mette, DENTIST, citizen=house.ane)
    make_appointment(house.mette, WALK, unit=house.unit)
    make_appointment(house.leader, DENTIST, citizen=house.carl)
    week = text(mette.get(reverse("duty:calendar")))
    assert "Hus 3. Uge 25: 15. juni 2026 – 21. juni 2026. 8 aftaler." in week
    assert "Påmindelser" in week and "Carl" not in week
    day = text(mette.get(reverse("duty:calendar"), {"dag": "2026-06-16", "vis": "dag"}))
    assert "Tirsdag 16. juni 2026. 2 aftaler." in day
    for odd in ("0001-01-01", "9999-12-31", "i-går", "2026-02-30"):
        assert mette.get(reverse("duty:calendar"), {"dag": odd}).status_code == 200
    own = text(mette.get(reverse("duty:citizen-calendar", args=[house.ane.key])))
    assert "Tandlæge" in own and "Gåtur" not in own
    assert logged("kalender") == {house.ane.pk}
    for url in (reverse("duty:calendar"), reverse("duty:citizen-calendar", args=[house.ane.key])):
        assert statements(mette, url) <= MOST


TYPED = {
    "title": "Fodpleje",
    "kind": "visit",
    "day": "2026-06-17",
    "starts": "10:00",
    "ends": "10:45",
    "every": "weekly",
    "until": "2026-07-31",
    "reminder": "60",
    "shared_with_citizen": "on",
}


def test_make_change_and_undo_through_the_pages(mette: Client, house: House) -> None:
    new = f"{reverse('duty:appointment-new')}?borger={house.ane.key}"
    assert mette.get(new).status_code == 200
    assert mette.post(new, TYPED | {"starts": ""}).status_code == 422
    refused = mette.post(new, TYPED | {"ends": "09:00"})
    assert refused.status_code == 422 and "slutter, før den begynder" in text(refused)
    done = mette.post(new, TYPED, follow=True)
    assert "Aftalen er lavet." in text(done) and "Fodpleje" in text(done)
    made = Appointment.objects.get()
    assert (made.starts_at, made.rrule, made.reminder_minutes) == (at(10, day=17), "FREQ=WEEKLY;BYDAY=WE", 60)
    shown = text(mette.get(reverse("duty:appointment", args=[made.key]), {"dag": "2026-06-24"}))
    assert "24. juni 2026, 10.00–10.45." in shown and "Hver onsdag til og med 31.07.2026" in shown
    alone = f"{reverse('duty:appointment-change', args=[made.key])}?dag=2026-06-24&hvad=en"
    assert "Gentages" not in text(mette.get(alone))
    assert mette.get(alone.replace("24", "25")).status_code == 404
    moved = mette.post(alone, TYPED | {"day": "2026-06-25", "version": 1})
    assert moved.status_code == 302 and "dag=2026-06-25" in moved["Location"]
    other = Appointment.objects.get(instead_of=made)
    assert (other.starts_at, other.rrule) == (at(10, day=25), "")
    assert mette.post(reverse("duty:appointment-undo", args=[other.key])).status_code == 302
    made.refresh_from_db()
    assert made.except_days == []
    whole = reverse("duty:appointment-change", args=[made.key])
    clash = mette.post(whole, TYPED | {"title": "Ny", "version": 1})
    assert clash.status_code == 422 and "Nu står der: Fodpleje, 17. juni 2026 10.00–10.45" in text(clash)
    assert f'name="version" value="{made.version}"' in clash.content.decode()
    assert mette.post(whole, TYPED | {"title": "Ny", "version": made.version}).status_code == 302
    mette.post(reverse("duty:appointment-cancel", args=[made.key]), {"hvad": "en", "dag": "2026-07-01"})
    made.refresh_from_db()
    assert (made.title, made.except_days, made.cancelled_at) == ("Ny", [dt.date(2026, 7, 1)], None)
    mette.post(reverse("duty:appointment-cancel", args=[made.key]), {"hvad": "alle"})
    made.refresh_from_db()
    assert made.cancelled_by == house.mette
    assert "Aflyst" in text(mette.get(reverse("duty:appointment", args=[made.key])))


def test_a_units_whole_days(mette: Client, house: House) -> None:
    new = f"{reverse('duty:appointment-new')}?enhed=hus-3"
    page = text(mette.get(new))
    assert "Pårørende" not in page
    typed = {
        "title": "Sommerfest",
        "kind": "activity",
        "day": "2026-06-19",
        "all_day": "on",
        "last_day": "2026-06-20",
    }
    assert mette.post(new, typed).status_code == 302
    made = Appointment.objects.get()
    assert (made.unit, made.starts_at, made.ends_at) == (house.unit, at(0, day=19), at(0, day=21))
    values = mette.get(reverse("duty:appointment-change", args=[made.key])).context["form"].initial
    assert (values["day"], values["last_day"], values["starts"]) == (
        dt.date(2026, 6, 19),
        dt.date(2026, 6, 20),
        None,
    )
    assert text(mette.get(reverse("duty:calendar"))).count("Sommerfest") == 2


def test_a_rule_from_elsewhere_is_kept(mette: Client, house: House) -> None:
    made = make_appointment(
        house.mette, dataclasses.replace(WALK, rrule="FREQ=MONTHLY;BYDAY=3MO"), citizen=house.ane
    )
    url = reverse("duty:appointment-change", args=[made.key])
    assert "som nu" in text(mette.get(url))
    sent = TYPED | {"every": "as-it-is", "day": "2026-06-15", "until": "", "version": 1}
    assert mette.post(url, sent).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.rrule) == ("Fodpleje", "FREQ=MONTHLY;BYDAY=3MO")


# --- The calendar elsewhere -------------------------------------------------------------------------------------------


def address_of(client: Client, **typed: str) -> str:
    page = client.post(reverse("duty:subscription"), {"act": "new", **typed})
    found = re.search(r'value="(http[^"]+\.ics)"', page.content.decode())
    assert found is not None
    return urlsplit(found[1]).path


def events(answer: Any) -> list[str]:
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return sorted(f"{event['summary']} {event['dtstart'].dt:%d.%m}" for event in calendar.walk("VEVENT"))


def test_the_feed_tells_when_and_nothing_more(mette: Client, house: House) -> None:
    make_appointment(house.mette, DENTIST, citizen=house.ane)
    make_appointment(
        house.mette, dataclasses.replace(DENTIST, title="Husmøde", kind="meeting"), unit=house.unit
    )
    make_appointment(house.leader, DENTIST, citizen=house.carl)
    nobody = Client()
    address = address_of(mette)
    answer = nobody.get(address)
    assert events(answer) == ["Aftale 16.06", "Husmøde 16.06"]
    for secret in (b"Tandl", b"Ane", b"Torvet", b"Dam"):
        assert secret not in answer.content
    assert not LookupLog.objects.filter(part="kalenderabonnement").exists()
    assert address.split("/")[-1].removesuffix(".ics") not in str(CalendarFeed.objects.values())
    named = address_of(mette, with_names="on")
    assert nobody.get(address).status_code == 404
    assert events(nobody.get(named)) == ["Aftale: Ane 16.06", "Husmøde 16.06"]
    assert logged("kalenderabonnement") == {house.ane.pk}
    assert CalendarFeed.objects.count() == 2
    mette.post(reverse("duty:subscription"), {"act": "stop"})
    assert nobody.get(named).status_code == 404
    assert nobody.get(reverse("duty:feed", args=["x" * 43])).status_code == 404


def test_a_series_in_the_feed_stands_time_by_time(mette: Client, house: House) -> None:
    walk = make_appointment(
        house.mette, dataclasses.replace(WALK, repeats_until=dt.date(2026, 6, 18)), unit=house.unit
    )
    calendar_services.cancel_appointment(house.mette, walk, dt.date(2026, 6, 16))
    answer = Client().get(address_of(mette))
    assert events(answer) == ["Gåtur 15.06", "Gåtur 17.06", "Gåtur 18.06"]
    assert answer.content.count(b"TRIGGER:-PT4H") == 3


def test_the_feed_ends_with_the_access(mette: Client, house: House) -> None:
    make_appointment(house.mette, DENTIST, citizen=house.ane)
    address = address_of(mette)
    house.mette.grants.update(valid=make.Period(make.BEGINNING, dt.date(2026, 6, 15)).to_range())
    assert events(Client().get(address)) == []
    house.mette.is_active = False
    house.mette.save()
    assert Client().get(address).status_code == 404


def test_a_citizens_own_feed(house: House) -> None:
    make_appointment(house.mette, DENTIST, citizen=house.ane)
    make_appointment(
        house.mette,
        dataclasses.replace(DENTIST, title="Møde om Ane", shared_with_citizen=False),
        citizen=house.ane,
    )
    make_appointment(house.mette, dataclasses.replace(DENTIST, title="Bos"), citizen=house.bo)
    ane = Client()
    ane.force_login(make.user_with("citizen", house.ane))
    assert events(Client().get(address_of(ane))) == ["Tandlæge 16.06"]


def test_a_relatives_feed(house: House) -> None:
    shared = dataclasses.replace(DENTIST, title="Besøg", shared_with_relatives=True)
    make_appointment(house.mette, shared, citizen=house.ane)
    make_appointment(house.mette, DENTIST, citizen=house.ane)
    user = make.user_with("relative", house.ane)
    make.consent(make.relation(house.ane, user=user), "calendar", recorded_by=house.mette)
    mother = Client()
    mother.force_login(user)
    assert events(Client().get(address_of(mother, with_names="on"))) == ["Aftale: Ane 16.06"]
    assert logged("kalenderabonnement") == {house.ane.pk}


def test_the_feed_is_not_asked_without_end(mette: Client, house: House, settings: Any) -> None:
    settings.RATES = {**settings.RATES, Kind.EXPORT: "2/h"}
    address = address_of(mette)
    statuses = [Client().get(address).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_the_feed_takes_few_statements(mette: Client, house: House) -> None:
    for number in range(10):
        make_appointment(house.mette, dataclasses.replace(WALK, title=f"Tur {number}"), citizen=house.ane)
    assert statements(Client(), address_of(mette, with_names="on")) <= MOST


# --- Tasks from appointments ---------------------------------------------------------------------------------------

GO = {"title": "Følg til fodpleje", "leave": "09:30", "minutes": "75"}


def with_task(**changes: str) -> dict[str, str]:
    typed = TYPED | {"every": "", "until": "", "with_task": "on"}
    return typed | {f"opgave-{name}": value for name, value in (GO | changes).items()}


def test_an_appointment_is_made_with_its_task(mette: Client, house: House) -> None:
    new = f"{reverse('duty:appointment-new')}?borger={house.ane.key}"
    assert statements(mette, new) <= MOST
    refused = mette.post(new, with_task(leave="10:30"))
    assert refused.status_code == 422 and "Opgaven begynder efter aftalen" in text(refused)
    assert mette.post(new, with_task(title="")).status_code == 422
    assert not Appointment.objects.exists()
    sent = with_task(responsible=str(house.mette.pk))
    assert mette.post(new, sent).status_code == 302
    task = Task.objects.get()
    assert (task.due_at, task.minutes, task.responsible) == (at(9, 30, day=17), 75, house.mette)
    page = reverse("duty:appointment", args=[Appointment.objects.get().key])
    assert "Følg til fodpleje , 17.06. 09.30, 75 min., Mette Holm" in text(mette.get(page))
    assert statements(mette, page) <= MOST


def test_a_task_is_made_later_and_taken_away(mette: Client, house: House) -> None:
    about = make_appointment(house.mette, DENTIST, citizen=house.ane)
    address = reverse("duty:appointment-task", args=[about.key])
    assert address in mette.get(reverse("duty:appointment", args=[about.key])).content.decode()
    assert statements(mette, address) <= MOST
    assert mette.post(address, {"title": "Følg", "leave": "09:30"}).status_code == 422
    assert mette.post(address, {"title": "Følg", "leave": "08:30"}).status_code == 302
    assert mette.post(address, {"title": "Følg", "leave": "08:30"}).status_code == 302
    assert Task.objects.get().due_at == at(8, 30, day=16)
    cancelled = mette.post(reverse("duty:appointment-cancel", args=[about.key]), follow=True)
    assert "Aftalen er aflyst. Opgaven er aflyst med." in text(cancelled)
    undone = mette.post(reverse("duty:appointment-undo", args=[about.key]), follow=True)
    assert "Opgaven er der igen." in text(undone)
    gone = mette.post(reverse("duty:appointment-task-remove", args=[about.key]), follow=True)
    assert "Opgaven er aflyst med." in text(gone) and "Lav en opgave til aftalen" in text(gone)


def test_the_neighbour_makes_no_task(house: House) -> None:
    about = make_appointment(house.mette, DENTIST, citizen=house.ane)
    stranger = Client()
    stranger.force_login(house.stranger)
    for name in ("appointment-task", "appointment-task-remove"):
        assert stranger.post(reverse(f"duty:{name}", args=[about.key])).status_code == 404
