"""Status reports to the municipality: drawn from the thread, edited, approved by a leader, and locked."""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.practice.models.base import Entry


def _somebody(words: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words
    )


@pgtrigger.register(
    pgtrigger.Protect(
        name="locked",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="approved"),
    )
)
@pghistory.track()
class StatusReport(Entry):
    """A status report for a period. `sections` hold the text and the sentences it was drawn from, `inputs` the thread
    as it was then (`rules.report_text`, `rules.report_thread`).

    Approved it never changes: another edition `supersedes` it. `seal` is the fingerprint of all that is locked; the
    names of who sent and who approved are kept as they were, so that a new name does not change an old report.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("kladde")
        WAITING = "waiting", _("til godkendelse")
        APPROVED = "approved", _("godkendt")

    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("afløser")
    )
    edition = models.PositiveSmallIntegerField(_("udgave"), default=1)
    first_day = models.DateField(_("fra"))
    last_day = models.DateField(_("til og med"))
    state = models.CharField(_("tilstand"), max_length=8, choices=State, default=State.DRAFT)
    sections = models.JSONField(_("afsnit"))
    inputs = models.JSONField(_("det, den bygger på"))
    drawn_at = models.DateTimeField(_("hentet fra tråden"), default=clock.now)
    shared_with_citizen = models.BooleanField(_("kan læses af borgeren"), default=True)
    sent_by = _somebody(_("sendt til godkendelse af"))
    sent_at = models.DateTimeField(_("sendt til godkendelse"), null=True, blank=True)
    sender = models.CharField(_("afsenderens navn"), max_length=150, blank=True)
    returned_by = _somebody(_("sendt tilbage af"))
    returned_at = models.DateTimeField(_("sendt tilbage"), null=True, blank=True)
    comment = models.TextField(_("hvorfor sendt tilbage"), max_length=2000, blank=True)
    approved_by = _somebody(_("godkendt af"))
    approved_at = models.DateTimeField(_("godkendt"), null=True, blank=True)
    approver = models.CharField(_("godkenderens navn"), max_length=150, blank=True)
    seal = models.CharField(_("segl"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("gemt gange"), default=1)

    class Meta:
        verbose_name = _("statusrapport")
        verbose_name_plural = _("statusrapporter")
        constraints = [
            models.CheckConstraint(name="report_period", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="report_sent",
                condition=Q(state="draft") | Q(sent_by__isnull=False, sent_at__isnull=False),
            ),
            # Whoever approves is another than the one who sent it.
            models.CheckConstraint(
                name="report_approved",
                condition=(~Q(state="approved") & Q(seal="", approved_by__isnull=True))
                | (
                    Q(state="approved", approved_at__isnull=False, approved_by__isnull=False)
                    & ~Q(seal="")
                    & ~Q(approved_by=F("sent_by"))
                ),
            ),
            models.CheckConstraint(
                name="report_edition",
                condition=Q(edition=1, supersedes__isnull=True) | Q(edition__gt=1, supersedes__isnull=False),
            ),
            models.UniqueConstraint(
                name="report_one_open", fields=["citizen"], condition=~Q(state="approved")
            ),
        ]
        indexes = [
            models.Index(name="report_citizen", fields=["citizen", "-last_day", "-id"]),
            models.Index(
                name="report_approved_at", fields=["-approved_at", "-id"], condition=Q(state="approved")
            ),
            models.Index(name="report_waiting", fields=["sent_at"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.last_day} · {self.edition}"


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class ReportReading(models.Model):
    """A caseworker's receipt: who in the municipality has read an approved report, and when."""

    report = models.ForeignKey(
        StatusReport, models.PROTECT, related_name="readings", verbose_name=_("statusrapport")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("læst af")
    )
    read_at = models.DateTimeField(_("læst"), default=clock.now)

    class Meta:
        verbose_name = _("læsekvittering")
        verbose_name_plural = _("læsekvitteringer")
        constraints = [models.UniqueConstraint(name="report_read_once", fields=["report", "reader"])]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.reader_id}"
