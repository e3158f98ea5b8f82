"""Keys: the demo makes its own, production must be given real ones."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from roedtraad.config import environment
from roedtraad.core.fieldkeys import FieldKeyError, configured_keys, new_key, read_private

DEMO_MARK = "demo-"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class UnsafeSettings(SystemExit):
    """Production was started half-configured; the message says what is missing."""


def demo_keys(data: Path) -> str:
    """The demo's secret key, made once and kept in the data folder.

    `keys.json` holds the secret key and the index key, `field-keys` the keys of the encrypted fields; both are
    mode 0600 and refused (UnsafeSettings) otherwise. What is not set already is handed to the environment,
    where `core.fieldkeys` reads it.
    """
    try:
        keys = _kept(data / "keys.json")
        own = data / "field-keys"
        if not own.exists():
            # An older demo kept its field keys in keys.json.
            _write_once(own, keys.get("ROEDTRAAD_FIELD_KEYS", f"demo1:{new_key()}") + "\n")
        if not environment.read("ROEDTRAAD_FIELD_KEYS") and not environment.read("ROEDTRAAD_FIELD_KEYS_FILE"):
            read_private(own)
            os.environ["ROEDTRAAD_FIELD_KEYS_FILE"] = str(own)
    except FieldKeyError as fault:
        raise UnsafeSettings(str(fault)) from fault
    if not environment.read("ROEDTRAAD_INDEX_KEY"):
        os.environ["ROEDTRAAD_INDEX_KEY"] = keys["ROEDTRAAD_INDEX_KEY"]
    return environment.read("ROEDTRAAD_SECRET_KEY") or keys["ROEDTRAAD_SECRET_KEY"]


def _kept(path: Path) -> dict[str, str]:
    """The keys of keys.json, drawn the first time."""
    if not path.exists():
        fresh = {
            "ROEDTRAAD_SECRET_KEY": DEMO_MARK + secrets.token_urlsafe(60),
            "ROEDTRAAD_INDEX_KEY": new_key(),
        }
        _write_once(path, json.dumps(fresh))
    keys: dict[str, str] = json.loads(read_private(path))
    return keys


def _write_once(path: Path, text: str) -> None:
    """Write a private file unless it is there: two demos starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def refuse_unsafe_production() -> None:
    """Raise UnsafeSettings with one Danish sentence per fault when production lacks what it needs.

    The role of the database is asked of the database itself by the system check in `config.checks`.
    """
    faults = []
    secret = environment.read("ROEDTRAAD_SECRET_KEY")
    if len(secret) < 50 or secret.startswith(DEMO_MARK):
        faults.append("ROEDTRAAD_SECRET_KEY mangler, er for kort (mindst 50 tegn) eller er demoens nøgle.")
    try:
        if any(key_id.startswith("demo") for key_id in configured_keys()):
            faults.append("ROEDTRAAD_FIELD_KEYS har demoens nøgle.")
    except FieldKeyError as fault:
        faults.append(str(fault))
    if not environment.read("ROEDTRAAD_INDEX_KEY"):
        faults.append("ROEDTRAAD_INDEX_KEY mangler.")
    if not environment.read("DATABASE_URL"):
        faults.append("DATABASE_URL mangler: produktion bruger en rigtig PostgreSQL-server.")
    faults += [
        f"{name} går over nettet: skriv sslmode=verify-full i den, så serveren og dens certifikat bliver kontrolleret."
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        if _open_on_the_network(environment.read(name))
    ]
    if not environment.read("ROEDTRAAD_HOSTS"):
        faults.append("ROEDTRAAD_HOSTS mangler.")
    if environment.read("ROEDTRAAD_TODAY"):
        faults.append("ROEDTRAAD_TODAY må ikke være sat i produktion.")
    if os.environ.get("DEBUG") or os.environ.get("DJANGO_DEBUG"):
        faults.append("DEBUG må ikke være sat i produktion.")
    if faults:
        raise UnsafeSettings("Rødtråd starter ikke i produktion:\n- " + "\n- ".join(faults))


def _open_on_the_network(url: str) -> bool:
    """Does the connection leave the machine without asking the other end for a certificate that holds?

    A host may be a list; without one, libpq takes PGHOST, and a service is a file that may say anything.
    """
    if not url:
        return False
    parts = conninfo_to_dict(url)
    named = [parts.get("host") or os.environ.get("PGHOST", ""), parts.get("hostaddr", "")]
    hosts = {host for hosts in named for host in str(hosts).split(",") if host}
    away = "service" in parts or any(
        not host.startswith(("/", "@")) and host not in LOOPBACK for host in hosts
    )
    return away and parts.get("sslmode") != "verify-full"
