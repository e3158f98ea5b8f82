"""Text that is encrypted in the database, and a blind index to find it by.

A stored value is ``b"\\x01"``, the length of the key id (one byte), the key id, a 12-byte nonce and
the AES-256-GCM ciphertext. The name "table.column" is authenticated with it, so that a value moved
to another column is refused; a value copied to another row of the same column is not detected.

Where the keys come from is told in ``core.fieldkeys``.
"""

import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import models

from roedtraad.core.fieldkeys import FieldKeyError, cipher_for, index_key, load_keys, reset_keys

__all__ = [
    "EncryptedTextField",
    "FieldKeyError",
    "blind_index",
    "decrypt",
    "encrypt",
    "head",
    "load_keys",
    "reset_keys",
]

_VERSION = b"\x01"
_NONCE_BYTES = 12


def head(key_id: str) -> bytes:
    """The bytes that every value under a key begins with."""
    return _VERSION + bytes([len(key_id)]) + key_id.encode("ascii")


def encrypt(text: str, context: str) -> bytes:
    """The text encrypted with the current key and bound to ``context`` ("table.column")."""
    keys = load_keys()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = keys.ciphers[keys.current].encrypt(nonce, text.encode(), context.encode())
    return head(keys.current) + nonce + sealed


def decrypt(stored: bytes, context: str) -> str:
    """The text of a stored value.

    Raises FieldKeyError when the value is malformed, names a key that is not there, or does not
    open: a wrong key, a changed value and a value from another column cannot be told apart.
    """
    id_end = 2 + (stored[1] if len(stored) > 1 else 0)
    if stored[:1] != _VERSION or len(stored) < id_end + _NONCE_BYTES:
        raise FieldKeyError("Den gemte værdi har ikke den form, en krypteret værdi skal have.")
    key_id = stored[2:id_end].decode("ascii", "replace")
    cipher = cipher_for(key_id)
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
    return hmac.new(index_key(purpose), value.encode(), hashlib.sha256).digest()


class EncryptedTextField(models.BinaryField):
    """A text in Python, encrypted bytes in the database; it can be searched only for being empty.

    ``context`` is what the value is bound to, by default the "table.column" where the field stands.
    It travels with the field into migrations and history tables, whose copied rows therefore stay
    readable. Before a table or column is renamed, the old name must be given explicitly.

    A binary column beside it called "<name>_index" is taken for its blind index with the purpose "<name>";
    `roedtraad check` compares the two.
    """

    description = "Encrypted text"
    empty_values = [None, ""]
    # For the type checker: what is read is a text.
    _pyi_private_get_type: str  # type: ignore[assignment]  # the base reads bytes

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
        """Only ``isnull``: the same text is never encrypted to the same bytes twice.

        And ``df``, with which the history's triggers compare a row's old bytes with its new ones.
        """
        return super().get_lookup(lookup_name) if lookup_name in ("isnull", "df") else None

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
