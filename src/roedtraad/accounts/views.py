"""Logging in and out, and changing one's password. The work is allauth's, the pages are ours."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roedtraad.accounts.forms import LoginForm, PasswordChangeForm
from roedtraad.core.policy import public


class LoginView(allauth_views.LoginView):
    """`?next=` is kept through a failed attempt; `?bruger=` fills in the username."""

    template_name = "accounts/login.html"
    form_class = LoginForm

    def get_initial(self) -> dict[str, Any]:
        """The username that a link asks for."""
        return {**super().get_initial(), "login": self.request.GET.get("bruger", "")[:150]}


class LogoutView(allauth_views.LogoutView):
    """Asks first, so that a link cannot log anyone out."""

    template_name = "accounts/logout.html"


class PasswordChangeView(allauth_views.PasswordChangeView):
    """Needs the old password."""

    template_name = "accounts/password_change.html"
    form_class = PasswordChangeForm


login = public("Man er ikke logget ind endnu")(LoginView.as_view())
logout = public("Alle kan logge ud")(LogoutView.as_view())
# The class below the public policy is for signed-in people only: allauth sends strangers to the login.
password_change = public("Kræver selv, at man er logget ind og kender sin adgangskode")(
    PasswordChangeView.as_view()
)


@public("Siger kun, at kontoen er lukket")
def inactive(request: HttpRequest) -> HttpResponse:
    """Where a closed account lands."""
    return render(request, "accounts/inactive.html", status=403)


@public("Siger kun, at det ikke findes her")
def not_offered(request: HttpRequest, **_parts: str) -> HttpResponse:
    """What allauth could do and we do not: signing up, e-mail addresses, resetting a password by e-mail."""
    return render(request, "accounts/not_offered.html", status=404)
