"""One appointment: made, seen, changed, called off, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import AccessDenied
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.appointment_tasks import AppointmentTaskForm, WithTaskForm
from roedtraad.duty.forms.calendar import AppointmentForm, first_values
from roedtraad.duty.models import Appointment
from roedtraad.duty.queries.calendar import Occurrence, appointments_for, occurrence_on
from roedtraad.duty.rules.appointment_tasks import due_at
from roedtraad.duty.rules.recurrence import words as repeat_words
from roedtraad.duty.services import calendar as services
from roedtraad.duty.services.common import require_owner
from roedtraad.duty.views.appointment_tasks import workers_of
from roedtraad.duty.views.calendar import read_day
from roedtraad.duty.views.common import WORK, visitor, where, writable_appointment
from roedtraad.organisation.models import Unit
from roedtraad.practice.forms.common import say


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an appointment for a citizen (`?borger=`) or a unit (`?enhed=`)."""
    citizen = _asked_citizen(request)
    place = None if citizen else where(request).unit
    if citizen is None and place is None:
        raise Http404
    day = read_day(request.GET.get("dag", "")) or clock.today()
    first = {
        "day": max(day, clock.today()),
        "key": ids.new_id(),
        "shared_with_citizen": True,
        "kind": "agreement",
    }
    form = AppointmentForm(request.POST or None, initial=first, of_citizen=citizen is not None)
    about = Appointment(citizen=citizen, unit_id=None if place is None else place.id)
    asks = WithTaskForm(request.POST or None)
    with_task = asks.is_valid() and asks.cleaned_data["with_task"]
    task_form = AppointmentTaskForm(
        request.POST if with_task else None, workers=workers_of(about), prefix="opgave"
    )
    # Both are looked at, so that both say what is missing.
    if request.method == "POST" and all([form.is_valid(), not with_task or task_form.is_valid()]):
        try:
            made = services.make_appointment(
                visitor(request),
                form.agreed(),
                citizen=citizen,
                unit=None if place is None else Unit.objects.get(pk=place.id),
                key=form.cleaned_data["key"],
                task=task_form.wanted() if with_task else None,
            )
        except Refusal as refusal:
            if refusal.field.startswith(services.TASK):
                say(task_form, Refusal(refusal.sentence, refusal.field.removeprefix(services.TASK)))
            else:
                _say(form, refusal)
        else:
            toast(request, _("Aftalen er lavet."), reverse("duty:appointment-undo", args=[made.key]))
            return redirect(_calendar_of(made, made.starts_at))
    if citizen is not None:
        lookups.record(visitor(request), [citizen.pk], "kalender", action=WORK)
    whose = str(citizen) if citizen else place.name if place else ""
    calendar = (
        reverse("duty:citizen-calendar", args=[citizen.key])
        if citizen
        else f"{reverse('duty:calendar')}?enhed={place.key if place else ''}"
    )
    context = {
        "form": form,
        "title": _("Ny aftale"),
        "whose": whose,
        "back": calendar,
        "steps": [(_("Kalender"), calendar), (_("Ny aftale"), "")],
        "asks": asks,
        "task_form": task_form,
        "with_task": with_task,
    }
    wrong = form.errors or (with_task and task_form.errors)
    return render(request, "duty/appointment_form.html", context, status=422 if wrong else 200)


