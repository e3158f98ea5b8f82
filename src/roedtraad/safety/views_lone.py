"""Working alone: begin, check in, end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.core import clock, ids
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.organisation.models import Unit
from roedtraad.safety import queries, rules, services
from roedtraad.safety.forms import LoneForm
from roedtraad.safety.models import LoneWork
from roedtraad.safety.views import user_of


@requires("duty.work")
@require_http_methods(["GET", "POST"])
def lone(request: HttpRequest) -> HttpResponse:
    """What one has going on, or the form to begin; and who else works alone."""
    user = user_of(request)
    form = LoneForm(
        request.POST or None, units=queries.choices(user, "duty.work"), initial={"key": ids.new_id()}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.start_lone_work(
                user,
                key=typed["key"],
                unit=Unit(pk=form.chosen().pk),
                minutes=typed["minutes"],
                place=typed["place"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("safety:lone")
    work, others = queries.own_lone_work(user), queries.colleagues_alone(user)
    context = {
        "form": form,
        "work": work,
        "due": _due(work) if work else None,
        "left": max(0, int((_due(work) - clock.running()).total_seconds())) if work else 0,
        "others": [(other, _due(other)) for other in others],
        "units": queries.unit_names({other.unit_id for other in others}),
        "steps": [(_("Alarm"), reverse("safety:alarm")), (_("Alene på arbejde"), None)],
    }
    return render(request, "safety/lone.html", context, status=422 if form.errors else 200)


@requires("duty.work")
@require_POST
def check_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """»Jeg er her«."""
    work = _own(request, key)
    try:
        services.check_in(user_of(request), work)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        toast(request, _("Du har meldt dig."))
    return redirect("safety:lone")


@requires("duty.work")
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """No longer alone."""
    services.end_lone_work(user_of(request), _own(request, key))
    toast(request, _("Du arbejder ikke længere alene."))
    return redirect("safety:lone")


def _own(request: HttpRequest, key: UUID) -> LoneWork:
    work = LoneWork.objects.filter(key=key, user=user_of(request)).first()
    if work is None:
        raise Http404
    return work


def _due(work: LoneWork) -> dt.datetime:
    return rules.next_check_in(work.last_check_in, work.check_in_minutes)
