"""Login through an identity provider, as pages. Without one set up they all answer that there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from roedtraad.accounts.federation import oidc, saml, services
from roedtraad.accounts.federation.adapter import federation
from roedtraad.accounts.federation.configuration import OIDC, SAML
from roedtraad.accounts.federation.refused import Refused
from roedtraad.accounts.federation.rules import Identity
from roedtraad.core.policy import public

log = structlog.get_logger("roedtraad.federation")
View = Callable[[HttpRequest], HttpResponseBase]
_OPEN = "Man er ikke logget ind endnu; svaret fra login godkendes, før nogen lukkes ind"


def _of(name: str) -> Callable[[View], View]:
    """A step of a provider's login: 404 when it is not set up, and a page with the reason when it is refused."""

    def declare(view: View) -> View:
        @wraps(view)
        def step(request: HttpRequest) -> HttpResponseBase:
            if name not in federation().issuers:
                raise Http404
            try:
                return view(request)
            except Refused as refusal:
                # The code only: a sentence may carry the person's id.
                log.warning("refused", provider=name, why=refusal.code)
                page = {"sentence": refusal.sentence, "cancelled": refusal.code == "cancelled"}
                return render(request, "accounts/federation/refused.html", page, status=403)

        return public(_OPEN)(never_cache(step))

    return declare


@_of(OIDC)
@require_GET
def oidc_login(request: HttpRequest) -> HttpResponseBase:
    """Off to the provider."""
    return oidc.begin(request)


@_of(OIDC)
@require_GET
def oidc_callback(request: HttpRequest) -> HttpResponseBase:
    """Back from the provider."""
    return _let_in(request, oidc.provider(request), *oidc.finish(request))


@_of(SAML)
@require_GET
def saml_login(request: HttpRequest) -> HttpResponseBase:
    """Off to the identity provider."""
    return saml.begin(request)


# The answer comes from the provider's site by way of the browser, and its signature is what is trusted.
@csrf_exempt
@_of(SAML)
@require_POST
def saml_acs(request: HttpRequest) -> HttpResponseBase:
    """The identity provider's answer."""
    return saml.receive(request)


@_of(SAML)
@require_GET
def saml_finish_acs(request: HttpRequest) -> HttpResponseBase:
    """Back in the browser's own session."""
    return _let_in(request, saml.provider(request), *saml.finish(request))


@_of(SAML)
@require_GET
def saml_metadata(request: HttpRequest) -> HttpResponseBase:
    """Who we are, for the identity provider's operator."""
    kind = "application/samlmetadata+xml; charset=utf-8"
    return HttpResponse(saml.metadata(request), content_type=kind)


def _let_in(
    request: HttpRequest, provider: Any, identity: Identity, state: dict[str, Any]
) -> HttpResponseBase:
    """Log the identity's account in, by the library and all its steps."""
    user = services.enter(federation(), provider.sub_id, identity)
    account = SocialAccount(provider=provider.sub_id, uid=identity.persistent_id, extra_data={})
    login = SocialLogin(account=account, provider=provider)
    login.state = {"process": "login", "next": state.get("next")}
    response: HttpResponseBase = complete_social_login(request, login)
    log.info("entered", provider=provider.id, level=identity.level.name.lower(), user=user.pk)
    return response
