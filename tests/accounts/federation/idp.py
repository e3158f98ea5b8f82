"""An OIOSAML 3 identity provider for the tests: makes answers, signs them with a real key, encrypts them for us."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from roedtraad.accounts.federation import rules

ENTITY = "https://idp.prøve.dk/saml".replace("ø", "oe")
AUDIENCE = "https://roedtraad.proeve.dk/saml"
ACS = "http://testserver/konto/saml/acs/"
SHA1 = (xmlsec.constants.TransformRsaSha1, xmlsec.constants.TransformSha1)
SHA256 = (xmlsec.constants.TransformRsaSha256, xmlsec.constants.TransformSha256)
NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


@dataclass(frozen=True)
class Key:
    """A private key and its self-made certificate, both PEM."""

    private: str
    certificate: str

    @property
    def der(self) -> str:
        """The certificate as metadata carries it."""
        return "".join(self.certificate.split("-----")[2].split())


def make_key(name: str) -> Key:
    private = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .sign(private, hashes.SHA256())
    )
    return Key(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        made.public_bytes(serialization.Encoding.PEM).decode(),
    )


def stamp(seconds: int) -> str:
    """So many seconds from now, as SAML writes a time."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Answer:
    """What an answer says; every field can be said wrongly."""

    in_response_to: str
    persistent_id: str
    level: str | None = "Substantial"
    cvr: str = "29190925"
    name: str = "Lis Prøveleder"
    privileges: str = ""
    name_id: str = "sp-pseudonym-1"
    audience: str = AUDIENCE
    recipient: str = ACS
    destination: str = ACS
    issuer: str = ENTITY
    begins: int = -30
    ends: int = 300
    confirmed_in_response_to: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def attributes(self) -> str:
        said = {
            rules.SPEC_VERSION: "OIO-SAML-3.0",
            rules.LEVEL: self.level,
            rules.FULL_NAME: self.name,
            rules.PERSISTENT_ID: self.persistent_id,
            rules.CVR: self.cvr,
            rules.PRIVILEGES: self.privileges,
            **self.extra,
        }
        return "".join(
            f'<saml:Attribute Name="{name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">'
            f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue></saml:Attribute>"
            for name, value in said.items()
            if value
        )

    def assertion(self, identifier: str) -> str:
        confirmed = (
            self.in_response_to if self.confirmed_in_response_to is None else self.confirmed_in_response_to
        )
        asked = f' InResponseTo="{confirmed}"' if confirmed else ""
        return (
            f'<saml:Assertion xmlns:saml="{NS["saml"]}" ID="{identifier}" Version="2.0" IssueInstant="{stamp(0)}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{rules.PERSISTENT_FORMAT}">{self.name_id}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{stamp(self.ends)}" Recipient="{self.recipient}"{asked}/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{stamp(self.begins)}" NotOnOrAfter="{stamp(self.ends)}">'
            f"<saml:AudienceRestriction><saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction>"
            "</saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{stamp(-10)}" SessionIndex="s1"><saml:AuthnContext>'
            f"<saml:AuthnContextClassRef>{rules.LEVEL}/{self.level or 'Low'}</saml:AuthnContextClassRef>"
            "</saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{self.attributes()}</saml:AttributeStatement></saml:Assertion>"
        )

    def response(self) -> etree._Element:
        """The whole answer, not signed yet."""
        asked = f' InResponseTo="{self.in_response_to}"' if self.in_response_to else ""
        text = (
            f'<samlp:Response xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="{fresh()}" Version="2.0" '
            f'IssueInstant="{stamp(0)}" Destination="{self.destination}"{asked}>'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f"{self.assertion(fresh())}</samlp:Response>"
        )
        return etree.fromstring(text)

    def but(self, **changed: Any) -> Answer:
        return replace(self, **changed)


def fresh() -> str:
    return f"_{secrets.token_hex(16)}"


def one(root: etree._Element, path: str) -> etree._Element:
    """The element that is there once."""
    (found,) = root.xpath(path, namespaces=NS)
    return found


def sign(element: etree._Element, key: Key, how: tuple[Any, Any] = SHA256) -> None:
    """Put a signature into the element, after its issuer, over all of it."""
    method, digest = how
    signature = xmlsec.template.create(element, xmlsec.constants.TransformExclC14N, method, ns="ds")
    issuer = element.find(f"{{{NS['saml']}}}Issuer")
    issuer.addnext(signature)
    reference = xmlsec.template.add_reference(signature, digest, uri=f"#{element.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.tree.add_ids(element.getroottree().getroot(), ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(key.certificate, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


GCM_OAEP = (xmlsec.constants.TransformAes256Gcm, xmlsec.constants.TransformRsaOaep)


def encrypt(root: etree._Element, key: Key, how: tuple[Any, Any] = GCM_OAEP) -> None:
    """Replace the assertion by one that only the holder of the key can read (AES-256-GCM under RSA-OAEP)."""
    content, wrap = how
    assertion = one(root, "saml:Assertion")
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(key.certificate, xmlsec.constants.KeyDataFormatCertPem))
    holder = etree.SubElement(root, f"{{{NS['saml']}}}EncryptedAssertion")
    data = xmlsec.template.encrypted_data_create(
        root, content, type=xmlsec.constants.TypeEncElement, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    wrapped = xmlsec.template.add_encrypted_key(info, wrap)
    xmlsec.template.encrypted_data_ensure_cipher_value(wrapped)
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(xmlsec.constants.KeyDataAes, 256, xmlsec.constants.KeyDataTypeSession)
    holder.append(context.encrypt_xml(data, assertion))


def posted(root: etree._Element | bytes) -> str:
    """The answer as a browser posts it."""
    text = root if isinstance(root, bytes) else etree.tostring(root)
    return base64.b64encode(text).decode()
