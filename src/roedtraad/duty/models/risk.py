"""The risk of the day: the scales units use, and what was set on them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import ids
from roedtraad.duty.models.base import APPEND_ONLY
from roedtraad.organisation.models import Unit


@pghistory.track()
class RiskScale(models.Model):
    """How a unit, and the units below it without one of their own, say the day's risk; without a unit: everybody.

    Changed as a new version from a moment on, so that what was set yesterday still means what it meant. A moment and
    not a day: readings are set around the clock.
    """

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )
    name = models.CharField(_("navn"), max_length=80)
    valid = DateTimeRangeField(_("gælder"))
    stale_after_hours = models.PositiveSmallIntegerField(_("for gammel efter, timer"))

    class Meta:
        verbose_name = _("risikoskala")
        verbose_name_plural = _("risikoskalaer")
        constraints = [
            models.CheckConstraint(
                name="risk_scale_stale_hours", condition=Q(stale_after_hours__range=(1, 168))
            ),
            models.CheckConstraint(
                name="risk_scale_bounded", condition=Q(valid__isempty=False, valid__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="risk_scale_one_at_a_time",
                expressions=[
                    (Coalesce(F("unit"), Value(0)), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(APPEND_ONLY)
class RiskLevel(models.Model):
    """One step of a scale, the calmest first. Another step means another version of the scale."""

    class Tone(models.TextChoices):
        GOOD = "good", _("rolig (grøn)")
        PARTLY = "partly", _("varsel (ravgul)")
        ATTENTION = "attention", _("kræver opmærksomhed (lilla)")
        NONE = "none", _("neutral (grå)")

    class Shape(models.TextChoices):
        CIRCLE = "●", _("● cirkel")
        TRIANGLE = "▲", _("▲ trekant")
        SQUARE = "■", _("■ firkant")
        DIAMOND = "◆", _("◆ rude")
        RING = "○", _("○ ring")

    scale = models.ForeignKey(RiskScale, models.PROTECT, related_name="levels", verbose_name=_("risikoskala"))
    rank = models.PositiveSmallIntegerField(_("trin"))
    name = models.CharField(_("navn"), max_length=30)
    tone = models.CharField(_("farve"), max_length=9, choices=Tone)
    shape = models.CharField(_("form"), max_length=1, choices=Shape)
    meaning = models.CharField(_("hvad det betyder"), max_length=300)
    action = models.CharField(_("hvad vi gør"), max_length=300)
    from_score = models.PositiveSmallIntegerField(_("foreslås fra point"), null=True, blank=True)

    class Meta:
        verbose_name = _("risikotrin")
        verbose_name_plural = _("risikotrin")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(name="risk_level_rank_once", fields=["scale", "rank"]),
            models.UniqueConstraint(name="risk_level_name_once", fields=["scale", "name"]),
            models.UniqueConstraint(name="risk_level_shape_once", fields=["scale", "shape"]),
            models.CheckConstraint(
                name="risk_level_tone", condition=Q(tone__in=["good", "partly", "attention", "none"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(APPEND_ONLY)
class RiskItem(models.Model):
    """One observation of a scale's checklist; each that is seen counts its points."""

    scale = models.ForeignKey(RiskScale, models.PROTECT, related_name="items", verbose_name=_("risikoskala"))
    code = models.SlugField(_("kode"), max_length=30)
    rank = models.PositiveSmallIntegerField(_("rækkefølge"))
    text = models.CharField(_("iagttagelse"), max_length=160)
    points = models.PositiveSmallIntegerField(_("point"), default=1)

    class Meta:
        verbose_name = _("iagttagelse")
        verbose_name_plural = _("iagttagelser")
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(name="risk_item_code_once", fields=["scale", "code"])]

    def __str__(self) -> str:
        return self.text


@pgtrigger.register(APPEND_ONLY)
class RiskReading(models.Model):
    """What somebody set the day's risk to. Never changed: a new one is set."""

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="risk_readings", verbose_name=_("borger")
    )
    level = models.ForeignKey(RiskLevel, models.PROTECT, related_name="+", verbose_name=_("trin"))
    scores = models.JSONField(_("iagttaget"), default=dict, blank=True)
    text = models.CharField(_("bemærkning"), max_length=400, blank=True)
    set_at = models.DateTimeField(_("sat"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sat af")
    )
    received_at = models.DateTimeField(_("modtaget"))

    class Meta:
        verbose_name = _("risiko sat")
        verbose_name_plural = _("risikoer sat")
        indexes = [models.Index(name="risk_citizen_latest", fields=["citizen", "-set_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.level_id} · {self.set_at:%d.%m.%Y %H.%M}"
