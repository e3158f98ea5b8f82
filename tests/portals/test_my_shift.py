"""Min vagt: who is here, what is due now, what waits, within its budget; and whose it is not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from roedtraad.access.models import Grant, LookupLog
from roedtraad.access.roles import Role
from roedtraad.citizens import protection
from roedtraad.core import clock
from roedtraad.duty import defaults
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.services.appointment_tasks import Wanted
from roedtraad.duty.services.attendance import register_absence
from roedtraad.duty.services.calendar import Agreed, make_appointment
from roedtraad.duty.services.handover import begin_handover, finish_handover
from roedtraad.duty.services.risk import set_risk
from roedtraad.practice.models import Task
from roedtraad.practice.rules.tasks import occurrence_key
from roedtraad.practice.services.series import plan_series
from roedtraad.practice.services.tasks import done
from roedtraad.voices.services.messages import start_conversation, write_message
from tests import factories as make
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
BUDGET = 15


@pytest.fixture
def scene(db: None) -> Record:
    # Tests that empty the tables take the defaults of the migration along.
    defaults.write(lambda name: apps.get_model("duty", name))
    return Record()


def page(scene: Record, user: Any, address: str = "/") -> str:
    answer = scene.client(user).get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    return text[text.index("<main") :]


def busy(scene: Record) -> None:
    """Twelve hours of tasks, somebody away, a risk, an appointment, a handover unread and one begun, a late follow-up."""
    register_absence(scene.worker, scene.dea, "hospital", at(9))
    scale = scale_for(scene.offer.pk)
    assert scale is not None
    with clock.fixed(at(11, 5)):
        set_risk(scene.worker, scene.ane, scale.levels.all()[1])
    make_appointment(scene.worker, Agreed("Frisør", at(13, 30), at(14, 30)), citizen=scene.ane)
    with clock.fixed(at(6)):
        finish_handover(scene.colleague, begin_handover(scene.colleague, scene.offer))
    begin_handover(scene.colleague, scene.offer)
    for hour in range(8, 20):
        known = effort(scene.worker, scene.ane, f"Indsats {hour}")
        plan_series(scene.worker, effort=known, rule="FREQ=DAILY", first_on=TODAY, at=dt.time(hour))
    late = effort(scene.worker, scene.ane, "Sen").goal
    late.follow_up_on = TODAY - dt.timedelta(days=3)
    late.save()


def test_the_page_says_who_is_here_and_what_is_due_within_its_budget(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    busy(scene)
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(BUDGET):
        answer = client.get("/")
    text = answer.content.decode()
    main = text[text.index("<main") :]
    assert "Elmehuset · 2 borgere" in main
    assert "Dea" in main
    assert reverse("practice:quick-note") in main
    assert "Bo Birk" not in main
    # It is noon: what was due from four in the morning on, and up to four in the afternoon.
    assert "Indsats 8" in main
    assert "Skulle være begyndt" in main
    assert "Indsats 15" in main
    assert "Indsats 16" not in main
    assert "13.30</span>" in main
    assert "Ane: Frisør" in main
    assert "1 er væk" in main
    assert "indlagt" in main
    assert "11.05" in main
    assert "Overlevering (1 ulæst)" in main
    assert "Begyndt af Prøve support_worker, ikke færdig" in main
    assert "Skulle være fulgt op 12. juni 2026" in main
    seen = set(LookupLog.objects.filter(user=scene.worker).values_list("citizen_id", flat=True))
    assert {scene.ane.pk, scene.dea.pk} <= seen
    assert scene.bo.pk not in seen


def test_a_tap_begins_and_the_page_it_came_from_shows_it(scene: Record) -> None:
    known = plan_series(
        scene.worker,
        effort=effort(scene.worker, scene.ane),
        rule="FREQ=DAILY",
        first_on=TODAY,
        at=dt.time(13),
    )
    key = occurrence_key(known.key, at(13))
    client = scene.client(scene.worker)
    sent = {"serie": str(known.key), "tid": at(13).isoformat(), "back": "/"}
    with clock.fixed(at(12, 10)):
        assert (
            client.post(reverse("practice:task-act", args=[key, "begynd"]), sent).headers["Location"] == "/"
        )
    with clock.fixed(at(12, 20)):
        main = client.get("/").content.decode()
    assert "I gang" in main
    assert 'data-running="600"' in main


def test_another_unit_is_chosen_and_the_phone_remembers_it(scene: Record) -> None:
    Grant.objects.create(
        user=scene.worker,
        role=Role.SUPPORT_WORKER,
        unit=scene.other,
        valid=make.Period(make.BEGINNING).to_range(),
    )
    client = scene.client(scene.worker)
    assert "Birkehuset · 1 borger" in client.get("/").content.decode()
    sent = {"unit": scene.offer.key, "back": "/"}
    assert client.post(reverse("portals:shift-unit"), sent).headers["Location"] == "/"
    text = client.get("/").content.decode()
    assert "Elmehuset · 2 borgere" in text
    assert "Bo Birk" not in text[text.index("<main") :]


def test_nobody_chooses_a_unit_where_they_do_not_work(scene: Record) -> None:
    client = scene.client(scene.worker)
    client.post(reverse("portals:shift-unit"), {"unit": scene.other.key, "back": "//ond.example"})
    assert "vagt_enhed" not in client.cookies
    client.cookies["vagt_enhed"] = scene.other.key
    assert "Elmehuset · 2 borgere" in client.get("/").content.decode()


def test_a_leader_opens_it_too_and_others_do_not(scene: Record) -> None:
    address = reverse("portals:my-shift")
    assert "Elmehuset · 2 borgere" in page(scene, scene.leader, address)
    for role in (Role.INSPECTOR, Role.COUNCIL, Role.CITIZEN):
        assert scene.client(scene.user(role)).get(address).status_code == 403


def test_who_is_protected_is_not_there_for_others(scene: Record) -> None:
    busy(scene)
    protection.protect(
        scene.leader, scene.ane, reason="I familie med en kollega.", last=None, named=[scene.worker]
    )
    main = page(scene, scene.colleague)
    assert "Elmehuset · 1 borger" in main
    assert "Ane" not in main
    assert "Indsats" not in main
    assert "Ane" in page(scene, scene.worker)


def test_an_appointment_with_a_task_stands_once(scene: Record, django_assert_max_num_queries: Any) -> None:
    busy(scene)
    agreed = Agreed("Tandlæge", at(14, 0), at(15, 0), place="Torvet 3")
    go = Wanted("Følg til tandlæge", dt.time(13, 30), 60)
    make_appointment(scene.worker, agreed, citizen=scene.ane, task=go)
    often = Agreed("Svømning", at(13, 0), at(14, 0), rrule="FREQ=DAILY")
    made = make_appointment(scene.worker, often, citizen=scene.ane, task=Wanted("Svøm med", dt.time(12, 45)))
    client = scene.client(scene.worker)
    with clock.fixed(at(12)), django_assert_max_num_queries(BUDGET):
        answer = client.get("/")
    text = answer.content.decode()
    now = text[text.index('id="now"') :]
    assert "Ane: Følg til tandlæge" in now and "til aftalen 14.00–15.00, Torvet 3" in now
    assert "Ane: Svøm med" in now and "til aftalen 13.00–14.00" in now
    assert f"/vagt/aftale/{made.key}/" not in now and "Tandlæge</a>" not in now
    assert "Ane: Frisør" in now
    with clock.fixed(at(12)):
        done(scene.worker, Task.objects.get(title="Følg til tandlæge"))
        after = page(scene, scene.worker)
    assert after.count("Følg til tandlæge</a>") == 1 and "Tandlæge</a>" not in after


def test_new_messages_are_counted_within_the_same_budget(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    busy(scene)
    mother = make.user_with(Role.RELATIVE, scene.ane, "mor")
    make.consent(make.relation(scene.ane, "Mor Elm", user=mother), "messages", recorded_by=scene.worker)
    with clock.fixed(at(9)):
        first = start_conversation(mother, scene.ane, "relative", topic="Weekenden", text="Kommer hun hjem?")
        write_message(mother, first, "relative", text="Jeg henter hende gerne.")
        start_conversation(scene.worker, scene.ane, "staff", topic="Mit eget", text="Hej")
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(BUDGET):
        main = client.get("/").content.decode()
    assert "Beskeder (2 ulæste)" in main
    assert f'/borgere/{scene.ane.key}/beskeder/{first.key}/">Ane: Weekenden</a>' in main
    assert "Mit eget" not in main and "Skulle være fulgt op 12. juni 2026" in main
    client.get(f"/borgere/{scene.ane.key}/beskeder/{first.key}/")
    assert "ulæste)" not in client.get("/").content.decode().replace("Overlevering (1 ulæst)", "")
    assert "Weekenden" not in page(scene, scene.stranger)
