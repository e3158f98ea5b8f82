"""The operator's file that says which privileges give which roles, and where. Pure.

The file is TOML, or JSON of the same shape (docs/login-integration.md shows one). Roles are known by name only:
what a role is, and what it is tied to, is said a floor up and handed in.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roedtraad.accounts.federation.privileges import Privilege

_KEYS = {"privilege", "role", "unit", "unit_from", "municipality"}
_TOP = {"region", "municipalities", "grant"}
OWN = "own"


class MappingFault(ValueError):
    """The file is wrong; the message lists every fault in Danish, for the operator."""


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """An access that a login asks for: a role, and the unit (by key) or municipality (by code) it is for."""

    role: str
    kind: str
    scope: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A privilege gives a role: for a fixed unit, for the unit a constraint names, or for the own municipality."""

    privilege: str
    role: str
    kind: str
    unit: str = ""
    unit_from: str = ""


@dataclass(frozen=True, slots=True)
class RoleMap:
    """The file. `region` are the CVR numbers whose logins may give accesses to units."""

    rules: tuple[Rule, ...] = ()
    region: frozenset[str] = frozenset()
    municipalities: tuple[tuple[str, str], ...] = ()

    def wanted(self, privileges: Sequence[Privilege], cvr: str) -> tuple[Wanted, ...]:
        """The accesses that a login for the organisation `cvr` asks for, sorted, each once.

        A privilege counts only for the organisation one logs in for: nobody brings another one's along. Only the
        region gives accesses to its units, and only a municipality accesses as itself. Unknown privileges give
        nothing.
        """
        codes = dict(self.municipalities)
        found = set()
        for privilege in privileges:
            if not cvr or privilege.cvr != cvr:
                continue
            for rule in self.rules:
                if rule.privilege != privilege.name:
                    continue
                if rule.kind == "municipality":
                    scope = codes.get(cvr, "")
                else:
                    scope = rule.unit or privilege.constraint(rule.unit_from) if cvr in self.region else ""
                if scope:
                    found.add(Wanted(rule.role, rule.kind, scope))
        return tuple(sorted(found))


def read_roles(text: str, kinds: Mapping[str, str]) -> RoleMap:
    """The file's rules. `kinds`: each role and what it is tied to (unit, municipality or citizen).

    MappingFault with all faults at once, each naming the place it stands.
    """
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as error:
        raise MappingFault(f"Filen er hverken TOML eller JSON: {error}") from error
    faults: list[str] = [f"Kender ikke »{key}«." for key in content if key not in _TOP]
    region = _region(content.get("region", []), faults)
    municipalities = _municipalities(content.get("municipalities", {}), faults)
    entries = content.get("grant", [])
    if not isinstance(entries, list):
        raise MappingFault("»grant« skal være en liste.")
    rules = [_rule(n, entry, kinds, faults) for n, entry in enumerate(entries, 1)]
    if any(rule.kind == "unit" for rule in rules if rule) and not region:
        faults.append("»region« mangler: regionens CVR-nummer, for kun dens login giver adgang til enheder.")
    if any(rule.kind == "municipality" for rule in rules if rule) and not municipalities:
        faults.append("»municipalities« mangler: hvilket CVR-nummer er hvilken kommune?")
    if faults:
        raise MappingFault(" ".join(faults))
    return RoleMap(tuple(rule for rule in rules if rule), region, municipalities)


def _rule(number: int, entry: Any, kinds: Mapping[str, str], faults: list[str]) -> Rule | None:
    place = f"grant nr. {number}"
    if not isinstance(entry, dict) or not all(isinstance(value, str) and value for value in entry.values()):
        faults.append(f'{place}: hver linje er navn = "tekst".')
        return None
    before = len(faults)
    faults += [f"{place}: kender ikke »{key}«." for key in entry if key not in _KEYS]
    if "privilege" not in entry:
        faults.append(f"{place}: »privilege« mangler.")
    role = entry.get("role", "")
    kind = kinds.get(role, "")
    given = {key for key in ("unit", "unit_from", "municipality") if key in entry}
    if not kind:
        faults.append(f"{place}: kender ikke rollen »{role}«. Vælg en af {', '.join(sorted(kinds))}.")
    elif kind == "citizen":
        faults.append(f"{place}: rollen »{role}« gives for en bestemt borger og kan ikke komme fra et login.")
    elif kind == "unit" and (len(given) != 1 or "municipality" in given):
        faults.append(f"{place}: rollen »{role}« skal have enten »unit« eller »unit_from«.")
    elif kind == "municipality" and given != {"municipality"}:
        faults.append(f'{place}: rollen »{role}« skal have municipality = "{OWN}" og ikke andet.')
    elif kind == "municipality" and entry["municipality"] != OWN:
        faults.append(f'{place}: municipality kan kun være "{OWN}": den kommune, man logger ind for.')
    if len(faults) > before:
        return None
    return Rule(entry["privilege"], role, kind, entry.get("unit", ""), entry.get("unit_from", ""))


def _region(given: Any, faults: list[str]) -> frozenset[str]:
    numbers = [given] if isinstance(given, str) else given
    if not isinstance(numbers, list) or not all(_is_cvr(number) for number in numbers):
        faults.append("»region« skal være CVR-numre på otte cifre.")
        return frozenset()
    return frozenset(numbers)


def _municipalities(given: Any, faults: list[str]) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict):
        faults.append('»municipalities« skal være CVR-nummer = "kommunekode".')
        return ()
    for cvr, code in given.items():
        if not _is_cvr(cvr) or not (isinstance(code, str) and len(code) == 4 and code.isdecimal()):
            faults.append(
                f"municipalities: »{cvr}« = »{code}« er ikke et CVR-nummer og en kommunekode på fire cifre."
            )
    return tuple(sorted((cvr, code) for cvr, code in given.items()))


def _is_cvr(number: Any) -> bool:
    return isinstance(number, str) and len(number) == 8 and number.isascii() and number.isdecimal()
