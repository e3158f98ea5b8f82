"""Putting a backup in the place of the house's database and files; until the last moment nothing is changed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from pyrage.x25519 import Identity

from roedtraad.core.fieldkeys import FieldKeyError, load_keys

from .errors import BackupFailed
from .inventory import index_mark
from .loading import Loaded, checked, explained, lacking_roles, load
from .making import plain_files
from .server import Server

# Filled by migrations, so they do not say that anybody has used the house.
_EMPTY_HOUSE = ("django_migrations", "django_content_type", "auth_permission")


@dataclass(frozen=True)
class Restored:
    """What was done. `old_database` and `old_files` are where that which was before now lies."""

    loaded: Loaded
    made: str
    version: str
    old_database: str
    old_files: Path | None
    lacks: list[str]


def restore(
    source: IO[bytes],
    identities: Sequence[Identity],
    server: Server,
    files: Path,
    migrations: set[tuple[str, str]],
    *,
    replace: bool,
    say: Callable[[str], object],
) -> Restored:
    """Put a backup in the place of the server's database and of the folder of files.

    The whole backup is read and checked first; then it is loaded beside the present database and compared with
    what it says it holds. Only then, in one transaction, the two change names. `migrations` are those that the
    program knows. The old database and files are kept under other names. BackupFailed when anything is
    wrong, in which case the house is as it was.
    """
    say("Læser sikkerhedskopien igennem.")
    manifest = checked(source, identities)
    _refuse_unfit(manifest, migrations)
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    fresh, old = f"{server.dbname}_restore_{stamp}", f"{server.dbname}_before_{stamp}"
    fresh_files, old_files = (
        files.with_name(f"files.restore-{stamp}"),
        files.with_name(f"files.before-{stamp}"),
    )
    with explained(), server.connect("postgres", autocommit=True) as connection:
        if lacking := lacking_roles(connection, manifest):
            raise BackupFailed(f"Databaseserveren mangler rollerne {', '.join(lacking)}. Lav dem først.")
        _refuse_in_use(connection, server)
        if not replace:
            _refuse_full(server, files)
        say("Genskaber databasen ved siden af den, der er.")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        try:
            fresh_files.mkdir(mode=0o700, parents=True)
            loaded = load(source, identities, server, fresh, fresh_files)
            _same_rights(connection, server.dbname, fresh)
            _refuse_in_use(connection, server)
            kept = _change_places(
                connection, _Names(server.dbname, fresh, old), _Folders(files, fresh_files, old_files)
            )
        except BaseException:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh))
            )
            shutil.rmtree(fresh_files, ignore_errors=True)
            raise
    applied = {(app, name) for app, name in manifest["migrations"]}
    return Restored(
        loaded=loaded,
        made=manifest["made"],
        version=manifest["version"],
        old_database=old,
        old_files=kept,
        lacks=sorted(f"{app}.{name}" for app, name in migrations - applied),
    )


def _refuse_unfit(manifest: dict[str, Any], migrations: set[tuple[str, str]]) -> None:
    unknown = sorted(f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in migrations)
    if unknown:
        raise BackupFailed(
            f"Sikkerhedskopien er fra Rødtråd {manifest['version']}, som har ændringer af tabellerne, denne udgave ikke "
            f"kender (fx {unknown[0]}). Installér mindst den udgave, og prøv igen."
        )
    try:
        missing = [key_id for key_id in manifest["keys"] if key_id not in load_keys().ciphers]
        index_fits = manifest["index"] == index_mark()
    except FieldKeyError as fault:
        raise BackupFailed(str(fault)) from fault
    if missing:
        raise BackupFailed(
            f"Sikkerhedskopien har værdier under nøglerne {', '.join(missing)}, som ikke findes her. "
            "Hent dem der, hvor nøglerne gemmes, og tilføj dem sidst i ROEDTRAAD_FIELD_KEYS."
        )
    if not index_fits:
        raise BackupFailed(
            "Sikkerhedskopien er lavet med en anden ROEDTRAAD_INDEX_KEY end den, der er sat her."
        )


def _refuse_in_use(connection: psycopg.Connection[Any], server: Server) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() "
        "AND backend_type IS DISTINCT FROM 'autovacuum worker'",
        [server.dbname],
    ).fetchone()
    if row and row[0]:
        raise BackupFailed(
            f"Databasen er i brug af {row[0]} forbindelser. Stop »roedtraad serve« og »roedtraad worker«, og prøv igen."
        )


def _refuse_full(server: Server, files: Path) -> None:
    """BackupFailed when anybody has put anything into the database or the folder of files."""
    full = BackupFailed(
        "Der er allerede data. Brug --replace for at sætte sikkerhedskopien i stedet; det gamle bliver gemt under "
        "et andet navn."
    )
    if any(plain_files(files)):
        raise full
    with server.connect() as connection:
        names = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' "
            "AND c.relname <> ALL(%s)",
            [list(_EMPTY_HOUSE)],
        ).fetchall()
        for schema, name in names:
            asked = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(schema, name))
            row = connection.execute(asked).fetchone()
            if row and row[0]:
                raise full


def _same_rights(connection: psycopg.Connection[Any], old: str, new: str) -> None:
    """Give the new database the owner of the old one, and let the same roles connect."""
    row = connection.execute(
        "SELECT pg_get_userbyid(datdba), datacl IS NOT NULL FROM pg_database WHERE datname = %s", [old]
    ).fetchone()
    if row is None:
        raise BackupFailed(f"Databaseserveren har ingen database, der hedder {old}. Lav den først.")
    names = {"new": sql.Identifier(new), "owner": sql.Identifier(row[0])}
    connection.execute(sql.SQL("ALTER DATABASE {new} OWNER TO {owner}").format(**names))
    if not row[1]:
        return
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {new} FROM PUBLIC").format(**names))
    granted = connection.execute(
        "SELECT a.grantee = 0, pg_get_userbyid(a.grantee), a.privilege_type "
        "FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = %s",
        [old],
    ).fetchall()
    for everybody, role, privilege in granted:
        connection.execute(
            sql.SQL("GRANT {} ON DATABASE {} TO {}").format(
                sql.SQL(privilege),
                sql.Identifier(new),
                sql.SQL("PUBLIC") if everybody else sql.Identifier(role),
            )
        )


@dataclass(frozen=True)
class _Names:
    """Databases: the one in use, the one that shall be, and what the first shall then be called."""

    name: str
    fresh: str
    old: str


@dataclass(frozen=True)
class _Folders:
    """Folders, likewise."""

    files: Path
    fresh: Path
    old: Path


def _change_places(connection: psycopg.Connection[Any], names: _Names, folders: _Folders) -> Path | None:
    """The moment of truth: both databases change name in one transaction, the folders just before it ends.

    Returns the folder of the old files when there was one.
    """
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    had_files = folders.files.exists()
    moved = False
    try:
        with connection.transaction():
            connection.execute(rename.format(sql.Identifier(names.name), sql.Identifier(names.old)))
            connection.execute(rename.format(sql.Identifier(names.fresh), sql.Identifier(names.name)))
            if had_files:
                folders.files.rename(folders.old)
            moved = True
            folders.fresh.rename(folders.files)
    except BaseException:
        if moved:
            if folders.files.exists():
                folders.files.rename(folders.fresh)
            if had_files:
                folders.old.rename(folders.files)
        raise
    return folders.old if had_files else None
