"""Tasks: what is to be done when. One tap starts, one tap ends, and the minutes in between are what was delivered."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.organisation.models import Unit
from roedtraad.practice.models.efforts import Effort


class Planned(models.Model):
    """What a task and the series it comes from have in common.

    With a citizen it is about that one; without, it is a task of the unit or of a group, and its title names nobody.
    """

    key = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("enhed"))
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("borger")
    )
    title = models.CharField(_("opgave"), max_length=160)
    instruction = models.CharField(_("sådan gør du"), max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutter"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"), default=clock.now, editable=False)

    class Meta:
        abstract = True


@pghistory.track()
class TaskSeries(Planned):
    """A task that comes again by a rule (RFC 5545). Occurrences become rows when somebody touches them."""

    rule = models.CharField(_("gentages"), max_length=300)
    first_on = models.DateField(_("første gang"))
    last_on = models.DateField(_("sidste gang"), null=True, blank=True)
    at = models.TimeField(_("klokken"))
    exceptions = ArrayField(models.DateField(), verbose_name=_("undtagen"), default=list, blank=True)
    version = models.PositiveIntegerField(_("udgave"), default=1)

    class Meta:
        verbose_name = _("gentaget opgave")
        verbose_name_plural = _("gentagne opgaver")
        constraints = [
            models.CheckConstraint(name="series_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="series_last_after_first",
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
            ),
        ]
        indexes = [models.Index(name="series_unit", fields=["unit", "first_on"])]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class TaskSeriesCitizen(models.Model):
    """A citizen the series is for, and the effort it delivers."""

    series = models.ForeignKey(TaskSeries, models.CASCADE, related_name="for_citizens")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    effort = models.ForeignKey(
        Effort, models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("indsats")
    )

    class Meta:
        verbose_name = _("borger i en gentaget opgave")
        verbose_name_plural = _("borgere i gentagne opgaver")
        constraints = [models.UniqueConstraint(name="series_citizen_once", fields=["series", "citizen"])]

    def __str__(self) -> str:
        return f"{self.series_id} · {self.citizen_id}"


@pghistory.track()
class Task(Planned):
    """A task at a time. Whoever took part is in `for_citizens`: a group task counts for each of them."""

    series = models.ForeignKey(TaskSeries, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField(_("skal ske"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem"),
    )
    started_at = models.DateTimeField(_("begyndt"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("begyndt af"),
    )
    ended_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("udført af"),
    )
    skipped_at = models.DateTimeField(_("sprunget over"), null=True, blank=True)
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    skipped_reason = models.CharField(_("hvorfor ikke"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("aflyst"), null=True, blank=True)

    class Meta:
        verbose_name = _("opgave")
        verbose_name_plural = _("opgaver")
        constraints = [
            models.CheckConstraint(name="task_has_title", condition=~Q(title="")),
            models.UniqueConstraint(
                name="task_occurrence_once", fields=["series", "due_at"], condition=Q(series__isnull=False)
            ),
            models.CheckConstraint(
                name="task_ends_after_start",
                condition=Q(ended_at__isnull=True)
                | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="task_done_or_skipped", condition=Q(ended_at__isnull=True) | Q(skipped_at__isnull=True)
            ),
            models.CheckConstraint(
                name="task_skipped_with_reason", condition=Q(skipped_at__isnull=True) | ~Q(skipped_reason="")
            ),
        ]
        indexes = [
            models.Index(name="task_unit_due", fields=["unit", "due_at"]),
            models.Index(F("citizen"), F("due_at").desc(), F("id").desc(), name="task_citizen_due"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class TaskCitizen(models.Model):
    """A citizen a task is for, and the effort it delivers: where the delivered minutes of a goal come from."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="for_citizens")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    effort = models.ForeignKey(
        Effort, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("indsats")
    )

    class Meta:
        verbose_name = _("borger i en opgave")
        verbose_name_plural = _("borgere i opgaver")
        constraints = [models.UniqueConstraint(name="task_citizen_once", fields=["task", "citizen"])]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.citizen_id}"
