"""The two keys a phone gets while somebody is logged in on it (docs/decisions/0013-offline.md).

What is read without a net lies under a key of the session: it ends with it, and then nobody can read it any more. What is
written lies under a key of the person and the phone: it must outlive the session, or what was written would be lost.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from roedtraad.core.fieldkeys import KEY_BYTES, index_key

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

_IN_SESSION = "offline_key"
_DEVICE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Keys:
    """The keys as text (base64), for the page of the one who is logged in."""

    reading: str
    writing: str


def is_device(text: str) -> bool:
    """Is it the number a phone made for itself: sixteen random bytes?"""
    return _DEVICE.fullmatch(text) is not None


def keys_for(session: Any, user: User, device: str) -> Keys:
    """The keys of this session and of this person on this phone; the session's is drawn the first time."""
    if _IN_SESSION not in session:
        session[_IN_SESSION] = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    info = f"roedtraad offline queue: {user.pk}: {device}".encode()
    own = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info)
    return Keys(session[_IN_SESSION], base64.b64encode(own.derive(index_key("offline queue"))).decode())
