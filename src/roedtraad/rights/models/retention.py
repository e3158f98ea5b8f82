"""How long each kind of data is kept, and the lists of what is deleted when the time is up."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import ids
from roedtraad.organisation.models.base import bounded, no_overlap
from roedtraad.rights.models.requests import WORK, Work


class Category(models.TextChoices):
    """The kinds of data that have a rule of their own; what belongs to each is in `rights.categories`."""

    RECORD = "record", _("journalen for borgere, der er flyttet")
    NOTES = "notes", _("gamle notater")
    MESSAGES = "messages", _("beskeder")
    MOODS = "moods", _("humør")
    HANDOVER = "handover", _("overleveringer")
    LOOKUPS = "lookups", _("opslagsloggen")
    ALARMS = "alarms", _("alarmer")


@pghistory.track()
class RetentionRule(models.Model):
    """How many months data of a category are kept, in a period: law changes, and so does practice.

    `doubtful` marks what rests on general knowledge and must be confirmed by the house's own lawyers.
    """

    category = models.CharField(_("oplysninger"), max_length=10, choices=Category)
    months = models.PositiveSmallIntegerField(_("måneder"))
    deletes = models.BooleanField(_("slettes, når tiden er gået"), default=True)
    archive_first = models.BooleanField(_("afleveres til arkiv først"), default=False)
    source = models.CharField(_("hjemmel"), max_length=300)
    doubtful = models.BooleanField(_("skal bekræftes af jurister"), default=False)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("regel om opbevaring")
        verbose_name_plural = _("regler om opbevaring")
        constraints = [
            bounded("retentionrule_bounded"),
            no_overlap("retentionrule_one_at_a_time", "category"),
            models.CheckConstraint(name="retentionrule_months", condition=Q(months__range=(1, 1200))),
            models.CheckConstraint(name="retentionrule_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.category} · {self.months}"


@pghistory.track()
class LegalHold(models.Model):
    """A citizen whose data are not deleted for now, and why: a complaint, a claim, a case in court."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    reason = models.CharField(_("begrundelse"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sat af")
    )
    set_at = models.DateTimeField(_("sat"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ophævet af"),
    )
    lifted_at = models.DateTimeField(_("ophævet"), null=True, blank=True)

    class Meta:
        verbose_name = _("spærring mod sletning")
        verbose_name_plural = _("spærringer mod sletning")
        constraints = [
            models.UniqueConstraint(
                name="legalhold_one_open", fields=["citizen"], condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(name="legalhold_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="legalhold_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.set_at:%d.%m.%Y}"


@pghistory.track(exclude=WORK)
class DeletionList(Work):
    """What the rules say may go on a day, frozen: `digest` is over all lines, and each line has its own.

    Made by one, approved by another: the database says so too.
    """

    class State(models.TextChoices):
        MAKING = "making", _("laves")
        READY = "ready", _("venter på godkendelse")
        RUNNING = "running", _("slettes")
        DONE = "done", _("udført")
        DROPPED = "dropped", _("kasseret")
        FAILED = "failed", _("gik i stå")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    as_of = models.DateField(_("opgjort pr."))
    state = models.CharField(_("tilstand"), max_length=7, choices=State, default=State.MAKING)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("lavet af")
    )
    made_at = models.DateTimeField(_("lavet"))
    rules = models.JSONField(_("regler"), default=list)
    summary = models.JSONField(_("i alt"), default=list)
    digest = models.CharField(_("fingeraftryk"), max_length=64, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkendt af"),
    )
    approved_at = models.DateTimeField(_("godkendt"), null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    archive_reference = models.CharField(_("aflevering til arkiv"), max_length=120, blank=True)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)

    class Meta:
        verbose_name = _("sletteliste")
        verbose_name_plural = _("slettelister")
        constraints = [
            models.CheckConstraint(
                name="deletionlist_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="deletionlist_runs_approved",
                condition=~Q(state__in=["running", "done"])
                | Q(approved_by__isnull=False, approved_at__isnull=False, approved_digest=F("digest")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def is_running(self) -> bool:
        """Whether work is under way and has been heard from lately."""
        return self.state in (self.State.MAKING, self.State.RUNNING) and not self.is_silent

    @property
    def may_be_retried(self) -> bool:
        """Whether the work stopped without an answer: it failed, or has gone silent."""
        return self.state == self.State.FAILED or (
            self.state in (self.State.MAKING, self.State.RUNNING) and self.is_silent
        )


class DeletionItem(models.Model):
    """One line of a list: a citizen's rows of a category, or a month's. Carried out whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", _("venter")
        DONE = "done", _("slettet")
        HELD = "held", _("spærret")
        CHANGED = "changed", _("ændret siden listen")
        LINKED = "linked", _("bruges af andet")

    list = models.ForeignKey(DeletionList, models.PROTECT, related_name="items")
    category = models.CharField(max_length=10, choices=Category)
    # Nobody once the citizen has been erased: the line then tells how many, and not whose.
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(null=True, blank=True)
    found = models.PositiveIntegerField(_("rækker"))
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("linje på en sletteliste")
        verbose_name_plural = _("linjer på slettelister")
        constraints = [
            models.UniqueConstraint(
                name="deletionitem_once", fields=["list", "category", "citizen", "month"]
            ),
        ]
        indexes = [models.Index(name="deletionitem_state", fields=["list", "state"])]

    def __str__(self) -> str:
        return f"{self.list_id} · {self.category}"


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class Receipt(models.Model):
    """What was deleted, by which rules, who made the list and who approved it; no personal data of those deleted.

    `hash` is SHA-256 over the receipt before it and this one's content, so that none can be taken out of the row.
    """

    list = models.OneToOneField(DeletionList, models.PROTECT, related_name="receipt")
    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField(_("dato"))
    content = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("kvittering for sletning")
        verbose_name_plural = _("kvitteringer for sletning")

    def __str__(self) -> str:
        return str(self.number)


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class ErasedSeal(models.Model):
    """The seal of a look-up that a rule has deleted: its link stays in the chain, the look-up does not."""

    position = models.BigIntegerField(primary_key=True)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("segl fra et slettet opslag")
        verbose_name_plural = _("segl fra slettede opslag")

    def __str__(self) -> str:
        return str(self.position)


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class ErasedCitizen(models.Model):
    """A citizen of whom only the stays are left, without name and number, so that the figures hold."""

    citizen = models.OneToOneField(Citizen, models.PROTECT, primary_key=True, related_name="+")
    erased_on = models.DateField(_("slettet"))

    class Meta:
        verbose_name = _("slettet borger")
        verbose_name_plural = _("slettede borgere")

    def __str__(self) -> str:
        return str(self.citizen_id)
