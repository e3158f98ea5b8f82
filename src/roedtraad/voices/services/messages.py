"""Conversations: begun, written in, a message withdrawn, and read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, require
from roedtraad.citizens.models import Citizen, Relation
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.services.common import write_once
from roedtraad.voices import access, rules
from roedtraad.voices.models import Conversation, Message, MessageRead, Participant, Side

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def start_conversation(
    user: User,
    citizen: Citizen,
    side: str,
    *,
    text: str,
    topic: str = "",
    relations: Collection[Relation] = (),
    with_citizen: bool = True,
    with_staff: bool = True,
    key: UUID | None = None,
    message_key: UUID | None = None,
) -> Conversation:
    """Begin a conversation with a first message, written as `side`, which is always part of it itself.

    Refusal for no text, for nobody to write to, and for a relation with whom the citizen does not share messages;
    AccessDenied for who has no voice. Sent again under the same key it is answered, not doubled.
    """
    access.require_voice(user, citizen, side)
    tidy = rules.checked_text(text)
    subject = rules.checked_topic(topic, tidy)
    taking_part = _taking_part(user, citizen, side, relations)
    citizen_in, staff_in = with_citizen or side == Side.CITIZEN, with_staff or side == Side.STAFF
    others = (citizen_in, staff_in, bool(taking_part)).count(True)
    if others < 2:
        raise Refusal(_("Vælg, hvem du vil skrive til."), "to")
    with change(user, "samtale begyndt"):
        made, new = write_once(
            user,
            Conversation,
            key,
            citizen=citizen,
            topic=subject,
            with_citizen=citizen_in,
            with_staff=staff_in,
        )
        if new:
            for relation in taking_part:
                Participant.objects.create(conversation=made, relation=relation)
            _write(user, made, side, tidy, message_key)
    return made


@transaction.atomic
def write_message(
    user: User, conversation: Conversation, side: str, *, text: str, key: UUID | None = None
) -> Message:
    """Write in a conversation that the user reads as `side`. Refusal for no text, or too much of it.

    AccessDenied for who does not take part, or no longer.
    """
    access.require_voice(user, conversation.citizen, side)
    if not access.readable(user, side).filter(pk=conversation.pk).exists():
        raise AccessDenied(_("Du er ikke med i denne samtale."))
    tidy = rules.checked_text(text)
    with change(user, "besked skrevet"):
        return _write(user, conversation, side, tidy, key)


@transaction.atomic
def withdraw_message(user: User, message: Message) -> Message:
    """Take back one's own message: the others see that it was, not what it said. Twice changes nothing."""
    require(user, "message.write")
    if message.written_by_id != user.pk:
        raise AccessDenied(_("Du kan kun trække dine egne beskeder tilbage."))
    access.require_voice(user, message.citizen, message.side)
    held = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if held.withdrawn_at is None:
        held.withdrawn_at = clock.now()
        with change(user, "besked trukket tilbage"):
            held.save(update_fields=["withdrawn_at"])
    return held


def mark_read(user: User, messages: Iterable[Message]) -> None:
    """Note that the user has these messages open. One SQL statement, and none when nothing is new."""
    new = [MessageRead(message=one, user=user) for one in messages]
    if new:
        MessageRead.objects.bulk_create(new, ignore_conflicts=True)


def _write(user: User, conversation: Conversation, side: str, text: str, key: UUID | None) -> Message:
    message, _new = write_once(
        user,
        Message,
        key,
        citizen=conversation.citizen,
        conversation=conversation,
        side=side,
        text=text,
    )
    return message


def _taking_part(
    user: User, citizen: Citizen, side: str, relations: Collection[Relation]
) -> Collection[Relation]:
    """The relations who take part. A relative brings themselves and nobody else."""
    if side == Side.RELATIVE:
        own = access.own_relation(user, citizen)
        if own is None:
            raise AccessDenied(_("Du er ikke skrevet ind som pårørende længere."))
        return [own]
    if relations:
        allowed = {one.pk for one in access.may_take_part(citizen)}
        for relation in relations:
            if relation.pk not in allowed:
                raise Refusal(
                    _("%(name)s kan først skrive med, når borgeren har sagt ja til at dele beskeder.")
                    % {"name": relation.name},
                    "to",
                )
    return relations
