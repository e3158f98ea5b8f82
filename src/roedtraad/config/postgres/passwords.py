"""The random passwords of the three database roles."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from .errors import ServerFailed
from .provision import ROLES


def read_passwords(path: Path) -> dict[str, str]:
    """The passwords by role. Raises ServerFailed when the file is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {role: str(found[role]) for role in ROLES}
    except FileNotFoundError:
        reason = "findes ikke"
    except (ValueError, KeyError, TypeError):
        reason = "kan ikke læses som adgangskoder"
    raise ServerFailed(
        f"Databasens adgangskoder mangler: {path} {reason}. Hent filen tilbage fra en sikkerhedskopi."
    )


def ensure_passwords(path: Path) -> dict[str, str]:
    """The passwords, drawn and written (mode 0600) the first time."""
    if not path.exists():
        drawn = {role: secrets.token_urlsafe(32) for role in ROLES}
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(drawn, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return read_passwords(path)
