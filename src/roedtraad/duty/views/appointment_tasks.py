"""The task that follows an appointment: made with it or later, and taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.appointment_tasks import AppointmentTaskForm
from roedtraad.duty.models import Appointment
from roedtraad.duty.services import appointment_tasks as services
from roedtraad.duty.views.common import WORK, visitor, writable_appointment
from roedtraad.practice.forms.common import say
from roedtraad.practice.models import Task
from roedtraad.practice.queries.workers import Worker, workers_for


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a task follow the appointment."""
    about = writable_appointment(request, key)
    here = reverse("duty:appointment", args=[about.key])
    form = AppointmentTaskForm(
        request.POST or None, workers=workers_of(about), initial={"title": about.title}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.make_task(visitor(request), about, form.wanted())
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Opgaven følger nu aftalen."))
            return redirect(here)
    if about.citizen_id:
        lookups.record(visitor(request), [about.citizen_id], "kalender", action=WORK)
    context = {
        "form": form,
        "title": _("Opgave til aftalen"),
        "save": _("Lav opgaven"),
        "whose": f"{about.citizen}: {about.title}" if about.citizen else about.title,
        "back": here,
        "steps": [(_("Kalender"), reverse("duty:calendar")), (about.title, here), (_("Opgave"), "")],
    }
    return render(request, "duty/appointment_form.html", context, status=422 if form.errors else 200)


@requires("duty.work")
@require_POST
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let no task follow the appointment any longer."""
    about = writable_appointment(request, key)
    said = services.remove_task(visitor(request), about)
    messages.info(request, said or _("Der fulgte ingen opgave med."))
    return redirect("duty:appointment", key=about.key)


def workers_of(about: Appointment) -> list[Worker]:
    """Who may answer for a task of the appointment, which need not be written yet. At most three SQL statements."""
    task = Task(citizen=about.citizen)
    if about.unit_id is not None:
        task.unit_id = about.unit_id
    return workers_for(task)
