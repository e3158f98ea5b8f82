"""Reads from the environment how one logs in through an identity provider, and refuses half a set-up.

Certificates and keys are read once, when the process starts.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from roedtraad.access.roles import SCOPE
from roedtraad.accounts.federation.configuration import DEFAULT_SCOPE, Federation, Oidc, Saml
from roedtraad.accounts.federation.mapping import MappingFault, RoleMap, read_roles
from roedtraad.accounts.federation.rules import ClaimNames, Level
from roedtraad.config import environment
from roedtraad.config.keys import LOOPBACK, UnsafeSettings

_LEVELS = {"substantial": Level.SUBSTANTIAL, "high": Level.HIGH}


def read_federation() -> Federation:
    """The set-up; nothing when nothing is set. UnsafeSettings with a sentence for each fault."""
    faults: list[str] = []
    level = environment.read("ROEDTRAAD_FEDERATION_LEVEL").strip().lower() or "substantial"
    if level not in _LEVELS:
        faults.append(f"ROEDTRAAD_FEDERATION_LEVEL er »{level}«. Vælg substantial eller high.")
    made = Federation(
        oidc=_oidc(faults),
        saml=_saml(faults),
        least=_LEVELS.get(level, Level.HIGH),
        create=environment.read_bool("ROEDTRAAD_FEDERATION_CREATE", False),
        roles=_roles(faults),
    )
    if faults:
        raise UnsafeSettings(
            "Login gennem en identitetsudbyder er ikke sat rigtigt op:\n- " + "\n- ".join(faults)
        )
    return made


def refuse_open_connection(federation: Federation) -> None:
    """Production asks for https all the way to the provider."""
    if federation.oidc and not federation.oidc.issuer.startswith("https://"):
        raise UnsafeSettings("ROEDTRAAD_OIDC_ISSUER skal begynde med https:// i produktion.")


def _oidc(faults: list[str]) -> Oidc | None:
    issuer = environment.read("ROEDTRAAD_OIDC_ISSUER").strip()
    client = environment.read("ROEDTRAAD_OIDC_CLIENT_ID").strip()
    secret = environment.read("ROEDTRAAD_OIDC_CLIENT_SECRET")
    path = environment.read("ROEDTRAAD_OIDC_CLIENT_SECRET_FILE")
    if not (issuer or client or secret or path):
        return None
    before = len(faults)
    if path:
        secret = _file("ROEDTRAAD_OIDC_CLIENT_SECRET_FILE", faults, secret=True).strip()
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        faults.append("ROEDTRAAD_OIDC_ISSUER mangler eller er ikke en https-adresse.")
    if not client:
        faults.append("ROEDTRAAD_OIDC_CLIENT_ID mangler.")
    if not secret:
        faults.append("ROEDTRAAD_OIDC_CLIENT_SECRET (eller ROEDTRAAD_OIDC_CLIENT_SECRET_FILE) mangler.")
    names = _claims(faults)
    scope = environment.read("ROEDTRAAD_OIDC_SCOPE").strip() or DEFAULT_SCOPE
    return Oidc(issuer, client, secret, names, scope) if len(faults) == before else None


def _claims(faults: list[str]) -> ClaimNames:
    known = set(ClaimNames.__dataclass_fields__)
    given: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in environment.read("ROEDTRAAD_OIDC_CLAIMS").split(","))):
        ours, _equals, theirs = (part.strip() for part in pair.partition("="))
        if ours not in known or not theirs:
            faults.append(
                f"ROEDTRAAD_OIDC_CLAIMS: »{pair}« er ikke navn=claim, hvor navn er {', '.join(sorted(known))}."
            )
        else:
            given[ours] = theirs
    return ClaimNames(**given)


def _saml(faults: list[str]) -> Saml | None:
    names = (
        "ROEDTRAAD_SAML_IDP_METADATA",
        "ROEDTRAAD_SAML_ENTITY_ID",
        "ROEDTRAAD_SAML_KEY_FILE",
        "ROEDTRAAD_SAML_CERT_FILE",
    )
    if not any(environment.read(name) for name in names):
        return None
    # Read only by those who use it: it takes a while to load.
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    before = len(faults)
    faults += [f"{name} mangler." for name in names if not environment.read(name)]
    if len(faults) > before:
        return None
    metadata = _file("ROEDTRAAD_SAML_IDP_METADATA", faults)
    key = _file("ROEDTRAAD_SAML_KEY_FILE", faults, secret=True)
    certificate = _file("ROEDTRAAD_SAML_CERT_FILE", faults)
    if len(faults) > before:
        return None
    try:
        idp = OneLogin_Saml2_IdPMetadataParser.parse(metadata)["idp"]
        several = idp.get("x509certMulti", {}).get("signing", [])
        return Saml(
            entity_id=environment.read("ROEDTRAAD_SAML_ENTITY_ID").strip(),
            idp_entity_id=idp["entityId"],
            idp_login_url=idp["singleSignOnService"]["url"],
            idp_certificates=tuple(several or [idp["x509cert"]]),
            key=key,
            certificate=certificate,
            encrypted=environment.read_bool("ROEDTRAAD_SAML_ENCRYPTED", True),
            idp_initiated=environment.read_bool("ROEDTRAAD_SAML_IDP_INITIATED", False),
        )
    # The parser raises whatever it meets in a file that is something else.
    except Exception:
        faults.append(
            "ROEDTRAAD_SAML_IDP_METADATA er ikke en identitetsudbyders metadata med et certifikat og en "
            "loginadresse (HTTP-Redirect)."
        )
        return None


def _roles(faults: list[str]) -> RoleMap:
    if not environment.read("ROEDTRAAD_FEDERATION_ROLES"):
        return RoleMap()
    before = len(faults)
    text = _file("ROEDTRAAD_FEDERATION_ROLES", faults)
    if len(faults) > before:
        return RoleMap()
    try:
        return read_roles(text, {role.value: kind for role, kind in SCOPE.items()})
    except MappingFault as fault:
        faults.append(f"ROEDTRAAD_FEDERATION_ROLES: {fault}")
        return RoleMap()


def _file(name: str, faults: list[str], *, secret: bool = False) -> str:
    path = Path(environment.read(name)).expanduser()
    try:
        if secret and path.stat().st_mode & 0o077:
            faults.append(f"{name}: filen kan læses af andre. Sæt rettighederne til 0600.")
            return ""
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        faults.append(f"{name}: filen findes ikke eller kan ikke læses.")
        return ""
