"""How a PIN is kept: with Argon2id, in the sizes of OWASP's Password Storage Cheat Sheet."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_MEMORY_KIB, _ITERATIONS, _LANES = 19_456, 2, 1
_SALT, _LENGTH = 16, 32


def hashed(pin: str) -> str:
    """What is kept of a PIN, in Argon2's own notation."""
    kept: str = Argon2id(
        salt=os.urandom(_SALT), length=_LENGTH, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB
    ).derive_phc_encoded(pin.encode())
    return kept


def fits(pin: str, kept: str) -> bool:
    """Is it the PIN of which this was kept?"""
    try:
        Argon2id.verify_phc_encoded(pin.encode(), kept)
    except InvalidKey:
        return False
    return True
