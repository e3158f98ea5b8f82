"""Deleting for good: by rule, by list, by two persons – everything that names the erased, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows, seals
from roedtraad.access.models import LookupLog, SentRequest
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.drafts.models import Draft
from roedtraad.journeys.models import Stay
from roedtraad.journeys.occupancy import refresh
from roedtraad.practice.models import Note, TaskCitizen
from roedtraad.rights import rules
from roedtraad.rights.models import DeletionItem, DeletionList, Receipt, RetentionRule
from roedtraad.rights.services import requests, retention
from roedtraad.safety.models import Alarm, AlarmStep
from tests import factories as make
from tests.rights.world import WORDS, Whole, commit, only, with_rules

pytestmark = pytest.mark.django_db
State, Line = DeletionList.State, DeletionItem.State
LATER = dt.datetime(2038, 6, 15, 12, tzinfo=clock.COPENHAGEN)


def moved_out(world: Whole) -> None:
    """Ane has lived in Elmehuset, and moved out today."""
    Stay.objects.filter(citizen=world.ane).update(actual_end=clock.today())


def listed(world: Whole) -> DeletionList:
    """A list, made by one administrator."""
    made = retention.order_list(world.admin)
    retention.run_list(made.pk)
    made.refresh_from_db()
    return made


def carried_out(world: Whole, made: DeletionList) -> DeletionList:
    """The list, approved by the other and carried out."""
    retention.approve(world.other_admin, made, digest=made.digest, archive_reference="SA 2038-17")
    retention.run_erase(made.pk)
    made.refresh_from_db()
    return made


def everything() -> dict[str, str]:
    """Every row of every table as text, as a dump of the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        dump = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t")
            dump[table] = cursor.fetchone()[0]
        return dump


def mentioning(*words: str) -> dict[str, list[str]]:
    """The tables in which a word occurs, whatever its letters' size."""
    dump = everything()
    found = {word: [table for table, text in dump.items() if word.lower() in text.lower()] for word in words}
    return {word: tables for word, tables in found.items() if tables}


def bed_days() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place_id, paying_municipality_id, ordered_start, ordered_end, actual_start, actual_end, "
            "agreed_day_rate FROM journeys_staydays ORDER BY 1, 3"
        )
        return cursor.fetchall()


def months() -> list[tuple[Any, ...]]:
    refresh()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, category, month, bed_days FROM journeys_occupancymonth ORDER BY 1, 2, 3"
        )
        return cursor.fetchall()


@pytest.fixture
def erased(world: Whole) -> dict[str, Any]:
    """Ane's record, filled everywhere, erased twelve years later."""
    world.fill()
    world.released()
    moved_out(world)
    before = {"key": str(world.ane.key), "cpr": world.ane.cpr or "", "days": bed_days(), "months": months()}
    Draft.objects.create(
        user=world.worker,
        place=b"x" * 32,
        content=f'{{"page":"/borgere/{world.ane.key}/"}}',
        saved_at=clock.now(),
    )
    Draft.objects.create(
        user=world.worker, place=b"y" * 32, content='{"page":"/vagt/"}', saved_at=clock.now()
    )
    SentRequest.objects.create(
        request_id=ids.new_id(), user=world.worker, content=b"x" * 32, location=f"/borgere/{world.ane.key}/"
    )
    make.relation(world.bo, "Bos Mor", user=None)
    Note.objects.create(
        citizen=world.bo, written_by=world.worker, text="Bo fandt en nabokanin.", occurred_at=LATER
    )
    only("record")
    with clock.fixed(LATER):
        made = carried_out(world, listed(world))
        commit()
        return {**before, "list": made, "world": world}


def test_before_it_everything_mentions_her(world: Whole) -> None:
    """What the proof below looks for is really there before."""
    world.fill()
    found = mentioning(str(world.ane.key), WORDS, "Elm Unik", "Advokat Unik", "ven unik")
    assert {"citizens_citizen", "citizens_citizenevent"} <= set(found[str(world.ane.key)])
    assert {"practice_note", "practice_noteevent", "practice_noteword", "practice_wishevent",
            "duty_riskreading", "voices_messageevent", "access_emergencyaccessevent"} <= set(found[WORDS])  # fmt: skip
    assert {"accounts_user", "accounts_userevent", "citizens_relationevent"} <= set(found["Elm Unik"])


