"""Keys: the demo makes its own, production must be given real ones."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from roedtraad.config import environment

DEMO_MARK = "demo-"


class UnsafeSettings(SystemExit):
    """Production was started half-configured; the message says what is missing."""


def demo_keys(data: Path) -> str:
    """The demo's secret key. Makes `keys.json` (0600) in the data folder once, and hands the field keys
    to the environment where `core.encrypted` reads them, unless they are set already."""
    path = data / "keys.json"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = {
            "ROEDTRAAD_SECRET_KEY": DEMO_MARK + secrets.token_urlsafe(60),
            "ROEDTRAAD_FIELD_KEYS": "demo1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "ROEDTRAAD_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        temporary = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh, file)
        try:
            os.link(temporary, path)  # never overwrites: two demos starting at once agree on one key
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    keys: dict[str, str] = json.loads(path.read_text())
    for name in ("ROEDTRAAD_FIELD_KEYS", "ROEDTRAAD_INDEX_KEY"):
        if not (
            environment.read(name)
            or (name == "ROEDTRAAD_FIELD_KEYS" and environment.read("ROEDTRAAD_FIELD_KEYS_FILE"))
        ):
            os.environ[name] = keys[name]
    return environment.read("ROEDTRAAD_SECRET_KEY") or keys["ROEDTRAAD_SECRET_KEY"]


def refuse_unsafe_production() -> None:
    """Raise UnsafeSettings with one Danish sentence per fault when production lacks what it needs.

    The role of the database is asked of the database itself by the system check in `config.checks`.
    """
    faults = []
    secret = environment.read("ROEDTRAAD_SECRET_KEY")
    if len(secret) < 50 or secret.startswith(DEMO_MARK):
        faults.append("ROEDTRAAD_SECRET_KEY mangler, er for kort (mindst 50 tegn) eller er demoens nøgle.")
    field_keys = environment.read("ROEDTRAAD_FIELD_KEYS")
    if not field_keys and not environment.read("ROEDTRAAD_FIELD_KEYS_FILE"):
        faults.append("ROEDTRAAD_FIELD_KEYS (eller ROEDTRAAD_FIELD_KEYS_FILE) mangler.")
    if "demo" in field_keys.partition(":")[0]:
        faults.append("ROEDTRAAD_FIELD_KEYS er demoens nøgle.")
    if not environment.read("ROEDTRAAD_INDEX_KEY"):
        faults.append("ROEDTRAAD_INDEX_KEY mangler.")
    if not environment.read("DATABASE_URL"):
        faults.append("DATABASE_URL mangler: produktion bruger en rigtig PostgreSQL-server.")
    if not environment.read("ROEDTRAAD_HOSTS"):
        faults.append("ROEDTRAAD_HOSTS mangler.")
    if environment.read("ROEDTRAAD_TODAY"):
        faults.append("ROEDTRAAD_TODAY må ikke være sat i produktion.")
    if os.environ.get("DEBUG") or os.environ.get("DJANGO_DEBUG"):
        faults.append("DEBUG må ikke være sat i produktion.")
    if faults:
        raise UnsafeSettings("Rødtråd starter ikke i produktion:\n- " + "\n- ".join(faults))
