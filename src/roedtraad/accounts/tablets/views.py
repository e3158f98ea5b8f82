"""»Skift bruger« at a shared tablet, and one's own PIN."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.accounts.models import User
from roedtraad.accounts.tablets import services
from roedtraad.accounts.tablets.forms import OwnPinForm, PinForm
from roedtraad.accounts.tablets.queries import colleagues, pin_of
from roedtraad.core.policy import public
from roedtraad.core.refusal import Refusal

_AT_TABLET = "Man er ikke logget ind endnu; viser kun, hvem der har logget ind på tabletten den dag"
_OWN = "Ens eget login; kræver selv, at man er logget ind"


@public(_AT_TABLET)
@never_cache
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Who is next? A POST ends the session of who was here, so that nobody goes on in it."""
    if request.method == "POST":
        if request.user.is_authenticated:
            logout(request)
        return redirect("account_tablet")
    tablet = services.tablet_of(request)
    if tablet is None:
        return render(request, "accounts/tablet_none.html", status=404)
    if request.user.is_authenticated:
        return render(request, "accounts/tablet_leave.html", {"tablet": tablet})
    context = {"tablet": tablet, "colleagues": colleagues(tablet)}
    return render(request, "accounts/tablet_switch.html", context)


@public(_AT_TABLET)
@never_cache
@require_http_methods(["GET", "POST"])
def colleague(request: HttpRequest, key: UUID) -> HttpResponse:
    """The PIN of the one who was chosen."""
    tablet = services.tablet_of(request)
    if tablet is None or request.user.is_authenticated:
        return redirect("account_tablet")
    visit = services.visit_at(tablet, key)
    if visit is None:
        return redirect("account_tablet")
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(request, key, form.cleaned_data["pin"])
            return redirect("home")
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
    context = {"tablet": tablet, "form": form, "name": str(visit.user)}
    return render(
        request, "accounts/tablet_colleague.html", context, status=422 if request.method == "POST" else 200
    )


@public(_OWN)
@login_required
@reauthentication_required(app="allauth.mfa")
@never_cache
@require_http_methods(["GET", "POST"])
def own_pin(request: HttpRequest) -> HttpResponse:
    """Choose a PIN, or another one. Asks first who it is, as everything does that changes how one logs in."""
    user = _user(request)
    form = OwnPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_pin(user, form.cleaned_data["pin"])
            messages.success(request, _("Din PIN-kode er gemt."))
            return redirect("account_pin")
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
    context = {"form": form, "held": pin_of(user), "tablet": services.tablet_of(request)}
    return render(request, "accounts/pin.html", context, status=422 if request.method == "POST" else 200)


@public(_OWN)
@login_required
@require_POST
def remove_pin(request: HttpRequest) -> HttpResponse:
    """No PIN any more. To be able to do less, nobody is asked for anything."""
    if not services.remove_pin(_user(request)):
        raise Http404
    messages.success(request, _("Din PIN-kode er fjernet."))
    return redirect("mfa_index")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  for the type checker; login_required lets nobody else in
    return request.user
