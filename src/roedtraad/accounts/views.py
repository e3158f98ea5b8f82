"""Logging in and out, and changing one's password. The work is allauth's, the pages are ours."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from roedtraad.accounts import sessions
from roedtraad.accounts.forms import FirstPasswordForm, LoginForm, PasswordChangeForm, ReauthenticateForm
from roedtraad.accounts.rules import Ended
from roedtraad.accounts.tablets.services import leave, tablet_of
from roedtraad.core.policy import public


class LoginView(allauth_views.LoginView):
    """`?next=` is kept through a failed attempt; `?bruger=` fills in the username."""

    template_name = "accounts/login.html"
    form_class = LoginForm

    def get_initial(self) -> dict[str, Any]:
        """The username that a link asks for."""
        return {**super().get_initial(), "login": self.request.GET.get("bruger", "")[:150]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Why the last session ended by itself, if it did."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        why = _why(self.request.session.pop(sessions.WHY, ""))
        return {**context, "ended": why, "tablet": tablet_of(self.request)}


class LogoutView(allauth_views.LogoutView):
    """Asks first, so that a link cannot log anyone out."""

    template_name = "accounts/logout.html"

    def logout(self) -> None:
        """At a shared tablet it is to be done with it, PIN and all."""
        leave(self.request, self.request.user)
        super().logout()


@method_decorator(login_required, name="dispatch")
class PasswordChangeView(allauth_views.PasswordChangeView):
    """Needs the old password, unless that is the first one, with which one has just come in."""

    def get_form_class(self) -> type[Any]:
        """A first password is only replaced."""
        return FirstPasswordForm if self._first else PasswordChangeForm

    def get_template_names(self) -> list[str]:
        """Without navigation while there is nowhere else to go."""
        return [f"accounts/{'first_password' if self._first else 'password_change'}.html"]

    def get_default_success_url(self) -> str | None:
        """The front page after the first; one's own page otherwise."""
        return "/" if self._first else super().get_default_success_url()

    @property
    def _first(self) -> bool:
        return bool(self.request.user.is_authenticated and self.request.user.password_is_first)

    def form_valid(self, form: Any) -> HttpResponse:
        """Where to go is decided while it is still known which of the two it was."""
        self.success_url = self.get_success_url()
        response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str:
        """As decided before the change, when it has been."""
        return getattr(self, "success_url", None) or str(super().get_success_url())


class NewKeyMixin:
    """Whoever has shown once more who they are goes on under a new session key; the old one opens nothing."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Before the library: it may carry out at once what one was asked for."""
        self.request.session.cycle_key()
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the library's view, which this is mixed into
        return response


class ReauthenticateView(NewKeyMixin, allauth_views.ReauthenticateView):
    """The password once more, for one who has no second factor."""

    template_name = "accounts/reauthenticate.html"
    form_class = ReauthenticateForm


login = public("Man er ikke logget ind endnu")(LoginView.as_view())
logout = public("Alle kan logge ud")(LogoutView.as_view())
# The classes below the public policy are for signed-in people only: allauth sends strangers to the login.
password_change = public("Kræver selv, at man er logget ind og kender sin adgangskode")(
    PasswordChangeView.as_view()
)
reauthenticate = public("Kræver selv, at man er logget ind")(ReauthenticateView.as_view())


@public("Siger kun, hvor længe ens eget login varer")
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """How many seconds the session lasts. A POST uses it, as any page does; a GET should say X-Background."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    return JsonResponse({"seconds": int(sessions.left(request.session).total_seconds())})


@public("Siger kun, at kontoen er lukket")
def inactive(request: HttpRequest) -> HttpResponse:
    """Where a closed account lands that showed its passkey. With a password it looks like an unknown one."""
    return render(request, "accounts/inactive.html", status=403)


@public("Siger kun, at det ikke findes her")
def not_offered(request: HttpRequest, **_parts: str) -> HttpResponse:
    """What allauth could do and we do not: signing up, e-mail addresses, resetting a password by e-mail."""
    return render(request, "accounts/not_offered.html", status=404)


def _why(ended: str) -> str:
    if ended == Ended.IDLE:
        n = settings.SESSION_IDLE_MINUTES
        text = ngettext(
            "Du blev logget ud, fordi du ikke havde brugt Rødtråd i %(n)d minut.",
            "Du blev logget ud, fordi du ikke havde brugt Rødtråd i %(n)d minutter.",
            n,
        )
        return text % {"n": n}
    if ended == Ended.OLD:
        return _("Du blev logget ud, fordi der er gået %(n)d timer, siden du loggede ind.") % {
            "n": settings.SESSION_HOURS
        }
    if ended == sessions.AT_TABLET:
        return _("Du blev logget ud, så den næste ikke arbejder i dit navn.")
    if ended == sessions.NO_MORE_PIN:
        return _("Du blev logget ud, fordi din PIN-kode ikke gælder her længere. Log helt ind.")
    return ""
