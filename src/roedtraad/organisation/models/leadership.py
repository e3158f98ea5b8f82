"""Who leads, who refers to whom, and what another leadership model would cost."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models.base import SourcedFact, bounded, no_overlap
from roedtraad.organisation.models.unit import Unit


@pghistory.track()
class LeadershipPost(SourcedFact):
    """A leadership post of a unit, in a period."""

    key = models.SlugField(max_length=100, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leadership_posts")
    title = models.CharField(_("titel"), max_length=120)
    holders = models.PositiveSmallIntegerField(_("antal"), default=1)
    is_body = models.BooleanField(
        _("samlet ledelse"),
        default=False,
        help_text=_("En ledelse af flere poster, som også kan stå hver for sig"),
    )
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("lederstilling")
        verbose_name_plural = _("lederstillinger")
        constraints = [bounded("leadership_post_bounded")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ReferenceLine(SourcedFact):
    """Who refers to whom, formally or in practice, in a period (a relation, so that it can change)."""

    class Kind(models.TextChoices):
        FORMAL = "formal", _("formelt")
        PRACTICAL = "practical", _("i praksis")

    post = models.ForeignKey(LeadershipPost, models.PROTECT, related_name="refers_to_lines")
    refers_to = models.ForeignKey(LeadershipPost, models.PROTECT, related_name="referred_by_lines")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FORMAL)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("referencelinje")
        verbose_name_plural = _("referencelinjer")
        constraints = [
            no_overlap("reference_line_no_overlap", "post", "refers_to", "kind"),
            bounded("reference_line_bounded"),
            models.CheckConstraint(name="reference_line_not_self", condition=~Q(post=F("refers_to"))),
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.refers_to}"


@pghistory.track()
class MedCommittee(SourcedFact):
    """A MED committee (medindflydelse og medbestemmelse)."""

    class Level(models.TextChoices):
        REGION = "region", _("Regions-MEDudvalg")
        MAIN = "hoved", _("Hoved-MEDudvalg")
        LOCAL = "lokal", _("Lokal-MEDudvalg")

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("navn"), max_length=160)
    level = models.CharField(_("niveau"), max_length=8, choices=Level)
    chair_title = models.CharField(_("formand"), max_length=120, blank=True)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("MED-udvalg")
        verbose_name_plural = _("MED-udvalg")
        constraints = [bounded("med_committee_bounded")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class MedCoverage(models.Model):
    """Which unit a MED committee covers, and when."""

    committee = models.ForeignKey(MedCommittee, models.PROTECT, related_name="coverage")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="med_coverage")
    valid = DateRangeField(_("gælder"))

    class Meta:
        constraints = [
            no_overlap("med_coverage_no_overlap", "committee", "unit"),
            bounded("med_coverage_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.unit}"


@pghistory.track()
class LeadershipRoom(SourcedFact):
    """The room there is for leadership in a year: surplus overhead income (merafløft) less what is set aside. Kr."""

    year = models.PositiveSmallIntegerField(_("år"), unique=True)
    surplus_income = models.DecimalField(_("merafløft"), max_digits=14, decimal_places=2)
    set_aside = models.DecimalField(_("forlods afsat"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("råderum")
        verbose_name_plural = _("råderum")

    def __str__(self) -> str:
        return str(self.year)


@pghistory.track()
class Scenario(SourcedFact):
    """A leadership scenario over the organisation. A variant builds on a base and adds its own posts."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("navn"), max_length=120)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="variants", verbose_name=_("bygger på")
    )
    description = models.CharField(_("beskrivelse"), max_length=600, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scenarios",
        verbose_name=_("ejer"),
    )
    published = models.BooleanField(_("vises for alle"), default=False)
    room_year = models.PositiveSmallIntegerField(_("råderum fra året"), default=2020)
    withdrawn_at = models.DateTimeField(_("taget bort"), null=True, blank=True)

    class Meta:
        verbose_name = _("ledelsesscenarie")
        verbose_name_plural = _("ledelsesscenarier")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ScenarioPost(SourcedFact):
    """One change of posts in a scenario and its yearly pay for each, kr. (negative when money is saved)."""

    class Action(models.TextChoices):
        ADD = "add", _("oprettes")
        RECLASS = "reclass", _("opklassificeres")
        REMOVE = "remove", _("nedlægges")
        VACATE = "vacate", _("besættes ikke")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="posts")
    action = models.CharField(_("hvad sker der"), max_length=8, choices=Action)
    title = models.CharField(_("stilling"), max_length=120)
    from_title = models.CharField(_("fra stilling"), max_length=120, blank=True)
    count = models.PositiveSmallIntegerField(_("antal"), default=1)
    yearly_pay = models.DecimalField(_("årlig løn pr. stilling"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("stilling i scenarie")
        verbose_name_plural = _("stillinger i scenarie")
        constraints = [models.CheckConstraint(name="scenario_post_count", condition=Q(count__gte=1))]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ScenarioLine(models.Model):
    """Who refers to whom in a scenario."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="lines")
    from_title = models.CharField(_("stilling"), max_length=120)
    to_title = models.CharField(_("refererer til"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="scenario_line_once", fields=["scenario", "from_title", "to_title"])
        ]

    def __str__(self) -> str:
        return f"{self.from_title} → {self.to_title}"
