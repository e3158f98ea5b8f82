"""What a grant is for, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import grants_of
from roedtraad.core import clock
from roedtraad.organisation.models import Municipality, UnitVersion
from roedtraad.organisation.tree import Tree


def scope_names(grants: Iterable[Grant], tree: Tree | None = None) -> dict[int, str]:
    """Each grant's unit or municipality by name; a citizen by number only. At most two SQL statements.

    A page that has read the tree of units hands it over and saves one.
    """
    rows = list(grants)
    wanted = {grant.unit_id for grant in rows if grant.unit_id}
    if tree is not None and wanted <= tree.by_id.keys():
        units = {number: tree.by_id[number].label for number in wanted}
    else:
        units = unit_names(wanted)
    codes = {grant.municipality_id for grant in rows if grant.municipality_id}
    municipalities = (
        dict(Municipality.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    )
    return {grant.pk: _name(grant, units, municipalities) for grant in rows}


def unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """The units' latest names, the short one where there is one. One SQL statement, none for no units."""
    wanted = set(unit_ids)
    if not wanted:
        return {}
    versions = (
        UnitVersion.objects.filter(unit_id__in=wanted, valid__startswith__lte=clock.today())
        .order_by("unit_id", "-valid")
        .distinct("unit_id")
    )
    return {version.unit_id: version.short_name or version.name for version in versions}


def scope_of(user: Any, role: Role, tree: Tree | None = None) -> str:
    """What the user's grants of the role are for, in the width of one; nothing for a citizen.

    At most two SQL statements the first time of a request, none after that.
    """
    kept: dict[Role, str] = user.__dict__.setdefault("_scope_words", {})
    if role not in kept:
        grants = [grant for grant in grants_of(user) if grant.role == role.value and not grant.citizen_id]
        kept[role] = together(sorted(scope_names(grants, tree).values()))
    return kept[role]


def together(names: Sequence[str]) -> str:
    """Several scopes in the width of one: "Tangkær og 2 andre"."""
    if not names:
        return ""
    rest = len(names) - 1
    more = ngettext("%(first)s og %(n)s anden", "%(first)s og %(n)s andre", rest)
    return more % {"first": names[0], "n": rest} if rest else names[0]


def _name(grant: Grant, units: dict[int, str], municipalities: dict[str, str]) -> str:
    if grant.unit_id:
        return units.get(grant.unit_id, _("en kommende enhed"))
    if grant.municipality_id:
        return municipalities[grant.municipality_id]
    return _("borger nr. %(number)s") % {"number": str(grant.citizen_id)}
