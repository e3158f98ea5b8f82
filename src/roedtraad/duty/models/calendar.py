"""Appointments of citizens and units, and the address a calendar program may read them from."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import ids
from roedtraad.organisation.models import Unit


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions about appointments."""

    def standing(self) -> AppointmentQuerySet:
        """Appointments that were not called off."""
        return self.filter(cancelled_at__isnull=True)


@pghistory.track()
class Appointment(models.Model):
    """Something agreed for a time: a citizen's, or a whole unit's. A rule (RFC 5545) repeats it in Danish wall time.

    One time of a series is called off by its day in `except_days`; one that is moved stands as a row of its own with
    `instead_of` and `instead_day`. `repeats_until` is the last day a series may fall on.
    """

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("aftale")
        VISIT = "visit", _("besøg")
        DOCTOR = "doctor", _("læge")
        MEETING = "meeting", _("møde")
        ACTIVITY = "activity", _("aktivitet")

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    citizen = models.ForeignKey(
        Citizen,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("borger"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )
    title = models.CharField(_("hvad"), max_length=120)
    kind = models.CharField(_("art"), max_length=9, choices=Kind, default=Kind.AGREEMENT)
    starts_at = models.DateTimeField(_("begynder"))
    ends_at = models.DateTimeField(_("slutter"))
    all_day = models.BooleanField(_("hele dagen"), default=False)
    place = models.CharField(_("sted"), max_length=120, blank=True)
    with_whom = models.CharField(_("med hvem"), max_length=120, blank=True)
    rrule = models.CharField(_("gentages"), max_length=200, blank=True)
    repeats_until = models.DateField(_("gentages til og med"), null=True, blank=True)
    except_days = ArrayField(models.DateField(), verbose_name=_("undtagen"), default=list, blank=True)
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="moved", verbose_name=_("i stedet for")
    )
    instead_day = models.DateField(_("i stedet for dagen"), null=True, blank=True)
    reminder_minutes = models.PositiveSmallIntegerField(_("påmind før, minutter"), null=True, blank=True)
    shared_with_citizen = models.BooleanField(_("borgeren ser den"), default=True)
    shared_with_relatives = models.BooleanField(_("pårørende ser den"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oprettet af")
    )
    created_at = models.DateTimeField(_("oprettet"))
    cancelled_at = models.DateTimeField(_("aflyst"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("aflyst af"),
    )
    version = models.PositiveIntegerField(default=1)

    objects = AppointmentQuerySet.as_manager()

    # What just happened to the task that follows it, for the page to say; never kept.
    task_said = ""

    class Meta:
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")
        constraints = [
            models.CheckConstraint(
                name="appointment_of_one",
                condition=Q(citizen__isnull=False, unit__isnull=True)
                | Q(citizen__isnull=True, unit__isnull=False, shared_with_relatives=False),
            ),
            models.CheckConstraint(name="appointment_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="appointment_kind",
                condition=Q(kind__in=["agreement", "visit", "doctor", "meeting", "activity"]),
            ),
            models.CheckConstraint(
                name="appointment_moved_alone",
                condition=Q(instead_of__isnull=True, instead_day__isnull=True)
                | Q(instead_of__isnull=False, instead_day__isnull=False, rrule=""),
            ),
            models.UniqueConstraint(
                name="appointment_moved_once",
                fields=["instead_of", "instead_day"],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="appointment_citizen", fields=["citizen", "starts_at"]),
            models.Index(name="appointment_unit", fields=["unit", "starts_at"]),
            models.Index(
                name="appointment_series",
                fields=["repeats_until"],
                condition=~Q(rrule="") & Q(cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.starts_at:%d.%m.%Y %H.%M}"


@pghistory.track(exclude=["digest"])
class CalendarFeed(models.Model):
    """The secret address from which one person's calendar program reads: only its hash is kept; it can be stopped."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds", verbose_name=_("bruger")
    )
    digest = models.BinaryField(unique=True, max_length=32)
    with_names = models.BooleanField(_("vis fornavne"), default=False)
    created_at = models.DateTimeField(_("oprettet"))
    revoked_at = models.DateTimeField(_("stoppet"), null=True, blank=True)

    class Meta:
        verbose_name = _("kalenderabonnement")
        verbose_name_plural = _("kalenderabonnementer")
        constraints = [
            models.UniqueConstraint(
                name="calendar_feed_one_live", fields=["user"], condition=Q(revoked_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.created_at:%d.%m.%Y}"
