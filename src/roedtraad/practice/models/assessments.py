"""Functional assessments: how a citizen manages, theme by theme."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.practice.models.base import Entry

LEVELS = (0, 1, 2, 3, 4, 9)


@pghistory.track()
class Theme(models.Model):
    """A theme or sub-theme of an assessment, from a list: our own short one, the FFB list, or the ICS triangle."""

    class List(models.TextChoices):
        SHORT = "short", _("kort liste")
        FFB = "ffb", _("Fælles Faglige Begreber")
        ICS = "ics", _("ICS-trekanten")

    list = models.CharField(_("liste"), max_length=6, choices=List)
    code = models.CharField(_("kode"), max_length=60)
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=160)
    definition = models.TextField(_("forklaring"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subthemes", verbose_name=_("under")
    )
    is_activity = models.BooleanField(_("aktivitet og deltagelse"), default=False)
    retired_on = models.DateField(_("bruges ikke længere fra"), null=True, blank=True)

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temaer")
        ordering = ["list", "number"]
        constraints = [models.UniqueConstraint(name="theme_code_once", fields=["list", "code"])]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Assessment(Entry):
    """One look at how a citizen manages, on a day, by one list of themes. A draft until it is finished."""

    list = models.CharField(_("liste"), max_length=6, choices=Theme.List)
    assessed_on = models.DateField(_("vurderet den"))
    summary = models.TextField(_("sammenfatning"), max_length=20_000, blank=True)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("udredning")
        verbose_name_plural = _("udredninger")
        constraints = [
            models.UniqueConstraint(
                name="assessment_one_draft", fields=["citizen", "list"], condition=Q(finished_at__isnull=True)
            ),
        ]
        indexes = [models.Index(name="assessment_citizen", fields=["citizen", "-assessed_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.assessed_on}"


@pghistory.track()
class AssessmentScore(models.Model):
    """What was found for one theme: the professional's view and the citizen's, side by side."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("tema"))
    level = models.PositiveSmallIntegerField(_("funktionsevne"), null=True, blank=True)
    support_need = models.PositiveSmallIntegerField(_("støttebehov"), null=True, blank=True)
    text = models.TextField(_("beskrivelse"), max_length=4000, blank=True)
    citizen_level = models.PositiveSmallIntegerField(_("borgerens egen vurdering"), null=True, blank=True)
    citizen_text = models.TextField(_("borgerens egne ord"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("vurdering")
        verbose_name_plural = _("vurderinger")
        constraints = [
            models.UniqueConstraint(name="score_theme_once", fields=["assessment", "theme"]),
            models.CheckConstraint(name="score_level", condition=Q(level__isnull=True) | Q(level__in=LEVELS)),
            models.CheckConstraint(
                name="score_citizen_level",
                condition=Q(citizen_level__isnull=True) | Q(citizen_level__in=LEVELS),
            ),
            models.CheckConstraint(
                name="score_support_need", condition=Q(support_need__isnull=True) | Q(support_need__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} · {self.theme_id}"
