"""What of an account's requests is counted, and the answer when it is too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roedtraad.access.rates import Kind, Rate, wait_for
from roedtraad.config.refusals import refused

# Files made of the house's data.
EXPORTS = frozenset(
    {
        "effect:file",
        "exchange:download",
        "exchange:export",
        "exchange:faults",
        "exchange:plan-bundle",
        "exchange:template",
        "journeys:capacity-export",
        "journeys:free-export",
        "organisation:diff-file",
        "organisation:units-file",
        "practice:municipal-report-pdf",
        "practice:report-pdf",
        "rights:download",
        "rights:own-download",
        "rights:receipt-file",
        "steering:report",
        "steering:table",
    }
)
# Lists of people, by name.
SEARCHES = frozenset({"journeys:citizens", "journeys:citizens-search", "portals:users"})
_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RateMiddleware:
    """Counts a signed-in account's changes, exports and searches. Reading pages is not counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """429 with the time to wait, before the view does anything."""
        kind = kind_of(request)
        if kind is None or not request.user.is_authenticated:
            return None
        seconds = wait_for(kind, request.user.pk, Rate.read(settings.RATES[kind]))
        if not seconds:
            return None
        sentence = ngettext(
            "Der kom meget på kort tid fra din konto. Vent %(seconds)s sekund, og prøv så igen.",
            "Der kom meget på kort tid fra din konto. Vent %(seconds)s sekunder, og prøv så igen.",
            seconds,
        ) % {"seconds": seconds}
        return refused(request, 429, _("Vent lidt"), sentence, retry_after=seconds)


def kind_of(request: HttpRequest) -> Kind | None:
    """What the request counts as; None for what is not counted."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in EXPORTS or "format" in request.GET:
        return Kind.EXPORT
    if name in SEARCHES:
        return Kind.SEARCH
    return None if request.method in _READING else Kind.WRITE
