"""Who works with a citizen. Stays live a floor above; it hands the answer down when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from roedtraad.access.policies import roles_for
from roedtraad.access.roles import Role

if TYPE_CHECKING:
    from roedtraad.accounts.models import User
    from roedtraad.citizens.models import Citizen


class Colleague(Protocol):
    """Somebody whose work reaches the citizen today."""

    @property
    def user(self) -> User: ...
    @property
    def role(self) -> Role: ...
    @property
    def label(self) -> str: ...


_colleagues: list[Callable[[Citizen], Sequence[Colleague]]] = []


def use_colleagues(find: Callable[[Citizen], Sequence[Colleague]]) -> None:
    """Say how those whose grants reach a citizen are found; called once by the floor that knows stays."""
    _colleagues[:] = [find]


def who_works_with(citizen: Citizen) -> list[Colleague]:
    """Those who may write in the citizen's record through their work today, the nearest first."""
    return [one for find in _colleagues for one in find(citizen) if one.role in roles_for("record.write")]
