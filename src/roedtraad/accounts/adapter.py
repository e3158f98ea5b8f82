"""How allauth behaves here."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts import devices, lockout, services
from roedtraad.accounts.address import client_address
from roedtraad.accounts.models import User
from roedtraad.accounts.rules import Kind

# What is worth telling. Having logged in or out shows by itself.
_TOLD = {
    "account/messages/password_changed.txt": _(
        "Din adgangskode er skiftet, og du er logget ud alle andre steder."
    ),
    "mfa/messages/totp_deactivated.txt": _("Appen er fjernet, og du er logget ud alle andre steder."),
    "mfa/messages/webauthn_removed.txt": _("Adgangsnøglen er fjernet, og du er logget ud alle andre steder."),
}

_METHODS = {
    "reauthenticate": _("Brug din adgangskode"),
    "mfa_reauthenticate": _("Brug en kode"),
    "mfa_reauthenticate:webauthn": _("Brug en adgangsnøgle"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same sentence for an unknown name, a wrong password and a closed account: it gives nothing away.
        "username_password_mismatch": _(
            "Brugernavn og adgangskode passer ikke sammen. Prøv igen, "
            "eller få en ny adgangskode af din administrator."
        ),
        "enter_current_password": _("Det er ikke din nuværende adgangskode. Skriv den igen."),
        "incorrect_password": _("Det er ikke din adgangskode. Skriv den igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes with a grant."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user whose password it is, or None; every try is counted. A closed account is like an unknown one.

        Raises ValidationError with a sentence when there were too many tries; the password is not looked at then.
        """
        try:
            attempt = lockout.begin(request, Kind.PASSWORD, username=credentials.get("username", ""))
        except lockout.Waiting as waiting:
            raise ValidationError(str(waiting), code="too_many_login_attempts") from waiting
        user = authenticate(request, **credentials)
        # The library sets a closed account with the right password aside, to tell it so. It is not told here.
        AuthenticationBackend.unstash_authenticated_user()
        if isinstance(user, User):
            attempt.succeeded()
            return user
        attempt.failed()
        return None

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The login is complete: from now on this device is one the user is known at."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """The user's own choice."""
        services.change_password(user, password)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere in the house."""
        return client_address(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The strongest first. The password alone is enough only for one who has nothing better."""
        methods = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        strong = [
            methods[name] for name in reversed(_METHODS) if name in methods and name != "reauthenticate"
        ]
        return [
            {**method, "description": _METHODS[method["id"]]} for method in strong or list(methods.values())
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of the login itself."""
        request = self.request
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(request, request.user)
        latest = max((record["at"] for record in records), default=0)
        return bool(time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT)

    def add_message(  # noqa: PLR0917  the library's own signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """The library's messages in our words, and only those worth telling."""
        told = _TOLD.get(message_template or "")
        if told:
            messages.add_message(request, level, gettext(str(told)), extra_tags=extra_tags)
