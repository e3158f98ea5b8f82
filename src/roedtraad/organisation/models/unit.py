"""Units through time: one identity, many versions."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models.base import SourcedFact, bounded, no_overlap
from roedtraad.organisation.models.municipality import Municipality


class UnitKind(models.TextChoices):
    """What kind of unit it is, in the documents' words."""

    REGION = "region", _("region")
    EXECUTIVE = "direktion", _("direktion")
    TRACK = "spor", _("spor")
    OPERATION = "driftsfunktion", _("driftsfunktion")
    SHARED_FUNCTION = "faellesfunktion", _("fællesfunktion")
    STAFF = "stab", _("stab")
    OFFICE = "kontor", _("kontor")
    TEAM = "team", _("team")
    SOCIAL_STAFF = "socialstab", _("socialstab")
    AREA = "specialomraade", _("specialområde")
    OFFER = "tilbud", _("tilbud")
    DEPARTMENT = "afdeling", _("afdeling")
    HOUSE = "hus", _("hus")


@pghistory.track()
class Unit(models.Model):
    """A unit's identity. It keeps it when it moves, merges or is renamed; its facts are in the versions."""

    key = models.SlugField(_("nøgle"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("enhed")
        verbose_name_plural = _("enheder")

    def __str__(self) -> str:
        return self.key


@pghistory.track()
class UnitVersion(SourcedFact):
    """What a unit was called, what it was and what it hung under, in one period. No two share a day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions", verbose_name=_("enhed"))
    valid = DateRangeField(_("gælder"))
    kind = models.CharField(_("art"), max_length=20, choices=UnitKind)
    name = models.CharField(_("navn"), max_length=160)
    short_name = models.CharField(_("kort navn"), max_length=60, blank=True)
    sort_key = models.CharField(db_collation="C", max_length=320)
    parent = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="child_versions",
        verbose_name=_("hører under"),
    )
    manager_title = models.CharField(_("lederens titel"), max_length=160, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    municipality_basis = models.CharField(max_length=12, blank=True)
    sites = models.CharField(_("placering"), max_length=160, blank=True, help_text=_("Flere adskilles med |"))
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    tasks = models.CharField(_("opgaver"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("enhed i en periode")
        verbose_name_plural = _("enheder i perioder")
        constraints = [
            no_overlap("unit_version_no_overlap", "unit"),
            bounded("unit_version_bounded"),
            models.CheckConstraint(
                name="unit_not_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("unit"))
            ),
            models.CheckConstraint(name="unit_known_kind", condition=Q(kind__in=UnitKind.values)),
        ]
        indexes = [models.Index(fields=["parent"]), models.Index(fields=["kind"])]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class UnitSuccession(SourcedFact):
    """What became of a unit: merged, split, renamed, moved or closed on a day."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("lagt sammen")
        SPLIT = "split", _("delt")
        RENAMED = "renamed", _("omdøbt")
        MOVED = "moved", _("flyttet")
        CLOSED = "closed", _("lukket")

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name=_("fra"))
    successor = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="preceded_by", verbose_name=_("til")
    )
    on = models.DateField(_("dato"))
    kind = models.CharField(_("hvad skete der"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("forandring")
        verbose_name_plural = _("forandringer")
        constraints = [
            models.UniqueConstraint(
                name="succession_once", fields=["predecessor", "successor", "on"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="succession_closed_has_no_successor",
                condition=Q(kind="closed", successor__isnull=True)
                | (~Q(kind="closed") & Q(successor__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or '–'}"


@pghistory.track()
class Headcount(SourcedFact):
    """How many people or full-time posts a unit has, on a date, with the source's own wording ("godt 120")."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="headcounts")
    as_of = models.DateField(_("opgjort"))
    wording = models.CharField(_("ordlyd"), max_length=60)
    low = models.DecimalField(_("mindst"), max_digits=8, decimal_places=1, null=True, blank=True)
    number = models.DecimalField(_("antal"), max_digits=8, decimal_places=1)
    high = models.DecimalField(_("højst"), max_digits=8, decimal_places=1, null=True, blank=True)
    measure = models.CharField(_("enhed"), max_length=30)
    scope = models.CharField(
        _("hvilken del"), max_length=120, blank=True, help_text=_("Tom, når tallet gælder hele enheden")
    )

    class Meta:
        verbose_name = _("antal ansatte")
        verbose_name_plural = _("antal ansatte")
        constraints = [
            models.UniqueConstraint(
                name="headcount_once", fields=["unit", "as_of", "measure", "wording", "scope"]
            ),
            models.CheckConstraint(name="headcount_not_negative", condition=Q(number__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.wording} {self.measure}"
