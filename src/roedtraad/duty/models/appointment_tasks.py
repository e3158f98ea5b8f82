"""The task that belongs to an appointment: somebody has to leave at half past one for it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.duty.models.calendar import Appointment
from roedtraad.practice.models import Task, TaskSeries


@pghistory.track()
class AppointmentTask(models.Model):
    """Which task follows an appointment: one for a single appointment, a series for one that repeats.

    `minutes_before` is how long before the appointment it is due, less than zero in a whole-day appointment, which
    begins at midnight. With neither task nor series it was taken away again.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="task_link")
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="+")
    series = models.OneToOneField(TaskSeries, models.PROTECT, null=True, blank=True, related_name="+")
    minutes_before = models.SmallIntegerField(_("minutter før"))

    class Meta:
        verbose_name = _("opgave til en aftale")
        verbose_name_plural = _("opgaver til aftaler")
        constraints = [
            models.CheckConstraint(
                name="appointment_task_or_series", condition=Q(task__isnull=True) | Q(series__isnull=True)
            ),
            models.CheckConstraint(
                name="appointment_task_within_a_day",
                condition=Q(minutes_before__gt=-1440, minutes_before__lt=1440),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} · {self.minutes_before}"
