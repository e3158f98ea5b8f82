"""Municipalities and the regions they lie in; which region is a matter of time (regions merge)."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models.base import bounded, no_overlap


class Region(models.Model):
    """A region as a place on the map (the operator is a Unit)."""

    code = models.CharField(_("regionskode"), max_length=8, primary_key=True)
    name = models.CharField(_("navn"), max_length=60)
    sort_key = models.CharField(db_collation="C", max_length=120, db_index=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regioner")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality: decides, pays, or is lived in."""

    code = models.CharField(_("kommunekode"), max_length=4, primary_key=True)
    name = models.CharField(_("navn"), max_length=60)
    sort_key = models.CharField(db_collation="C", max_length=120, db_index=True)
    latitude = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    longitude = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class RegionMembership(models.Model):
    """Which region a municipality lies in, and when."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="memberships")
    region = models.ForeignKey(Region, models.PROTECT, related_name="memberships")
    valid = DateRangeField(_("gælder"))

    class Meta:
        constraints = [
            no_overlap("region_membership_once", "municipality"),
            bounded("region_membership_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} · {self.region}"
