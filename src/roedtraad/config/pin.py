"""What a session begun with a PIN may not open although its action is part of a shift: that asks for a full login.

The actions themselves are narrowed in access.policies (`with_pin`). Here are the pages about one's own login, which ask
for no action, and the few within a shift that take data out of the house or let somebody else in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from roedtraad.access.middleware import policy_of
from roedtraad.access.narrowing import narrowing_of
from roedtraad.access.rates import Kind
from roedtraad.config.rates import kind_of

# Of the pages about logins, those a PIN session needs.
OPEN = frozenset({"account_logout", "account_session", "account_tablet", "account_tablet_colleague"})
# Files in and out, what is sent to others, and who else may see the citizen or speak for them.
CLOSED = frozenset(
    {
        "citizens:consent-add",
        "citizens:consent-withdraw",
        "citizens:guardianship-add",
        "citizens:guardianship-end",
        "citizens:relation-login",
        "duty:subscription",
        "exchange:plan-decline",
        "exchange:plan-upload",
        "portals:switch-role",
        "practice:assessment-csv",
        "practice:discard-report",
        "practice:recall-package",
        "practice:review-package",
        "practice:send-package",
        "practice:supersede-report",
    }
)
_OF_LOGINS = ("roedtraad.accounts.", "allauth.")


class PinMiddleware:
    """Stands before the steps of a login, which would lead a PIN session to pages that are closed to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> None:
        """PermissionDenied with a sentence that says what to do instead."""
        if narrowing_of(request.user.pk) and is_closed(request, view):
            raise PermissionDenied(_("Det kan du ikke med PIN-kode. Log helt ind for at gøre det."))


def is_closed(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    """Does the page ask for a full login?"""
    name = request.resolver_match.view_name if request.resolver_match else ""
    policy = policy_of(view)
    of_login = policy is None or (bool(policy.open_because) and _module(view).startswith(_OF_LOGINS))
    return name in CLOSED or kind_of(request) is Kind.EXPORT or (of_login and name not in OPEN)


def _module(view: Callable[..., HttpResponse]) -> str:
    shown = getattr(view, "view_class", view)
    return str(getattr(shown, "__module__", ""))