def test_nothing_anywhere_mentions_the_erased(erased: dict[str, Any]) -> None:
    assert erased["list"].state == State.DONE
    assert (
        mentioning(
            erased["key"], erased["cpr"], WORDS, "Elm Unik", "Advokat Unik", "Ven Unik", "Ane Elm", "12345678"
        )
        == {}
    )
    world = erased["world"]
    shell = Citizen.objects.get(pk=world.ane.pk)
    assert (str(shell), shell.cpr, shell.address) == ("Slettet borger", None, "")
    assert (shell.birth_date.month, shell.birth_date.day) == (1, 1)
    world.herself.refresh_from_db()
    assert (world.herself.full_name, world.herself.is_active) == ("Slettet bruger", False)


def test_the_figures_hold(erased: dict[str, Any]) -> None:
    assert bed_days() == erased["days"]
    assert months() == erased["months"]


def test_the_others_are_left_alone(erased: dict[str, Any]) -> None:
    world = erased["world"]
    bo = Citizen.objects.get(pk=world.bo.pk)
    assert str(bo) == "Bo Birk"
    assert Note.objects.filter(citizen=bo).count() == 1
    assert bo.relations.count() == 1
    assert TaskCitizen.objects.filter(citizen=bo, task__title="Fællesspisning").count() == 1
    assert Draft.objects.count() == 1
    assert "practice_noteword" in mentioning("nabokanin")["nabokanin"]
    assert mentioning("Opvaskemaskinen")
    assert Stay.objects.filter(citizen=world.ane).count() == 1


def test_the_chain_of_look_ups_still_holds(erased: dict[str, Any]) -> None:
    assert seals.ChainHolds().find() == []
    world = erased["world"]
    assert LookupLog.objects.filter(citizen=world.ane, user=world.worker).exists()
    assert not LookupLog.objects.filter(citizen=world.ane, user=world.herself).exists()


def test_the_receipt_tells_how_many_and_of_whom_nothing(erased: dict[str, Any]) -> None:
    receipt = Receipt.objects.get()
    (line,) = receipt.content["lines"]
    assert line["states"]["done"] == 1
    assert line["tables"]["practice_note"] == 1
    assert (receipt.content["made_by"], receipt.content["archive_reference"]) == (
        "Prøve administrator",
        "SA 2038-17",
    )
    assert rules.broken([(receipt.number, receipt.previous, receipt.hash, receipt.content)]) == []
    assert DeletionItem.objects.filter(citizen__isnull=False).count() == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.update(number=2)


def test_carried_out_twice_is_carried_out_once(erased: dict[str, Any]) -> None:
    retention.run_erase(erased["list"].pk)
    retention.run_list(erased["list"].pk)
    assert Receipt.objects.count() == 1


def test_who_lives_here_or_left_lately_is_not_on_the_list(world: Whole) -> None:
    world.fill()
    only("record")
    with clock.fixed(LATER):
        assert listed(world).summary == []
        retention.drop(world.admin, DeletionList.objects.get())
    moved_out(world)
    with clock.fixed(dt.datetime(2036, 6, 15, 12, tzinfo=clock.COPENHAGEN)):
        assert listed(world).summary == []
        retention.drop(world.admin, DeletionList.objects.get(state=State.READY))
    with clock.fixed(dt.datetime(2036, 6, 17, 12, tzinfo=clock.COPENHAGEN)):
        assert [line["citizens"] for line in listed(world).summary] == [1]


def test_who_is_held_is_not_on_the_list_and_not_deleted(world: Whole) -> None:
    world.fill()
    moved_out(world)
    only("record")
    with clock.fixed(LATER):
        made = listed(world)
        held = retention.hold(world.chief, world.ane, "Klage over opholdet i Ankestyrelsen")
        carried_out(world, made)
        assert made.items.get().state == Line.HELD
        assert Note.objects.filter(citizen=world.ane).exists()
        assert listed(world).summary == []
        retention.drop(world.admin, DeletionList.objects.get(state=State.READY))
        retention.lift(world.chief, held)
        assert len(listed(world).summary) == 1


