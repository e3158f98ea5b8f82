"""What this floor asks of the floor above: what an account may, and that a login's roles become its access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from roedtraad.accounts.federation.mapping import Wanted
from roedtraad.accounts.models import User


class Access(Protocol):
    """Answered by `access.federation`."""

    def only_citizen(self, user: User) -> bool:
        """Has the account citizens' or relatives' access today, and no other?"""

    def apply(self, user: User, wanted: Sequence[Wanted]) -> None:
        """Give what the login asks for and the account lacks; end what earlier logins gave and this one does not."""


_access: list[Access] = []


def use_access(access: Access) -> None:
    """Hand the answers down; called once when Django starts."""
    _access[:] = [access]


def access() -> Access:
    """The answers. IndexError when nobody has handed them down: then nobody gets in."""
    return _access[0]
