"""What goes in and out: one row for each file, from upload or order to the end."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.exchange.fhir.models import Message, ReportedPlan, TermCode

__all__ = ["KEPT", "SILENT", "ForeignRecord", "Message", "ReportedPlan", "TermCode", "Transfer"]

KEPT = dt.timedelta(days=7)
# Work that has said nothing for this long has stopped, whatever its status says.
SILENT = dt.timedelta(minutes=2)


class Transfer(models.Model):
    """A file on its way in or out. The file itself is gone when `stored` is empty."""

    class Direction(models.TextChoices):
        IN = "in", _("ind")
        OUT = "out", _("ud")

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("venter")
        CHECKING = "checking", _("ses efter")
        READY = "ready", _("klar til at indlæse")
        FAILED_CHECK = "failed_check", _("har fejl")
        APPLYING = "applying", _("i gang")
        DONE = "done", _("færdig")
        FAILED = "failed", _("gik i stå")

    RUNNING = (Status.UPLOADED, Status.CHECKING, Status.APPLYING)

    direction = models.CharField(_("ind eller ud"), max_length=3, choices=Direction)
    kind = models.CharField(_("indhold"), max_length=10)
    filename = models.CharField(_("fil"), max_length=120)
    stored = models.CharField(max_length=60, blank=True)
    status = models.CharField(_("tilstand"), max_length=12, choices=Status, default=Status.UPLOADED)
    phase = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    # What is worth knowing about rows that are in order: {"count": …, "rows": [{"row": …, "sentence": …}]}.
    remarks = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    message = models.CharField(max_length=400, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("af"),
    )
    created_at = models.DateTimeField(_("oprettet"))
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    expires_at = models.DateTimeField(_("slettes"))

    class Meta:
        verbose_name = _("overførsel")
        verbose_name_plural = _("overførsler")
        constraints = [
            models.CheckConstraint(name="transfer_direction", condition=Q(direction__in=["in", "out"])),
            models.CheckConstraint(
                name="transfer_kind",
                condition=Q(
                    kind__in=["enheder", "pladser", "borgere", "ophold", "relationer", "maal", "notater"]
                ),
            ),
        ]
        indexes = [
            models.Index(name="transfer_latest", fields=["direction", "-created_at"]),
            models.Index(name="transfer_expiry", fields=["expires_at"], condition=~Q(stored="")),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_running(self) -> bool:
        """Whether work is under way or waits for its turn, and has been heard from lately."""
        return self.status in self.RUNNING and clock.now() - self.touched_at < SILENT

    @property
    def may_be_retried(self) -> bool:
        """Whether the work stopped without an answer: it failed, or has gone silent."""
        return bool(self.stored or self.direction == self.Direction.OUT) and (
            self.status == self.Status.FAILED or (self.status in self.RUNNING and not self.is_running)
        )


class ForeignRecord(models.Model):
    """Which row here something in another system became, so that the same file again finds it.

    Its number there may be a CPR number, so only a fingerprint of it is kept, and one of what the file said last: a
    file that says the same again changes nothing, whatever has been corrected here since. `target` is the row's id
    in the table of its kind; `version` the row's version when the file last wrote it.
    """

    class Kind(models.TextChoices):
        CITIZEN = "borgere", _("borger")
        RELATION = "relationer", _("relation")
        GOAL = "maal", _("mål")
        NOTE = "notater", _("notat")

    kind = models.CharField(max_length=10, choices=Kind)
    system = models.CharField(_("kildesystem"), max_length=40)
    fingerprint = models.BinaryField(max_length=32)
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="+", verbose_name=_("borger"))
    target = models.BigIntegerField()
    said = models.BinaryField(max_length=32)
    version = models.PositiveIntegerField(null=True)
    written_at = models.DateTimeField(_("indlæst"))

    class Meta:
        verbose_name = _("nummer i et andet system")
        verbose_name_plural = _("numre i andre systemer")
        constraints = [
            models.UniqueConstraint(name="foreign_record_once", fields=["kind", "fingerprint"]),
            models.CheckConstraint(
                name="foreign_record_kind",
                condition=Q(kind__in=["borgere", "relationer", "maal", "notater"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} · {self.kind} · {self.target}"
