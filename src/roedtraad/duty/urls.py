"""Addresses of the shift, under »vagt/«."""

from __future__ import annotations

from django.urls import path

from roedtraad.duty.views import (
    appointment_tasks,
    appointments,
    attendance,
    calendar,
    feeds,
    handover,
    risk,
    settings,
)

app_name = "duty"

urlpatterns = [
    path("hvem-er-her/", attendance.overview, name="present"),
    path("borger/<uuid:key>/fravaer/", attendance.absence, name="absence"),
    path("fravaer/<uuid:key>/tilbage/", attendance.come_back, name="absence-back"),
    path("fravaer/<uuid:key>/fortryd/", attendance.cancel, name="absence-cancel"),
    path("fravaer/<uuid:key>/gaelder/", attendance.restore, name="absence-restore"),
    path("fravaer/<uuid:key>/stadig-vaek/", attendance.reopen, name="absence-reopen"),
    path("borger/<uuid:key>/risiko/", risk.risk, name="risk"),
    path("indstil/", settings.overview, name="settings"),
    path("indstil/<slug:key>/risikoskala/", settings.scale, name="scale"),
    path("indstil/<slug:key>/vagter/", settings.shifts, name="shifts"),
    path("kalender/", calendar.unit_calendar, name="calendar"),
    path("borger/<uuid:key>/kalender/", calendar.citizen_calendar, name="citizen-calendar"),
    path("kalender/abonnement/", feeds.subscription, name="subscription"),
    path("kalender/<str:secret>.ics", feeds.feed, name="feed"),
    path("aftale/ny/", appointments.new, name="appointment-new"),
    path("aftale/<uuid:key>/", appointments.shown, name="appointment"),
    path("aftale/<uuid:key>/ret/", appointments.change, name="appointment-change"),
    path("aftale/<uuid:key>/aflys/", appointments.cancel, name="appointment-cancel"),
    path("aftale/<uuid:key>/opgave/", appointment_tasks.make, name="appointment-task"),
    path("aftale/<uuid:key>/opgave/fjern/", appointment_tasks.remove, name="appointment-task-remove"),
    path("aftale/<uuid:key>/fortryd/", appointments.undo, name="appointment-undo"),
    path("overlevering/", handover.overview, name="handovers"),
    path("overlevering/begynd/", handover.begin, name="handover-begin"),
    path("overlevering/<uuid:key>/", handover.read, name="handover"),
    path("overlevering/<uuid:key>/skriv/", handover.write, name="handover-write"),
    path("overlevering/<uuid:key>/aabn/", handover.reopen, name="handover-reopen"),
    path("overlevering/<uuid:key>/laest/", handover.acknowledge, name="handover-read"),
]
