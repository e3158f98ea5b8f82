"""What every answer tells the browser about itself, and how much a request may carry.

The answers are the same for everybody, so they are put on here, outside of all that can fail: a page of an error, a
health answer and a refused host carry them too. Why each is as it is: docs/decisions/0009-web-security.md.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from roedtraad.config.refusals import refused
from roedtraad.core import sounds
from roedtraad.core.images import LARGEST as LARGEST_PICTURE
from roedtraad.exchange.fhir.shape import LARGEST as LARGEST_MESSAGE
from roedtraad.exchange.reading import LARGEST
from roedtraad.safety.address import stream_origin

# `trusted-types`: the two policies of design/trusted.js, and the one address of the worker (portals/offline/line.js);
# every other way from a text to a script is closed.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        # What somebody has just recorded is heard from the page's own memory before it is sent.
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default read worker",
    )
)
# What is no page has nothing to load, to run or to send.
FILE_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
# The worker asks for our own files and pages, and runs nothing but itself.
WORKER_POLICY = "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)
ALWAYS = {
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Otherwise the server puts its own name here.
    "Server": "roedtraad",
}
# Where one may speak instead of typing; the microphone is the browser's to ask for.
SPOKEN = {"practice:quick-write", "practice:new-note", "practice:edit-note", "portals:my-wish-new"}
PERMISSIONS_SPOKEN = PERMISSIONS.replace("microphone=()", "microphone=(self)")
# The browser forgets what it kept; not the cookies, for one of them says that the device is known.
AFTER_LOGOUT = '"cache", "storage"'
# A phone that has something not yet sent says so (portals/offline/store.js). It lies locked until its writer logs in
# again; what can be read goes all the same, by the script of the login page.
UNSENT, AFTER_LOGOUT_UNSENT = "roedtraad_usendt", '"cache"'
# A form with a file has more around it than the file.
_AROUND_A_FILE = 64 * 1024
# Where more may be sent than a form that is typed.
_ROOMY = {
    "exchange:upload": LARGEST + _AROUND_A_FILE,
    "exchange:messages": LARGEST_MESSAGE + _AROUND_A_FILE,
    "exchange:plan-upload": LARGEST_MESSAGE + _AROUND_A_FILE,
    "api-1:post_order": LARGEST_MESSAGE + _AROUND_A_FILE,
    "practice:quick-write": LARGEST_PICTURE + _AROUND_A_FILE,
    "practice:new-note": LARGEST_PICTURE + _AROUND_A_FILE,
    "portals:my-wish-new": LARGEST_PICTURE + sounds.LARGEST + _AROUND_A_FILE,
}


class HeadersMiddleware:
    """The headers of every answer. Static files may be kept by the browser, all else is private and is not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        response["Content-Security-Policy"] = _page_policy(request) if is_page else _file_policy(request)
        for name, value in ALWAYS.items():
            response[name] = value
        if request.resolver_match and request.resolver_match.view_name in SPOKEN:
            response["Permissions-Policy"] = PERMISSIONS_SPOKEN
        if not _is_static(request) and "no-store" not in response.headers.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store"
        if _logged_out(request, response):
            response["Clear-Site-Data"] = AFTER_LOGOUT_UNSENT if request.COOKIES.get(UNSENT) else AFTER_LOGOUT
        return response


class IncomingMiddleware:
    """Refuses what is too large by the length it states, before a byte of it is read, and what cannot be read at all.

    What states no length is not read (Django reads no further than the stated length), so nothing gets past.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if not (stated.isascii() and stated.isdecimal()):
            return _unreadable(request)
        size = int(stated[:18])
        is_form = size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not is_form and size > (most := _most_at(request)):
            return refused(
                request,
                413,
                _("Det er for stort"),
                _("Det, du sendte, fylder mere end %(most)s MB. Send noget mindre, eller del det op.")
                % {"most": f"{most / 1024 / 1024:.3g}".replace(".", ",")},
            )
        if not _is_readable(request, is_form):
            return _unreadable(request)
        return self.get_response(request)


def _page_policy(request: HttpRequest) -> str:
    """The policy of a page. Where alarms come from a port of their own, a page may listen there, and nowhere else."""
    origin = stream_origin(request)
    return (
        PAGE_POLICY.replace("connect-src 'self'", f"connect-src 'self' {origin}") if origin else PAGE_POLICY
    )


def _file_policy(request: HttpRequest) -> str:
    match = request.resolver_match
    return WORKER_POLICY if match and match.view_name == "portals:service-worker" else FILE_POLICY


def _is_readable(request: HttpRequest, is_form: bool) -> bool:
    """Whether its parameters are texts that a database takes. The API says so itself, by the parameter's name.

    Read once and here: what cannot be read would otherwise fail anew in each middleware that looks at it.
    """
    try:
        given = [] if request.path.startswith("/api/") else [request.GET]
        if is_form and request.method == "POST":
            given.append(request.POST)
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return False
    texts = (text for values in given for name, texts in values.lists() for text in (name, *texts))
    return not any("\x00" in text for text in texts)


def _unreadable(request: HttpRequest) -> HttpResponse:
    return refused(
        request,
        400,
        _("Forespørgslen kunne ikke læses"),
        _("Noget i adressen eller formularen var ikke, som det skal være. Gå tilbage, og prøv igen."),
    )


def _most_at(request: HttpRequest) -> int:
    """How many bytes may be sent to this address."""
    least: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        return _ROOMY.get(resolve(request.path_info).view_name, least)
    except Resolver404:
        return least


def _is_static(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL)


def _logged_out(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.url_name == "account_logout"
        and request.method == "POST"
        and response.status_code == 302
    )
