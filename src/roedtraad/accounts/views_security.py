"""»Min sikkerhed«: the app, passkeys, recovery codes, devices. The work is allauth's, the pages are ours."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from roedtraad.accounts import forms_security as forms
from roedtraad.accounts import second_factor, services
from roedtraad.accounts.models import User
from roedtraad.accounts.queries import security_of
from roedtraad.accounts.views import NewKeyMixin
from roedtraad.core.policy import public

_OWN = "Ens eget login; kræver selv, at man er logget ind"
# In the session: where one was going when a second factor had to be set up first.
_GOING = "going_after_setup"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  for the type checker; login_required lets nobody else in
    return request.user


def _only_here(request: HttpRequest) -> None:
    """End the user's sessions everywhere but here."""
    user = _user(request)
    services.end_sessions(user)
    update_session_auth_hash(request, user)
    request.session.pop(second_factor.SEEN, None)


def _options(context: dict[str, Any]) -> dict[str, Any]:
    """What the browser is asked for, as JSON for an attribute."""
    data = context.get("js_data", {})
    asked = data.get("request_options") or data.get("creation_options")
    return {**context, "options": json.dumps(asked) if asked else ""}


@public(_OWN)
@login_required
@never_cache
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    return render(request, "accounts/security.html", {"security": security_of(_user(request), request)})


@public(_OWN)
@login_required
@never_cache
@require_GET
def set_up(request: HttpRequest) -> HttpResponse:
    """Choose a second factor, when one must have one. Where one was going is kept until it is done."""
    going = get_next_redirect_url(request) or "/"
    if second_factor.has_one(_user(request)):
        return redirect(going)
    request.session[_GOING] = going
    return render(request, "accounts/set_up.html")


@public(_OWN)
@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    _only_here(request)
    messages.success(request, _("Du er logget ud alle andre steder."))
    return redirect("mfa_index")


@public(_OWN)
@login_required
@require_POST
def forget_device(request: HttpRequest, pk: int) -> HttpResponse:
    """A device is no longer one's own. Whoever sits at it is logged out with the rest."""
    if not services.forget_device(_user(request), pk):
        raise Http404
    _only_here(request)
    messages.success(request, _("Enheden er glemt, og du er logget ud alle andre steder."))
    return redirect("mfa_index")


@method_decorator(never_cache, name="dispatch")
class CodeView(base_views.AuthenticateView):
    """The second step of a login: a code, or a passkey."""

    form_class = forms.CodeForm
    webauthn_form_class = forms.PasskeyForm
    template_name = "accounts/code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The passkey's question, when there is a passkey to answer it."""
        context = _options(super().get_context_data(**kwargs))
        held = security_of(self.stage.login.user, self.request)
        return {**context, "has_app": held.app is not None, "has_passkey": bool(held.passkeys)}


class ReauthenticateCodeView(NewKeyMixin, base_views.ReauthenticateView):
    """A code before something about the login is changed."""

    form_class = forms.ReauthenticateCodeForm
    template_name = "accounts/reauthenticate.html"


class ReauthenticatePasskeyView(NewKeyMixin, webauthn_views.ReauthenticateWebAuthnView):
    """A passkey before something about the login is changed."""

    form_class = forms.ReauthenticatePasskeyForm
    template_name = "accounts/reauthenticate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question to the passkey."""
        return _options(super().get_context_data(**kwargs))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Try again here."""
        return self.render_to_response(self.get_context_data(form=form))


class PasskeyLoginView(webauthn_views.LoginWebAuthnView):
    """A passkey alone. A GET from the page's script answers with the question; a POST with the answer logs in."""

    form_class = forms.PasskeyLoginForm

    def form_valid(self, form: Any) -> HttpResponse:
        """As the library's, and on to the page one wanted."""
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = webauthn_flows.perform_passwordless_login(self.request, authenticator, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the login with a sentence, and with the page one wanted."""
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        going = get_next_redirect_url(self.request)
        query = f"?{urlencode({REDIRECT_FIELD_NAME: going})}" if going else ""
        return redirect(f"{reverse('account_login')}{query}")


class AddPasskeyView(webauthn_views.AddWebAuthnView):
    """A new passkey, which the browser makes."""

    form_class = forms.AddPasskeyForm
    template_name = "accounts/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a key that can be used alone and is opened by its owner each time."""
        context = super().get_context_data(**kwargs)
        if "form" in kwargs:
            context["form"] = kwargs["form"]
        asked = webauthn.begin_registration(_user(self.request), passwordless=True)
        return {**context, "options": json.dumps(asked)}


class RemovePasskeyView(webauthn_views.RemoveWebAuthnView):
    """Asks first."""

    template_name = "accounts/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """A key that may be in other hands must not stay logged in anywhere."""
        response = super().form_valid(form)
        _only_here(self.request)
        return response


class PasskeyNameView(webauthn_views.EditWebAuthnView):
    """Another name."""

    form_class = forms.PasskeyNameForm
    template_name = "accounts/passkey_name.html"
    success_url = reverse_lazy("mfa_index")


@method_decorator(never_cache, name="dispatch")
class AddAppView(totp_views.ActivateTOTPView):
    """The app reads the picture, or is told the secret, and shows its first code."""

    form_class = forms.ActivateAppForm
    template_name = "accounts/app_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret in groups of four, for one who must type it."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))}

    def form_valid(self, form: Any) -> HttpResponse:
        """As the library's; the code that set it up is used up."""
        app, codes = totp_flows.activate_totp(self.request, form)
        second_factor.mark_used(app, form.counter)
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")


class RemoveAppView(totp_views.DeactivateTOTPView):
    """Asks first."""

    template_name = "accounts/app_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """A telephone that may be in other hands must not stay logged in anywhere."""
        response = super().form_valid(form)
        _only_here(self.request)
        return response


@public(_OWN)
@login_required
@never_cache
@require_GET
def app_picture(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being added, as a picture for its camera."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")


@method_decorator(never_cache, name="dispatch")
class RecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    """The codes, once; afterwards only how many are left."""

    template_name = "accounts/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In two groups of five, and where to go on."""
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "codes": [f"{code[:5]} {code[5:]}" for code in context["unused_codes"]],
            "going": self.request.session.get(_GOING) or reverse("mfa_index"),
        }


class NewRecoveryCodesView(recovery_views.GenerateRecoveryCodesView):
    """New codes instead of the old ones."""

    template_name = "accounts/recovery_codes_new.html"


code = public("Andet trin af et login; kræver selv det første")(CodeView.as_view())
passkey_login = public("Man er ikke logget ind endnu")(PasskeyLoginView.as_view())
reauthenticate_code = public(_OWN)(ReauthenticateCodeView.as_view())
reauthenticate_passkey = public(_OWN)(ReauthenticatePasskeyView.as_view())
passkey_add = public(_OWN)(AddPasskeyView.as_view())
passkey_remove = public(_OWN)(RemovePasskeyView.as_view())
passkey_name = public(_OWN)(PasskeyNameView.as_view())
app_add = public(_OWN)(AddAppView.as_view())
app_remove = public(_OWN)(RemoveAppView.as_view())
recovery_codes = public(_OWN)(RecoveryCodesView.as_view())
recovery_codes_new = public(_OWN)(NewRecoveryCodesView.as_view())
