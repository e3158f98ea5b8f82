"""The keys of the encrypted fields: where they come from and what they must look like.

Keys come from ``ROEDTRAAD_FIELD_KEYS`` ("id:base64,id2:base64", 32 bytes each, the first encrypts,
all decrypt) or from a file of the same form (commas or lines) named by ``ROEDTRAAD_FIELD_KEYS_FILE``,
which its owner alone may read and which belongs to the user we run as. The blind index has its own
``ROEDTRAAD_INDEX_KEY`` (base64), so that field keys can be changed without touching the index.

Pure standard library and cryptography: settings read keys before Django is ready.
"""

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FieldKeyError(Exception):
    """A key is missing, unreadable or does not fit; the message is a Danish sentence without secrets."""


@dataclass(frozen=True)
class FieldKeys:
    """The keys in use: ``current`` is the id of the one that encrypts."""

    current: str
    ciphers: Mapping[str, AESGCM] = field(repr=False)


_loaded: FieldKeys | None = None


def load_keys() -> FieldKeys:
    """The field keys of this process, read once (see ``reset_keys`` and ``cipher_for``).

    Raises FieldKeyError when there are none, they are malformed, or their file is open to others.
    """
    global _loaded  # noqa: PLW0603  the one place where the process keeps its keys
    if _loaded is None:
        raw_keys = configured_keys()
        _loaded = FieldKeys(next(iter(raw_keys)), {name: AESGCM(raw) for name, raw in raw_keys.items()})
    return _loaded


def configured_keys() -> dict[str, bytes]:
    """The keys as they are written at this moment, the one that encrypts first. FieldKeyError as `load_keys`."""
    return parse_keys(_keys_text())


def reset_keys() -> None:
    """Forget the keys, so that the next use reads them again."""
    global _loaded  # noqa: PLW0603
    _loaded = None
    index_key.cache_clear()


def cipher_for(key_id: str) -> AESGCM | None:
    """The cipher of a key id, None when there is no such key.

    A key file is read again when it is asked for an id it did not hold: so running processes learn a new
    key the first time they meet a value under it, and write with it from then on.
    """
    cipher = load_keys().ciphers.get(key_id)
    if cipher is None and keys_file() is not None:
        global _loaded  # noqa: PLW0603
        before, _loaded = _loaded, None
        try:
            cipher = load_keys().ciphers.get(key_id)
        except FieldKeyError:
            _loaded = before  # a file that is broken just now takes nothing from us
    return cipher


def keys_file() -> Path | None:
    """The key file, when the keys come from one."""
    path = os.environ.get("ROEDTRAAD_FIELD_KEYS_FILE", "").strip()
    return Path(path) if path else None


def new_key() -> str:
    """A freshly drawn key, written as base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def is_key_id(text: str) -> bool:
    """Whether a key may be called so: letters, digits, - and _, at most 64."""
    return _KEY_ID.fullmatch(text) is not None


def read_private(path: Path | str, what: str = "Nøglefilen") -> str:
    """The text of a file with secrets. FieldKeyError unless it is ours and nobody else may touch it."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            # Asked of the open file, so that it cannot be exchanged between the question and the reading.
            found = os.fstat(file.fileno())
            if stat.S_IMODE(found.st_mode) & 0o077:
                raise FieldKeyError(f"{what} {path} kan læses af andre end sin ejer. Kør: chmod 0600 {path}")
            if found.st_uid != os.geteuid():
                raise FieldKeyError(
                    f"{what} {path} ejes af en anden bruger end den, du kører som. Lav den bruger til ejer med chown."
                )
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise FieldKeyError(f"{what} {path} kan ikke læses. Kontrollér navn og rettigheder.") from None


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id, in the order written. FieldKeyError when the text is not a list of keys."""
    keys: dict[str, bytes] = {}
    for entry in filter(None, re.split(r"[,\s]+", text)):
        key_id, _, encoded = entry.partition(":")
        if not is_key_id(key_id):
            raise FieldKeyError("En feltnøgle mangler sit navn. Skriv hver nøgle som navn:base64.")
        if key_id in keys:
            raise FieldKeyError(f"Feltnøglen “{key_id}” står der to gange.")
        keys[key_id] = _decode_key(encoded, f"Feltnøglen “{key_id}”")
    if not keys:
        raise FieldKeyError("Listen af feltnøgler er tom. Skriv hver nøgle som navn:base64.")
    return keys


@cache
def index_key(purpose: str) -> bytes:
    """The key of one purpose's blind index, derived from ``ROEDTRAAD_INDEX_KEY``. FieldKeyError without it."""
    encoded = os.environ.get("ROEDTRAAD_INDEX_KEY", "").strip()
    if not encoded:
        raise FieldKeyError("Der mangler en nøgle til opslag i krypterede felter. Sæt ROEDTRAAD_INDEX_KEY.")
    root = _decode_key(encoded, "Opslagsnøglen ROEDTRAAD_INDEX_KEY")
    info = f"roedtraad blind index: {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)


def _keys_text() -> str:
    text = os.environ.get("ROEDTRAAD_FIELD_KEYS", "").strip()
    path = keys_file()
    if text and path:
        raise FieldKeyError(
            "Både ROEDTRAAD_FIELD_KEYS og ROEDTRAAD_FIELD_KEYS_FILE er sat. Behold kun den ene."
        )
    if path:
        return read_private(path)
    if not text:
        raise FieldKeyError(
            "Der mangler nøgler til de krypterede felter. "
            "Sæt ROEDTRAAD_FIELD_KEYS eller ROEDTRAAD_FIELD_KEYS_FILE."
        )
    return text


def _decode_key(encoded: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise FieldKeyError(f"{what} er ikke skrevet som base64.") from None
    if len(raw) != KEY_BYTES:
        raise FieldKeyError(f"{what} skal være på {KEY_BYTES} byte, men er på {len(raw)}.")
    return raw
