"""What an account has to log in with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from roedtraad.accounts import devices
from roedtraad.accounts.models import KnownDevice, User


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner knows it."""

    pk: int
    name: str
    created: dt.datetime
    used: dt.datetime | None


@dataclass(frozen=True)
class Device:
    """A device the user has logged in from."""

    pk: int
    name: str
    last_seen: dt.datetime
    here: bool


@dataclass(frozen=True)
class Security:
    """Everything on the page »Min sikkerhed«."""

    app: Authenticator | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int | None = None
    devices: list[Device] = field(default_factory=list)

    @property
    def has_second_factor(self) -> bool:
        """An app or a passkey; recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)


def security_of(user: User, request: HttpRequest) -> Security:
    """What the user logs in with, and from where. Two SQL."""
    app, passkeys, codes_left = None, [], None
    for found in Authenticator.objects.filter(user=user).order_by("pk"):
        if found.type == Authenticator.Type.TOTP:
            app = found
        elif found.type == Authenticator.Type.RECOVERY_CODES:
            codes_left = len(found.wrap().get_unused_codes())
        else:
            passkeys.append(Passkey(found.pk, found.wrap().name, found.created_at, found.last_used_at))
    here = devices.device_of(request)
    known = [
        Device(row.pk, row.name, row.last_seen, row.device == here)
        for row in KnownDevice.objects.filter(user=user).order_by("-last_seen", "pk")
    ]
    return Security(app, passkeys, codes_left, known)
