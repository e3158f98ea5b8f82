"""Plans (vision, tracks, goals, pejlemærker) and indicators: data with validity, edited by the strategy staff."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models import Unit
from roedtraad.organisation.models.base import SourcedFact, bounded, no_overlap


@pghistory.track()
class Plan(SourcedFact):
    """A plan with a vision: a target picture (målbillede) or a vision and development plan. Several live side by side."""

    class Kind(models.TextChoices):
        TARGET_PICTURE = "maalbillede", _("målbillede")
        VISION_PLAN = "visions_og_udviklingsplan", _("visions- og udviklingsplan")

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("navn"), max_length=160)
    kind = models.CharField(_("art"), max_length=30, choices=Kind)
    vision = models.CharField(_("vision"), max_length=200)
    successor_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("afløser")
    )
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("planer")
        constraints = [bounded("plan_bounded")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Track(SourcedFact):
    """A strategic track (strategispor) of a plan."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tracks", verbose_name=_("plan"))
    key = models.SlugField(max_length=80)
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=120)
    summary = models.CharField(_("kort sagt"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("strategispor")
        verbose_name_plural = _("strategispor")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(name="track_number_once", fields=["plan", "number"]),
            models.UniqueConstraint(name="track_key_once", fields=["plan", "key"]),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Statement(SourcedFact):
    """One of the sentences that say what a track wants."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField(_("nummer"))
    text = models.CharField(_("tekst"), max_length=200)

    class Meta:
        verbose_name = _("udsagn")
        verbose_name_plural = _("udsagn")
        ordering = ["track", "number"]
        constraints = [models.UniqueConstraint(name="statement_number_once", fields=["track", "number"])]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Goal(SourcedFact):
    """A goal (mål) of a target picture."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="goals")
    key = models.SlugField(max_length=80, unique=True)
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=120)
    summary = models.CharField(_("kort sagt"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        ordering = ["track", "number"]
        constraints = [models.UniqueConstraint(name="goal_number_once", fields=["track", "number"])]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Pejlemaerke(SourcedFact):
    """A pejlemærke: the plan's own word for a mark to steer by. Kept in Danish, see the glossary."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="pejlemaerker")
    number = models.PositiveSmallIntegerField(_("nummer"))
    heading = models.CharField(_("overskrift"), max_length=120)
    title = models.CharField(_("titel"), max_length=120)
    summary = models.CharField(_("kort sagt"), max_length=300)

    class Meta:
        verbose_name = _("pejlemærke")
        verbose_name_plural = _("pejlemærker")
        ordering = ["track", "number"]
        constraints = [models.UniqueConstraint(name="pejlemaerke_number_once", fields=["track", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@pghistory.track()
class PlanEffort(SourcedFact):
    """An effort (indsats) the plan lists under a pejlemærke."""

    pejlemaerke = models.ForeignKey(Pejlemaerke, models.PROTECT, related_name="efforts")
    number = models.PositiveSmallIntegerField(_("nummer"))
    text = models.CharField(_("tekst"), max_length=200)

    class Meta:
        verbose_name = _("indsats i planen")
        verbose_name_plural = _("indsatser i planen")
        ordering = ["pejlemaerke", "number"]
        constraints = [
            models.UniqueConstraint(name="plan_effort_number_once", fields=["pejlemaerke", "number"])
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class UnGoal(SourcedFact):
    """One of the UN goals (verdensmål) a track works with."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="un_goals")
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=120)
    summary = models.CharField(_("kort sagt"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("verdensmål")
        verbose_name_plural = _("verdensmål")
        ordering = ["track", "number"]
        constraints = [models.UniqueConstraint(name="un_goal_once", fields=["track", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@pghistory.track()
class UnTarget(models.Model):
    """A named sub-goal (delmål) of a UN goal."""

    un_goal = models.ForeignKey(UnGoal, models.CASCADE, related_name="targets")
    code = models.CharField(_("delmål"), max_length=8)
    text = models.CharField(_("tekst"), max_length=200)

    class Meta:
        verbose_name = _("delmål")
        verbose_name_plural = _("delmål")
        ordering = ["un_goal", "code"]
        constraints = [models.UniqueConstraint(name="un_target_once", fields=["un_goal", "code"])]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class TimetableEntry(SourcedFact):
    """What a track plans to start in a year (tidsplan)."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="timetable")
    year = models.PositiveSmallIntegerField(_("år"))
    number = models.PositiveSmallIntegerField(_("nummer"))
    text = models.CharField(_("tekst"), max_length=200)

    class Meta:
        verbose_name = _("punkt i tidsplanen")
        verbose_name_plural = _("punkter i tidsplanen")
        ordering = ["track", "year", "number"]
        constraints = [
            models.UniqueConstraint(name="timetable_entry_once", fields=["track", "year", "number"])
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Indicator(SourcedFact):
    """What is measured and how: its definition in words. The figure itself is counted by the query of the same key."""

    class Direction(models.TextChoices):
        UP = "up", _("højere er bedre")
        DOWN = "down", _("lavere er bedre")
        BAND = "band", _("tættest på målet er bedst")

    key = models.SlugField(max_length=80, unique=True)
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=120)
    question = models.CharField(_("spørgsmål"), max_length=200)
    definition = models.CharField(_("definition"), max_length=400)
    numerator = models.CharField(_("tæller"), max_length=200)
    denominator = models.CharField(_("nævner"), max_length=200)
    unit_of_measure = models.CharField(_("måleenhed"), max_length=20)
    direction = models.CharField(_("retning"), max_length=4, choices=Direction)
    data_source = models.CharField(_("kilde til data"), max_length=60)
    goals = models.ManyToManyField(Goal, related_name="indicators", verbose_name=_("mål"))
    pejlemaerker = models.ManyToManyField(
        Pejlemaerke, related_name="indicators", verbose_name=_("pejlemærker")
    )
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")
        ordering = ["number"]
        constraints = [bounded("indicator_bounded")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class IndicatorTarget(SourcedFact):
    """The target of an indicator, for a unit (and all below without their own) or for all, in a period."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )
    value = models.DecimalField(_("mål"), max_digits=12, decimal_places=2)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("måltal")
        verbose_name_plural = _("måltal")
        constraints = [
            no_overlap("indicator_target_unit", "indicator", "unit", condition=Q(unit__isnull=False)),
            no_overlap("indicator_target_all", "indicator", condition=Q(unit__isnull=True)),
            bounded("indicator_target_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.value}"
