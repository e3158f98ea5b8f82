"""The database server that is backed up or restored to, and PostgreSQL's own programs for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from roedtraad.config import environment
from roedtraad.config.postgres import SUPERUSER, Cluster, find_binaries

from .errors import BackupFailed

#: Row-level security shows every row to this context; nothing else is needed for the embedded server.
CONTEXT = "-c roedtraad.system=backup"


@dataclass(frozen=True)
class Server:
    """How to reach a server as the one who may make databases. `embedded` says it is our own."""

    link: dict[str, Any] = field(repr=False)
    embedded: bool

    @property
    def dbname(self) -> str:
        """The house's own database."""
        return str(self.link["dbname"])

    def connect(self, dbname: str | None = None, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A connection that sees every row. psycopg.Error when it cannot be made."""
        options = f"{self.link.get('options', '')} {CONTEXT} -c idle_in_transaction_session_timeout=0".strip()
        link = self.link | {"dbname": dbname or self.dbname, "options": options}
        return psycopg.connect(**link, autocommit=autocommit)

    def program(self, name: str) -> str:
        """The path of pg_dump or pg_restore: ROEDTRAAD_PG_BIN's, else the one whose version is the server's or next above.

        An older pg_dump refuses a newer server; what a newer pg_restore says may be unknown to an older one.
        BackupFailed when there is none.
        """
        setting = environment.read("ROEDTRAAD_PG_BIN")
        ours = str(find_binaries().program(name))
        if setting or self.embedded:
            found = [str(Path(setting) / name)] if setting else [ours]
        else:
            with self.connect("postgres") as connection:
                needed = connection.info.server_version // 10_000
            offered = [path for path in (shutil.which(name), ours) if path is not None]
            versions = {path: _major(path) for path in offered if os.access(path, os.X_OK)}
            found = sorted(
                (path for path in versions if versions[path] >= needed), key=lambda path: versions[path]
            )
        for candidate in found:
            if os.access(candidate, os.X_OK):
                return candidate
        raise BackupFailed(
            f"Programmet {name} i en udgave, der passer til databaseserveren, findes ikke. Installér pakken "
            "postgresql-client i serverens udgave, eller peg på programmet med ROEDTRAAD_PG_BIN."
        )

    @contextmanager
    def running(
        self, name: str, *arguments: str, dbname: str | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """One of PostgreSQL's programs at work on a database, with pipes to it; killed when the block fails.

        BackupFailed with its last line when it ends badly. Its password is not on the command line.
        """
        link = {k: v for k, v in self.link.items() if k not in {"password", "options", "dbname"}}
        conninfo = make_conninfo(**link, dbname=dbname or self.dbname)
        variables = {**os.environ, "PGOPTIONS": CONTEXT}
        if self.link.get("password"):
            variables["PGPASSWORD"] = str(self.link["password"])
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [self.program(name), *arguments, f"--dbname={conninfo}"],
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
            try:
                yield process
                if process.stdin is not None:
                    process.stdin.close()
                code = process.wait()
            except BrokenPipeError:
                code = process.wait() or 1
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                for pipe in (process.stdout,):
                    if pipe is not None:
                        pipe.close()
            if code:
                said.seek(0)
                raise BackupFailed(f"{name} gik ikke godt: {_told(said.read())}")


def _major(program: str) -> int:
    """The major version a program says it is, 0 when it says nothing of the kind."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else 0


def _told(said: bytes) -> str:
    """The program's error, without the lines that may quote a row."""
    lines = said.decode(errors="replace").splitlines()
    errors = [line for line in lines if "rror:" in line and "DETAIL" not in line]
    return (errors or lines or ["den sagde ikke hvorfor"])[0].strip()[:300]


def house_server() -> Server:
    """The server of this house: the embedded one as its superuser, or the one of DATABASE_OWNER_URL."""
    url = environment.read("DATABASE_URL")
    if url:
        return Server(dict(conninfo_to_dict(environment.read("DATABASE_OWNER_URL") or url)), embedded=False)
    return server_of(Cluster(environment.data_folder()))


def server_of(cluster: Cluster) -> Server:
    """An embedded server as its superuser."""
    return Server(cluster.connection(SUPERUSER), embedded=True)
