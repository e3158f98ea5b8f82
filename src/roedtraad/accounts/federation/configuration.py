"""What the operator has set up, as `settings.FEDERATION`. Pure: `config.federation` reads it from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from roedtraad.accounts.federation.mapping import RoleMap
from roedtraad.accounts.federation.rules import ClaimNames, Level

OIDC = "oidc"
SAML = "saml"
DEFAULT_SCOPE = "openid profile"


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID Connect provider and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    names: ClaimNames = field(default_factory=ClaimNames)
    scope: str = DEFAULT_SCOPE

    @property
    def origin(self) -> tuple[str, str]:
        """Scheme and host: the only place calls are made to."""
        return origin_of(self.issuer)


@dataclass(frozen=True, slots=True)
class Saml:
    """A SAML identity provider (from its metadata) and who we are to it."""

    entity_id: str
    idp_entity_id: str
    idp_login_url: str
    # Base64 of DER, as in metadata; more than one while the provider changes its key.
    idp_certificates: tuple[str, ...]
    key: str = field(default="", repr=False)
    certificate: str = ""
    encrypted: bool = True
    idp_initiated: bool = False


@dataclass(frozen=True, slots=True)
class Federation:
    """Nothing by default: no provider, no button, no route that does anything."""

    oidc: Oidc | None = None
    saml: Saml | None = None
    least: Level = Level.SUBSTANTIAL
    create: bool = False
    roles: RoleMap = field(default_factory=RoleMap)

    @property
    def issuers(self) -> dict[str, str]:
        """The providers that are set up: kind and their own name, which accounts are tied to."""
        names = {}
        if self.oidc:
            names[OIDC] = self.oidc.issuer
        if self.saml:
            names[SAML] = self.saml.idp_entity_id
        return names


def origin_of(url: str) -> tuple[str, str]:
    """The scheme and host:port of an address, lower case."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
