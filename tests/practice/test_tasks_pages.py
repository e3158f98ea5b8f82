"""The pages of tasks: a citizen's tab, planning, the phone's list and its buttons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.core import clock
from roedtraad.practice.models import Task, TaskSeries
from roedtraad.practice.services import tasks as services
from roedtraad.practice.services.series import plan_series
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
BUDGET = 15


def series(scene: Record, **kw: Any) -> TaskSeries:
    values: dict[str, Any] = {"rule": "FREQ=DAILY", "first_on": TODAY, "at": dt.time(14)}
    return plan_series(scene.worker, effort=effort(scene.worker, scene.ane), **{**values, **kw})


def text(answer: Any) -> str:
    page = answer.content.decode()
    return page[page.index("<main") :] if "<main" in page else page


def test_a_citizen_s_tab_shows_what_comes_what_was_done_and_the_minutes_of_each_goal(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    known = series(scene)
    services.done(scene.worker, services.touch(scene.worker, known.key, at(14)))
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(BUDGET):
        page = text(client.get(scene.path("opgaver", "")))
    assert "6 opgaver er planlagt den næste uge" in page
    assert "Mål for madlavning" in page
    assert "hver dag kl. 14.00" in page
    assert "Der er ikke mere i dag" in page
    # What is to come is told, not begun.
    assert "tirsdag 16. juni" in page
    assert "Begynd" not in page
    assert '<td class="num">30</td><td class="num">60</td><td class="num">30</td>' in page
    assert LookupLog.objects.filter(user=scene.worker, citizen=scene.ane).exists()


def test_who_reads_but_does_not_write_gets_no_buttons(scene: Record) -> None:
    series(scene)
    page = text(scene.client(make_inspector(scene)).get(scene.path("opgaver", "")))
    assert "Madlavning" in page
    assert "Begynd" not in page
    assert "Ny opgave" not in page


def make_inspector(scene: Record) -> Any:
    from roedtraad.access.roles import Role

    return scene.user(Role.INSPECTOR)


def test_a_stranger_gets_nowhere(scene: Record) -> None:
    known = series(scene)
    task = services.touch(scene.worker, known.key, at(14))
    client = scene.client(scene.stranger)
    assert client.get(scene.path("opgaver", "")).status_code == 404
    assert client.get(reverse("practice:task", args=[task.key])).status_code == 404
    assert client.post(reverse("practice:task-act", args=[task.key, "begynd"])).status_code == 404
    assert "Madlavning" not in text(client.get(reverse("practice:unit-tasks")))


def test_the_phone_s_list_begins_and_ends_without_scripts(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    known = series(scene)
    client = scene.client(scene.worker)
    listed = reverse("practice:unit-tasks")
    with django_assert_max_num_queries(BUDGET):
        page = text(client.get(listed))
    assert "Ane: Madlavning" in page
    key = services.rules.occurrence_key(known.key, at(14))
    sent = {"serie": str(known.key), "tid": at(14).isoformat(), "back": listed}
    with clock.fixed(at(12, 10)):
        answer = client.post(reverse("practice:task-act", args=[key, "begynd"]), sent)
    assert answer.headers["Location"] == listed
    with clock.fixed(at(12, 30)):
        assert "20 min." in text(client.get(listed))
        client.post(reverse("practice:task-act", args=[key, "slut"]), {"back": listed})
        page = text(client.get(listed))
    assert "0 opgaver er tilbage" in page
    assert "20 min., Prøve support_worker kl. 12.30" in page
    assert Task.objects.get().key == key


def test_a_tap_with_scripts_gets_the_line_back_and_what_went_wrong(scene: Record) -> None:
    known = series(scene)
    task = services.touch(scene.worker, known.key, at(14))
    tap = reverse("practice:task-act", args=[task.key, "begynd"])
    mine, theirs = scene.client(scene.worker), scene.client(scene.colleague)
    headers = {"HX-Request": "true"}
    line = mine.post(tap, {"back": "/"}, headers=headers).content.decode()
    assert line.strip().startswith("<li")
    assert "Slut" in line
    line = theirs.post(tap, {"back": "/"}, headers=headers).content.decode()
    assert "begyndte opgaven kl. 12.00" in line


def test_looking_at_a_time_of_a_series_writes_nothing(scene: Record) -> None:
    known = series(scene)
    key = services.rules.occurrence_key(known.key, at(14))
    address = reverse("practice:task", args=[key])
    client = scene.client(scene.worker)
    answer = client.get(address, {"serie": str(known.key), "tid": at(14).isoformat()})
    assert "Borgeren sov" in text(answer)
    assert not Task.objects.exists()
    assert client.get(address).status_code == 404
    assert client.get(address, {"serie": "x", "tid": "y"}).status_code == 404
    wrong = client.get(address, {"serie": str(known.key), "tid": at(15).isoformat()})
    assert wrong.status_code == 404


def test_skipping_with_one_tap_and_handing_on(scene: Record) -> None:
    known = series(scene)
    task = services.touch(scene.worker, known.key, at(14))
    client = scene.client(scene.worker)
    act = lambda what, **sent: client.post(  # noqa: E731  a short way to tap
        reverse("practice:task-act", args=[task.key, what]), {"back": "/borgere/opgaver/", **sent}
    )
    act("giv-videre", colleague=str(scene.colleague.pk))
    assert Task.objects.get().responsible == scene.colleague
    act("giv-videre", colleague=str(scene.stranger.pk))
    assert Task.objects.get().responsible == scene.colleague
    act("spring-over", reason="Borgeren sov")
    assert Task.objects.get().skipped_reason == "Borgeren sov"
    assert "Ikke gjort: Borgeren sov" in text(client.get(reverse("practice:unit-tasks")))
    act("fortryd-spring-over")
    assert Task.objects.get().skipped_at is None
    assert act("findes-ikke").status_code == 404


def test_going_back_never_leaves_the_house(scene: Record) -> None:
    task = services.touch(scene.worker, series(scene).key, at(14))
    answer = scene.client(scene.worker).post(
        reverse("practice:task-act", args=[task.key, "begynd"]), {"back": "//ond.example/"}
    )
    assert answer.headers["Location"] == reverse("practice:unit-tasks")


def test_a_forgotten_task_leads_to_where_the_minutes_are_written(scene: Record) -> None:
    task = services.touch(scene.worker, series(scene).key, at(14))
    with clock.fixed(at(6)):
        services.start(scene.worker, task)
    end = reverse("practice:task-act", args=[task.key, "slut"])
    with clock.fixed(at(19)):
        client = scene.client(scene.worker)
        page = client.post(end, {"back": "/"}, follow=True)
        assert "hvor mange minutter den tog" in page.content.decode()
        client.post(end, {"back": "/", "minutes": "25"})
    assert Task.objects.get().ended_at == at(6, 25)


PLAN: dict[str, Any] = {
    "title": "Gåtur",
    "first_on": "2026-06-16",
    "at": "18:00",
    "minutes": "20",
    "repeat": "",
    "last_on": "",
    "instruction": "",
}


def test_planning_once_and_again_and_again(scene: Record) -> None:
    known = effort(scene.worker, scene.ane)
    client = scene.client(scene.worker)
    new = scene.path("opgaver", "ny", "")
    assert client.post(new, PLAN).status_code == 302
    assert Task.objects.get().due_at == at(18, day=TODAY + dt.timedelta(days=1))
    again = {**PLAN, "effort": str(known.key), "title": "", "repeat": "weekly", "days": ["1", "3"]}
    page = text(client.post(new, {**again, "preview": "1"}))
    assert "Hver tirsdag og torsdag kl. 18.00" in page
    assert "tirsdag 16. juni 2026" in page
    assert "torsdag 18. juni 2026" in page
    assert not TaskSeries.objects.exists()
    client.post(new, again)
    made = TaskSeries.objects.get()
    assert (made.rule, made.title) == ("FREQ=WEEKLY;BYDAY=TU,TH", "Madlavning")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Vælg en indsats, eller skriv, hvad der skal gøres"),
        ({"at": "kvart"}, "Skriv klokken som 18:00"),
        ({"minutes": "0"}, "mellem 1 og 1440"),
        ({"repeat": "daily", "last_on": "2026-06-01"}, "før den første"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    scene: Record, wrong: dict[str, str], said: str
) -> None:
    answer = scene.client(scene.worker).post(scene.path("opgaver", "ny", ""), {**PLAN, **wrong})
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Task.objects.exists()


def test_a_group_is_planned_for_and_its_words_name_nobody(scene: Record) -> None:
    known = effort(scene.worker, scene.ane)
    client = scene.client(scene.worker)
    new = reverse("practice:new-unit-task")
    page = text(client.get(new))
    assert "Ane Elm – Madlavning" in page
    assert "Bo Birk" not in page
    group = [f"{scene.ane.key} {known.key}", f"{scene.dea.key} "]
    sent = {**PLAN, "unit": scene.offer.key, "group": group}
    assert client.post(new, {**sent, "title": "Gåtur med Ane"}).status_code == 422
    assert client.post(new, sent).status_code == 302
    task = Task.objects.get()
    assert task.citizen is None
    assert task.for_citizens.count() == 2


def test_a_series_is_changed_left_out_and_ended(scene: Record) -> None:
    known = series(scene)
    client = scene.client(scene.worker)
    page = scene.path("opgaver", "gentaget", known.key, "")
    assert "Hver dag kl. 14.00" in text(client.get(page))
    client.post(page + "slut/", {"day": "2026-06-17"})
    known.refresh_from_db()
    assert known.exceptions == [dt.date(2026, 6, 17)]
    sent = {
        **PLAN,
        "title": "Aftensmad",
        "from_day": "2026-06-20",
        "repeat": "workdays",
        "version": str(known.version),
    }
    assert client.post(page, sent).status_code == 302
    new = TaskSeries.objects.get(title="Aftensmad")
    assert new.rule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    client.post(scene.path("opgaver", "gentaget", new.key, "slut", ""), {"last_day": "2026-06-30"})
    new.refresh_from_db()
    assert new.last_on == dt.date(2026, 6, 30)


def test_of_two_who_change_a_series_neither_loses_a_word(scene: Record) -> None:
    known = series(scene, first_on=TODAY + dt.timedelta(days=1))
    page = scene.path("opgaver", "gentaget", known.key, "")
    sent = {**PLAN, "from_day": "2026-06-16", "repeat": "daily", "version": "1"}
    scene.client(scene.colleague).post(page, {**sent, "title": "Bage"})
    client = scene.client(scene.worker)
    clash = client.post(page, {**sent, "title": "Stege"})
    assert clash.status_code == 422
    assert "Sådan står den nu" in text(clash)
    assert "Bage" in text(clash)
    assert 'value="Stege"' in text(clash)
    assert 'name="version" value="2"' in text(clash)
    assert client.post(page, {**sent, "title": "Stege", "version": "2"}).status_code == 302


def test_the_day_s_list_goes_to_other_days(scene: Record) -> None:
    series(scene)
    client = scene.client(scene.worker)
    for day, n in (("2026-06-14", 0), ("2026-06-16", 1), ("igen", 1), ("9999-01-01", 1)):
        assert f"{n} opgave" in text(client.get(reverse("practice:unit-tasks"), {"dag": day}))
