"""Text that is encrypted in the database, and a blind index to find it by.

A stored value is ``b"\\x01"``, the length of the key id (one byte), the key id, a 12-byte nonce and
the AES-256-GCM ciphertext. The name "table.column" is authenticated with it, so that a value moved
to another column is refused; a value copied to another row of the same column is not detected.

Keys come from ``ROEDTRAAD_FIELD_KEYS`` ("id:base64,id2:base64", 32 bytes each, the first encrypts,
all decrypt) or from a file of the same form (commas or lines) named by ``ROEDTRAAD_FIELD_KEYS_FILE``,
which nobody but its owner may read. The blind index has its own ``ROEDTRAAD_INDEX_KEY`` (base64), so
that field keys can be changed without touching the index.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FieldKeyError(Exception):
    """A key is missing, unreadable or does not fit; the message is a Danish sentence without secrets."""


@dataclass(frozen=True)
class FieldKeys:
    """The keys in use: ``current`` is the id of the one that encrypts."""

    current: str
    ciphers: Mapping[str, AESGCM] = field(repr=False)


@cache
def load_keys() -> FieldKeys:
    """The field keys of this process, read once (see ``reset_keys``).

    Raises FieldKeyError when there are none, they are malformed, or their file is open to others.
    """
    raw_keys = _parse_keys(_keys_text())
    return FieldKeys(next(iter(raw_keys)), {name: AESGCM(raw) for name, raw in raw_keys.items()})


def reset_keys() -> None:
    """Forget the keys, so that the next use reads them again."""
    load_keys.cache_clear()
    _index_key.cache_clear()


def encrypt(text: str, context: str) -> bytes:
    """The text encrypted with the current key and bound to ``context`` ("table.column")."""
    keys = load_keys()
    key_id = keys.current.encode("ascii")
    nonce = os.urandom(_NONCE_BYTES)
    sealed = keys.ciphers[keys.current].encrypt(nonce, text.encode(), context.encode())
    return _VERSION + bytes([len(key_id)]) + key_id + nonce + sealed


def decrypt(stored: bytes, context: str) -> str:
    """The text of a stored value.

    Raises FieldKeyError when the value is malformed, names a key that is not there, or does not
    open: a wrong key, a changed value and a value from another column cannot be told apart.
    """
    id_end = 2 + (stored[1] if len(stored) > 1 else 0)
    if stored[:1] != _VERSION or len(stored) < id_end + _NONCE_BYTES:
        raise FieldKeyError("Den gemte værdi har ikke den form, en krypteret værdi skal have.")
    key_id = stored[2:id_end].decode("ascii", "replace")
    cipher = load_keys().ciphers.get(key_id)
    if cipher is None:
        raise FieldKeyError(
            f"Værdien er krypteret med nøglen “{key_id}”, som ikke findes her. "
            "Tilføj den sidst i ROEDTRAAD_FIELD_KEYS."
        )
    nonce, sealed = stored[id_end : id_end + _NONCE_BYTES], stored[id_end + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, sealed, context.encode()).decode()
    except InvalidTag:
        raise FieldKeyError(
            f"Værdien i {context} kan ikke låses op med nøglen “{key_id}”: "
            "nøglen er en anden end den, der låste, eller værdien er ændret."
        ) from None


def blind_index(value: str, purpose: str) -> bytes:
    """A 32-byte fingerprint to look a value up by without decrypting: HMAC-SHA256.

    Each purpose ("cpr") has its own derived key, so that indexes of different columns cannot be
    compared. The caller brings the value in one fixed form. Equal values have equal fingerprints,
    also after the field keys were changed.
    """
    return hmac.new(_index_key(purpose), value.encode(), hashlib.sha256).digest()


class EncryptedTextField(models.BinaryField):
    """A text in Python, encrypted bytes in the database; it can be searched only for being empty.

    ``context`` is what the value is bound to, by default the "table.column" where the field stands.
    It travels with the field into migrations and history tables, whose copied rows therefore stay
    readable. Before a table or column is renamed, the old name must be given explicitly.
    """

    description = "Encrypted text"
    empty_values = [None, ""]

    def __init__(self, *args: Any, context: str | None = None, **kwargs: Any) -> None:
        self._context = context
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """The "table.column" the values are bound to."""
        return self._context or f"{self.model._meta.db_table}.{self.column}"

    def deconstruct(self) -> Any:
        """As Django's, with the context once the field stands in a table."""
        name, path, args, kwargs = super().deconstruct()
        model = getattr(self, "model", None)
        if self._context or (model is not None and not model._meta.abstract):
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        """Only ``isnull``: the same text is never encrypted to the same bytes twice."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_default(self) -> Any:
        """As a text field's: the empty text, not empty bytes."""
        default = super().get_default()
        return "" if default == b"" else default

    def get_prep_value(self, value: Any) -> bytes | None:
        """The text encrypted for the database."""
        return None if value is None else encrypt(str(value), self.context)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """The text from the database's bytes."""
        return None if value is None else decrypt(bytes(value), self.context)

    def to_python(self, value: Any) -> str | None:
        """A text stays a text."""
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Serialized as plain text: whoever may run a dump holds the keys too."""
        return str(self.value_from_object(obj))


def _keys_text() -> str:
    text = os.environ.get("ROEDTRAAD_FIELD_KEYS", "").strip()
    path = os.environ.get("ROEDTRAAD_FIELD_KEYS_FILE", "").strip()
    if text and path:
        raise FieldKeyError(
            "Både ROEDTRAAD_FIELD_KEYS og ROEDTRAAD_FIELD_KEYS_FILE er sat. Behold kun den ene."
        )
    if path:
        return _read_private(path)
    if not text:
        raise FieldKeyError(
            "Der mangler nøgler til de krypterede felter. "
            "Sæt ROEDTRAAD_FIELD_KEYS eller ROEDTRAAD_FIELD_KEYS_FILE."
        )
    return text


def _read_private(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            # Asked of the open file, so that it cannot be exchanged between the question and the reading.
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise FieldKeyError(
                    f"Nøglefilen {path} kan læses af andre end sin ejer. Kør: chmod 0600 {path}"
                )
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise FieldKeyError(f"Nøglefilen {path} kan ikke læses. Kontrollér navn og rettigheder.") from None


def _parse_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for entry in filter(None, re.split(r"[,\s]+", text)):
        key_id, _, encoded = entry.partition(":")
        if not _KEY_ID.fullmatch(key_id):
            raise FieldKeyError("En feltnøgle mangler sit navn. Skriv hver nøgle som navn:base64.")
        if key_id in keys:
            raise FieldKeyError(f"Feltnøglen “{key_id}” står der to gange.")
        keys[key_id] = _decode_key(encoded, f"Feltnøglen “{key_id}”")
    if not keys:
        raise FieldKeyError("Listen af feltnøgler er tom. Skriv hver nøgle som navn:base64.")
    return keys


def _decode_key(encoded: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise FieldKeyError(f"{what} er ikke skrevet som base64.") from None
    if len(raw) != _KEY_BYTES:
        raise FieldKeyError(f"{what} skal være på {_KEY_BYTES} byte, men er på {len(raw)}.")
    return raw


@cache
def _index_key(purpose: str) -> bytes:
    encoded = os.environ.get("ROEDTRAAD_INDEX_KEY", "").strip()
    if not encoded:
        raise FieldKeyError("Der mangler en nøgle til opslag i krypterede felter. Sæt ROEDTRAAD_INDEX_KEY.")
    root = _decode_key(encoded, "Opslagsnøglen ROEDTRAAD_INDEX_KEY")
    info = f"roedtraad blind index: {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(root)
