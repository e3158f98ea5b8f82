"""Conversations between a citizen, those the citizen has chosen, and the staff of the offer."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Relation
from roedtraad.core import clock
from roedtraad.practice.models.base import Entry


class Side(models.TextChoices):
    """As what somebody reads and writes."""

    CITIZEN = "citizen", _("borgeren")
    RELATIVE = "relative", _("pårørende")
    STAFF = "staff", _("personalet")


@pghistory.track()
class Conversation(Entry):
    """What is written about, and who reads it: the citizen, the staff who work with them, and named relations.

    A relation reads it as long as the citizen shares messages with them (`citizens.sharing`), and no longer.
    """

    topic = models.CharField(_("emne"), max_length=120)
    with_citizen = models.BooleanField(_("borgeren er med"), default=True)
    with_staff = models.BooleanField(_("personalet er med"), default=True)

    class Meta:
        verbose_name = _("samtale")
        verbose_name_plural = _("samtaler")
        constraints = [
            models.CheckConstraint(name="conversation_has_topic", condition=~Q(topic="")),
            models.CheckConstraint(
                name="conversation_with_somebody", condition=Q(with_citizen=True) | Q(with_staff=True)
            ),
        ]
        indexes = [models.Index(name="conversation_citizen", fields=["citizen", "-written_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.pk}"


@pghistory.track()
class Participant(models.Model):
    """One of the citizen's relations who takes part in a conversation."""

    conversation = models.ForeignKey(
        Conversation, models.PROTECT, related_name="participants", verbose_name=_("samtale")
    )
    relation = models.ForeignKey(Relation, models.PROTECT, related_name="+", verbose_name=_("relation"))

    class Meta:
        verbose_name = _("deltager")
        verbose_name_plural = _("deltagere")
        constraints = [models.UniqueConstraint(name="participant_once", fields=["conversation", "relation"])]

    def __str__(self) -> str:
        return f"{self.conversation_id} · {self.relation_id}"


@pghistory.track()
class Message(Entry):
    """A message. Its text never changes; who wrote it may withdraw it, and it stays in the history."""

    conversation = models.ForeignKey(
        Conversation, models.PROTECT, related_name="messages", verbose_name=_("samtale")
    )
    side = models.CharField(_("skrevet som"), max_length=8, choices=Side)
    text = models.TextField(_("besked"), max_length=4000)
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    class Meta:
        verbose_name = _("besked")
        verbose_name_plural = _("beskeder")
        constraints = [
            models.CheckConstraint(name="message_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="message_side", condition=Q(side__in=["citizen", "relative", "staff"])
            ),
        ]
        indexes = [
            models.Index(name="message_conversation", fields=["conversation", "written_at", "id"]),
            models.Index(name="message_citizen", fields=["citizen", "-written_at", "-id"]),
        ]
        triggers = [
            pgtrigger.Protect(
                name="only_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_at"]),
            ),
            pgtrigger.Protect(
                name="withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} · {self.pk}"


class MessageRead(models.Model):
    """That somebody has had a message open, for their own count of what is new."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reads", verbose_name=_("besked"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("hvem")
    )
    read_at = models.DateTimeField(_("læst"), default=clock.now)

    class Meta:
        verbose_name = _("læst besked")
        verbose_name_plural = _("læste beskeder")
        constraints = [models.UniqueConstraint(name="message_read_once", fields=["message", "user"])]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.user_id}"
