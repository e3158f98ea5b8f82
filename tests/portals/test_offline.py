"""What a phone gets and sends: within its budget, logged, once, in order, and with both texts where two wrote."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import Grant, LookupLog, SentRequest
from roedtraad.accounts.models import User
from roedtraad.core import clock, ids
from roedtraad.duty import defaults
from roedtraad.duty.models import RiskReading
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.services.risk import set_risk
from roedtraad.portals.offline import keys, shell
from roedtraad.practice.models import GoalRating, Note, Task
from roedtraad.practice.rules.tasks import occurrence_key
from roedtraad.practice.services import notes
from roedtraad.practice.services.series import plan_series
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db
BUDGET = 15
DEVICE = "0123456789abcdef" * 2


@pytest.fixture
def scene(db: None) -> Record:
    # Tests that empty the tables take the defaults of the migration along.
    defaults.write(lambda name: apps.get_model("duty", name))
    return Record()


def ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def entry(number: int, kind: str, when: dt.datetime | None = None, **what: Any) -> dict[str, Any]:
    return {
        "key": str(ids.new_id()),
        "number": number,
        "at": ms(when or clock.now()),
        "kind": kind,
        "what": what,
    }


def sent(client: Client, *entries: dict[str, Any], phone_now: dt.datetime | None = None) -> Any:
    body = {"sent_at": ms(phone_now or clock.now()), "entries": list(entries)}
    return client.post(reverse("portals:offline-send"), json.dumps(body), content_type="application/json")


def states(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["state"] for each in answer.json()["answers"]]


# --- what it gets


def test_the_shift_for_the_phone_within_its_budget(scene: Record, django_assert_max_num_queries: Any) -> None:
    scale = scale_for(scene.offer.pk)
    assert scale is not None
    set_risk(scene.worker, scene.ane, scale.levels.all()[1], text="Sov dårligt")
    for number in range(3):
        notes.write_note(scene.worker, scene.ane, text=f"Tavle {number}", sticky_until=TODAY)
        known = effort(scene.worker, scene.ane, f"Indsats {number}")
        plan_series(scene.worker, effort=known, rule="FREQ=DAILY", first_on=TODAY, at=dt.time(13 + number))
    notes.write_note(scene.worker, scene.ane, text="Hænger ikke på tavlen")
    client = scene.client(scene.worker)
    before = LookupLog.objects.count()
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(reverse("portals:offline-kept"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    kept = answer.json()
    ane = next(one for one in kept["residents"] if one["key"] == str(scene.ane.key))
    assert [note["text"] for note in ane["notes"]] == ["Tavle 2", "Tavle 1", "Tavle 0"]
    assert (ane["risk"]["name"], ane["risk"]["text"]) == (scale.levels.all()[1].name, "Sov dårligt")
    assert [level["name"] for level in kept["scales"][ane["scale"]]] == [
        one.name for one in scale.levels.all()
    ]
    assert len(ane["goals"]) == 3
    assert [task["title"] for task in kept["tasks"]] == ["Indsats 0", "Indsats 1", "Indsats 2"]
    logged = LookupLog.objects.order_by("pk")[before:]
    assert {row.citizen_id for row in logged} >= {scene.ane.pk}
    assert {row.part for row in logged} == {"læst ned til brug uden net"}


def test_a_stranger_gets_nothing_of_this_house(scene: Record) -> None:
    notes.write_note(scene.worker, scene.ane, text="Kun for Elmehuset", sticky_until=TODAY)
    text = scene.client(scene.stranger).get(reverse("portals:offline-kept")).content.decode()
    assert str(scene.ane.key) not in text
    assert "Kun for Elmehuset" not in text
    assert scene.client(scene.herself).get(reverse("portals:offline-kept")).status_code == 403


def test_the_keys_are_the_sessions_and_the_persons(scene: Record) -> None:
    address = reverse("portals:offline-access") + f"?enhed={DEVICE}"
    first, again = scene.client(scene.worker), scene.client(scene.worker)
    one, two = first.get(address).json(), again.get(address).json()
    assert first.get(address).json()["reading"] == one["reading"]
    # Another session reads nothing of the first one's; what was written is the person's, on this phone.
    assert one["reading"] != two["reading"]
    assert one["writing"] == two["writing"]
    other = scene.client(scene.colleague).get(address).json()
    assert len({one["reading"], one["writing"], other["reading"], other["writing"]}) == 4
    elsewhere = first.get(reverse("portals:offline-access") + f"?enhed={DEVICE[::-1]}").json()
    assert elsewhere["writing"] != one["writing"]
    assert one["keep_ms"] == 8 * 3600 * 1000
    assert first.get(reverse("portals:offline-access") + "?enhed=1").status_code == 400
    assert not keys.is_device(DEVICE + "0")


def test_who_is_logged_out_gets_no_key(scene: Record) -> None:
    for name in ("offline-access", "offline-kept"):
        assert Client().get(reverse(f"portals:{name}")).status_code == 302
    assert sent(Client()).status_code == 302


def test_asking_by_itself_keeps_nobody_logged_in(scene: Record, settings: Any) -> None:
    client = scene.client(scene.worker)
    address = reverse("portals:offline-access") + f"?enhed={DEVICE}"
    for minutes in (0, 20, 40):
        with clock.fixed(clock.now() + dt.timedelta(minutes=minutes)):
            last = client.get(address, headers={"X-Background": "yes"})
    assert last.status_code == 302


# --- what it sends


def test_each_kind_is_carried_out_by_its_service_at_the_phones_time(scene: Record) -> None:
    known = effort(scene.worker, scene.ane)
    known.goal.levels = ["a", "b", "c", "d", "e"]
    known.goal.save()
    series = plan_series(scene.worker, effort=known, rule="FREQ=DAILY", first_on=TODAY, at=dt.time(9))
    again = plan_series(scene.worker, effort=known, rule="FREQ=DAILY", first_on=TODAY, at=dt.time(10))
    scale = scale_for(scene.offer.pk)
    assert scale is not None
    board = notes.write_note(scene.worker, scene.ane, text="Ringer i morgen", sticky_until=TODAY)
    person = str(scene.ane.key)

    def named(plan: Any, when: dt.datetime) -> dict[str, Any]:
        key = occurrence_key(plan.key, when)
        return {"task": str(key), "series": str(plan.key), "due": ms(when)}

    answer = sent(
        scene.client(scene.worker),
        entry(1, "start", at(9, 2), **named(series, at(9))),
        entry(2, "end", at(9, 31), **named(series, at(9))),
        entry(3, "skip", at(10, 5), **named(again, at(10)), reason="Borgeren sov"),
        entry(4, "note", at(10, 10), citizen=person, text="Gik en tur.", goals=[str(known.goal.key)]),
        entry(5, "rating", at(10, 20), goal=str(known.goal.key), level=1, text="Selv"),
        entry(6, "risk", at(10, 30), citizen=person, level=scale.levels.all()[1].pk, text="Urolig"),
        entry(7, "correction", at(10, 40), note=str(board.key), version=1, text="Ringer i dag"),
    )
    assert states(answer) == ["done"] * 7
    task = Task.objects.get(series=series)
    assert (task.started_at, task.ended_at) == (at(9, 2), at(9, 31))
    assert Task.objects.get(series=again).skipped_reason == "Borgeren sov"
    note = Note.objects.get(text="Gik en tur.")
    assert note.occurred_at == at(10, 10)
    assert list(note.goals.all()) == [known.goal]
    assert GoalRating.objects.get(goal=known.goal, text="Selv").rated_at == at(10, 20)
    assert RiskReading.objects.get(text="Urolig").set_at == at(10, 30)
    board.refresh_from_db()
    assert (board.text, board.version) == ("Ringer i dag", 2)


def test_a_task_done_without_a_beginning_takes_its_planned_minutes(scene: Record) -> None:
    series = plan_series(
        scene.worker, effort=effort(scene.worker, scene.ane), rule="FREQ=DAILY", first_on=TODAY, at=dt.time(9)
    )
    key = occurrence_key(series.key, at(9))
    done = entry(1, "done", at(9, 45), task=str(key), series=str(series.key), due=ms(at(9)))
    assert states(sent(scene.client(scene.worker), done)) == ["done"]
    task = Task.objects.get(key=key)
    assert task.started_at is not None
    assert (task.ended_at, task.ended_at - task.started_at) == (
        at(9, 45),
        dt.timedelta(minutes=task.minutes or 0),
    )


def test_sent_again_nothing_is_done_twice_even_when_it_was_taken_back_since(scene: Record) -> None:
    client, person = scene.client(scene.worker), str(scene.ane.key)
    series = plan_series(
        scene.worker, effort=effort(scene.worker, scene.ane), rule="FREQ=DAILY", first_on=TODAY, at=dt.time(9)
    )
    key = occurrence_key(series.key, at(9))
    entries = [entry(n, "note", citizen=person, text=f"Nummer {n}") for n in range(3)]
    entries.append(entry(3, "start", task=str(key), series=str(series.key), due=ms(at(9))))
    assert states(sent(client, *entries)) == ["done"] * 4
    client.post(reverse("practice:task-act", args=[key, "fortryd-begynd"]))
    assert states(sent(client, *entries)) == ["done"] * 4
    assert Note.objects.filter(text__startswith="Nummer").count() == 3
    assert Task.objects.get(key=key).started_at is None


def test_rows_are_written_in_the_order_of_the_phone(scene: Record) -> None:
    person = str(scene.ane.key)
    entries = [entry(n, "note", citizen=person, text=f"{n:02}") for n in range(20)]
    answer = sent(scene.client(scene.worker), *reversed(entries))
    assert [each["key"] for each in answer.json()["answers"]] == [each["key"] for each in entries]
    written = list(Note.objects.filter(citizen=scene.ane).order_by("pk").values_list("text", "key"))
    assert written == [(f"{n:02}", uuid.UUID(each["key"])) for n, each in enumerate(entries)]
    assert [key for _text, key in written] == sorted(key for _text, key in written)


def test_a_form_that_came_through_after_all_is_not_written_again(scene: Record) -> None:
    """The phone took the note over because it saw no answer; the house had carried it out."""
    number = ids.new_id()
    client = scene.client(scene.worker)
    address = reverse("practice:quick-write", args=[scene.ane.key])
    form = {"text": "Skrevet i en formular", "request_id": str(number)}
    assert client.post(address, form).status_code == 302
    taken_over = entry(1, "note", citizen=str(scene.ane.key), text="Skrevet i en formular") | {
        "key": str(number)
    }
    assert states(sent(client, taken_over)) == ["done"]
    assert Note.objects.filter(text="Skrevet i en formular").count() == 1


def test_a_clock_that_is_an_hour_fast_is_put_right(scene: Record) -> None:
    fast = dt.timedelta(hours=1)
    note = entry(
        1, "note", clock.now() - dt.timedelta(minutes=20) + fast, citizen=str(scene.ane.key), text="Sov"
    )
    assert states(sent(scene.client(scene.worker), note, phone_now=clock.now() + fast)) == ["done"]
    assert Note.objects.get(text="Sov").occurred_at == clock.now() - dt.timedelta(minutes=20)


def test_what_is_refused_stops_nothing_and_is_not_claimed(scene: Record) -> None:
    client, person = scene.client(scene.worker), str(scene.ane.key)
    known = effort(scene.worker, scene.ane)
    bad = [
        entry(1, "note", citizen=person, text="  "),
        entry(2, "note", citizen=str(uuid.uuid4()), text="Om en anden"),
        entry(3, "note", citizen=person, text="Med et fremmed mål", goals=[str(uuid.uuid4())]),
        entry(4, "start", task=str(uuid.uuid4())),
        entry(5, "rating", goal=str(known.goal.key), level=7, text=""),
        entry(6, "risk", citizen=person, level=10**6, text=""),
        entry(7, "correction", note=str(uuid.uuid4()), version=1, text="Væk"),
        entry(8, "hallo"),
        entry(9, "note", citizen=7, text=[]),
        entry(10, "note", citizen=person, text="Ja\x00da"),
        entry(11, "note", citizen=person, text="Dag", sticky_until="i morgen"),
    ]
    answer = sent(client, *bad, entry(12, "note", citizen=person, text="Den sidste"))
    assert states(answer) == ["refused"] * 9 + ["done", "refused", "done"]
    for each in answer.json()["answers"]:
        assert (each["state"] == "done") == (each["sentence"] == "")
        assert each["sentence"] == "" or each["sentence"].endswith(".")
    assert Note.objects.filter(citizen=scene.ane).count() == 2
    assert SentRequest.objects.filter(route="offline").count() == 2


def test_a_colleague_who_began_it_first_is_named(scene: Record) -> None:
    series = plan_series(
        scene.worker, effort=effort(scene.worker, scene.ane), rule="FREQ=DAILY", first_on=TODAY, at=dt.time(9)
    )
    what = {"task": str(occurrence_key(series.key, at(9))), "series": str(series.key), "due": ms(at(9))}
    assert states(sent(scene.client(scene.colleague), entry(1, "start", at(9, 1), **what))) == ["done"]
    answer = sent(scene.client(scene.worker), entry(1, "start", at(9, 2), **what))
    assert states(answer) == ["refused"]
    assert str(scene.colleague) in answer.json()["answers"][0]["sentence"]


def test_two_corrections_of_one_note_show_both_texts_and_lose_neither(scene: Record) -> None:
    note = notes.write_note(scene.worker, scene.ane, text="Før", sticky_until=TODAY)
    notes.correct_note(scene.colleague, note, version=1, text="Kollegaens")
    mine = entry(1, "correction", note=str(note.key), version=1, text="Mine ord")
    before = LookupLog.objects.count()
    answer = sent(scene.client(scene.worker), mine)
    assert states(answer) == ["conflict"]
    theirs = answer.json()["answers"][0]["theirs"]
    assert (theirs["text"], theirs["who"], theirs["version"]) == ("Kollegaens", str(scene.colleague), 2)
    assert LookupLog.objects.filter(part="rettet uden net", citizen_id=scene.ane.pk).count() == 1
    assert LookupLog.objects.count() == before + 1
    note.refresh_from_db()
    assert note.text == "Kollegaens"
    # What somebody puts together of the two is a correction like any other.
    both = entry(2, "correction", note=str(note.key), version=2, text="Kollegaens og mine ord")
    assert states(sent(scene.client(scene.worker), both)) == ["done"]
    note.refresh_from_db()
    assert (note.text, note.version) == ("Kollegaens og mine ord", 3)
    # The same words from both are nothing to choose between.
    same = entry(3, "correction", note=str(note.key), version=1, text=" Kollegaens og  mine ord")
    assert states(sent(scene.client(scene.worker), same)) == ["done"]


def test_a_leaver_is_refused_with_all_of_it_intact(scene: Record) -> None:
    client = scene.client(scene.worker)
    Grant.objects.filter(user=scene.worker).delete()
    answer = sent(client, entry(1, "note", citizen=str(scene.ane.key), text="For sent"))
    assert answer.status_code == 403
    assert Note.objects.count() == 0


def test_when_the_database_goes_the_rest_is_to_be_sent_again(
    scene: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, person = scene.client(scene.worker), str(scene.ane.key)
    true = notes.write_note

    def away_at_two(*given: Any, **named: Any) -> Any:
        if named["text"] == "2":
            raise OperationalError("server closed the connection")
        return true(*given, **named)

    entries = [entry(n, "note", citizen=person, text=str(n)) for n in range(4)]
    with monkeypatch.context() as patch:
        patch.setattr(notes, "write_note", away_at_two)
        answer = sent(client, *entries).json()
    assert (len(answer["answers"]), answer["stopped"]) == (2, True)
    assert states(sent(client, *entries[2:])) == ["done", "done"]
    assert Note.objects.filter(citizen=scene.ane).count() == 4


def test_what_is_no_sending_is_said_so(scene: Record) -> None:
    client = scene.client(scene.worker)
    for body in ("", "[]", "{", '{"entries": 1}', "[" * 100_000):
        answer = client.post(reverse("portals:offline-send"), body, content_type="application/json")
        assert answer.status_code == 400, body[:20]


def test_another_site_cannot_send(scene: Record) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=scene.worker.pk))
    assert sent(client).status_code == 403
    access = client.get(reverse("portals:offline-access") + f"?enhed={DEVICE}").json()
    body = json.dumps({"sent_at": ms(clock.now()), "entries": []})
    answer = client.post(
        reverse("portals:offline-send"),
        body,
        content_type="application/json",
        headers={"X-CSRFToken": access["csrf"]},
    )
    assert answer.json() == {"answers": [], "stopped": False}


# --- the shell


def test_the_shell_is_nobodys_and_the_worker_may_only_fetch(scene: Record) -> None:
    stranger = Client()
    page = stranger.get(reverse("portals:offline"))
    assert page.status_code == 200
    assert "sessionid" not in stranger.cookies
    signed_in = scene.client(scene.worker).get(reverse("portals:offline")).content.decode()
    assert str(scene.worker) not in signed_in
    worker = stranger.get("/sw.js")
    assert worker["Content-Type"] == "text/javascript"
    assert worker["Content-Security-Policy"].startswith("default-src 'none'; connect-src 'self'")
    assert "script-src" not in worker["Content-Security-Policy"]
    app = stranger.get("/manifest.webmanifest")
    assert app["Content-Type"] == "application/manifest+json"
    assert app.json()["start_url"] == reverse("portals:my-shift")


def test_the_shell_has_all_the_page_asks_for(scene: Record) -> None:
    """Every file the page names, and every module and font those name, is fetched beforehand."""
    page = Client().get(reverse("portals:offline")).content.decode()
    named = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page))
    known = set(shell.FILES)
    assert named <= known
    for name in [each for each in known if each.endswith(".js") and each.startswith("portals/")]:
        found = finders.find(name)
        assert isinstance(found, str)
        for other in re.findall(r'from "\./([a-z]+\.js)"', Path(found).read_text()):
            assert f"portals/offline/{other}" in known
    assert all(finders.find(name) for name in known)
