"""Where a citizen is when not at home."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import ids
from roedtraad.duty.models.base import Moments


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Questions about absences."""

    def counting(self) -> AbsenceQuerySet:
        """Absences that were not taken back."""
        return self.filter(cancelled_at__isnull=True)


@pghistory.track()
class Absence(models.Model):
    """A citizen was away from one moment until they came back; open while they are away.

    A mistake is taken back with `cancelled_at`, never deleted. A planned absence is an appointment until it begins.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("ferie")
        HOSPITAL = "hospital", _("indlagt")
        LEAVE = "leave", _("orlov")
        VISIT = "visit", _("besøg hjemme")
        OTHER = "other", _("andet")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="absences", verbose_name=_("borger"))
    kind = models.CharField(_("art"), max_length=8, choices=Kind)
    from_at = models.DateTimeField(_("væk fra"))
    expected_back = models.DateTimeField(_("ventes tilbage"), null=True, blank=True)
    back_at = models.DateTimeField(_("kom tilbage"), null=True, blank=True)
    note = models.CharField(_("bemærkning"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"))
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tilbagekomst skrevet af"),
    )
    cancelled_at = models.DateTimeField(_("taget tilbage"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taget tilbage af"),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("fravær")
        verbose_name_plural = _("fravær")
        constraints = [
            models.CheckConstraint(
                name="absence_kind", condition=Q(kind__in=["holiday", "hospital", "leave", "visit", "other"])
            ),
            models.CheckConstraint(
                name="absence_back_later", condition=Q(back_at__isnull=True) | Q(back_at__gt=F("from_at"))
            ),
            models.CheckConstraint(
                name="absence_expected_later",
                condition=Q(expected_back__isnull=True) | Q(expected_back__gt=F("from_at")),
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("citizen", RangeOperators.EQUAL),
                    (Moments("from_at", "back_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]
        indexes = [models.Index(name="absence_citizen_from", fields=["citizen", "-from_at"])]

    def __str__(self) -> str:
        return f"{self.citizen_id} · {self.get_kind_display()} · {self.from_at:%d.%m.%Y %H.%M}"
