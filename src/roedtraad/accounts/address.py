"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The client's address as far as it can be believed; `unknown` when there is none.

    With `ROEDTRAAD_TRUSTED_PROXIES` set to n, the n-th address from the right of X-Forwarded-For is the one our
    outermost proxy saw; what stands before it was written by the client. Of an IPv6 address the network (/64)
    counts, as a single client has all of it.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        passed = [
            part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        if len(passed) >= settings.TRUSTED_PROXIES:
            seen = passed[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
    return str(address)
