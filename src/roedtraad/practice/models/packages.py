"""Handover packages: what the next place must know, drafted from the record, seen by another, sent and locked."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen, Consent
from roedtraad.core import clock, ids
from roedtraad.organisation.models import Municipality, Unit
from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.transitions import PassingRule, Transition

# What is sent stands as it was sent; it can only be taken back.
SENT_STANDS = """
    IF OLD.sent_at IS NOT NULL AND (
        TG_OP = 'DELETE'
        OR OLD.recalled_at IS NOT NULL
        OR (to_jsonb(NEW) - ARRAY['recalled_at', 'recalled_by_id', 'recalled_reason'])
            IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['recalled_at', 'recalled_by_id', 'recalled_reason'])
    ) THEN
        RAISE EXCEPTION 'handover_package_sent' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'handover_package_sent', TABLE = 'practice_handoverpackage';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""
PART_STANDS = """
    IF EXISTS (
        SELECT 1 FROM practice_handoverpackage p
        WHERE p.sent_at IS NOT NULL
          AND p.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.package_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.package_id END)
    ) THEN
        RAISE EXCEPTION 'handover_part_sent' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'handover_part_sent', TABLE = 'practice_packagepart';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""


@pgtrigger.register(
    pgtrigger.Trigger(
        name="sent_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=SENT_STANDS,
    )
)
@pghistory.track()
class HandoverPackage(Entry):
    """A handover package (overleveringspakke) of a transition; another version follows one that was sent.

    `to_*` say who may read it from when it is sent; `head` is what it says of the citizen and the change.
    """

    transition = models.ForeignKey(
        Transition, models.PROTECT, related_name="packages", verbose_name=_("overgang")
    )
    number = models.PositiveSmallIntegerField(_("udgave"))
    receiver = models.CharField(_("modtager"), max_length=14, choices=PassingRule.Receiver)
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("til tilbud")
    )
    to_municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("til kommune")
    )
    to_outside = models.CharField(_("til et andet sted"), max_length=120, blank=True)
    head = models.JSONField(_("hoved"), default=dict)
    basis = models.CharField(_("grundlag"), max_length=400, blank=True)
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("samtykke")
    )
    informed_on = models.DateField(_("borgeren er orienteret den"), null=True, blank=True)
    informed_how = models.CharField(_("hvordan"), max_length=200, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set igennem af"),
    )
    reviewed_at = models.DateTimeField(_("set igennem"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sendt af"),
    )
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    content_hash = models.CharField(_("fingeraftryk"), max_length=64, blank=True)
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kaldt tilbage af"),
    )
    recalled_at = models.DateTimeField(_("kaldt tilbage"), null=True, blank=True)
    recalled_reason = models.CharField(_("hvorfor kaldt tilbage"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("overleveringspakke")
        verbose_name_plural = _("overleveringspakker")
        constraints = [
            models.UniqueConstraint(name="handover_package_number", fields=["transition", "number"]),
            models.UniqueConstraint(
                name="handover_package_one_draft", fields=["transition"], condition=Q(sent_at__isnull=True)
            ),
            models.CheckConstraint(
                name="handover_package_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("written_by")),
            ),
            models.CheckConstraint(
                name="handover_package_sent_whole",
                condition=Q(sent_at__isnull=True)
                | (
                    Q(reviewed_at__isnull=False, sent_by__isnull=False, informed_on__isnull=False)
                    & ~Q(content_hash="")
                    & ~Q(basis="")
                ),
            ),
            models.CheckConstraint(
                name="handover_package_recalled_with_reason",
                condition=Q(recalled_at__isnull=True)
                | (Q(sent_at__isnull=False, recalled_by__isnull=False) & ~Q(recalled_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                name="handover_package_unit",
                fields=["to_unit", "-sent_at"],
                condition=Q(sent_at__isnull=False),
            ),
            models.Index(
                name="handover_package_town",
                fields=["to_municipality", "-sent_at"],
                condition=Q(sent_at__isnull=False),
            ),
            models.Index(name="handover_package_citizen", fields=["citizen", "-sent_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.transition_id} · {self.number}"

    @property
    def changes_on(self) -> dt.date | None:
        """The day of the change as it stood when the package was sent."""
        return dt.date.fromisoformat(self.head["day"]) if self.head else None

    @property
    def is_open(self) -> bool:
        """May it still be worked on?"""
        return self.sent_at is None


@pgtrigger.register(
    pgtrigger.Trigger(
        name="sent_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=PART_STANDS,
    )
)
@pghistory.track()
class PackagePart(models.Model):
    """A part of a package: what the record says of it, with sources; kept, left out or put right, never retyped."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    package = models.ForeignKey(
        HandoverPackage, models.PROTECT, related_name="parts", verbose_name=_("overleveringspakke")
    )
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    name = models.SlugField(_("del"), max_length=40)
    position = models.PositiveSmallIntegerField(_("rækkefølge"))
    title = models.CharField(_("overskrift"), max_length=120)
    scope = models.CharField(_("hører under samtykket til"), max_length=10, choices=Consent.Scope)
    text = models.TextField(_("tekst"), max_length=20_000)
    made_text = models.TextField(_("som journalen siger"), max_length=20_000)
    sources = models.JSONField(_("kilder"), default=list)
    keep = models.BooleanField(_("med i pakken"), default=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rettet af"),
    )
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("afsnit i en overleveringspakke")
        verbose_name_plural = _("afsnit i overleveringspakker")
        constraints = [
            models.UniqueConstraint(name="package_part_once", fields=["package", "name"]),
            models.CheckConstraint(name="package_part_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} · {self.name}"

    @property
    def edited(self) -> bool:
        """Does it say something else than the record proposed?"""
        return self.text != self.made_text


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class PackageReceipt(models.Model):
    """That somebody has read and understood a package. `name` is who, where the reader has no login."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    package = models.ForeignKey(
        HandoverPackage, models.PROTECT, related_name="receipts", verbose_name=_("overleveringspakke")
    )
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("kvitteret af")
    )
    name = models.CharField(_("på vegne af"), max_length=120, blank=True)
    at = models.DateTimeField(_("kvitteret"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("kvittering")
        verbose_name_plural = _("kvitteringer")
        constraints = [
            models.UniqueConstraint(name="package_receipt_once", fields=["package", "user", "name"])
        ]

    def __str__(self) -> str:
        return f"{self.package_id} · {self.user_id}"


@pghistory.track()
class PackageQuestion(models.Model):
    """A question from those who receive a package, in a line, and the answer."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    package = models.ForeignKey(
        HandoverPackage, models.PROTECT, related_name="questions", verbose_name=_("overleveringspakke")
    )
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    text = models.CharField(_("spørgsmål"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("spurgt af")
    )
    asked_at = models.DateTimeField(_("spurgt"), default=clock.now, editable=False)
    answer = models.CharField(_("svar"), max_length=1_000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("svaret af"),
    )
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)

    class Meta:
        verbose_name = _("spørgsmål til en overleveringspakke")
        verbose_name_plural = _("spørgsmål til overleveringspakker")
        constraints = [
            models.CheckConstraint(name="package_question_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="package_question_answered_by_somebody",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} · {self.text[:40]}"
