"""Staff and their posts."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.organisation.models import Unit
from roedtraad.organisation.models.base import bounded


class StaffCategory(models.TextChoices):
    """The five groups of staff (hearing note 2020, section 2)."""

    PEDAGOGICAL = "pedagogical", _("Pædagogisk personale")
    CARE = "care", _("Plejepersonale")
    HEALTH = "health", _("Øvrigt sundhedspersonale")
    ADMINISTRATIVE = "administrative", _("Administrativt personale")
    OTHER = "other", _("Øvrige")


@pghistory.track()
class Position(models.Model):
    """A post in a unit in a period, as a share of full time (fuldtidsstilling, 1.00 = 37 hours a week)."""

    code = models.CharField(_("stillingsnummer"), max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="positions", verbose_name=_("enhed"))
    category = models.CharField(_("faggruppe"), max_length=16, choices=StaffCategory)
    title = models.CharField(_("stilling"), max_length=80)
    fte = models.DecimalField(_("fuldtidsstilling"), max_digits=4, decimal_places=2)
    valid = DateRangeField(_("gælder"))

    class Meta:
        verbose_name = _("stilling")
        verbose_name_plural = _("stillinger")
        constraints = [
            bounded("position_bounded"),
            models.CheckConstraint(name="position_fte", condition=Q(fte__gt=0, fte__lte=1)),
            models.CheckConstraint(name="position_category", condition=Q(category__in=StaffCategory.values)),
        ]
        indexes = [models.Index(fields=["unit", "category"])]

    def __str__(self) -> str:
        return self.title
