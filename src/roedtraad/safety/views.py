"""The alarm: raising one, hearing of one, answering, ending, and the log."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access.scope import may
from roedtraad.accounts.models import User
from roedtraad.core import ids
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Unit
from roedtraad.safety import queries, services, tickets, wording
from roedtraad.safety.address import stream_url
from roedtraad.safety.forms import AlarmForm, EndForm
from roedtraad.safety.queries import Shown


def user_of(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


@requires("duty.work")
@require_http_methods(["GET", "POST"])
def alarm(request: HttpRequest) -> HttpResponse:
    """Raise an alarm. Sent without having been held down, it is asked once more whether it is meant."""
    user = user_of(request)
    form = AlarmForm(
        request.POST or None,
        units=queries.choices(user, "duty.work"),
        initial={"key": ids.new_id(), "place": request.GET.get("sted", "")},
    )
    if request.method == "POST" and form.is_valid():
        if not request.POST.get("confirmed"):
            # A key of its own: the page one goes back to must not hold one that is used up.
            form.data = {**request.POST.dict(), "key": str(ids.new_id())}
            return render(request, "safety/confirm.html", {"form": form, "unit": form.chosen()})
        typed = form.cleaned_data
        try:
            made = services.raise_alarm(
                user,
                key=typed["key"],
                unit=Unit(pk=form.chosen().pk),
                about=typed["about"],
                place=typed["place"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("safety:one", key=made.key)
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "going_on": _lines(queries.going_on(user)),
        "stream": stream_url(request),
        "may_configure": may(user, "duty.configure"),
    }
    return render(request, "safety/alarm.html", context, status=status)


@requires("duty.work")
@require_GET
def now(request: HttpRequest) -> JsonResponse:
    """The alarms that call the visitor, as sentences, for the bar on every page."""
    found = [
        {
            "key": str(line["shown"].key),
            "url": reverse("safety:one", args=[line["shown"].key]),
            "answer_url": reverse("safety:answer", args=[line["shown"].key])
            if line["shown"].can_answer
            else "",
            "title": line["title"],
            "words": [line["called"], line["answered"], line["reached"]],
            "state": line["shown"].state.value,
            "sounding": line["shown"].is_sounding,
        }
        for line in _lines(queries.going_on(user_of(request)))
    ]
    return JsonResponse({"alarms": found})


@requires("duty.work")
@require_GET
def ticket(request: HttpRequest) -> JsonResponse:
    """A new ticket to the stream."""
    return JsonResponse({"ticket": tickets.issue(user_of(request))})


@requires("duty.work")
@require_GET
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """An alarm, and how it stands."""
    return _one(request, _found(request, key), EndForm())


@requires("duty.work")
@require_POST
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """»Jeg kommer«."""
    try:
        services.acknowledge(user_of(request), _found(request, key).alarm)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("safety:one", key=key)


@requires("duty.work")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End an alarm and say what happened."""
    shown, form = _found(request, key), EndForm(request.POST or None)
    if request.method == "GET":
        return redirect("safety:one", key=key)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.end_alarm(
                user_of(request),
                shown.alarm,
                what_happened=typed["what_happened"],
                was_mistake=typed["was_mistake"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("safety:one", key=key)
    return _one(request, shown, form, status=422)


@requires("duty.work")
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The alarms of a unit."""
    user = user_of(request)
    units = queries.choices(user, "duty.work")
    wanted = request.GET.get("enhed", "")
    unit = next((unit for unit in units if unit.key == wanted or not wanted), None)
    if unit is None:
        raise Http404
    before = request.GET.get("foer", "")
    found, more = queries.log(user, unit.pk, int(before) if before.isdecimal() and len(before) < 19 else None)
    older = f"{reverse('safety:log')}?enhed={unit.key}&foer={more}" if more else ""
    context = {
        "unit": unit,
        "units": units,
        "found": _lines(found),
        "older": older,
        "steps": _steps(_("Log")),
    }
    return render(request, "safety/log.html", context)


def _found(request: HttpRequest, key: UUID) -> Shown:
    shown = queries.one(user_of(request), key)
    if shown is None:
        raise Http404
    return shown


def _one(request: HttpRequest, shown: Shown, form: EndForm, status: int = 200) -> HttpResponse:
    (line,) = _lines([shown])
    context = {
        **line,
        "form": form,
        "log": [(step.at, wording.line(step)) for step in shown.lines],
        "steps": _steps(line["title"]),
    }
    return render(request, "safety/one.html", context, status=status)


def _lines(found: list[Shown]) -> list[dict[str, Any]]:
    return [
        {
            "shown": shown,
            "title": wording.title(shown),
            "called": wording.called(shown),
            "answered": wording.answered(shown),
            "reached": wording.reached(shown) if shown.is_mine else "",
        }
        for shown in found
    ]


def _steps(here: str) -> list[tuple[str, str | None]]:
    return [(_("Alarm"), reverse("safety:alarm")), (here, None)]
