"""The codes that are loaded, what a report needs beside the record, and the messages that come in."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.encrypted import EncryptedTextField
from roedtraad.organisation.models import Unit


class TermCode(models.Model):
    """A code for reports, as the operator's file has it (`fhir.terms`)."""

    part = models.CharField(max_length=10)
    value = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=160)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("kode til indberetning")
        verbose_name_plural = _("koder til indberetning")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="term_code_once", fields=["part", "code"])]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ReportedPlan(models.Model):
    """What KL's report of a citizen's plan needs and the record does not say.

    The first of `groups` is the primary one. `levels` maps a goal's key to the level it is to lead to, `services` an
    effort's key to the code of its service.
    """

    citizen = models.OneToOneField(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    case_number = models.CharField(_("kommunens sagsnummer"), max_length=64, blank=True)
    organisation = models.CharField(_("kommunens organisationsnummer (STS)"), max_length=36, blank=True)
    starts_on = models.DateField(_("planen begynder"), null=True, blank=True)
    ends_on = models.DateField(_("planen slutter"), null=True, blank=True)
    ordered = models.BooleanField(_("bestilt af kommunen"), default=True)
    completed = models.BooleanField(_("afsluttet"), default=False)
    offer = models.CharField(_("tilbudstype"), max_length=64, blank=True)
    groups = ArrayField(
        models.CharField(max_length=64), verbose_name=_("målgrupper"), default=list, blank=True
    )
    levels = models.JSONField(default=dict, blank=True)
    services = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"), default=clock.now)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("indberetning")
        verbose_name_plural = _("indberetninger")
        constraints = [
            models.CheckConstraint(
                name="reported_plan_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.case_number}"


@pghistory.track(exclude=["payload"])
class Message(models.Model):
    """A message from another system: a draft that a person accepts or declines.

    The message itself lies encrypted, as it came; declined, it is emptied. An order is about nobody here until it is
    accepted; it belongs to the unit it is for.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan")
        ORDER = "order", _("bestilling")

    class State(models.TextChoices):
        DRAFT = "draft", _("venter")
        ACCEPTED = "accepted", _("taget imod")
        DECLINED = "declined", _("afvist")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    kind = models.CharField(_("art"), max_length=5, choices=Kind)
    state = models.CharField(_("tilstand"), max_length=8, choices=State, default=State.DRAFT)
    source = models.CharField(_("fra"), max_length=160)
    payload = EncryptedTextField(_("meddelelse"), blank=True)
    digest = models.BinaryField(max_length=32)
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("borger")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("til")
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("modtaget af")
    )
    received_at = models.DateTimeField(_("modtaget"), default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afgjort af"),
    )
    decided_at = models.DateTimeField(_("afgjort"), null=True, blank=True)
    decision_note = models.CharField(_("hvorfor"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("meddelelse")
        verbose_name_plural = _("meddelelser")
        constraints = [
            models.UniqueConstraint(
                name="message_once", fields=["kind", "digest"], condition=~Q(state="declined")
            ),
            models.CheckConstraint(
                name="message_about_or_for",
                condition=Q(kind="plan", citizen__isnull=False) | Q(kind="order", unit__isnull=False),
            ),
            models.CheckConstraint(
                name="message_decided",
                condition=Q(state="draft", decided_at__isnull=True)
                | (~Q(state="draft") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="message_latest", fields=["-received_at"])]

    def __str__(self) -> str:
        return f"{self.source} · {self.get_kind_display()}"

    def citizen_or_fail(self) -> Citizen:
        """Whom a plan is about. ValueError for an order, which is about nobody here yet."""
        if self.citizen is None:
            raise ValueError("The message is about nobody here.")
        return self.citizen
