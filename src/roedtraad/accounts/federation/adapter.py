"""How allauth's federated half behaves here: providers from the settings only, nobody is matched by e-mail."""

from __future__ import annotations

import secrets
from typing import Any

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest

from roedtraad.accounts.federation.configuration import Federation, origin_of

# Seconds to connect and to wait for an answer; somebody is waiting at the other end.
PATIENCE = (3, 5)


class ElsewhereError(requests.RequestException):
    """A call to somewhere else than the configured provider was asked for, and not made."""


class ProviderSession(requests.Session):
    """Calls one place only, follows no redirect, and does not wait for ever."""

    def __init__(self, origin: tuple[str, str]) -> None:
        super().__init__()
        self._origin = origin

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """ElsewhereError for another scheme, host or port than the provider's."""
        if origin_of(url if isinstance(url, str) else url.decode()) != self._origin:
            raise ElsewhereError
        kwargs |= {"timeout": PATIENCE, "allow_redirects": False}
        return super().request(method, url, *args, **kwargs)


def federation() -> Federation:
    """What the operator has set up."""
    return settings.FEDERATION


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The library's hooks."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """None of the library's own: `oidc.provider` and `saml.provider` make the two there can be."""
        return []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never by the library: `services.enter` makes accounts, when the operator wants it."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never: an address can be typed by anybody."""
        return

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """256 bits, where the library's own has some 95."""
        return secrets.token_urlsafe(32)

    def get_requests_session(self) -> requests.Session:
        """For calls to the OIDC provider."""
        oidc = federation().oidc
        if oidc is None:
            raise ElsewhereError
        return ProviderSession(oidc.origin)
