"""Every request: for whom the database works, who changed what and why, and a declared policy or nothing."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from roedtraad.access import rows
from roedtraad.access.narrowing import narrowing_of
from roedtraad.access.scope import AccessDenied, may, refusal
from roedtraad.core.policy import Policy

# Views of libraries, which cannot carry our decorator: the prefix of their module and why they are open.
THIRD_PARTY: dict[str, Policy] = {
    "allauth.account.": Policy(open_because="Log ind, log ud og skift af adgangskode"),
    "ninja.": Policy(open_because="API'et kræver selv en nøgle til hver handling; beskrivelsen er åben"),
    "django.views.i18n": Policy(open_because="Valg af sprog"),
}


def policy_of(view: Any) -> Policy | None:
    """The policy a view declares, or None."""
    declared = getattr(view, "policy", None) or getattr(getattr(view, "view_class", None), "policy", None)
    if isinstance(declared, Policy):
        return declared
    module = _module_of(getattr(view, "view_class", view))
    return next((policy for prefix, policy in THIRD_PARTY.items() if module.startswith(prefix)), None)


def _module_of(view: Any) -> str:
    """Where a view was written. The API's description is a wrapped partial, which says `functools` of itself."""
    inner = inspect.unwrap(view)
    if isinstance(inner, functools.partial):
        inner = inner.func
    return getattr(inner, "__module__", "") or ""


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Puts the user and the route into the history of every change of the request."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """User number only; the path stays out, it may carry a name. And whether it was done with a PIN, and where."""
        number = getattr(getattr(request, "user", None), "pk", None)
        kept = {"user": number, "method": request.method}
        narrowing = narrowing_of(number)
        return kept | {"through": narrowing.words} if narrowing else kept


class RowsMiddleware:
    """The database shows the rows that the visitor's grants reach, and a stranger none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with rows.as_user(request.user):
            return self.get_response(request)


class PolicyMiddleware:
    """Refuses a view without a declared policy, sends strangers to the login, and says no in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Decide before the view runs."""
        policy = policy_of(view)
        if policy is None:
            raise PermissionDenied(_("Siden har ingen adgangsregel og vises derfor ikke."))
        if policy.open_because:
            return None
        if not request.user.is_authenticated:
            return self.to_login(request)
        if not may(request.user, policy.action):
            raise PermissionDenied(refusal(request.user, policy.action))
        return None

    def to_login(self, request: HttpRequest) -> HttpResponse:
        """The login, and back to the page afterwards; what cannot be asked again goes to the front page."""
        wanted = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        response: HttpResponse = redirect_to_login(wanted)
        if getattr(request, "htmx", False):
            # A redirect would put the login page inside a fragment of the page.
            return HttpResponse(headers={"HX-Redirect": response["Location"]})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """An access refusal deeper down becomes the same page."""
        if isinstance(exception, AccessDenied):
            raise PermissionDenied(str(exception)) from exception
