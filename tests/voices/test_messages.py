"""Who writes to whom, who reads it, and what of it the database itself lets through."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Protection, Relation
from roedtraad.citizens.relations.services import withdraw_consent
from roedtraad.core import clock, ids
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.voices import queries
from roedtraad.voices.models import (
    Conversation,
    Message,
    MessageRead,
    MoodReading,
    Participant,
    ReadingChoice,
    Side,
)
from roedtraad.voices.services import messages, own
from tests import factories as make
from tests.voices.scene import Voices


def start(scene: Voices, user: User | None = None, side: str = Side.STAFF, **kw: object) -> Conversation:
    values: dict[str, object] = {"text": "Kommer I på søndag?", "relations": [scene.as_mother]} | kw
    return messages.start_conversation(user or scene.worker, scene.ane, side, **values)  # type: ignore[arg-type]


def seen_by(user: User, model: type = Message) -> int:
    """How many rows the database shows the user, whatever Python asks."""
    with rows.as_user(user):
        return int(model._default_manager.count())  # type: ignore[attr-defined]


def test_three_write_together(scene: Voices) -> None:
    talk = start(scene)
    messages.write_message(scene.mother, talk, Side.RELATIVE, text="Ja, klokken to")
    messages.write_message(scene.herself, talk, Side.CITIZEN, text="Jeg glæder mig")
    assert [one.text for one in queries.said_in(scene.worker, talk)] == [
        "Kommer I på søndag?",
        "Ja, klokken to",
        "Jeg glæder mig",
    ]
    for user, side in ((scene.mother, "relative"), (scene.herself, "citizen"), (scene.colleague, "staff")):
        assert [line.conversation for line in queries.inbox(user, side)] == [talk]


def test_the_list_says_who_and_what_and_how_many_are_new(scene: Voices) -> None:
    talk = start(scene, topic="Søndag")
    messages.write_message(scene.mother, talk, Side.RELATIVE, text="Ja, klokken to")
    (line,) = queries.inbox(scene.colleague, Side.STAFF, scene.ane)
    assert (line.who, line.latest, line.new) == ("Ane og Mor Elm", "Ja, klokken to", 2)
    assert queries.unread_count(scene.colleague) == 2
    assert queries.unread_count(scene.worker) == 1
    said = queries.said_in(scene.colleague, talk)
    messages.mark_read(scene.colleague, [one.message for one in said if one.new])
    messages.mark_read(scene.colleague, [one.message for one in said])
    assert queries.unread_count(scene.colleague) == 0
    assert queries.unread_count(scene.stranger) == 0
    assert queries.unread_count(scene.mother, Side.RELATIVE) == 1


def test_what_is_old_is_not_counted_as_new(scene: Voices) -> None:
    start(scene)
    with clock.fixed(clock.now() + dt.timedelta(days=15)):
        assert queries.unread_count(scene.colleague) == 0


@pytest.mark.parametrize("who", ["stranger", "brother", "friend"])
def test_others_see_nothing(scene: Voices, who: str) -> None:
    talk = start(scene)
    user = getattr(scene, who)
    for side in Side.values:
        assert queries.inbox(user, side) == []
        assert queries.conversation_for(user, side, talk.key) is None
        with pytest.raises(AccessDenied):
            messages.write_message(user, talk, side, text="Hej")
    for model in (Conversation, Participant, Message):
        assert seen_by(user, model) == 0


def test_a_withdrawn_consent_shuts_at_once(scene: Voices) -> None:
    talk = start(scene)
    assert seen_by(scene.mother) == 1
    withdraw_consent(scene.herself, scene.shared)
    assert seen_by(scene.mother) == 0
    assert queries.inbox(scene.mother, Side.RELATIVE) == []
    with pytest.raises(AccessDenied, match="ikke længere samtykke"):
        messages.write_message(scene.mother, talk, Side.RELATIVE, text="Hvorfor?")


def test_a_consent_that_has_run_out_and_a_relation_that_ended_shut_too(scene: Voices) -> None:
    start(scene)
    later = clock.today() + dt.timedelta(days=1)
    Relation.objects.filter(pk=scene.as_mother.pk).update(valid=Period(make.BEGINNING, later).to_range())
    with clock.fixed(clock.now() + dt.timedelta(days=2)):
        assert queries.inbox(scene.mother, Side.RELATIVE) == []
        assert seen_by(scene.mother) == 0


def test_a_protected_citizen_s_messages_are_hidden_from_who_is_not_named(scene: Voices) -> None:
    talk = start(scene)
    Protection.objects.create(citizen=scene.ane, reason="kendt", valid=Period(clock.today()).to_range())
    assert seen_by(scene.colleague) == 0
    assert queries.conversation_for(scene.colleague, Side.STAFF, talk.key) is None
    assert seen_by(scene.herself) == 1
    assert seen_by(scene.mother) == 1


def test_what_is_not_for_the_staff_is_not_read_by_them(scene: Voices) -> None:
    start(scene, scene.herself, Side.CITIZEN, with_staff=False)
    assert queries.inbox(scene.worker, Side.STAFF) == []
    assert seen_by(scene.worker) == 0
    assert seen_by(scene.mother) == 1


def test_a_talk_of_staff_and_relative_is_not_read_by_the_citizen(scene: Voices) -> None:
    talk = start(scene, with_citizen=False)
    assert queries.inbox(scene.herself, Side.CITIZEN) == []
    assert seen_by(scene.herself) == 0
    messages.write_message(scene.mother, talk, Side.RELATIVE, text="Tak")


def test_a_relative_begins_with_the_staff_and_names_nobody_else(scene: Voices) -> None:
    talk = start(scene, scene.mother, Side.RELATIVE, relations=[scene.as_friend], with_citizen=False)
    assert [one.relation for one in talk.participants.all()] == [scene.as_mother]
    assert [line.who for line in queries.inbox(scene.mother, Side.RELATIVE)] == ["personalet"]


def test_only_those_with_whom_messages_are_shared_can_be_named(scene: Voices) -> None:
    with pytest.raises(Refusal, match="Ven Vang kan først skrive med"):
        start(scene, relations=[scene.as_friend])


def test_what_cannot_be_sent(scene: Voices) -> None:
    with pytest.raises(Refusal, match="Skriv en besked"):
        start(scene, text="  ")
    with pytest.raises(Refusal, match="højst fylde"):
        start(scene, text="a" * 4001)
    with pytest.raises(Refusal, match="Vælg, hvem"):
        start(scene, relations=[], with_citizen=False)
    assert not Conversation.objects.exists()


def test_sent_twice_is_written_once(scene: Voices) -> None:
    key, message_key = ids.new_id(), ids.new_id()
    first = start(scene, key=key, message_key=message_key)
    assert start(scene, key=key, message_key=message_key) == first
    again = ids.new_id()
    one = messages.write_message(scene.worker, first, Side.STAFF, text="Hej", key=again)
    assert messages.write_message(scene.worker, first, Side.STAFF, text="Hej", key=again) == one
    assert Message.objects.count() == 2


def test_one_s_own_message_is_withdrawn_and_kept_in_the_history(scene: Voices) -> None:
    talk = start(scene)
    message = Message.objects.get()
    with pytest.raises(AccessDenied):
        messages.withdraw_message(scene.colleague, message)
    messages.withdraw_message(scene.worker, message)
    messages.withdraw_message(scene.worker, message)
    (said,) = queries.said_in(scene.mother, talk)
    assert said.text == ""
    assert message.events.filter(text="Kommer I på søndag?").count() == 2


def test_a_message_is_never_rewritten(scene: Voices) -> None:
    start(scene)
    for change in ({"text": "andet"}, {"side": "citizen"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Message.objects.update(**change)


def test_the_database_lets_nobody_write_for_another(scene: Voices) -> None:
    talk = start(scene)
    for user in (scene.mother, scene.friend, scene.stranger):
        with rows.as_user(user):
            assert Message.objects.update(withdrawn_at=clock.now()) == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                Message.objects.create(
                    citizen=scene.ane, conversation=talk, side="staff", text="Falsk", written_by=scene.worker
                )


def test_how_one_is_is_said_by_the_citizen_alone(scene: Voices) -> None:
    own.say_mood(scene.herself, scene.ane, 4)
    own.say_mood(scene.herself, scene.ane, 2)
    assert [one.mood for one in queries.moods(scene.ane)] == [2, 4]
    with pytest.raises(Refusal, match="fem ansigter"):
        own.say_mood(scene.herself, scene.ane, 6)
    for user in (scene.worker, scene.mother):
        with pytest.raises(AccessDenied):
            own.say_mood(user, scene.ane, 3)
    assert seen_by(scene.worker, MoodReading) == 2
    for user in (scene.mother, scene.stranger):
        assert seen_by(user, MoodReading) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        MoodReading.objects.update(mood=5)


def test_how_one_reads_is_one_s_own(scene: Voices) -> None:
    assert queries.reading_of(scene.herself).level == "pictogram"
    own.choose_reading(scene.herself, level="aloud", scanning=True, seconds=2)
    own.choose_reading(scene.herself, level="plain", scanning=True, seconds=5)
    kept = queries.reading_of(scene.herself)
    assert (kept.level, kept.scanning, kept.seconds) == ("plain", True, 5)
    assert seen_by(scene.worker, ReadingChoice) == 0
    for wrong in ({"level": "latin", "seconds": 3}, {"level": "plain", "seconds": 0}):
        with pytest.raises(Refusal):
            own.choose_reading(scene.herself, scanning=False, **wrong)  # type: ignore[arg-type]


def test_every_table_is_bound(scene: Voices) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'voices\\_%%' AND relkind = 'r' AND NOT relrowsecurity"
        )
        assert cursor.fetchall() == []
    assert MessageRead._meta.db_table.startswith("voices_")