@requires("record.view")
@never_cache
@require_GET
def shown(request: HttpRequest, key: UUID) -> HttpResponse:
    """One appointment, on one day when it repeats."""
    about = get_object_or_404(appointments_for(visitor(request)), key=key)
    day = read_day(request.GET.get("dag", ""))
    one = occurrence_on(about, day)
    if about.citizen_id:
        lookups.record(visitor(request), [about.citizen_id], "kalender", action="record.view")
    context = {
        "about": about,
        "one": one,
        "day": one.day if one else day,
        "repeats": repeat_words(about.rrule, about.repeats_until),
        "may_write": _may_write(request, about),
        "link": one.link if one else None,
        "task_due": due_at(one.starts, one.link.minutes_before) if one and one.link else None,
        "steps": [
            (_("Kalender"), _calendar_of(about, one.starts if one else about.starts_at)),
            (about.title, ""),
        ],
    }
    return render(request, "duty/appointment.html", context)


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change an appointment; with `?dag=` and `hvad=en` only that time of a series."""
    about = writable_appointment(request, key)
    day = read_day(request.GET.get("dag", ""))
    alone = day if about.rrule and request.GET.get("hvad") == "en" else None
    one = occurrence_on(about, alone)
    if alone is not None and one is None:
        raise Http404
    first = first_values(one or _as_first(about), whole=alone is None) | {"key": ids.new_id()}
    form = AppointmentForm(
        request.POST or None,
        initial=first,
        of_citizen=about.citizen_id is not None,
        repeats=alone is None and about.instead_of_id is None,
        rule=about.rrule,
    )
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            done = services.change_appointment(
                visitor(request),
                about,
                form.agreed(),
                version=typed["version"] or 0,
                day=alone,
                key=typed["key"] if alone else None,
            )
        except services.AppointmentChanged as changed:
            # Sent again, the form speaks of the appointment it now tells of.
            sent = request.POST.copy()
            sent["version"] = str(changed.now.version)
            form = AppointmentForm(
                sent,
                initial=first,
                of_citizen=about.citizen_id is not None,
                repeats="every" in form.fields,
                rule=about.rrule,
            )
            form.is_valid()
            _say(form, changed)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            toast(
                request,
                _with_task(_("Aftalen er ændret."), done),
                reverse("duty:appointment-undo", args=[done.key]),
            )
            return redirect(_calendar_of(done, done.starts_at if alone or not one else one.starts))
    title = _("Ret denne ene gang") if alone else _("Ret aftalen")
    here = reverse("duty:appointment", args=[about.key]) + (f"?dag={day}" if day else "")
    if about.citizen_id:
        lookups.record(visitor(request), [about.citizen_id], "kalender", action=WORK)
    context = {
        "form": form,
        "title": title,
        "whose": str(about.citizen) if about.citizen else "",
        "back": here,
        "steps": [(_("Kalender"), _calendar_of(about, about.starts_at)), (about.title, here), (title, "")],
    }
    return render(request, "duty/appointment_form.html", context, status=422 if form.errors else 200)


@requires("duty.work")
@require_POST
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Call an appointment off: all of it, or with a day only that time."""
    about = writable_appointment(request, key)
    day = read_day(request.POST.get("dag", "")) if request.POST.get("hvad") == "en" else None
    try:
        done = services.cancel_appointment(visitor(request), about, day)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(
            request,
            _with_task(_("Aftalen er aflyst."), done),
            reverse("duty:appointment-undo", args=[about.key]),
        )
    at = dt.datetime.combine(day, dt.time(12), clock.COPENHAGEN) if day else about.starts_at
    return redirect(_calendar_of(about, at))


@requires("duty.work")
@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo one's latest change of the appointment."""
    about = writable_appointment(request, key)
    try:
        done = services.undo_last(visitor(request), about)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(request, _with_task(_("Det er fortrudt. Alt er, som det var."), done))
    return redirect(_calendar_of(about, about.starts_at))


def _asked_citizen(request: HttpRequest) -> Citizen | None:
    asked = request.GET.get("borger", "")
    if not asked:
        return None
    near = Citizen.objects.filter(visible_q("citizens.Citizen", visitor(request), WORK))
    try:
        return get_object_or_404(near, key=asked)
    except ValidationError as error:
        raise Http404 from error


def _may_write(request: HttpRequest, about: Appointment) -> bool:
    try:
        require_owner(visitor(request), about.citizen, about.unit)
    except AccessDenied:
        return False
    return True


def _with_task(sentence: str, done: Appointment) -> str:
    """What happened to the appointment, and to the task that follows it."""
    return f"{sentence} {done.task_said}".strip()


def _as_first(about: Appointment) -> Occurrence:
    return Occurrence(
        about, about.starts_at.astimezone(clock.COPENHAGEN).date(), about.starts_at, about.ends_at
    )


def _calendar_of(about: Appointment, at: dt.datetime) -> str:
    """The calendar it stands in, in its week."""
    day = at.astimezone(clock.COPENHAGEN).date()
    if about.citizen is not None:
        return f"{reverse('duty:citizen-calendar', args=[about.citizen.key])}?dag={day}"
    return f"{reverse('duty:calendar')}?enhed={about.unit.key if about.unit else ''}&dag={day}"


def _say(form: Any, refusal: Refusal) -> None:
    """A refusal beside the field that was typed: the form has a day and times where the service has moments."""
    names = {"starts_at": "day", "ends_at": "ends", "reminder_minutes": "reminder"}
    field = names.get(refusal.field, refusal.field)
    say(form, Refusal(refusal.sentence, field))
