"""A file that is encrypted piece by piece, so that a large one is written and read in little memory.

The file is the head of the field key it was written under (`core.encrypted.head`), then pieces of at most 1 MiB: a
12-byte nonce and AES-256-GCM ciphertext. The file's name, the piece's number and whether it is the last are
authenticated with it: a piece can neither be moved, taken out, nor cut off the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag

from roedtraad.core.encrypted import FieldKeyError, head
from roedtraad.core.fieldkeys import cipher_for, load_keys

PIECE = 1024 * 1024
_NONCE, _TAG = 12, 16


def _bound(name: str, number: int, *, last: bool) -> bytes:
    return f"rights.archive:{name}:{number}:{int(last)}".encode()


class SealedWriter:
    """Takes bytes in order and writes them encrypted. Closed properly, or the file is not whole."""

    def __init__(self, path: Path) -> None:
        keys = load_keys()
        self._cipher = keys.ciphers[keys.current]
        self._name = path.name
        self._held = bytearray()
        self._number = 0
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o600), "wb")
        self._file.write(head(keys.current))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write(bytes(self._held), last=True)
        self._file.close()

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self._held += data
        while len(self._held) > PIECE:
            self._write(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full. Asked for by who writes into it."""

    def _write(self, piece: bytes, *, last: bool) -> None:
        nonce = os.urandom(_NONCE)
        bound = _bound(self._name, self._number, last=last)
        self._file.write(nonce + self._cipher.encrypt(nonce, piece, bound))
        self._number += 1


def opened(path: Path) -> Iterator[bytes]:
    """The bytes of a sealed file, a piece at a time.

    FieldKeyError when its key is not here, or when a piece is changed, moved or missing; what came before it in the
    file has then been given already, so the reader must take a broken stream for a broken file.
    """
    with path.open("rb") as file:
        start = file.read(2)
        key_id = file.read(start[1]).decode("ascii", "replace") if len(start) == 2 else ""
        cipher = cipher_for(key_id)
        if cipher is None or start + key_id.encode() != head(key_id):
            raise FieldKeyError(f"Arkivet er krypteret med nøglen “{key_id}”, som ikke findes her.")
        number, size = 0, _NONCE + PIECE + _TAG
        piece = file.read(size)
        while True:
            following = file.read(size)
            bound = _bound(path.name, number, last=not following)
            try:
                yield cipher.decrypt(piece[:_NONCE], piece[_NONCE:], bound)
            except (InvalidTag, ValueError):
                raise FieldKeyError("Arkivet er ændret eller ikke helt.") from None
            if not following:
                return
            piece, number = following, number + 1
