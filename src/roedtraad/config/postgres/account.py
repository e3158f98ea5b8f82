"""Which system user the server runs as, and what that user can reach."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roedtraad.config import environment

from .errors import ServerFailed

FALLBACKS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user by its ids; `switch` says whether a child must change to it."""

    uid: int
    gid: int
    name: str

    @property
    def switch(self) -> bool:
        """Whether the present process is another user, so that children must change identity."""
        return self.uid != os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make a child run as this user and nothing more."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder that we just made to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _test(self, flag: str, path: Path) -> bool:
        command = ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)]
        done = subprocess.run(
            command,
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.popen_options(),
        )
        return done.returncode == 0

    def reaches_folder(self, folder: Path) -> bool:
        """Whether the user can walk through `folder`: a child running as that user asks the kernel."""
        return self._test("-x", folder)

    def reads(self, path: Path) -> bool:
        """Whether the user can read `path`."""
        return self._test("-r", path)


def account_of(uid: int) -> Account:
    """The account that owns an existing cluster; an unknown uid keeps its number as name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, os.getegid() if uid == os.geteuid() else uid, str(uid))
    return Account(uid, entry.pw_gid, entry.pw_name)


def server_account() -> Account:
    """Who a new cluster shall belong to: ourselves, or for root an unprivileged user.

    Root's choice is the setting ROEDTRAAD_PG_USER, else `postgres`, else `nobody`: initdb needs a user that
    the system knows by name. Raises ServerFailed when the setting names nobody or root.
    """
    if os.geteuid() != 0:
        return account_of(os.geteuid())
    chosen = environment.read("ROEDTRAAD_PG_USER")
    for name in (chosen,) if chosen else FALLBACKS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid == 0:
            raise ServerFailed(
                "Databasen må ikke køre som root. Sæt ROEDTRAAD_PG_USER til en almindelig bruger på maskinen."
            )
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    if chosen:
        raise ServerFailed(
            f"Brugeren {chosen} fra ROEDTRAAD_PG_USER findes ikke på maskinen. "
            "Opret den, eller ret indstillingen."
        )
    raise ServerFailed(
        "Databasen kan ikke køre som root, og hverken brugeren postgres eller nobody findes på maskinen. "
        "Opret en bruger, og peg på den med ROEDTRAAD_PG_USER."
    )
