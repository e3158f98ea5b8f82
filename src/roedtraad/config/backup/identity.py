"""Whom a backup is encrypted for, and who may open it: age keys (X25519)."""

from __future__ import annotations

import re
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from roedtraad.config import environment
from roedtraad.config.keyring.files import write_private
from roedtraad.core.fieldkeys import FieldKeyError, read_private

from .errors import BackupFailed

_WHAT = "Filen med sikkerhedskopiens nøgle"
DEMO_FILE = "backup-identity"


def recipients() -> list[Recipient]:
    """Those whose keys can open a new backup; at least one. BackupFailed when nobody is named."""
    given = re.split(r"[,\s]+", environment.read("ROEDTRAAD_BACKUP_RECIPIENTS").strip())
    if not any(given):
        return [identity.to_public() for identity in identities(make=True)]
    try:
        return [Recipient.from_str(name) for name in given if name]
    except RecipientError:
        raise BackupFailed(
            "ROEDTRAAD_BACKUP_RECIPIENTS skal være age-modtagere (age1…), adskilt af komma."
        ) from None


def identities(make: bool = False) -> list[Identity]:
    """The private keys that are here, to open a backup with.

    The demo has its own in the data folder; `make` lets it draw it. BackupFailed when there is none, or its
    file is open to others.
    """
    setting = environment.read("ROEDTRAAD_BACKUP_IDENTITY_FILE")
    path = Path(setting) if setting else environment.data_folder() / DEMO_FILE
    demo = environment.read("ROEDTRAAD_MODE", "demo") != "production"
    if not setting and not path.exists():
        if not (demo and make):
            raise BackupFailed(
                "Der mangler en nøgle til sikkerhedskopier. Sæt ROEDTRAAD_BACKUP_IDENTITY_FILE til filen med den; "
                "den laves med »roedtraad keys backup FIL«."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        new_identity(path)
    try:
        lines = read_private(path, _WHAT).splitlines()
        found = [
            Identity.from_str(line.strip()) for line in lines if line.strip() and not line.startswith("#")
        ]
    except FieldKeyError as fault:
        raise BackupFailed(str(fault)) from None
    except IdentityError:
        raise BackupFailed(f"{_WHAT} {path} skal have en linje, der begynder med AGE-SECRET-KEY-1.") from None
    if not found:
        raise BackupFailed(f"{_WHAT} {path} er tom.")
    return found


def new_identity(path: Path) -> str:
    """Draw a key into a new file (0600); returns the recipient that belongs to it. FileExistsError if it is there."""
    fresh = Identity.generate()
    write_private(path, f"# public key: {fresh.to_public()}\n{fresh}\n", replace=False)
    return str(fresh.to_public())
