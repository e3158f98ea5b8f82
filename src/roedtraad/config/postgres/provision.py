"""Roles, rights and extensions of a cluster: one list of statements that may be run again at any time."""

from __future__ import annotations

import hashlib
from typing import LiteralString

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
OWNER = "roedtraad_owner"
APP = "roedtraad_app"
ROLES = (SUPERUSER, OWNER, APP)
DATABASE = "roedtraad"

# Also run in template1, so that databases the suite makes are born with the same rights.
_IN_EACH_DATABASE: tuple[LiteralString, ...] = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app}",
)
_ROLE: LiteralString = (
    "ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {createdb} PASSWORD {password}"
)
_ON_DATABASE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    # The suite connects as the owner and becomes the app role to see what it may not do.
    "GRANT {app} TO {owner}",
)

# Any fixed number will do; it only has to be the same in every process.
_TURN = 20_210_701

#: Changes when the statements do, so an older cluster is brought up to date at its next start.
EDITION = hashlib.sha256("\n".join((*_IN_EACH_DATABASE, _ROLE, *_ON_DATABASE)).encode()).hexdigest()[:16]

_NAMES = {
    "owner": sql.Identifier(OWNER),
    "app": sql.Identifier(APP),
    "database": sql.Identifier(DATABASE),
}


def provision(superuser: str, passwords: dict[str, str]) -> None:
    """Give the running cluster its roles, its database and their rights.

    `superuser` is its connection string to the database postgres. Two callers at once take turns.
    Raises psycopg.Error.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        _make_roles(connection, passwords)
        _run_in("template1", superuser)
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if exists is None:
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**_NAMES))
        for statement in _ON_DATABASE:
            connection.execute(sql.SQL(statement).format(**_NAMES))
        _run_in(DATABASE, superuser)


def _make_roles(connection: psycopg.Connection[tuple[str, ...]], passwords: dict[str, str]) -> None:
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, createdb in ((OWNER, sql.SQL("CREATEDB")), (APP, sql.SQL("NOCREATEDB"))):
        if role not in known:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        verifier = connection.pgconn.encrypt_password(
            passwords[role].encode(), role.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL(_ROLE).format(
                role=sql.Identifier(role), createdb=createdb, password=sql.Literal(verifier.decode())
            )
        )


def _run_in(database: str, superuser: str) -> None:
    with psycopg.connect(superuser, dbname=database, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        for statement in _IN_EACH_DATABASE:
            connection.execute(sql.SQL(statement).format(**_NAMES))
