"""Attacks on SAML answers: changed after signing, signed by another, and wrapped around what was signed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import xmlsec
from django.test import Client
from lxml import etree

from roedtraad.accounts.federation import services
from roedtraad.accounts.federation.assertions import LARGEST
from roedtraad.accounts.federation.configuration import Saml
from roedtraad.accounts.models import User
from tests.accounts.federation import idp
from tests.accounts.federation.conftest import Refusals
from tests.accounts.federation.idp import NS, Answer, Key, one, posted, sign
from tests.accounts.federation.saml_scene import (
    ACS,
    FINISH,
    NAME,
    asked,
    deliver,
    set_up,
    signed,
    user_of,
)
from tests.accounts.federation.test_rules import UUID

pytestmark = pytest.mark.django_db

Attack = Callable[[etree._Element], etree._Element | bytes | str]


# ---- the signature -------------------------------------------------------------------------------------------


def test_unsigned_and_wrongly_signed_answers_are_refused(
    known: User, key: Key, other_key: Key, client: Client, refusals: Refusals
) -> None:
    def tried(root: etree._Element, code: str) -> None:
        refusals.caplog.clear()
        refusals.check(deliver(client, posted(root)), client, code, never=(UUID, NAME))

    tried(Answer(asked(client), UUID).response(), "unsigned")
    only_around = Answer(asked(client), UUID).response()
    sign(only_around, key)
    tried(only_around, "unsigned")
    tried(signed(Answer(asked(client), UUID), other_key), "saml_invalid_signature")
    weak = Answer(asked(client), UUID).response()
    sign(one(weak, "saml:Assertion"), key, idp.SHA1)
    tried(weak, "signature_method")
    half = Answer(asked(client), UUID).response()
    sign(
        one(half, "saml:Assertion"),
        key,
        (xmlsec.constants.TransformRsaSha256, xmlsec.constants.TransformSha1),
    )
    tried(half, "signature_method")
    both = signed(Answer(asked(client), UUID), key)
    sign(both, other_key)
    tried(both, "saml_invalid_signature")


def set_text(path: str, text: str) -> Attack:
    def attack(root: etree._Element) -> etree._Element:
        one(root, path).text = text
        return root

    return attack


def set_attribute(path: str, name: str, value: str) -> Attack:
    def attack(root: etree._Element) -> etree._Element:
        one(root, path).set(name, value)
        return root

    return attack


def written(old: str, new: str) -> Attack:
    """Change the text of the document, not its tree."""

    def attack(root: etree._Element) -> bytes:
        text = etree.tostring(root).decode()
        assert old in text
        return text.replace(old, new, 1).encode()

    return attack


PERSON = f"//saml:Attribute[@Name='{idp.rules.PERSISTENT_ID}']/saml:AttributeValue"
LEVEL = f"//saml:Attribute[@Name='{idp.rules.LEVEL}']/saml:AttributeValue"

CHANGED: dict[str, tuple[Attack, str]] = {
    "another person": (set_text(PERSON, "urn:uuid:admin"), "saml_invalid_signature"),
    "a higher level": (set_text(LEVEL, "High"), "saml_invalid_signature"),
    "a longer life": (
        set_attribute("//saml:Conditions", "NotOnOrAfter", idp.stamp(86400)),
        "saml_invalid_signature",
    ),
    "another subject": (set_text("//saml:NameID", "admin"), "saml_invalid_signature"),
    "another algorithm named": (
        set_attribute("//ds:SignatureMethod", "Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        "signature_method",
    ),
    "a transform that drops things": (
        set_attribute("(//ds:Transform)[2]", "Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        "signature_method",
    ),
    "an empty reference": (set_attribute("//ds:Reference", "URI", ""), "signature_place"),
    "a comment in the subject": (written("sp-pseudonym-1", "sp-pseudo<!-- x -->nym-1"), "comment"),
    "a comment in the id": (written(UUID, f"{UUID[:20]}<!-- x -->{UUID[20:]}"), "comment"),
    "a processing instruction": (written(UUID, f"{UUID[:20]}<?x y?>{UUID[20:]}"), "comment"),
    "an external entity": (
        lambda root: (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            + etree.tostring(root).replace(b"sp-pseudonym-1", b"&a;")
        ),
        "document_type",
    ),
    "an entity bomb": (
        lambda root: (
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
            + etree.tostring(root).replace(b"sp-pseudonym-1", b"&c;")
        ),
        "document_type",
    ),
    "a document type hidden in utf-16": (
        lambda root: ("<!DOCTYPE x []>" + etree.tostring(root).decode()).encode("utf-16"),
        "document_type",
    ),
    "no base64": (lambda root: "%%%", "malformed"),
    "no xml": (lambda root: b"hej", "malformed"),
    "nothing": (lambda root: "", "size"),
    "far too much": (lambda root: b" " * LARGEST, "size"),
    "another document": (lambda root: one(root, "saml:Assertion"), "malformed"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_changed_after_signing_is_refused(
    name: str, known: User, key: Key, client: Client, refusals: Refusals
) -> None:
    attack, code = CHANGED[name]
    made = attack(signed(Answer(asked(client), UUID), key))
    answer = deliver(client, made if isinstance(made, str) else posted(made))
    refusals.check(answer, client, code, never=(UUID, NAME, "root:x"))


# ---- signature wrapping: the signed thing is there, but something else would be read ---------------------------


def evil_copy(element: etree._Element) -> etree._Element:
    """A copy that says an administrator, with an id of its own and no signature."""
    made = copy.deepcopy(element)
    for signature in made.xpath(".//ds:Signature", namespaces=NS):
        signature.getparent().remove(signature)
    for found in made.xpath(
        f".//saml:Attribute[@Name='{idp.rules.PERSISTENT_ID}']/saml:AttributeValue", namespaces=NS
    ):
        found.text = "urn:uuid:admin"
    for holder in [made, *made.xpath(".//saml:Assertion", namespaces=NS)]:
        holder.set("ID", idp.fresh())
    return made


def xsw1(root: etree._Element) -> etree._Element:
    """The signed answer lies inside the signature of an evil answer."""
    evil, signature = evil_copy(root), copy.deepcopy(one(root, "ds:Signature"))
    original = copy.deepcopy(root)
    original.remove(one(original, "ds:Signature"))
    signature.append(original)
    one(evil, "saml:Issuer").addnext(signature)
    return evil


def xsw2(root: etree._Element) -> etree._Element:
    """The signed answer lies beside its signature in an evil answer."""
    evil, signature = evil_copy(root), copy.deepcopy(one(root, "ds:Signature"))
    original = copy.deepcopy(root)
    original.remove(one(original, "ds:Signature"))
    issuer = one(evil, "saml:Issuer")
    issuer.addnext(original)
    issuer.addnext(signature)
    return evil


def xsw3(root: etree._Element) -> etree._Element:
    """An evil assertion stands before the signed one."""
    original = one(root, "saml:Assertion")
    original.addprevious(evil_copy(original))
    return root


def xsw4(root: etree._Element) -> etree._Element:
    """The signed assertion lies inside an evil one."""
    original = one(root, "saml:Assertion")
    evil = evil_copy(original)
    root.replace(original, evil)
    evil.append(original)
    return root


def xsw5(root: etree._Element) -> etree._Element:
    """The evil assertion carries the signature, and the signed one comes last without it."""
    original = one(root, "saml:Assertion")
    signature = one(original, "ds:Signature")
    evil = evil_copy(original)
    original.remove(signature)
    one(evil, "saml:Issuer").addnext(signature)
    root.replace(original, evil)
    root.append(original)
    return root


def xsw6(root: etree._Element) -> etree._Element:
    """The signed assertion lies in the signature that the evil one carries."""
    original = one(root, "saml:Assertion")
    signature = one(original, "ds:Signature")
    evil = evil_copy(original)
    root.replace(original, evil)
    original.remove(signature)
    signature.append(original)
    one(evil, "saml:Issuer").addnext(signature)
    return root


def xsw7(root: etree._Element) -> etree._Element:
    """An evil assertion lies among extensions, where the schema looks at nothing."""
    extensions = etree.Element(f"{{{NS['samlp']}}}Extensions")
    extensions.append(evil_copy(one(root, "saml:Assertion")))
    one(root, "saml:Issuer").addnext(extensions)
    return root


def xsw8(root: etree._Element) -> etree._Element:
    """The signed assertion lies in an object of the signature, where the schema looks at nothing."""
    original = one(root, "saml:Assertion")
    signature = one(original, "ds:Signature")
    evil = evil_copy(original)
    root.replace(original, evil)
    original.remove(signature)
    etree.SubElement(signature, f"{{{NS['ds']}}}Object").append(original)
    one(evil, "saml:Issuer").addnext(signature)
    return root


def same_id(root: etree._Element) -> etree._Element:
    """An evil assertion with the id that was signed, and the signed one kept where nobody looks."""
    original = one(root, "saml:Assertion")
    evil = evil_copy(original)
    evil.set("ID", original.get("ID"))
    one(evil, "saml:Issuer").addnext(copy.deepcopy(one(original, "ds:Signature")))
    root.replace(original, evil)
    etree.SubElement(one(evil, "ds:Signature"), f"{{{NS['ds']}}}Object").append(original)
    return root


def foreign_signature(root: etree._Element) -> etree._Element:
    """An evil assertion whose signature refers to the signed one, which has become an extension."""
    original = one(root, "saml:Assertion")
    evil = evil_copy(original)
    one(evil, "saml:Issuer").addnext(copy.deepcopy(one(original, "ds:Signature")))
    root.replace(original, evil)
    extensions = etree.Element(f"{{{NS['samlp']}}}Extensions")
    original.remove(one(original, "ds:Signature"))
    renamed = etree.SubElement(extensions, "kept")
    renamed.append(original)
    one(root, "saml:Issuer").addnext(extensions)
    return root


def two_references(root: etree._Element) -> etree._Element:
    """A signature over two things, of which a reader looks at the first."""
    reference = one(root, "//ds:Reference")
    more = copy.deepcopy(reference)
    more.set("URI", f"#{root.get('ID')}")
    reference.addprevious(more)
    return root


WRAPPINGS = [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, same_id, foreign_signature, two_references]
CODES = {"assertions", "unsigned", "signature_place", "id_twice"}


@pytest.mark.parametrize("attack", WRAPPINGS, ids=lambda attack: attack.__name__)
def test_signature_wrapping_is_refused_by_its_shape(
    attack: Attack, known: User, key: Key, client: Client, refusals: Refusals
) -> None:
    """Refused before any signature is looked at: there is one place for each thing, and one of each."""
    services.link(User.objects.create_user("admin"), idp.ENTITY, "urn:uuid:admin", reason="prøve")
    root = signed(Answer(asked(client), UUID), key)
    if attack in (xsw1, xsw2):
        sign(root, key)
    answer = deliver(client, posted(attack(root)))  # type: ignore[arg-type]
    (line,) = [record.msg for record in refusals.caplog.records if record.name == "roedtraad.federation"]
    assert line["why"] in CODES
    refusals.check(answer, client, line["why"], never=(UUID, NAME))


def test_wrapping_inside_an_encrypted_answer_is_refused(
    known: User, key: Key, our_key: Key, saml: Saml, settings: Any, client: Client, refusals: Refusals
) -> None:
    """Anybody can encrypt for us: our key is public."""
    set_up(settings, saml, encrypted=True)
    for attack in (xsw4, xsw6, xsw8):
        root = attack(signed(Answer(asked(client), UUID), key))
        idp.encrypt(root, our_key)
        assert deliver(client, posted(root)).status_code == 403
        assert not user_of(client).is_authenticated
    unsigned = Answer(asked(client), UUID).response()
    idp.encrypt(unsigned, our_key)
    assert deliver(client, posted(unsigned)).status_code == 403


def test_an_encrypted_assertion_beside_a_plain_one_is_refused(
    known: User, key: Key, our_key: Key, client: Client, refusals: Refusals
) -> None:
    root = signed(Answer(asked(client), UUID), key)
    plain = evil_copy(one(root, "saml:Assertion"))
    idp.encrypt(root, our_key)
    root.append(plain)
    refusals.check(deliver(client, posted(root)), client, "assertions", never=(UUID,))


def test_a_get_or_a_foreign_form_gets_nowhere(saml: Saml) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(ACS).status_code == 405
    assert strict.post(ACS, {}).status_code == 403
    assert strict.post(FINISH, {}).status_code == 403