def test_what_changed_since_the_list_is_left_and_said(world: Whole) -> None:
    world.fill()
    moved_out(world)
    only("record")
    with clock.fixed(LATER):
        made = listed(world)
        Note.objects.filter(citizen=world.ane).update(tags=["vigtig"])
        carried_out(world, made)
    assert made.items.get().state == Line.CHANGED
    assert Note.objects.filter(citizen=world.ane).exists()
    assert Receipt.objects.get().content["lines"][0]["states"]["changed"] == 1


def test_the_second_person(world: Whole) -> None:
    world.fill()
    moved_out(world)
    only("record")
    with clock.fixed(LATER):
        made = listed(world)
        with pytest.raises(Refusal, match="selv lavet"):
            retention.approve(world.admin, made, digest=made.digest, archive_reference="x")
        with pytest.raises(Refusal, match="en anden end den, du så"):
            retention.approve(world.other_admin, made, digest="0" * 64, archive_reference="x")
        with pytest.raises(Refusal, match="arkivets kvittering") as refused:
            retention.approve(world.other_admin, made, digest=made.digest)
        assert refused.value.field == "archive_reference"
        with pytest.raises(AccessDenied):
            retention.approve(world.worker, made, digest=made.digest, archive_reference="x")
        stranger = make.user_with("leader", world.other, "anden-leder")
        with pytest.raises(AccessDenied, match="uden for dit område"):
            retention.approve(stranger, made, digest=made.digest, archive_reference="x")
        retention.approve(world.chief, made, digest=made.digest, archive_reference="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        DeletionList.objects.filter(pk=made.pk).update(made_by=world.chief)


def test_nothing_else_opens_the_door(world: Whole) -> None:
    """Neither another name, nor a list nobody approved, nor a table the lists are not for."""
    world.fill()
    moved_out(world)
    only("record")
    note = Note.objects.get(citizen=world.ane)
    with clock.fixed(LATER):
        item = listed(world).items.get()

    def refused(name: str, table: str = "practice_note", pk: int = note.pk) -> None:
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            rows.as_system(name),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT rights_erase(%s, %s, %s)", [item.pk, table, [pk]])

    refused("opbevaring")
    retention.approve(world.other_admin, item.list, digest=item.list.digest, archive_reference="x")
    refused("indsigt")
    refused("opbevaring", "accounts_user", world.worker.pk)
    refused("opbevaring", "rights_receipt")
    refused("opbevaring", "practice_note; DROP TABLE x")
    for statement in ("DELETE FROM access_lookuplog", "DELETE FROM rights_receipt",
                      "INSERT INTO rights_erasedseal VALUES (1, '', '')"):  # fmt: skip
        doing = rows.as_system("opbevaring")
        with pytest.raises(DatabaseError), transaction.atomic(), doing, connection.cursor() as cursor:
            cursor.execute(statement)
    with transaction.atomic(), rows.as_system("opbevaring"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM practice_noteevent")
        assert cursor.rowcount == 0
    with (
        rows.as_user(world.leader),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT rights_erase(%s, 'practice_note', %s)", [item.pk, [note.pk]])


def test_a_stopped_job_goes_on_where_it_stopped(world: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in (world.ane, world.bo):
        for _n in range(2):
            Note.objects.create(
                citizen=person, written_by=world.worker, written_at=clock.now(), text="Gammelt notat"
            )
    only("notes")
    with clock.fixed(LATER):
        made = listed(world)
        retention.approve(world.other_admin, made, digest=made.digest)
        real, calls = retention.erasing.carry_out, []

        def stops(item: DeletionItem, before: dt.date) -> None:
            calls.append(item.pk)
            if len(calls) == 2:
                raise RuntimeError("strømmen gik")
            real(item, before)

        with monkeypatch.context() as patch:
            patch.setattr(retention.erasing, "carry_out", stops)
            with pytest.raises(RuntimeError):
                retention.run_erase(made.pk)
        made.refresh_from_db()
        assert made.state == State.FAILED
        assert sorted(made.items.values_list("state", flat=True)) == ["done", "waiting"]
        retention.retry(world.other_admin, made)
        retention.run_erase(made.pk)
        made.refresh_from_db()
    assert made.state == State.DONE
    assert not Note.objects.exists()
    assert Receipt.objects.get().content["lines"][0]["tables"]["practice_note"] == 4


@pytest.mark.parametrize(
    ("category", "table"),
    [
        ("notes", "practice_note"),
        ("messages", "voices_message"),
        ("moods", "voices_moodreading"),
        ("handover", "duty_handoverline"),
        ("lookups", "access_lookuplog"),
    ],
)
def test_each_rule_deletes_its_own_and_its_past(world: Whole, category: str, table: str) -> None:
    world.fill()
    only(category)
    if category == "lookups":
        # The log keeps the database's own time.
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            later = cursor.fetchone()[0] + dt.timedelta(days=365 * 12)
    else:
        later = LATER
    with clock.fixed(later):
        made = carried_out(world, listed(world))
        commit()
    (line,) = Receipt.objects.get().content["lines"]
    assert line["tables"][table] >= 1
    assert set(made.items.values_list("state", flat=True)) == {Line.DONE}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{table}event"])
        if cursor.fetchone()[0]:
            cursor.execute(f"SELECT count(*) FROM {table}event WHERE citizen_id = %s", [world.ane.pk])
            assert cursor.fetchone()[0] == 0
    assert Citizen.objects.filter(key=world.ane.key).exists()
    assert seals.ChainHolds().find() == []


def test_alarms_go_with_their_log(world: Whole) -> None:
    now = clock.now()
    for moment in (now, LATER):
        alarm = Alarm.objects.create(
            key=ids.new_id(),
            unit=world.offer,
            raised_by=world.worker,
            raised_at=moment,
            seconds=30,
            ended_at=moment,
            ended_by=world.worker,
            what_happened=f"Ane faldt over en {WORDS}",
        )
        AlarmStep.objects.create(alarm=alarm, kind="raised", at=moment, user=world.worker)
    only("alarms")
    with clock.fixed(LATER):
        made = carried_out(world, listed(world))
    assert made.items.get().state == Line.DONE
    assert Receipt.objects.get().content["lines"][0]["tables"] == {"safety_alarm": 1, "safety_alarmstep": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(raised_at) FROM safety_alarmevent")
        assert cursor.fetchone() == (1, LATER)


def test_a_rule_changes_from_a_day_and_the_one_before_stays(world: Whole) -> None:
    new = {
        "months": 24,
        "deletes": True,
        "archive_first": False,
        "source": "Regionens egen beslutning",
        "doubtful": False,
    }
    with_rules()
    with pytest.raises(AccessDenied):
        retention.set_rule(world.leader, "moods", **new)
    first = retention.set_rule(world.admin, "moods", **new)
    again = retention.set_rule(world.admin, "moods", **{**new, "months": 36})
    assert (first.pk, again.months) == (again.pk, 36)
    before, now = RetentionRule.objects.filter(category="moods").order_by("valid")
    assert (before.months, before.valid.upper, now.valid.lower) == (60, clock.today(), clock.today())
    for wrong, field in (({"months": 0}, "months"), ({"source": " "}, "source")):
        with pytest.raises(Refusal) as refused:
            retention.set_rule(world.admin, "moods", **{**new, **wrong})
        assert refused.value.field == field


def test_one_list_at_a_time(world: Whole) -> None:
    made = retention.order_list(world.admin)
    with pytest.raises(Refusal, match="allerede en liste"):
        retention.order_list(world.other_admin)
    retention.drop(world.other_admin, made)
    retention.order_list(world.other_admin)


def test_an_archive_goes_with_the_record(world: Whole, django_capture_on_commit_callbacks: Any) -> None:
    from roedtraad.rights import files

    path = files.path_of(world.released().stored)
    moved_out(world)
    only("record")
    with clock.fixed(LATER), django_capture_on_commit_callbacks(execute=True):
        carried_out(world, listed(world))
    assert not path.exists()
    assert requests.delete_expired() == 0


def test_receipts_hang_together() -> None:
    first, second = {"rows": 1}, {"rows": 2}
    head = rules.receipt_hash("", first)
    chain = [(1, "", head, first), (2, head, rules.receipt_hash(head, second), second)]
    assert rules.broken(chain) == []
    assert rules.broken([(1, "", head, {"rows": 3}), chain[1]]) == [1]
    assert rules.broken(chain[1:]) == [2]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 12, 5), 1, (2027, 1, 5)),
        ((2026, 3, 31), -1, (2026, 2, 28)),
        ((2026, 6, 15), -120, (2016, 6, 15)),
    ],
)
def test_months(day: tuple[int, int, int], months: int, then: tuple[int, int, int]) -> None:
    assert rules.months_after(dt.date(*day), months) == dt.date(*then)
