"""The file of a backup: a tar stream inside age, written and read a few megabytes at a time.

    manifest.json        what the backup holds (see `inventory`)
    database/00000001 …  pg_dump's custom format, cut in pieces
    files/…              the uploaded and exported files
    seal.json            size and SHA-256 of every part, and a signature made with the index key

Nothing is written to disk in the clear. age proves that the file is whole and unchanged; the signature, that
it was made by somebody who has this house's index key, which age alone cannot tell.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from roedtraad.core.encrypted import blind_index
from roedtraad.core.fieldkeys import FieldKeyError

from .errors import BackupFailed

PIECE = 4 * 1024 * 1024
MANIFEST, SEAL, DATABASE, FILES = "manifest.json", "seal.json", "database", "files/"
_LARGEST_TEXT = 64 * 1024 * 1024
_PURPOSE = "backup seal"


class Readable(Protocol):
    """What a file's bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


class _Checksums:
    """Size and SHA-256 of each part; the pieces of the database count as one part."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, Any]] = {}

    def add(self, part: str, data: bytes) -> None:
        size, digest = self._parts.get(part) or (0, hashlib.sha256())
        digest.update(data)
        self._parts[part] = (size + len(data), digest)

    def told(self) -> dict[str, Any]:
        return {
            part: {"bytes": size, "sha256": digest.hexdigest()}
            for part, (size, digest) in self._parts.items()
        }


def _signature(parts: dict[str, Any]) -> str:
    try:
        return blind_index(json.dumps(parts, sort_keys=True), _PURPOSE).hex()
    except FieldKeyError as fault:
        raise BackupFailed(str(fault)) from fault


class Writer:
    """Writes the parts in order; `seal` comes last."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._sums = _Checksums()
        self._pieces = 0

    def manifest(self, manifest: dict[str, Any]) -> None:
        """The first part."""
        self._text(MANIFEST, manifest)

    def database(self, stream: Readable) -> None:
        """pg_dump's output, to its end."""
        while piece := stream.read(PIECE):
            self._pieces += 1
            self._add(f"{DATABASE}/{self._pieces:08}", DATABASE, io.BytesIO(piece), len(piece))

    def file(self, name: str, stream: Readable, size: int) -> None:
        """One file. BackupFailed when it has become shorter than it was."""
        self._add(FILES + name, FILES + name, stream, size)

    def seal(self) -> None:
        """The last part, without which a backup is not whole."""
        parts = self._sums.told()
        self._text(SEAL, {"parts": parts, "signature": _signature(parts)})

    def _text(self, name: str, content: dict[str, Any]) -> None:
        data = json.dumps(content, ensure_ascii=False, indent=1).encode()
        self._add(name, name, io.BytesIO(data), len(data))

    def _add(self, name: str, part: str, stream: Readable, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        self._sums.add(part, b"")
        listener = _Listener(stream, lambda data: self._sums.add(part, data))
        try:
            self._tar.addfile(entry, listener)
        except OSError as error:
            if str(error).startswith("unexpected end"):
                raise BackupFailed(
                    f"Filen {name} blev kortere, mens den blev kopieret. Prøv igen."
                ) from error
            raise


class _Listener:
    """A stream that tells what is read from it."""

    def __init__(self, stream: Readable, tell: Callable[[bytes], None]) -> None:
        self._stream = stream
        self._tell = tell

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self._tell(data)
        return data


@contextmanager
def writing(out: IO[bytes], recipients: Sequence[Recipient]) -> Iterator[Writer]:
    """A writer whose parts come out encrypted in `out`. OSError and BackupFailed as they come."""
    source, sink = os.pipe()

    def encrypt() -> None:
        with os.fdopen(source, "rb") as plain:
            pyrage.encrypt_io(plain, out, list(recipients))

    worker = _Worker(encrypt)
    try:
        with os.fdopen(sink, "wb") as plain, tarfile.open(fileobj=plain, mode="w|", bufsize=PIECE) as tar:
            yield Writer(tar)
    except BrokenPipeError:
        _finished(worker)
        raise
    except BaseException:
        worker.wait()
        raise
    _finished(worker)


def _finished(worker: _Worker) -> None:
    try:
        worker.result()
    except (pyrage.EncryptError, OSError) as error:
        why = "disken er fuld" if "No space" in str(error) else str(error)
        raise BackupFailed(f"Sikkerhedskopien kan ikke skrives: {why}.") from error


class _Worker:
    """A thread whose exception is kept for the one who asks."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._error: BaseException | None = None

        def run() -> None:
            try:
                work()
            except BaseException as error:  # handed over by result()
                self._error = error

        self._thread = threading.Thread(target=run, name="age", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()

    def result(self) -> None:
        self.wait()
        if self._error is not None:
            raise self._error


class Handler:
    """What is done with the parts as they are read; the base does nothing, which is enough to check a file."""

    def manifest(self, manifest: dict[str, Any]) -> None:
        """The manifest came; the rest follows."""

    def database(self, piece: bytes) -> None:
        """A piece of the database came."""

    def file(self, name: str, stream: Readable) -> None:
        """A file came; `stream` must be read to its end."""
        while stream.read(PIECE):
            pass


def read(source: IO[bytes], identities: Sequence[Identity], handler: Handler) -> dict[str, Any]:
    """Read a backup from its beginning, hand each part over, and compare all with the seal at the end.

    Returns the manifest. BackupFailed when the file cannot be opened with these keys, is damaged, is not whole
    or was made by somebody without this house's index key.
    """
    source.seek(0)
    outlet, inlet = os.pipe()

    def decrypt() -> None:
        with os.fdopen(inlet, "wb") as plain:
            pyrage.decrypt_io(source, plain, list(identities))

    worker = _Worker(decrypt)
    try:
        with os.fdopen(outlet, "rb") as plain:
            try:
                with tarfile.open(fileobj=plain, mode="r|", bufsize=PIECE) as tar:
                    manifest = _parts(tar, handler)
                while plain.read(PIECE):
                    pass  # age tells at the very end whether the file is whole
            except (tarfile.TarError, ValueError) as error:
                with suppress(OSError):
                    while plain.read(PIECE):
                        pass
                worker.result()
                raise BackupFailed(
                    "Sikkerhedskopien er ødelagt: den har ikke den form, den skal have."
                ) from error
        worker.result()
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk's own fault, not the file's
        raise BackupFailed(
            "Sikkerhedskopien kan ikke åbnes: nøglen i ROEDTRAAD_BACKUP_IDENTITY_FILE er ikke en af dens "
            "modtageres, eller filen er ødelagt eller ikke hel."
        ) from error
    finally:
        worker.wait()
    return manifest


def _parts(tar: tarfile.TarFile, handler: Handler) -> dict[str, Any]:
    sums = _Checksums()
    manifest: dict[str, Any] | None = None
    for entry in tar:
        stream = tar.extractfile(entry)
        if not entry.isreg() or stream is None:
            raise tarfile.ReadError("not a plain file")
        if entry.name == SEAL:
            seal = json.loads(_text(entry, stream))
            if manifest is None or seal["parts"] != sums.told():
                raise tarfile.ReadError("the seal does not fit the parts")
            if seal["signature"] != _signature(seal["parts"]):
                raise BackupFailed(
                    "Sikkerhedskopien er ikke lavet med den nøgle, der står i ROEDTRAAD_INDEX_KEY. Sæt den nøgle "
                    "ind, som systemet havde, da kopien blev lavet."
                )
            return manifest
        part = DATABASE if entry.name.startswith(f"{DATABASE}/") else entry.name
        sums.add(part, b"")
        if entry.name == MANIFEST:
            data = _text(entry, stream)
            sums.add(part, data)
            manifest = json.loads(data)
            handler.manifest(manifest)
        elif part == DATABASE:
            while piece := stream.read(PIECE):
                sums.add(part, piece)
                handler.database(piece)
        elif part.startswith(FILES):
            heard = _Listener(stream, lambda data, part=part: sums.add(part, data))  # type: ignore[misc]
            handler.file(part.removeprefix(FILES), heard)
        else:
            raise tarfile.ReadError("an unknown part")
    raise tarfile.ReadError("no seal")


def _text(entry: tarfile.TarInfo, stream: IO[bytes]) -> bytes:
    if entry.size > _LARGEST_TEXT:
        raise tarfile.ReadError("a text of improbable size")
    return stream.read()
