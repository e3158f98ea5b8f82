"""Looking at nødadgange afterwards: the leader's own, and the administrator's."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access import emergencies as services
from roedtraad.access.scope import may
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.emergencies import emergencies_for


class EmergencyReviewForm(forms.Form):
    """What came of looking at it."""

    outcome = forms.CharField(max_length=4)
    note = forms.CharField(required=False, max_length=400)


@requires("emergency.review")
@require_GET
def emergencies(request: HttpRequest) -> HttpResponse:
    """Those that wait, and those looked at."""
    with transaction.atomic():
        shown = emergencies_for(signed_in(request))
    context = {"shown": shown, "may_sample": may(request.user, "lookup_log.sample")}
    return render(request, "portals/emergencies.html", context)


@requires("emergency.review")
@require_POST
def emergency_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what came of one."""
    user = signed_in(request)
    emergency = get_object_or_404(services.reviewable_by(user), pk=pk)
    form = EmergencyReviewForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {"outcome": "", "note": ""}
    try:
        services.review_emergency(emergency, typed["outcome"], reviewer=user, note=typed["note"])
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Det er skrevet."))
    return redirect("portals:emergencies")
