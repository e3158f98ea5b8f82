"""How far a user's grants reach.

The unit tree lives a floor above; it hands its question down through `use_unit_tree` when Django starts,
so that this floor never imports what it protects (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from roedtraad.access.models import Grant
from roedtraad.access.narrowing import Narrowing, narrowing_of
from roedtraad.access.policies import ACTIONS, roles_for
from roedtraad.access.roles import LABELS, Role

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

UnitTree = Callable[[Iterable[int]], set[int]]
_unit_tree: list[UnitTree] = []


class AccessDenied(PermissionError):
    """The user may not; the message is a Danish sentence for the page."""


@dataclass(frozen=True)
class Reach:
    """What an action may touch: units (with all below), municipalities and single citizens.

    `units_now` are units where only the citizens of today and tomorrow may be seen (support workers);
    `units` also give the past.
    """

    units: frozenset[int] = frozenset()
    units_now: frozenset[int] = frozenset()
    municipalities: frozenset[str] = frozenset()
    citizens: frozenset[int] = frozenset()
    roles: frozenset[Role] = field(default_factory=frozenset)
    user_id: int | None = None

    @property
    def all_units(self) -> frozenset[int]:
        """Every unit in reach, for facts that are not about persons."""
        return self.units | self.units_now

    def __bool__(self) -> bool:
        return bool(self.roles)


def use_unit_tree(tree: UnitTree) -> None:
    """Tell access how to find a unit's descendants; called once by the organisation."""
    _unit_tree[:] = [tree]


def grants_of(user: Any) -> list[Grant]:
    """The user's grants in force today: one query a request, kept on the user object."""
    if not getattr(user, "is_authenticated", False):
        return []
    if not hasattr(user, "_grants_in_force"):
        held = (
            list(Grant.objects.in_force().filter(user=user).order_by("role", "pk")) if user.is_active else []
        )
        narrowing = narrowing_of(user.pk)
        user._grants_in_force = _narrowed(user, held, narrowing) if narrowing else held
    return list(user._grants_in_force)


# Who works on a shift: the roles of `duty.work`.
_ON_SHIFT = frozenset({Role.SUPPORT_WORKER, Role.LEADER})


def works_at(user: Any, unit_id: int) -> bool:
    """Does the user work in the unit today, and has no access to a citizen of their own? Two SQL.

    Only such accounts may be narrowed to a unit: for one that is a relative's too, less access would here and there
    show more. The SQL of `access_narrowed_grants` says the same.
    """
    return _works_at(user, grants_of(user), unit_id)


def _works_at(user: Any, held: list[Grant], unit_id: int) -> bool:
    if any(grant.citizen_id for grant in held):
        return False
    return unit_id in _below(user, {g.unit_id for g in held if g.unit_id and g.role in _ON_SHIFT})


def _narrowed(user: Any, held: list[Grant], to: Narrowing) -> list[Grant]:
    """What is left of the grants: a support worker's for the one unit, or nothing."""
    if not _works_at(user, held, to.unit_id):
        return []
    first = next(grant for grant in held if grant.role in _ON_SHIFT)
    return [Grant(user_id=user.pk, role=Role.SUPPORT_WORKER.value, unit_id=to.unit_id, valid=first.valid)]


def roles_of(user: Any) -> list[Role]:
    """The roles the user has today, in the order of `Role`."""
    held = {grant.role for grant in grants_of(user)}
    return [role for role in Role if role.value in held]


def is_staff(user: Any) -> bool:
    """Does the user work here, or with us? Everybody with a role today that is not a citizen's or a relative's."""
    return any(role not in {Role.CITIZEN, Role.RELATIVE} for role in roles_of(user))


def may(user: Any, action: str) -> bool:
    """May the user do `action` anywhere at all?"""
    allowed = _allowed(user, action)
    return any(Role(grant.role) in allowed for grant in grants_of(user))


def _allowed(user: Any, action: str) -> frozenset[Role]:
    """The roles that may do it in this login."""
    if narrowing_of(getattr(user, "pk", None)) and not ACTIONS[action].with_pin:
        return frozenset()
    return roles_for(action)


def reach(user: Any, action: str) -> Reach:
    """Where the user may do `action`. One more query (the unit tree), kept for the request."""
    cache: dict[str, Reach] = user.__dict__.setdefault("_reach", {}) if hasattr(user, "__dict__") else {}
    if action not in cache:
        cache[action] = _reach(user, action)
    return cache[action]


def _reach(user: Any, action: str) -> Reach:
    allowed = _allowed(user, action)
    grants = [grant for grant in grants_of(user) if Role(grant.role) in allowed]
    now_only = ACTIONS[action].now_only
    now = {g.unit_id for g in grants if g.unit_id and (now_only or g.role == Role.SUPPORT_WORKER)}
    always = {g.unit_id for g in grants if g.unit_id and not now_only and g.role != Role.SUPPORT_WORKER}
    return Reach(
        units=frozenset(_below(user, always)),
        units_now=frozenset(_below(user, now)),
        municipalities=frozenset(g.municipality_id for g in grants if g.municipality_id),
        citizens=frozenset(g.citizen_id for g in grants if g.citizen_id),
        roles=frozenset(Role(g.role) for g in grants),
        user_id=user.pk,
    )


def _below(user: Any, roots: set[int]) -> set[int]:
    """The units and all below them, remembered on the user for the request."""
    if not roots:
        return set()
    kept: dict[frozenset[int], set[int]] = user.__dict__.setdefault("_unit_trees", {})
    key = frozenset(roots)
    if key not in kept:
        kept[key] = _unit_tree[0](roots)
    return kept[key]


def reach_as(user: Any, role: Role) -> Reach:
    """Where the user's grants of one role reach, for that role's home page. One query (the unit tree)."""
    grants = [grant for grant in grants_of(user) if grant.role == role.value]
    units = frozenset(_below(user, {g.unit_id for g in grants if g.unit_id}))
    now = role == Role.SUPPORT_WORKER
    return Reach(
        units=frozenset() if now else units,
        units_now=units if now else frozenset(),
        municipalities=frozenset(g.municipality_id for g in grants if g.municipality_id),
        citizens=frozenset(g.citizen_id for g in grants if g.citizen_id),
        roles=frozenset({role}) if grants else frozenset(),
        user_id=user.pk,
    )


def require(user: User, action: str, *, unit_id: int | None = None) -> None:
    """Raise AccessDenied with a sentence unless the user may do `action` (in the unit, when one is given)."""
    if not may(user, action):
        raise AccessDenied(refusal(user, action))
    if unit_id is not None and unit_id not in reach(user, action).all_units:
        words = gettext("Du har ikke adgang til at %(words)s i denne enhed.")
        raise AccessDenied(words % {"words": ACTIONS[action].words})


def refusal(user: Any, action: str) -> str:
    """Why the user may not, as a sentence: no access at all today, or none that allows this."""
    if narrowing_of(getattr(user, "pk", None)):
        words = gettext("Med PIN-kode kan du ikke %(words)s. Log helt ind for at gøre det.")
        return words % {"words": ACTIONS[action].words}
    if not grants_of(user):
        return gettext("Din konto har ingen adgang i dag. Spørg din leder eller administrator.")
    return gettext("Din rolle giver ikke adgang til at %(words)s.") % {"words": ACTIONS[action].words}


def role_label(role: Role | str) -> str:
    """A role in the reader's language."""
    return gettext(LABELS[Role(role)])
