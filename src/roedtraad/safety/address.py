"""Where a browser listens for alarms."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

STREAM = "/strom"


def stream_url(request: HttpRequest) -> str:
    """The address of the stream for this visitor; empty when there is none, and pages have to ask.

    As the operator says, or the push server's own port on the host the visitor came to. From a page over https the
    browser would refuse that port's plain http, so there the operator must say.
    """
    if settings.PUSH_URL:
        return str(settings.PUSH_URL)
    if not settings.PUSH_PORT or request.is_secure():
        return ""
    try:
        host = split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""
    return f"http://{host}:{settings.PUSH_PORT}{STREAM}"


def stream_origin(request: HttpRequest) -> str:
    """The origin of the stream where it is another than the page's own; empty otherwise."""
    parts = urlsplit(stream_url(request))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
