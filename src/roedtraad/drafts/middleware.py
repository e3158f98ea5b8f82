"""The one place where every form of the house is covered, whatever its view.

On the way out each form that is sent gets a mark of who it was made for, the script that saves what is typed, and a
bar when there is a draft of it. On the way in a form that could not be taken – the session had ended, the page was
too old, the access was gone – is kept before the answer is given, and one that was carried out takes its draft along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.drafts import services, showing, writer
from roedtraad.drafts.naming import form_name
from roedtraad.drafts.rules import (
    NUMBER,
    WRITER,
    Content,
    Typed,
    is_done,
    without_asking,
    worth_keeping,
)

_REACHED = "draft_form_reached"
#: No access (or the page was too old), and too much too fast.
_REFUSED = {403, 429}


class DraftMiddleware:
    """Stands just outside `access.sent`: what is refused further out comes through here too, as an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            response = _after_sending(request, response)
        return showing.show(request, response)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Login, form protection and access have let it through: from here on the form itself decides."""
        setattr(request, _REACHED, True)
        return None


def _after_sending(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    name = form_name(request.path)
    if not name or WRITER not in request.POST:
        return response
    user = request.user.pk
    if getattr(request, _REACHED, False) and response.status_code not in _REFUSED:
        if user and is_done(name, response.status_code):
            services.carried_out(user, request.get_full_path())
        return response
    whose = writer.read(request.POST[WRITER])
    # Somebody else is logged in by now: it is not theirs, and they are not told.
    if whose is None or user not in (None, whose):
        return response
    return _kept(request, response, whose)


def _kept(request: HttpRequest, response: HttpResponse, whose: int) -> HttpResponse:
    """Keep what was sent, and answer so that the person comes back to it."""
    try:
        key = services.keep(whose, _content(request), writing=_number(request), sent=True)
    except services.TooLarge:
        return response
    if key is None:
        return response
    page = reverse("drafts:draft", args=[key])
    if not request.user.is_authenticated:
        messages.info(request, _("Det, du sendte, er gemt som kladde. Log ind, så får du det igen."))
        return _to(request, redirect_to_login(page)["Location"])
    if response.status_code not in _REFUSED or not getattr(request, "csrf_processing_done", False):
        # On the way to another page first (a password to change), or a page older than the latest login in this
        # browser: sent again it has a fresh protection.
        return _to(request, page)
    return showing.told(response, page)


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        # A redirect would put the page inside a fragment of the page.
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _content(request: HttpRequest) -> Content:
    action = request.get_full_path()
    fields = [Typed(name, value) for name, values in request.POST.lists() for value in values]
    return Content(_page(request) or action, action, "", worth_keeping(fields), has_files=bool(request.FILES))


def _page(request: HttpRequest) -> str:
    """The page the form stood on, as the browser says; empty when it says another house's, or nothing."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    return without_asking(parts.path + (f"?{parts.query}" if parts.query else ""))


def _number(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(NUMBER, ""))
    except ValueError:
        return None
