"""The record as programs read and write it: each resource through its services, and two who write at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.core import clock
from roedtraad.practice.models import Goal, GoalRating, Note, Task, Theme, Wish
from roedtraad.practice.services.notes import withdraw_note
from roedtraad.practice.services.series import plan_series
from roedtraad.practice.services.tasks import done
from tests.practice.api_scene import LEVELS, ApiRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(db: None) -> ApiRecord:
    return ApiRecord()


def told(answer: Any, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    body: dict[str, Any] = answer.json()
    return body


def refused(answer: Any, field: str = "") -> str:
    assert answer.status_code == 422, answer.content
    sentence = str(answer.json()["detail"])
    assert sentence.startswith(f"{field}: ") or not field, sentence
    assert sentence.endswith(".")
    return sentence


def test_the_thread_goes_from_wish_to_effect(record: ApiRecord) -> None:
    done(record.worker, record.task)
    found = told(record.get(f"citizens/{record.ane.key}/thread"), 200)
    (strand,) = found["strands"]
    assert (strand["wish"], strand["text"]) == (str(record.wish.key), "Jeg vil lave mad.")
    (goal,) = strand["goals"]
    assert (goal["id"], goal["start_level"], goal["level"]) == (str(record.goal.key), -1, 1)
    assert goal["level_words"] == LEVELS[1]
    assert goal["outcome"] == "reached"
    assert [rating["level"] for rating in goal["ratings"]] == [-1, 1]
    (effort,) = goal["efforts"]
    assert effort["delivered_minutes"] == goal["delivered_minutes"] == found["delivered_minutes"] == 45
    assert effort["planned_minutes"] == found["planned_minutes"] > 0
    assert found["percent"] == round(100 * 45 / found["planned_minutes"])
    assert (found["goals"], found["reached"]) == (1, 1)


def test_a_wish_is_followed_and_a_second_follower_is_told(record: ApiRecord) -> None:
    body = {"citizen": record.ane.key, "text": "Jeg vil bage.", "follows": record.wish.key}
    newer = told(record.write("wishes", body))
    assert newer["follows"] == str(record.wish.key)
    clash = record.write("wishes", body | {"text": "Noget tredje"}, record.colleague)
    assert told(clash, 409)["current"]["text"] == "Jeg vil bage."
    assert Wish.objects.count() == 2
    texts = [wish["text"] for wish in record.get("wishes", citizen=record.ane.key).json()["items"]]
    assert texts == ["Jeg vil lave mad.", "Jeg vil bage."]
    others = Wish.objects.create(citizen=record.bo, text="Bos", words="own", written_by=record.stranger)
    refused(record.write("wishes", body | {"follows": others.key}), "follows")
    refused(record.write("wishes", {"citizen": record.ane.key, "text": "x", "words": "helped"}), "helped_by")


def test_a_goal_is_set_read_and_changed(record: ApiRecord) -> None:
    theme = Theme.objects.filter(list="short").order_by("number").first() or Theme.objects.create(
        list="short", code="prove", number=1, name="Prøve"
    )
    body = {
        "citizen": record.ane.key,
        "title": "Jeg går til svømning",
        "kind": "maintain",
        "starts_on": "2026-06-15",
        "levels": list(LEVELS.values()),
        "level_now": 0,
        "theme": theme.code,
        "wish": record.wish.key,
        "agreed_with": ["citizen", "relative"],
        "follow_up_on": "2026-09-01",
    }
    made = told(record.write("goals", body))
    assert [one["code"] for one in made["themes"]] == [theme.code]
    assert made["agreed_with"] == ["citizen", "relative"]
    assert GoalRating.objects.get(goal__key=made["id"]).level == 0
    assert record.get(f"goals/{made['id']}").json()["follow_up_on"] == "2026-09-01"
    path = f"goals/{made['id']}"
    change = {"version": 1, "title": "Jeg svømmer to gange om ugen", "follow_up_on": None}
    changed = told(record.write(path, change, method="PATCH"), 200)
    assert (changed["version"], changed["title"]) == (2, change["title"])
    assert changed["follow_up_on"] is None
    kept = ("kind", "levels", "wish", "agreed_with", "starts_on", "themes")
    assert {name: changed[name] for name in kept} == {name: made[name] for name in kept}


def test_two_who_change_one_goal_both_learn_both_texts(record: ApiRecord) -> None:
    path = f"goals/{record.goal.key}"
    told(record.write(path, {"version": 1, "title": "Den førstes"}, method="PATCH"), 200)
    clash = record.write(path, {"version": 1, "title": "Den andens"}, record.colleague, method="PATCH")
    body = told(clash, 409)
    assert body["current"]["title"] == "Den førstes"
    assert body["current"]["version"] == 2
    assert body["yours"] == {"title": "Den andens"}
    assert "En anden har rettet imens" in body["detail"]
    assert Goal.objects.get(pk=record.goal.pk).title == "Den førstes"
    again = record.write(path, {"version": 2, "title": "Den andens"}, record.colleague, method="PATCH")
    assert told(again, 200)["title"] == "Den andens"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"levels": ["a", "b"]}, "levels"),
        ({"theme": "findes-ikke"}, "theme"),
        ({"wish": "0190f5fe-7c00-7a00-8000-000000000009"}, "wish"),
        ({"parent": "0190f5fe-7c00-7a00-8000-000000000009"}, "parent"),
        ({"pejlemaerke": "findes-ikke"}, "pejlemaerke"),
        ({"follow_up_on": "2020-01-01"}, "follow_up_on"),
    ],
)
def test_what_a_goal_cannot_be_is_said_with_its_field(
    record: ApiRecord, changes: dict[str, Any], field: str
) -> None:
    body = {"citizen": record.ane.key, "title": "Et mål", "kind": "develop", "starts_on": "2026-06-15"}
    refused(record.write("goals", body | changes), field)
    refused(record.write(f"goals/{record.goal.key}", {"version": 1, **changes}, method="PATCH"), field)
    assert Goal.objects.count() == 1


def test_ratings_are_written_and_read(record: ApiRecord) -> None:
    path = f"goals/{record.goal.key}/ratings"
    made = told(record.write(path, {"level": 2, "rater": "citizen", "text": "Jeg kan det."}))
    assert (made["level"], made["rater"], made["goal"]) == (2, "citizen", str(record.goal.key))
    assert [one["level"] for one in record.get(path).json()["items"]] == [-1, 1, 2]
    refused(record.write(path, {"level": 3}))
    refused(record.write(path, {"level": 1, "rated_at": "2030-01-01T10:00:00+01:00"}))


def test_efforts_count_what_was_delivered(record: ApiRecord) -> None:
    done(record.worker, record.task, minutes=30)
    body = {
        "goal": record.goal.key, "title": "Indkøb", "times": 1, "per": "month", "minutes": 60,
        "starts_on": "2026-06-15",
    }  # fmt: skip
    assert told(record.write("efforts", body))["delivered_minutes"] == 0
    listed = record.get("efforts", citizen=record.ane.key).json()["items"]
    assert [(one["title"], one["delivered_minutes"]) for one in listed] == [
        ("Madlavning sammen", 30),
        ("Indkøb", 0),
    ]
    assert record.get("efforts", citizen=record.ane.key, goal=record.wish.key).json()["items"] == []
    refused(record.write("efforts", body | {"method": "findes-ikke"}), "method")
    refused(record.write("efforts", body | {"ends_on": "2026-06-01"}), "ends_on")


def test_notes_are_written_filtered_and_corrected(record: ApiRecord) -> None:
    body = {
        "citizen": record.ane.key,
        "text": "Gik tur i skoven 🌲 – ᐊᓪᓚᒃᑐᖅ مرحبا",
        "kind": "observation",
        "occurred_at": "2026-06-14T20:15:00+02:00",
        "goals": [record.goal.key],
        "tags": ["Tur"],
        "important": True,
    }
    made = told(record.write("notes", body))
    assert made["text"] == body["text"]
    assert made["goals"] == [str(record.goal.key)]
    for query, number in (
        ({"kind": "observation"}, 1), ({"kind": "phone"}, 0), ({"tag": made["tags"][0]}, 1), ({"tag": "andet"}, 0),
        ({"goal": record.goal.key}, 2), ({"withdrawn": True}, 0), ({}, 2),
    ):  # fmt: skip
        assert len(record.get("notes", citizen=record.ane.key, **query).json()["items"]) == number, query
    path = f"notes/{made['id']}"
    corrected = told(record.write(f"{path}/corrections", {"version": 1, "text": "Gik tur ved søen."}))
    assert (corrected["version"], corrected["important"]) == (2, True)
    assert corrected["corrected_by"]
    clash = record.write(f"{path}/corrections", {"version": 1, "text": "Min rettelse."}, record.colleague)
    assert told(clash, 409)["current"]["text"] == "Gik tur ved søen."
    assert clash.json()["yours"] == "Min rettelse."
    assert record.get(path).json()["text"] == "Gik tur ved søen."
    withdraw_note(record.worker, Note.objects.get(key=made["id"]), "Forkert borger")
    assert len(record.get("notes", citizen=record.ane.key, withdrawn=True).json()["items"]) == 1
    refused(record.write(f"{path}/corrections", {"version": 2, "text": "For sent."}))


def test_a_note_of_20000_signs_and_one_more(record: ApiRecord) -> None:
    body = {"citizen": record.ane.key, "text": "å" * 20_000}
    assert len(told(record.write("notes", body))["text"]) == 20_000
    assert "højst have 20000" in refused(record.write("notes", body | {"text": "å" * 20_001}), "text")


def test_another_citizens_goal_is_no_goal_of_the_note(record: ApiRecord) -> None:
    others = Goal.objects.create(
        citizen=record.bo, title="Bos", kind="develop", starts_on=clock.today(), written_by=record.stranger
    )
    refused(record.write("notes", {"citizen": record.ane.key, "text": "x", "goals": [others.key]}), "goals")


def test_a_task_is_planned_begun_and_ended(record: ApiRecord) -> None:
    now = clock.now()
    body = {"citizen": record.ane.key, "due_at": now.isoformat(), "effort": record.effort.key}
    made = told(record.write("tasks", body))
    assert (made["title"], made["planned_minutes"], made["state"]) == ("Madlavning sammen", 45, "planned")
    path = f"tasks/{made['id']}"
    begun = told(record.write(f"{path}/start", {"at": (now - dt.timedelta(minutes=50)).isoformat()}), 200)
    assert begun["state"] == "running"
    ended = told(record.write(f"{path}/end", {"at": (now - dt.timedelta(minutes=10)).isoformat()}), 200)
    assert (ended["state"], ended["minutes"]) == ("done", 40)
    refused(record.write(f"{path}/skip", {"reason": "Borgeren sov"}))
    listed = record.get("tasks", citizen=record.ane.key, **{"from": "2026-06-15", "to": "2026-06-15"}).json()
    assert {one["state"] for one in listed["items"]} == {"planned", "done"}
    assert all(one["goal"] == "Jeg laver aftensmad" for one in listed["items"])


def test_a_task_nobody_began_takes_as_long_as_planned(record: ApiRecord) -> None:
    ended = told(record.write(f"tasks/{record.task.key}/end", {}), 200)
    assert (ended["state"], ended["minutes"]) == ("done", 45)


def test_a_task_is_left_out_with_a_reason(record: ApiRecord) -> None:
    refused(record.write(f"tasks/{record.task.key}/skip", {"reason": " "}), "reason")
    left = told(record.write(f"tasks/{record.task.key}/skip", {"reason": "Borgeren sov"}), 200)
    assert (left["state"], left["skipped_reason"]) == ("skipped", "Borgeren sov")


def test_a_time_of_a_series_is_begun_by_its_number(record: ApiRecord) -> None:
    series = plan_series(
        record.worker, effort=record.effort, rule="FREQ=DAILY", first_on=clock.today(), at=dt.time(10)
    )
    days = {"from": "2026-06-15", "to": "2026-06-16"}
    listed = record.get("tasks", citizen=record.ane.key, **days).json()["items"]
    times = [one for one in listed if one["series"] == str(series.key)]
    assert [one["due_at"][:10] for one in times] == ["2026-06-15", "2026-06-16"]
    touched = {"series": times[0]["series"], "due_at": times[0]["due_at"]}
    assert record.write(f"tasks/{times[0]['id']}/start", {}).status_code == 404
    begun = told(record.write(f"tasks/{times[0]['id']}/start", touched), 200)
    assert (begun["id"], begun["state"]) == (times[0]["id"], "running")
    assert Task.objects.filter(series=series).count() == 1


def test_a_groups_task_tells_nothing_of_the_others(record: ApiRecord) -> None:
    from roedtraad.practice.services.planning import Part
    from roedtraad.practice.services.tasks import plan_task

    made = plan_task(
        record.worker,
        due_at=clock.now(),
        group=[Part(record.ane, record.effort), Part(record.carl)],
        unit=record.offer,
        title="Fællesspisning",
    )
    answer = record.get("tasks", citizen=record.ane.key, **{"from": "2026-06-15", "to": "2026-06-15"})
    line = next(one for one in answer.json()["items"] if one["id"] == str(made.key))
    assert line["group"]
    assert "Carl" not in answer.content.decode()
    assert str(record.carl.key) not in answer.content.decode()


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-06-15", "2026-06-14"), ("2026-06-01", "2026-07-02"), ("1900-01-01", "2999-12-31")],
)
def test_a_period_of_tasks_has_a_length(record: ApiRecord, first: str, last: str) -> None:
    answer = record.get("tasks", citizen=record.ane.key, **{"from": first, "to": last})
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")


def test_the_timeline_is_narrowed_by_kind(record: ApiRecord) -> None:
    path = f"citizens/{record.ane.key}/timeline"
    everything = record.get(path).json()["items"]
    kinds = {one["kind"] for one in everything}
    assert {"notater", "maal"} <= kinds
    assert {one["kind"] for one in record.get(path, kind=["notater"]).json()["items"]} == {"notater"}
    both = record.get(path, kind=["notater", "maal"]).json()["items"]
    assert {one["kind"] for one in both} == {"notater", "maal"}
    wrong = record.get(path, kind="findes-ikke")
    assert wrong.status_code == 400
    assert "notater" in wrong.json()["detail"]
    assert [one["at"] for one in everything] == sorted((one["at"] for one in everything), reverse=True)


def test_search_finds_in_any_form_and_only_what_may_be_read(record: ApiRecord) -> None:
    found = record.get("search", q="frikadelle").json()["items"]
    assert [one["note"] for one in found] == [str(record.note.key)]
    assert "»frikadeller«" in found[0]["excerpt"]
    assert record.get("search", record.stranger, q="frikadeller").json()["items"] == []
    assert len(record.get("search", q="frikadeller", citizen=record.ane.key).json()["items"]) == 1
    assert record.get("search", record.stranger, q="frikadeller", citizen=record.ane.key).status_code == 404
    assert record.get("search", q="").status_code == 422


def test_the_citizen_sees_who_looked(record: ApiRecord) -> None:
    record.get(f"citizens/{record.ane.key}/thread")
    record.get("notes", record.colleague, citizen=record.ane.key)
    log = told(record.get(f"citizens/{record.ane.key}/access-log", record.herself), 200)["items"]
    assert [(one["part"], one["actor"], one["role"]) for one in log] == [
        ("notater", "token", "support_worker"),
        ("tråden", "token", "support_worker"),
    ]
    assert record.get(f"citizens/{record.ane.key}/access-log").status_code == 403
    first = record.get(f"citizens/{record.ane.key}/access-log", record.herself, limit=1).json()
    rest = record.get(f"citizens/{record.ane.key}/access-log", record.herself, after=first["next"]).json()
    assert first["items"] + rest["items"] == log


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800"])
def test_signs_that_no_text_holds_are_refused(record: ApiRecord, text: str) -> None:
    refused(record.write("notes", {"citizen": record.ane.key, "text": text}))


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-06-15T10:00:00", "i går"]
)
def test_moments_nobody_means_are_refused(record: ApiRecord, at: str) -> None:
    refused(record.write("notes", {"citizen": record.ane.key, "text": "x", "occurred_at": at}))
    refused(record.write("tasks", {"citizen": record.ane.key, "title": "x", "due_at": at}))
