"""The pages of a shift, as the database lets each visitor have them: what they show, what they log, what they cost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from roedtraad.access.models import LookupLog
from roedtraad.access.rates import Kind
from roedtraad.core import clock
from roedtraad.duty.models import (
    Absence,
    Appointment,
    CalendarFeed,
    Handover,
    RiskReading,
    RiskScale,
    ShiftKind,
)
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.services import calendar as calendar_services
from roedtraad.duty.services import handover as handover_services
from roedtraad.duty.services.attendance import register_absence
from roedtraad.duty.services.calendar import Agreed, make_appointment
from roedtraad.duty.services.risk import set_risk
from roedtraad.practice.models import Note
from tests import factories as make

from .conftest import House, at

MOST = 15
DENTIST = Agreed(
    "Tandlæge", at(9, day=16), at(10, day=16), kind="doctor", place="Torvet 3", with_whom="Dr. Dam"
)
WALK = Agreed("Gåtur", at(14), at(15), kind="activity", rrule="FREQ=DAILY", reminder_minutes=240)


@pytest.fixture
def mette(client: Client, house: House) -> Client:
    client.force_login(house.mette)
    return client


@pytest.fixture
def lene(house: House) -> Client:
    other = Client()
    other.force_login(house.leader)
    return other


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])


def logged(part: str) -> set[int]:
    return set(LookupLog.objects.filter(part=part).values_list("citizen", flat=True))


# --- Who is here ---------------------------------------------------------------------------------------------------


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


# --- Risk ----------------------------------------------------------------------------------------------------------


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


# --- How the shift is set up ---------------------------------------------------------------------------------------


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


# --- Calendar ------------------------------------------------------------------------------------------------------


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


# --- The calendar elsewhere ----------------------------------------------------------------------------------------


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


# --- Handing over --------------------------------------------------------------------------------------------------


def test_from_proposed_to_read(mette: Client, lene: Client, house: House) -> None:
    note = Note.objects.create(
        citizen=house.ane,
        text="Ane fik ny medicin.",
        important=True,
        occurred_at=at(9),
        written_by=house.mette,
        unit=house.unit,
    )
    register_absence(house.mette, house.bo, "visit", at(10))
    assert "Dagvagt 07.00–15.00" in text(mette.get(reverse("duty:handovers")))
    begun = mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "nu"})
    held = Handover.objects.get()
    write = reverse("duty:handover-write", args=[held.key])
    assert begun["Location"] == write
    page = mette.get(write)
    assert (
        "Ane fik ny medicin." in text(page) and "Dagsnotat kl. 09.00 af Mette Holm." in page.content.decode()
    )
    ane, bo = held.lines.all()
    assert ane.sources == [{"kind": "note", "key": str(note.key)}] and "medicin" not in ane.text
    typed = {
        "version": 1,
        f"line-{ane.key}": "Se notatet.",
        f"line-{bo.key}": "",
        "new-0-about": str(house.bo.key),
        "new-0-text": "Ringer selv.",
        "new-1-about": "",
        "new-1-text": "",
    }
    mette.post(write, typed | {"act": "save"})
    clash = lene.post(write, typed | {f"line-{ane.key}": "Noget andet", "act": "save"})
    assert clash.status_code == 422
    assert "skrevet af en kollega: Se notatet." in text(clash) and "Noget andet" in text(clash)
    held.refresh_from_db()
    done = mette.post(
        write, {"version": held.version, f"line-{ane.key}": "Se notatet.", "act": "finish"}, follow=True
    )
    assert "Overleveringen er færdig." in text(done)
    assert [line.text for line in held.lines.filter(removed_at=None)] == ["Se notatet.", "Ringer selv."]
    read = reverse("duty:handover", args=[held.key])
    assert "Én overlevering venter" in text(lene.get(reverse("duty:handovers"), {"enhed": "hus-3"}))
    note.text = "Ane fik ny medicin, rettet."
    note.save()
    seen = text(lene.get(read))
    assert "rettet." in seen and "Jeg har læst den" in seen
    assert "Du har læst overleveringen." in text(
        lene.post(reverse("duty:handover-read", args=[held.key]), follow=True)
    )
    assert "Jeg har læst den" not in text(lene.get(read))
    refused = mette.post(reverse("duty:handover-reopen", args=[held.key]), follow=True)
    assert "En kollega har læst overleveringen." in text(refused)
    assert mette.get(write).status_code == 302
    assert logged("overlevering") == {house.ane.pk, house.bo.pk}
    for url in (read, reverse("duty:handovers")):
        assert statements(mette, url) <= MOST


def test_the_shift_before_this_one(mette: Client, house: House) -> None:
    mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "forrige"})
    held = Handover.objects.get()
    assert (held.shift_name, held.shift_date) == ("Nattevagt", dt.date(2026, 6, 14))
    assert statements(mette, reverse("duty:handover-write", args=[held.key])) <= MOST
    mette.post(reverse("duty:handover-write", args=[held.key]), {"version": 1, "act": "refresh"})
    mette.post(reverse("duty:handover-write", args=[held.key]), {"version": 2, "act": "finish"})
    assert mette.post(reverse("duty:handover-reopen", args=[held.key]))["Location"].endswith("/skriv/")
    assert (
        mette.post(reverse("duty:handover-begin"), {"enhed": "hus-3", "vagt": "forrige"}).status_code == 302
    )
    for number in range(40):
        day = dt.date(2026, 5, 1) + dt.timedelta(days=number)
        Handover.objects.create(
            unit=house.unit,
            shift_code="dag",
            shift_name="Dagvagt",
            shift_date=day,
            begins_at=dt.datetime.combine(day, dt.time(7), clock.COPENHAGEN),
            ends_at=dt.datetime.combine(day, dt.time(15), clock.COPENHAGEN),
            written_by=house.mette,
            made_at=clock.now(),
        )
    first = mette.get(reverse("duty:handovers"))
    second = mette.get(reverse("duty:handovers") + first.context["next"])
    assert (len(first.context["rows"]), len(second.context["rows"]), second.context["next"]) == (30, 11, "")
