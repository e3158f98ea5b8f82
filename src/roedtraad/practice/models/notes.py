"""Notes: what was seen, done and said, each written once and used wherever it matters."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.organisation.models import Unit
from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.goals import Goal

LONGEST_NOTE = 20_000


class SearchWords(models.Func):
    """The words of a text as they are searched for (migrations/0005_search)."""

    function = "practice_search_vector"
    output_field = SearchVectorField()


@pghistory.track(exclude=["search"])
class Note(Entry):
    """A note (notat). Correcting it keeps the old text in the history, for those who may read the record.

    A note on the wrong citizen is withdrawn with a reason; it leaves every list but not the history.
    """

    class Kind(models.TextChoices):
        DAILY = "daily", _("dagsnotat")
        OBSERVATION = "observation", _("observation")
        RELATIVES = "relatives", _("kontakt med pårørende")
        PHONE = "phone", _("telefon")
        MEETING = "meeting", _("mødereferat")

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skrevet i")
    )
    kind = models.CharField(_("art"), max_length=12, choices=Kind, default=Kind.DAILY)
    text = models.TextField(_("notat"), max_length=LONGEST_NOTE)
    occurred_at = models.DateTimeField(_("skete"), default=clock.now)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("mærker"), default=list, blank=True)
    important = models.BooleanField(_("skal med i overleveringen"), default=False)
    sticky_until = models.DateField(_("hænger på tavlen til og med"), null=True, blank=True)
    shared_with_citizen = models.BooleanField(_("delt med borgeren"), default=False)
    shared_with_relatives = models.BooleanField(_("delt med pårørende"), default=False)
    version = models.PositiveIntegerField(_("udgave"), default=1)
    corrected_at = models.DateTimeField(_("rettet"), null=True, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rettet af"),
    )
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("hvorfor trukket tilbage"), max_length=200, blank=True)
    goals = models.ManyToManyField(Goal, through="NoteGoal", related_name="notes", verbose_name=_("mål"))
    search = models.GeneratedField(
        expression=SearchWords("text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        verbose_name = _("notat")
        verbose_name_plural = _("notater")
        constraints = [
            models.CheckConstraint(name="note_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="note_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]
        indexes = [
            models.Index(F("citizen"), F("occurred_at").desc(), F("id").desc(), name="note_citizen_time"),
            models.Index(F("occurred_at").desc(), F("id").desc(), name="note_time"),
            models.Index(
                name="note_sticky",
                fields=["citizen", "sticky_until"],
                condition=Q(sticky_until__isnull=False, withdrawn_at__isnull=True),
            ),
            GinIndex(name="note_search", fields=["search"]),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.get_kind_display()} · {self.occurred_at:%Y-%m-%d}"


@pghistory.track()
class NoteGoal(models.Model):
    """A note tells about a goal."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="note_goals")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="note_goals", verbose_name=_("mål"))

    class Meta:
        verbose_name = _("notatets mål")
        verbose_name_plural = _("notatets mål")
        constraints = [models.UniqueConstraint(name="note_goal_once", fields=["note", "goal"])]

    def __str__(self) -> str:
        return f"{self.note_id} · {self.goal_id}"
