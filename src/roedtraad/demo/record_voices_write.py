"""Writes the messages and moods of those with a login by COPY."""

from __future__ import annotations

from roedtraad.citizens.models import Relation
from roedtraad.demo.copy import copy_rows, reserve_ids
from roedtraad.demo.record import OWN, RELATIVE
from roedtraad.demo.record_write import RecordWriter
from roedtraad.voices.models import Conversation, Message, MoodReading, Participant


def write_voices(writer: RecordWriter) -> None:
    """Conversations with their messages, and how the citizen with a login is."""
    numbers, found = writer.numbers, writer.found
    own = numbers.users[OWN]
    relative = Relation.objects.get(user=numbers.users[RELATIVE])
    citizens = {OWN: numbers.citizens[str(found.known.own)], RELATIVE: relative.citizen_id}
    plans = [(login, talk) for login, talk in found.conversations()]
    ids = reserve_ids(Conversation, len(plans))
    both = list(zip(ids, plans, strict=True))
    copy_rows(
        Conversation,
        ["id", "key", "citizen", "written_by", "written_at", "topic"],
        ((pk, t.key, citizens[login], numbers.users[login], t.at, t.topic) for pk, (login, t) in both),
    )
    copy_rows(
        Participant,
        ["conversation", "relation"],
        ((pk, relative.pk) for pk, (login, _) in both if login == RELATIVE),
    )
    writer.counts["messages"] = copy_rows(
        Message,
        ["key", "citizen", "written_by", "written_at", "conversation", "side", "text"],
        (
            (m.key, citizens[login], numbers.users[m.by or login], m.at, pk, m.side, m.text)
            for pk, (login, talk) in both
            for m in talk.messages
        ),
    )
    writer.counts["moods"] = copy_rows(
        MoodReading,
        ["key", "citizen", "written_by", "written_at", "mood"],
        ((key, citizens[OWN], own, at, mood) for key, mood, at in found.moods()),
    )
