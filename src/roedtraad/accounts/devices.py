"""Devices a user has logged in from: a signed cookie names the browser, a table says whose logins it has seen."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from roedtraad.accounts.models import KnownDevice, User
from roedtraad.core import clock

# Counted from the latest login.
KNOWN_FOR = dt.timedelta(days=180)
_SALT = "roedtraad.device"

_BROWSERS = (
    ("Edge", r"Edg"),
    ("Firefox", r"Firefox|FxiOS"),
    ("Chrome", r"Chrome|CriOS"),
    ("Safari", r"Safari"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def device_of(request: HttpRequest) -> str:
    """The fingerprint of the browser's device cookie; empty when it has none that we signed."""
    try:
        token = Signer(salt=_SALT).unsign(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    except BadSignature:
        return ""
    return _fingerprint(token)


def known_device(request: HttpRequest, user_id: int | None) -> str:
    """The device when this user has logged in from it lately, else empty. One SQL, also for a name nobody has."""
    device = device_of(request)
    fresh = KnownDevice.objects.filter(
        user_id=user_id or 0, device=device, last_seen__gt=clock.running() - KNOWN_FOR
    )
    return device if fresh.exists() else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The user has logged in from here: write it down, and give the browser its cookie (again)."""
    device, now = device_of(request), clock.running()
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    if not device:
        plain = secrets.token_urlsafe(24)
        token, device = Signer(salt=_SALT).sign(plain), _fingerprint(plain)
    KnownDevice.objects.update_or_create(
        user=user,
        device=device,
        defaults={"name": describe(request.META.get("HTTP_USER_AGENT", "")), "last_seen": now},
        create_defaults={
            "name": describe(request.META.get("HTTP_USER_AGENT", "")),
            "first_seen": now,
            "last_seen": now,
        },
    )
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def delete_old() -> int:
    """Delete devices not logged in from for so long that they are unknown again. Returns the number of rows."""
    return KnownDevice.objects.filter(last_seen__lte=clock.running() - KNOWN_FOR).delete()[0]


def describe(user_agent: str) -> str:
    """A browser in words a person recognises: Firefox på Windows."""
    browser = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    if browser and system:
        return _("%(browser)s på %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Ukendt browser")


def _fingerprint(token: str) -> str:
    return salted_hmac(_SALT, token, algorithm="sha256").hexdigest()
