"""Privileges as the OIO Basic Privilege Profile writes them. Pure.

Source: *OIO Basic Privilege Profile 1.2* (Digitaliseringsstyrelsen), models 2 and 3: a base64 text holding a
`PrivilegeList` of `PrivilegeGroup`s, each with a `Scope` (an organisation by its CVR number, among others), its
`Privilege`s and, in model 3, `Constraint`s. Versions 1.0 and 1.1 used another namespace; both are in use. The
profile leaves the groups without a namespace, but many write them with the list's; both are read.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from lxml import etree

from roedtraad.accounts.federation.refused import Refused

NAMESPACES = frozenset(
    {"http://digst.dk/oiosaml/basic_privilege_profile", "http://itst.dk/oiosaml/basic_privilege_profile"}
)
CVR_SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:"
# Characters of base64. A hundred groups of ten privileges are a tenth of it.
LARGEST = 200_000
MOST_PRIVILEGES = 1_000


@dataclass(frozen=True, slots=True)
class Privilege:
    """One privilege, the organisation (CVR) it counts for – "" for another kind of scope – and its constraints."""

    name: str
    cvr: str
    constraints: tuple[tuple[str, str], ...] = ()

    def constraint(self, name: str) -> str:
        """The value of a constraint, or "" when it has none or several of the name."""
        values = [value for key, value in self.constraints if key == name]
        return values[0] if len(values) == 1 else ""


def read_privileges(text: str) -> tuple[Privilege, ...]:
    """The privileges of a base64 text, in its order. Refused when it is anything else.

    Entities, document types, comments and processing instructions have no business in it and are refused, and
    nothing is fetched from anywhere.
    """
    if len(text) > LARGEST:
        raise _unreadable()
    try:
        root = _parse(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable() from error
    tag = etree.QName(root)
    if tag.localname != "PrivilegeList" or tag.namespace not in NAMESPACES:
        raise _unreadable()
    known = {None, tag.namespace}
    found: list[Privilege] = []
    for group in root:
        if _name(group, known) != "PrivilegeGroup":
            raise _unreadable()
        found += _group(group, known)
        if len(found) > MOST_PRIVILEGES:
            raise _unreadable()
    return tuple(found)


def _parse(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(document, parser)
    if root.getroottree().docinfo.doctype or any(
        not isinstance(node.tag, str) for node in root.getroottree().iter()
    ):
        raise ValueError("more than elements")
    return root


def _group(group: etree._Element, known: set[str | None]) -> list[Privilege]:
    scope = group.get("Scope", "")
    cvr = scope[len(CVR_SCOPE) :] if scope.startswith(CVR_SCOPE) else ""
    names: list[str] = []
    constraints: list[tuple[str, str]] = []
    for child in group:
        kind, text = _name(child, known), (child.text or "").strip()
        if len(child) or not text:
            raise _unreadable()
        if kind == "Privilege":
            names.append(text)
        elif kind == "Constraint":
            constraints.append((child.get("Name", ""), text))
        else:
            raise _unreadable()
    if not scope or not names:
        raise _unreadable()
    return [Privilege(name, cvr, tuple(constraints)) for name in names]


def _name(node: etree._Element, known: set[str | None]) -> str:
    tag = etree.QName(node)
    return tag.localname if tag.namespace in known else ""


def _unreadable() -> Refused:
    return Refused(
        "privileges_unreadable",
        "Loginnets liste over roller kan ikke læses. Sig det til den, der driver jeres login, eller til din administrator.",
    )
