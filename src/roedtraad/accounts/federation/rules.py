"""What an identity provider's word must hold before anybody is let in. Pure.

Sources, by the names the documents use (Digitaliseringsstyrelsen):

- *OIOSAML Web SSO Profile 3.0.x*, the chapter on attribute profiles: the names of the attributes below; the
  allowed values of the level of assurance are Low, Substantial and High; one organisation per login.
- *NSIS* (National Standard for Identiteters Sikringsniveauer) 2.0: the three levels and their order.
- *OIO Basic Privilege Profile 1.2*: the privileges, read in `privileges`.
- *OpenID Connect Core 1.0*, section 2: `sub` and `acr` of the ID token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from roedtraad.accounts.federation.privileges import Privilege, read_privileges
from roedtraad.accounts.federation.refused import Refused

SPEC_VERSION = "https://data.gov.dk/model/core/specVersion"
LEVEL = "https://data.gov.dk/concept/core/nsis/loa"
FULL_NAME = "https://data.gov.dk/model/core/eid/fullName"
CVR = "https://data.gov.dk/model/core/eid/professional/cvr"
ORGANISATION = "https://data.gov.dk/model/core/eid/professional/orgName"
PERSISTENT_ID = "https://data.gov.dk/model/core/eid/professional/uuid/persistent"
PRIVILEGES = "https://data.gov.dk/model/core/eid/privilegesIntermediate"
PERSISTENT_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

# allauth's column for the id, and what a person can be asked to read aloud to an administrator.
LONGEST_ID = 191
LONGEST_NAME = 120


class Level(IntEnum):
    """How sure the provider is of who it was (NSIS 2.0)."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def uri(self) -> str:
        """How OIOSAML 3 names the level when it is asked for."""
        return f"{LEVEL}/{self.name.capitalize()}"


LEVEL_WORDS = {Level.LOW: "Lav", Level.SUBSTANTIAL: "Betydelig", Level.HIGH: "Høj"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider said: who it is, for which organisation, how surely, and with which privileges."""

    persistent_id: str
    full_name: str
    level: Level
    cvr: str = ""
    organisation: str = ""
    privileges: tuple[Privilege, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """What the provider calls the facts in its ID token."""

    id: str = "sub"
    name: str = "name"
    level: str = "acr"
    cvr: str = "cvr"
    organisation: str = "org_name"
    privileges: str = "privileges"


@dataclass(frozen=True, slots=True)
class NameId:
    """The subject of an assertion."""

    value: str
    format: str = field(default="")


def level_from(text: str) -> Level:
    """The level that a value names: `Substantial`, or OIOSAML's address of it.

    Refused when it is missing or unknown: a login of unknown strength is a weak one.
    """
    word = text.strip()
    if word.startswith(f"{LEVEL}/"):
        word = word[len(LEVEL) + 1 :]
    for level in Level:
        if word.casefold() == level.name.casefold():
            return level
    raise Refused(
        "level_missing" if not text.strip() else "level_unknown",
        "Loginnet siger ikke, hvor sikkert det er. Bed den, der driver jeres login, om at sende NSIS-niveauet med.",
    )


def check_level(found: Level, least: Level, *, only_citizen: bool) -> None:
    """Refused when the login is weaker than the house asks of its staff.

    `only_citizen`: the account has citizens' or relatives' access and nothing else; it sees only what is its
    own, and any level will do.
    """
    if found < least and not only_citizen:
        raise Refused(
            "level_low",
            f"Dit login har sikringsniveau {LEVEL_WORDS[found]}, men her kræves mindst {LEVEL_WORDS[least]}. "
            "Log ind igen med din anden faktor, for eksempel MitID eller din nøgleapp.",
        )


def from_oiosaml(attributes: Mapping[str, Sequence[str]], name_id: NameId) -> Identity:
    """The facts of an OIOSAML 3 assertion whose signature has been checked.

    The id is the professional's shared UUID when it is there; otherwise the persistent subject. An attribute
    that must have one value and has more, is refused: it would be read differently by different readers.
    """
    version = _one(attributes, SPEC_VERSION)
    if version and not version.startswith("OIO-SAML-3"):
        raise Refused("spec_version", "Loginnet er af en ældre slags end OIOSAML 3 og kan ikke bruges her.")
    identifier = _one(attributes, PERSISTENT_ID)
    if not identifier and name_id.format == PERSISTENT_FORMAT:
        identifier = name_id.value
    return _identity(
        identifier,
        _one(attributes, FULL_NAME),
        _one(attributes, LEVEL),
        cvr=_one(attributes, CVR),
        organisation=_one(attributes, ORGANISATION),
        privileges=read_privileges(_one(attributes, PRIVILEGES)) if PRIVILEGES in attributes else (),
    )


def from_claims(claims: Mapping[str, Any], names: ClaimNames) -> Identity:
    """The facts of an ID token whose signature has been checked.

    Privileges are either the same base64 text as in OIOSAML, or a list of names that then count for the
    organisation of the login.
    """
    cvr = _claim(claims, names.cvr)
    given = claims.get(names.privileges)
    if isinstance(given, str) and given:
        privileges = read_privileges(given)
    elif isinstance(given, list):
        privileges = tuple(Privilege(name, cvr) for name in given if isinstance(name, str))
    else:
        privileges = ()
    return _identity(
        _claim(claims, names.id),
        _claim(claims, names.name),
        _claim(claims, names.level),
        cvr=cvr,
        organisation=_claim(claims, names.organisation),
        privileges=privileges,
    )


def _identity(
    identifier: str, name: str, level: str, *, cvr: str, organisation: str, privileges: tuple[Privilege, ...]
) -> Identity:
    if not identifier or len(identifier) > LONGEST_ID or not identifier.isprintable():
        raise Refused(
            "no_persistent_id",
            "Loginnet siger ikke, hvem du er, med et id, der bliver ved med at være dit. "
            "Bed den, der driver jeres login, om at sende det med.",
        )
    if cvr and not (len(cvr) == 8 and cvr.isascii() and cvr.isdecimal()):
        raise Refused(
            "cvr_malformed",
            "Loginnets CVR-nummer er ikke otte cifre. Sig det til den, der driver jeres login.",
        )
    tidy = " ".join(name.split())[:LONGEST_NAME]
    return Identity(identifier, tidy, level_from(level), cvr, organisation, privileges)


def _one(attributes: Mapping[str, Sequence[str]], name: str) -> str:
    values = attributes.get(name, ())
    if len(values) > 1:
        raise Refused(
            "attribute_twice",
            "Loginnet siger det samme på to måder og kan derfor ikke bruges. Sig det til den, der driver jeres login.",
        )
    return values[0].strip() if values else ""


def _claim(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
