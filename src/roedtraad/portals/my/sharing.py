"""Hvem må se hvad: in plain words, and taken back or given with a few presses."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.citizens.models import Consent, Relation
from roedtraad.citizens.relations.services import give_consent, withdraw_consent
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.my.pages import mine, page, user_of
from roedtraad.portals.queries.my_side import SCOPES, receivers

PART = "hvem må se hvad"
# How long something is shared, as one chooses it; the report is between the place and the municipality.
LENGTHS = {"": None, "30": dt.timedelta(days=30), "365": dt.timedelta(days=365)}
OFFERED = [scope for scope in Consent.Scope if scope != Consent.Scope.REPORT]


class ShareForm(forms.Form):
    """What one of the citizen's relations may see, and for how long."""

    use_required_attribute = False

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Hvad vil du dele"),
        choices=[(scope.value, SCOPES[scope]) for scope in OFFERED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Vælg, hvad du vil dele.")},
    )
    length = forms.ChoiceField(
        label=gettext_lazy("Hvor længe"),
        choices=[
            ("", gettext_lazy("til jeg siger stop")),
            ("30", gettext_lazy("en måned")),
            ("365", gettext_lazy("et år")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def last(self) -> dt.date | None:
        """The last day, when there is one."""
        length = LENGTHS[self.cleaned_data["length"]]
        return clock.today() + length if length else None


@requires("own.view")
@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    """With whom the citizen shares what."""
    return page(request, "portals/my/sharing.html", {"receivers": receivers(mine(request, PART))})


@requires("own.write")
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, key: UUID) -> HttpResponse:
    """Share something with one of one's own relations."""
    citizen = mine(request, PART)
    relation = get_object_or_404(Relation, citizen=citizen, key=key, valid__contains=clock.today())
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        try:
            give_consent(
                user_of(request),
                citizen,
                relation,
                typed["scopes"],
                how=Consent.How.OWN_PAGE,
                last=form.last(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Det er gemt. Du kan altid sige stop igen."))
            return redirect("portals:my-sharing")
    context = {"form": form, "relation": relation}
    return page(request, "portals/my/share.html", context, status=422 if form.errors else 200)


@requires("own.write")
@require_POST
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a consent back, from this moment."""
    citizen = mine(request, PART)
    consent = get_object_or_404(Consent.objects.select_related("citizen"), citizen=citizen, key=key)
    withdraw_consent(user_of(request), consent)
    toast(request, _("Stoppet. De kan ikke se det længere."))
    return redirect("portals:my-sharing")
