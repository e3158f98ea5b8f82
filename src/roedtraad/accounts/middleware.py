"""What comes before any page: an unused session ends, and a login is finished before it opens anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from roedtraad.accounts import second_factor, sessions
from roedtraad.core.policy import Policy

log = structlog.get_logger("roedtraad.login")

# Sent by what asks by itself (c-progress, the session's own clock): it is no sign of anybody sitting there.
BACKGROUND = "X-Background"

# Pages about the account itself, closed until the first password has been replaced.
_OWN_PAGES = ("mfa_", "account_second_factor", "account_pin")


class SessionEndMiddleware:
    """Ends a session that lay unused or lasted too long. The page asked for then meets the login, which says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            why = sessions.ended(request.session)
            if why:
                log.info("session_ended", why=why.value, user=request.session[SESSION_KEY])
                told = sessions.AT_TABLET if sessions.PIN in request.session else why.value
                logout(request)
                request.session[sessions.WHY] = told
            elif BACKGROUND not in request.headers:
                sessions.use(request.session)
        return self.get_response(request)


class StepsMiddleware:
    """A first password is replaced, and a required second factor set up, before any page that asks for an access."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send the user to the step that is missing, and keep where they were going."""
        if not request.user.is_authenticated:
            return None
        policy = getattr(view, "policy", None)
        asks = isinstance(policy, Policy) and bool(policy.action)
        name = request.resolver_match.url_name if request.resolver_match else None
        if request.user.password_is_first and (asks or (name or "").startswith(_OWN_PAGES)):
            return _to(request, "account_change_password")
        if asks and second_factor.is_missing(request):
            return _to(request, "account_second_factor")
        return None


def _to(request: HttpRequest, name: str) -> HttpResponse:
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    address = f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}"
    if getattr(request, "htmx", False):
        # A redirect would put the page inside a fragment of the page.
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
