"""Checking an ID token. Pure, but for the time that passes.

Source: OpenID Connect Core 1.0, section 3.1.3.7. The signature is always checked, also where the standard lets one
trust the connection, and only with the kinds below: neither `none` nor a shared secret.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt

from roedtraad.accounts.federation.refused import not_trusted

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Seconds that two machines' clocks may differ.
SKEW = 60

_WHY: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "token_expired"),
    (jwt.ImmatureSignatureError, "token_not_yet_valid"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidSignatureError, "signature"),
)


def read_id_token(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of a token that holds. Refused otherwise, with the reason for the log only."""
    try:
        key = _key_of(token, keys)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=client_id,
            leeway=SKEW,
            options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise not_trusted(next((code for kind, code in _WHY if isinstance(error, kind)), "token")) from error
    audience = claims["aud"]
    party = claims.get("azp")
    if party != client_id and (party is not None or (isinstance(audience, list) and len(audience) > 1)):
        raise not_trusted("audience")
    given = claims.get("nonce")
    if not nonce or not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise not_trusted("nonce")
    return claims


def _key_of(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that the token names; a token may leave the name out when there is only one."""
    usable = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in (None, "sig")]
    name = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in usable if name in (None, key.key_id)]
    if len(fitting) != 1:
        raise jwt.InvalidSignatureError
    return fitting[0]
