"""The alarm and its log, how a unit has set it up, and looking after who works alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.access.scope import reach
from roedtraad.accounts.models import User
from roedtraad.core import ids
from roedtraad.organisation.models import Unit
from roedtraad.organisation.models.base import bounded, no_overlap
from roedtraad.safety import rules

if TYPE_CHECKING:
    from collections.abc import Collection

PLACE_LENGTH = 120
WORDS_LENGTH = 1000


@pghistory.track()
class AlarmSettings(models.Model):
    """How long a unit's alarm waits for an answer before the neighbours are called, in a period."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="alarm_settings", verbose_name=_("enhed"))
    valid = DateRangeField(_("gælder"))
    seconds = models.PositiveSmallIntegerField(
        _("sekunder, før naboen kaldes"),
        default=rules.SECONDS,
        validators=[MinValueValidator(rules.FEWEST_SECONDS), MaxValueValidator(rules.MOST_SECONDS)],
    )

    class Meta:
        verbose_name = _("indstilling af alarm")
        verbose_name_plural = _("indstillinger af alarm")
        constraints = [
            bounded("alarmsettings_bounded"),
            no_overlap("alarmsettings_no_overlap", "unit"),
            models.CheckConstraint(
                name="alarmsettings_seconds",
                condition=Q(seconds__gte=rules.FEWEST_SECONDS, seconds__lte=rules.MOST_SECONDS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.seconds} s"


@pghistory.track()
class AlarmNeighbour(models.Model):
    """A unit that is called when a unit's own alarm is not answered."""

    settings = models.ForeignKey(
        AlarmSettings, models.CASCADE, related_name="neighbours", verbose_name=_("indstilling")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("naboenhed"))

    class Meta:
        verbose_name = _("nabo ved alarm")
        verbose_name_plural = _("naboer ved alarm")
        constraints = [models.UniqueConstraint(fields=["settings", "unit"], name="alarmneighbour_once")]

    def __str__(self) -> str:
        return str(self.unit_id)


@pghistory.track()
class LoneWork(models.Model):
    """Somebody works alone and says so: who does not check in in time has an alarm raised for them."""

    key = models.UUIDField(_("nøgle"), unique=True, default=ids.new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhed"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("medarbejder"))
    place = models.CharField(_("hvor"), max_length=PLACE_LENGTH, blank=True)
    started_at = models.DateTimeField(_("begyndt"))
    check_in_minutes = models.PositiveSmallIntegerField(_("minutter mellem meldinger"))
    last_check_in = models.DateTimeField(_("sidst meldt"))
    ended_at = models.DateTimeField(_("afsluttet"), null=True, blank=True)

    class Meta:
        verbose_name = _("alene på arbejde")
        verbose_name_plural = _("alene på arbejde")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="lonework_one_at_a_time"
            ),
            models.CheckConstraint(
                name="lonework_minutes",
                condition=Q(
                    check_in_minutes__gte=rules.FEWEST_MINUTES, check_in_minutes__lte=rules.MOST_MINUTES
                ),
            ),
            models.CheckConstraint(
                name="lonework_order",
                condition=Q(last_check_in__gte=F("started_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("last_check_in"))),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Questions about alarms."""

    def visible_to(self, user: User) -> AlarmQuerySet:
        """The alarms of the units where the user works, and those passed on to them."""
        return self.called_in(reach(user, "duty.work").all_units)

    def called_in(self, units: Collection[int]) -> AlarmQuerySet:
        """The alarms that call one of the units: raised in it, or passed on to it."""
        passed_on = AlarmStep.objects.filter(kind=rules.Kind.ESCALATED, unit_id__in=units)
        return self.filter(Q(unit_id__in=units) | Q(pk__in=passed_on.values("alarm_id")))

    def going_on(self) -> AlarmQuerySet:
        """Those nobody has ended."""
        return self.filter(ended_at__isnull=True)


@pghistory.track()
class Alarm(models.Model):
    """A call for help. It is about a place and a colleague; no citizen is named in it.

    The key is made where the alarm is raised, so that one sent twice over a bad connection is one alarm. How long it
    waits is written down when it is raised: a change of the settings concerns the next one.
    """

    class About(models.TextChoices):
        """What it is about."""

        HELP = "help", _("hjælp")
        FIRE = "fire", _("brand")
        OTHER = "other", _("andet")
        LONE = "lone", _("har ikke meldt sig")

    key = models.UUIDField(_("nøgle"), unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhed"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("slået af"))
    raised_at = models.DateTimeField(_("slået"))
    about = models.CharField(_("hvad"), max_length=10, choices=About, default=About.HELP)
    place = models.CharField(_("hvor"), max_length=PLACE_LENGTH, blank=True)
    seconds = models.PositiveSmallIntegerField(_("sekunder, før naboen kaldes"))
    lone_work = models.ForeignKey(
        LoneWork,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("alene på arbejde"),
    )
    ended_at = models.DateTimeField(_("afsluttet"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afsluttet af")
    )
    was_mistake = models.BooleanField(_("slået ved en fejl"), default=False)
    what_happened = models.CharField(_("hvad skete der"), max_length=WORDS_LENGTH, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarmer")
        indexes = [
            models.Index("unit", F("raised_at").desc(), name="alarm_log"),
            models.Index("raised_at", condition=Q(ended_at__isnull=True), name="alarm_going_on"),
        ]
        constraints = [
            models.CheckConstraint(
                name="alarm_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="alarm_ended_in_words",
                condition=Q(ended_at__isnull=True) | Q(was_mistake=True) | ~Q(what_happened=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class AlarmStep(models.Model):
    """One line of an alarm's log. Written once, never changed; what happens once in an alarm stands there once."""

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="steps", verbose_name=_("alarm"))
    kind = models.CharField(
        _("hvad"), max_length=14, choices=[(kind.value, kind.value) for kind in rules.Kind]
    )
    at = models.DateTimeField(_("hvornår"))
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hvem")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed")
    )

    class Meta:
        verbose_name = _("linje i alarmens log")
        verbose_name_plural = _("linjer i alarmens log")
        indexes = [models.Index("unit", "alarm", condition=Q(kind="escalated"), name="alarmstep_passed_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "kind", "user", "unit"], nulls_distinct=False, name="alarmstep_once"
            ),
            models.CheckConstraint(
                name="alarmstep_about",
                condition=Q(kind="escalated", unit__isnull=False, user__isnull=True)
                | Q(kind="unanswered", unit__isnull=True, user__isnull=True)
                | Q(
                    kind__in=["raised", "delivered", "acknowledged", "ended"],
                    unit__isnull=True,
                    user__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.kind}"

    def as_rule(self) -> rules.Step:
        """The line as the rules read it."""
        return rules.Step(rules.Kind(self.kind), self.at, self.user_id, self.unit_id)
