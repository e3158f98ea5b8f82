"""The shape a SAML answer must have, whatever its signature says. Pure.

The library that checks the signature reads XML generously: what a standard leaves open, it accepts. Here the answer
is held to one shape, so that what was signed and what is read are the same thing, and no attack that moves elements
about (signature wrapping) has anywhere to put them.

Sources: *OIOSAML Web SSO Profile 3.0.x*, sections 3.1.1 (clock skew), 3.1.2 (document type definitions) and 3.3
(cryptographic algorithms); *SAML 2.0 Profiles*, section 4.1.4 (what a service provider checks); *XML Encryption
Syntax and Processing 1.1*, sections 5.2.4 and 5.5.2 (which algorithms hold, and their names).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from roedtraad.accounts.federation.refused import not_trusted
from roedtraad.accounts.federation.rules import NameId

NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xenc11": "http://www.w3.org/2009/xmlenc11#",
}
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
# Characters of base64. A real answer with a hundred privileges is a tenth of it.
LARGEST = 300_000
SKEW = dt.timedelta(minutes=3)

_EXCLUSIVE = (
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
)
_TRANSFORMS = {"http://www.w3.org/2000/09/xmldsig#enveloped-signature", *_EXCLUSIVE}
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNATURES = {
    f"{_MORE}{kind}-{digest}" for kind in ("rsa", "ecdsa") for digest in ("sha256", "sha384", "sha512")
} | {f"http://www.w3.org/2007/05/xmldsig-more#{digest}-rsa-MGF1" for digest in ("sha256", "sha384", "sha512")}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
# Nothing but encryption that shows when it was tampered with: CBC and PKCS#1 v1.5 let themselves be asked until they tell.
_CONTENT = {f"{NS['xenc11']}aes{bits}-gcm" for bits in (128, 192, 256)}
_WRAPPED_KEY = {f"{NS['xenc']}rsa-oaep-mgf1p", f"{NS['xenc11']}rsa-oaep"}
# SHA-1 holds here: OAEP does not lean on two texts never sharing a digest, and the older of the two has no other.
_OAEP_DIGESTS = {*_DIGESTS, f"{NS['ds']}sha1"}
_OAEP_MASKS = {f"{NS['xenc11']}mgf1sha{bits}" for bits in (1, 256, 384, 512)}


@dataclass(frozen=True, slots=True)
class Said:
    """What the one assertion says, once its signature holds."""

    id: str
    in_response_to: str
    name_id: NameId
    attributes: dict[str, list[str]]
    ends: dt.datetime


def checked_document(text: str) -> str:
    """The answer as it was sent, when it is XML of the right shape. Refused otherwise; nothing is fetched or expanded."""
    if not text or len(text) > LARGEST:
        raise not_trusted("size")
    try:
        document = base64.b64decode("".join(text.split()), validate=True)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(document, parser)
    except (binascii.Error, etree.XMLSyntaxError, ValueError) as error:
        raise not_trusted("malformed") from error
    if root.getroottree().docinfo.doctype:
        raise not_trusted("document_type")
    _check_encryption(root)
    plain, hidden = _all(root, "//saml:Assertion"), _all(root, "//saml:EncryptedAssertion")
    if len(plain) + len(hidden) != 1:
        raise not_trusted("assertions")
    if hidden:
        _check_common(root)
        if hidden[0].getparent() is not root:
            raise not_trusted("assertions")
        _check_signatures(root, (root,))
    else:
        check_shape(root)
    return base64.b64encode(document).decode()


def check_shape(root: etree._Element) -> etree._Element:
    """The one assertion of an answer (decrypted, if it was encrypted). Refused unless everything stands where it must."""
    _check_common(root)
    found = _all(root, "//saml:Assertion")
    if len(found) != 1 or found[0].getparent() is not root:
        raise not_trusted("assertions")
    if len(_all(found[0], "ds:Signature")) != 1:
        raise not_trusted("unsigned")
    _check_signatures(root, (root, found[0]))
    return found[0]


def read_assertion(
    root: etree._Element, *, audience: str, recipient: str, now: dt.datetime, unsolicited: bool
) -> Said:
    """What the answer's assertion says, its signature having been checked.

    Refused unless it is for us (audience), sent to this address (recipient), valid now, and the answer to a
    question (`unsolicited`: also when it is the answer to none).
    """
    assertion = check_shape(root)
    if root.get("Destination") != recipient:
        raise not_trusted("destination")
    conditions = _only(assertion, "saml:Conditions", "conditions")
    ends = _within(conditions, now)
    audiences = _all(conditions, "saml:AudienceRestriction/saml:Audience")
    if [_text(node) for node in audiences] != [audience]:
        raise not_trusted("audience")
    subject = _only(assertion, "saml:Subject", "subject")
    confirmation = _only(subject, "saml:SubjectConfirmation", "subject")
    data = _only(confirmation, "saml:SubjectConfirmationData", "subject")
    if confirmation.get("Method") != BEARER or data.get("NotBefore") is not None:
        raise not_trusted("subject")
    if data.get("Recipient") != recipient:
        raise not_trusted("recipient")
    until = _time(data, "NotOnOrAfter")
    if until + SKEW <= now:
        raise not_trusted("expired")
    asked = data.get("InResponseTo", "")
    if asked != root.get("InResponseTo", "") or not (asked or unsolicited):
        raise not_trusted("in_response_to")
    name = _only(subject, "saml:NameID", "subject")
    return Said(
        assertion.get("ID", ""),
        asked,
        NameId(_text(name), name.get("Format", "")),
        _attributes(assertion),
        max(ends, until) + SKEW,
    )


def _check_common(root: etree._Element) -> None:
    if root.tag != f"{{{NS['samlp']}}}Response":
        raise not_trusted("malformed")
    # Comments split a text in two for a careless reader; nobody who makes answers needs them.
    if root.xpath("//comment() | //processing-instruction()"):
        raise not_trusted("comment")
    names = [
        str(value)
        for value in root.xpath("//@*[local-name() = 'ID' or local-name() = 'Id' or local-name() = 'id']")
    ]
    if len(names) != len(set(names)):
        raise not_trusted("id_twice")


def _check_signatures(root: etree._Element, places: Iterable[etree._Element]) -> None:
    """Signatures stand only in `places`, one at most in each, over exactly that element, and are strong enough."""
    allowed = list(places)
    seen: list[etree._Element] = []
    for signature in _all(root, "//ds:Signature"):
        parent = signature.getparent()
        if not any(parent is place for place in allowed) or any(parent is place for place in seen):
            raise not_trusted("signature_place")
        seen.append(parent)
        references = _all(signature, ".//ds:Reference")
        if len(references) != 1 or not parent.get("ID") or references[0].get("URI") != f"#{parent.get('ID')}":
            raise not_trusted("signature_place")
        if _all(signature, ".//ds:Object") or _all(signature, ".//ds:Manifest"):
            raise not_trusted("signature_place")
        methods = (
            ("ds:SignedInfo/ds:SignatureMethod", _SIGNATURES),
            ("ds:SignedInfo/ds:CanonicalizationMethod", set(_EXCLUSIVE)),
            (".//ds:DigestMethod", _DIGESTS),
            (".//ds:Transform", _TRANSFORMS),
        )
        for path, strong in methods:
            if any(node.get("Algorithm") not in strong for node in _all(signature, path)):
                raise not_trusted("signature_method")


def _check_encryption(root: etree._Element) -> None:
    """What is encrypted is so in a way that holds, and carries its own text instead of telling where to fetch it."""
    if _all(root, "//xenc:CipherReference | //ds:RetrievalMethod[not(starts-with(@URI, '#'))]"):
        raise not_trusted("malformed")
    for kind, strong in (("EncryptedData", _CONTENT), ("EncryptedKey", _WRAPPED_KEY)):
        for node in _all(root, f"//xenc:{kind}"):
            method = _only(node, "xenc:EncryptionMethod", "encryption_method")
            parts = (
                ([method], strong),
                (_all(method, "ds:DigestMethod"), _OAEP_DIGESTS),
                (_all(method, "xenc11:MGF"), _OAEP_MASKS),
            )
            if any(part.get("Algorithm") not in good for found, good in parts for part in found):
                raise not_trusted("encryption_method")


def _within(conditions: etree._Element, now: dt.datetime) -> dt.datetime:
    begins, ends = _time(conditions, "NotBefore"), _time(conditions, "NotOnOrAfter")
    if begins - SKEW > now:
        raise not_trusted("not_yet_valid")
    if ends + SKEW <= now:
        raise not_trusted("expired")
    return ends


def _time(node: etree._Element, name: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(node.get(name, ""))
    except ValueError as error:
        raise not_trusted("conditions") from error
    if moment.tzinfo is None:
        raise not_trusted("conditions")
    return moment


def _attributes(assertion: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in _all(assertion, "saml:AttributeStatement/saml:Attribute"):
        name = attribute.get("Name", "")
        if name in found:
            raise not_trusted("attribute_twice")
        found[name] = [_text(value) for value in _all(attribute, "saml:AttributeValue")]
    return found


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    found: list[etree._Element] = node.xpath(path, namespaces=NS)
    return found


def _only(node: etree._Element, path: str, code: str) -> etree._Element:
    found = _all(node, path)
    if len(found) != 1:
        raise not_trusted(code)
    return found[0]


def _text(node: etree._Element) -> str:
    """The element's own text; it has no children that could hide some of it."""
    if len(node):
        raise not_trusted("malformed")
    return (node.text or "").strip()
