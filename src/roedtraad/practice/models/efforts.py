"""Efforts: what is done to reach a goal, by which method and how much. What was delivered is counted from tasks."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models.base import bounded, no_overlap
from roedtraad.practice.models.base import Entry
from roedtraad.practice.models.goals import Goal


@pghistory.track()
class Method(models.Model):
    """A professional method, what it rests on, and whether it is still used."""

    class Evidence(models.TextChoices):
        NONE = "none", _("ikke undersøgt")
        SOME = "some", _("nogen viden")
        GOOD = "good", _("god viden")

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(db_collation="C", max_length=320)
    description = models.TextField(_("hvad den går ud på"), max_length=2000, blank=True)
    evidence = models.CharField(_("viden om virkning"), max_length=4, choices=Evidence)
    evidence_note = models.CharField(_("hvad viden bygger på"), max_length=400, blank=True)
    retired_on = models.DateField(_("bruges ikke længere fra"), null=True, blank=True)

    class Meta:
        verbose_name = _("metode")
        verbose_name_plural = _("metoder")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class MethodQualification(models.Model):
    """A colleague who is trained in a method, and since when."""

    method = models.ForeignKey(
        Method, models.PROTECT, related_name="qualifications", verbose_name=_("metode")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("metodekvalifikation")
        verbose_name_plural = _("metodekvalifikationer")
        constraints = [
            no_overlap("qualification_no_overlap", "method", "user"),
            bounded("qualification_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} · {self.user_id}"


@pghistory.track()
class Effort(Entry):
    """An effort (indsats) for a goal: so many times a week of so many minutes, and who answers for it."""

    class Per(models.TextChoices):
        DAY = "day", _("om dagen")
        WEEK = "week", _("om ugen")
        MONTH = "month", _("om måneden")

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="efforts", verbose_name=_("mål"))
    method = models.ForeignKey(
        Method, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("metode")
    )
    title = models.CharField(_("indsats"), max_length=200)
    description = models.TextField(_("sådan gør vi"), max_length=4000, blank=True)
    times = models.PositiveSmallIntegerField(_("gange"))
    per = models.CharField(_("pr."), max_length=5, choices=Per, default=Per.WEEK)
    minutes = models.PositiveSmallIntegerField(_("minutter hver gang"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    service_package = models.CharField(_("ydelsespakke"), max_length=120, blank=True)
    starts_on = models.DateField(_("begynder"))
    ends_on = models.DateField(_("til og med"), null=True, blank=True)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("indsats")
        verbose_name_plural = _("indsatser")
        constraints = [
            models.CheckConstraint(name="effort_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="effort_times", condition=Q(times__gte=1, times__lte=50)),
            models.CheckConstraint(name="effort_minutes", condition=Q(minutes__gte=1, minutes__lte=1440)),
            models.CheckConstraint(
                name="effort_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(name="effort_citizen", fields=["citizen", "-starts_on", "-id"])]

    def __str__(self) -> str:
        return self.title
