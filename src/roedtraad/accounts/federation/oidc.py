"""Login by OpenID Connect: the authorization code flow with PKCE, on top of allauth's provider."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.accounts.federation.adapter import ElsewhereError, federation
from roedtraad.accounts.federation.configuration import Oidc, origin_of
from roedtraad.accounts.federation.refused import Refused, not_trusted
from roedtraad.accounts.federation.rules import Identity, from_claims
from roedtraad.accounts.federation.tokens import read_id_token

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's part of the conversation, held to the configured provider."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself. Refused when it is another's, or points anywhere else."""
        oidc = _configured()
        with get_adapter().get_requests_session() as session:
            answer = session.get(f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict) or found.get("issuer") != oidc.issuer:
            raise not_trusted("discovery_issuer")
        if any(origin_of(str(found.get(name, ""))) != oidc.origin for name in _ENDPOINTS):
            raise not_trusted("discovery_elsewhere")
        return found

    def get_provider(self) -> OidcProvider:
        """The one provider there is."""
        return provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends the browser back to."""
        return request.build_absolute_uri(reverse("openid_connect_callback"))

    def keys(self) -> dict[str, Any]:
        """The keys the provider signs with today."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            found = answer.json()
        return found if isinstance(found, dict) else {}


class OidcProvider(OpenIDConnectProvider):
    """allauth's provider, always with PKCE, named by its issuer."""

    pkce_enabled_default = True
    oauth2_adapter_class = OidcAdapter


def _configured() -> Oidc:
    oidc = federation().oidc
    if oidc is None:
        raise not_trusted("not_configured")
    return oidc


def provider(request: HttpRequest) -> OidcProvider:
    """The provider as allauth knows it. Refused when none is set up."""
    oidc = _configured()
    app = SocialApp(
        provider=OidcProvider.id,
        # What accounts are tied to: the issuer, so that a change of provider never makes two persons one.
        provider_id=oidc.issuer,
        name=oidc.issuer,
        client_id=oidc.client_id,
        secret=oidc.client_secret,
        settings={"server_url": oidc.issuer, "scope": oidc.scope.split()},
    )
    return OidcProvider(request, app=app)


def begin(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider, with a state, a nonce and a PKCE challenge kept in its session."""
    nonce = secrets.token_urlsafe(32)
    with _talking():
        return provider(request).redirect(
            request,
            process="login",
            next_url=get_next_redirect_url(request),
            auth_params={"nonce": nonce, "acr_values": federation().least.uri},
            nonce=nonce,
        )


def finish(request: HttpRequest) -> tuple[Identity, dict[str, Any]]:
    """Who came back from the provider, and what the session kept meanwhile. Refused when anything does not hold."""
    oidc = _configured()
    known = provider(request)
    try:
        state = known.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as error:
        raise not_trusted("state") from error
    if request.GET.get("iss", oidc.issuer) != oidc.issuer:
        raise not_trusted("issuer")
    if request.GET.get("error") == "access_denied":
        raise Refused("cancelled", _("Du afbrød login. Prøv igen, når du er klar."))
    if not request.GET.get("code"):
        raise not_trusted("provider_error")
    adapter = OidcAdapter(request, oidc.issuer)
    with _talking():
        answer = adapter.get_access_token_data(
            request,
            known.app,
            adapter.get_client(request, known.app),
            pkce_code_verifier=state.get("pkce_code_verifier"),
        )
        keys = adapter.keys()
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise not_trusted("no_id_token")
    claims = read_id_token(
        token, keys, issuer=oidc.issuer, client_id=oidc.client_id, nonce=str(state.get("nonce", ""))
    )
    return from_claims(claims, oidc.names), state


@contextmanager
def _talking() -> Iterator[None]:
    """A provider that cannot be reached, or says something else than it should, is a refusal and no fault of ours."""
    try:
        yield
    except ElsewhereError as error:
        raise not_trusted("discovery_elsewhere") from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise Refused(
            "provider_unreachable",
            _("Login svarer ikke lige nu. Prøv igen om lidt, eller brug dit brugernavn og din adgangskode."),
        ) from error
    except (requests.RequestException, OAuth2Error, ValueError, KeyError) as error:
        if isinstance(error, Refused):
            raise
        raise not_trusted("provider_error") from error
