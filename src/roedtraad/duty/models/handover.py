"""What one shift leaves for the next: written, finished, read."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import ids
from roedtraad.duty.models.base import APPEND_ONLY
from roedtraad.organisation.models import Unit


@pghistory.track()
class Handover(models.Model):
    """The handover of one shift in one unit. The shift's name and times stand as they were that day."""

    class State(models.TextChoices):
        DRAFT = "draft", _("i gang")
        DONE = "done", _("færdig")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhed"))
    shift_code = models.SlugField(_("vagt"), max_length=20)
    shift_name = models.CharField(_("vagtens navn"), max_length=40)
    shift_date = models.DateField(_("vagtens dag"))
    begins_at = models.DateTimeField(_("vagten begyndte"))
    ends_at = models.DateTimeField(_("vagten slutter"))
    state = models.CharField(_("tilstand"), max_length=5, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    made_at = models.DateTimeField(_("begyndt"))
    done_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afsluttet af"),
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("overlevering")
        verbose_name_plural = _("overleveringer")
        constraints = [
            models.UniqueConstraint(name="handover_once", fields=["unit", "shift_date", "shift_code"]),
            models.CheckConstraint(name="handover_order", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(
                name="handover_done_by_somebody",
                condition=Q(state="draft", done_at__isnull=True, done_by__isnull=True)
                | Q(state="done", done_at__isnull=False, done_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="handover_unit_latest", fields=["unit", "-begins_at"])]

    def __str__(self) -> str:
        return f"{self.unit_id} · {self.shift_name} · {self.shift_date:%d.%m.%Y}"


@pghistory.track()
class HandoverLine(models.Model):
    """What is handed over about one citizen, or about the unit. `sources` names the facts it rests on by kind and key.

    A line taken out stays as a row with `removed_at`, so that its facts are not proposed again.
    """

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    handover = models.ForeignKey(
        Handover, models.PROTECT, related_name="lines", verbose_name=_("overlevering")
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("borger")
    )
    position = models.PositiveSmallIntegerField(_("plads i listen"))
    text = models.TextField(_("tekst"), max_length=4000)
    sources = models.JSONField(_("bygger på"), default=list, blank=True)
    removed_at = models.DateTimeField(_("taget ud"), null=True, blank=True)

    class Meta:
        verbose_name = _("linje i en overlevering")
        verbose_name_plural = _("linjer i overleveringer")
        ordering = ["position", "pk"]
        indexes = [models.Index(name="handover_line_citizen", fields=["citizen"])]

    def __str__(self) -> str:
        return f"{self.handover_id} · {self.position}"


@pgtrigger.register(APPEND_ONLY)
class HandoverRead(models.Model):
    """Somebody has read a finished handover."""

    handover = models.ForeignKey(
        Handover, models.PROTECT, related_name="reads", verbose_name=_("overlevering")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("læst af")
    )
    at = models.DateTimeField(_("læst"))

    class Meta:
        verbose_name = _("læst overlevering")
        verbose_name_plural = _("læste overleveringer")
        constraints = [models.UniqueConstraint(name="handover_read_once", fields=["handover", "user"])]

    def __str__(self) -> str:
        return f"{self.handover_id} · {self.user_id}"
