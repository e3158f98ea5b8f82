"""Login by SAML with answers signed by a real key: the ways in, once only, and what an answer must say."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import zlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import xmlsec
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from roedtraad.accounts.federation.assertions import checked_document
from roedtraad.accounts.federation.configuration import Saml
from roedtraad.accounts.federation.models import UsedAssertion
from roedtraad.accounts.federation.refused import Refused
from roedtraad.accounts.models import User
from tests.accounts.federation import idp
from tests.accounts.federation.conftest import Refusals
from tests.accounts.federation.idp import NS, Answer, Key, one, posted, sign
from tests.accounts.federation.saml_scene import (
    ACS,
    FINISH,
    LOGIN,
    NAME,
    asked,
    deliver,
    set_up,
    signed,
    user_of,
)
from tests.accounts.federation.test_rules import GROUP, LIST, REGION, UUID, encoded

pytestmark = pytest.mark.django_db


# ---- in ------------------------------------------------------------------------------------------------------


def test_a_known_person_gets_in_and_on_to_the_page(known: User, key: Key, client: Client) -> None:
    root = signed(Answer(asked(client, next="/kapacitet/"), UUID), key)
    answer = deliver(client, posted(root), RelayState="https://ondt.dk/")
    assert (answer.status_code, answer["Location"]) == (302, "/kapacitet/")
    assert user_of(client) == known


def test_the_answer_itself_may_be_signed_as_well(known: User, key: Key, client: Client) -> None:
    root = signed(Answer(asked(client), UUID), key)
    sign(root, key)
    assert deliver(client, posted(root)).status_code == 302
    assert user_of(client) == known


def test_an_encrypted_answer_is_opened_with_our_key(
    known: User, key: Key, our_key: Key, saml: Saml, settings: Any, client: Client
) -> None:
    set_up(settings, saml, encrypted=True)
    root = signed(Answer(asked(client), UUID), key)
    idp.encrypt(root, our_key)
    assert b"Assertion ID" not in etree.tostring(root)
    assert deliver(client, posted(root)).status_code == 302
    assert user_of(client) == known


def test_a_weak_encryption_is_refused_before_it_is_opened(
    known: User, key: Key, our_key: Key, saml: Saml, settings: Any, client: Client, refusals: Refusals
) -> None:
    """CBC and PKCS#1 v1.5 can be asked, answer by answer, what is inside; our key must not be the one who tells."""
    for encrypted in (True, False):
        set_up(settings, saml, encrypted=encrypted)
        for how in (
            (xmlsec.constants.TransformAes256Cbc, xmlsec.constants.TransformRsaOaep),
            (xmlsec.constants.TransformAes256Gcm, xmlsec.constants.TransformRsaPkcs1),
        ):
            root = signed(Answer(asked(client), UUID), key)
            idp.encrypt(root, our_key, how)
            refusals.caplog.clear()
            refusals.check(deliver(client, posted(root)), client, "encryption_method", never=(UUID, NAME))


XMLENC, XMLENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
DIGEST = "{http://www.w3.org/2000/09/xmldsig#}DigestMethod"


@pytest.mark.parametrize(
    ("content", "wrapped", "more", "good"),
    [
        (f"{XMLENC11}aes128-gcm", f"{XMLENC}rsa-oaep-mgf1p", {}, True),
        (f"{XMLENC11}aes192-gcm", f"{XMLENC11}rsa-oaep", {}, True),
        (f"{XMLENC11}aes256-gcm", f"{XMLENC11}rsa-oaep", {DIGEST: f"{XMLENC}sha256"}, True),
        (
            f"{XMLENC11}aes256-gcm",
            f"{XMLENC11}rsa-oaep",
            {f"{{{XMLENC11}}}MGF": f"{XMLENC11}mgf1sha256"},
            True,
        ),
        (f"{XMLENC11}aes256-gcm", f"{XMLENC11}rsa-oaep", {f"{{{XMLENC11}}}MGF": "urn:none"}, False),
        (f"{XMLENC11}aes256-gcm", f"{XMLENC11}rsa-oaep", {DIGEST: f"{XMLENC}ripemd160"}, False),
        (f"{XMLENC11}aes256-gcm", f"{XMLENC}rsa-1_5", {}, False),
        (f"{XMLENC11}aes256-gcm", f"{XMLENC}kw-aes256", {}, False),
        (f"{XMLENC}tripledes-cbc", f"{XMLENC11}rsa-oaep", {}, False),
        (f"{XMLENC}aes128-cbc", f"{XMLENC11}rsa-oaep", {}, False),
        (f"{XMLENC11}aes256-gcm", None, {}, False),
    ],
)
def test_which_encryptions_hold(
    content: str, wrapped: str | None, more: dict[str, str], good: bool, key: Key, our_key: Key
) -> None:
    root = signed(Answer("_x", UUID), key)
    idp.encrypt(root, our_key)
    outer, inner = root.iter(f"{{{XMLENC}}}EncryptionMethod")
    outer.set("Algorithm", content)
    if wrapped is None:
        inner.getparent().remove(inner)
    else:
        inner.set("Algorithm", wrapped)
        for found in list(inner):
            inner.remove(found)
        for name, algorithm in more.items():
            etree.SubElement(inner, name).set("Algorithm", algorithm)
    if good:
        assert checked_document(posted(root))
    else:
        with pytest.raises(Refused) as refused:
            checked_document(posted(root))
        assert refused.value.code == "encryption_method"


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        (f"{{{XMLENC}}}CipherReference", "https://ondt.dk/"),
        ("{http://www.w3.org/2000/09/xmldsig#}RetrievalMethod", "file:///etc/passwd"),
    ],
)
def test_an_encrypted_answer_sends_us_nowhere(name: str, attribute: str, key: Key, our_key: Key) -> None:
    root = signed(Answer("_x", UUID), key)
    idp.encrypt(root, our_key)
    etree.SubElement(root.find(f".//{{{XMLENC}}}CipherData"), name).set("URI", attribute)
    with pytest.raises(Refused) as refused:
        checked_document(posted(root))
    assert refused.value.code == "malformed"


def test_while_the_provider_changes_its_key_both_are_good(
    known: User, key: Key, other_key: Key, saml: Saml, settings: Any, client: Client
) -> None:
    set_up(settings, saml, idp_certificates=(other_key.der, key.der))
    deliver(client, posted(signed(Answer(asked(client), UUID), key)))
    assert user_of(client) == known


def test_privileges_become_access_and_nothing_personal_is_kept(known: User, key: Key, client: Client) -> None:
    text = encoded(
        LIST.format(
            GROUP.format(
                cvr=REGION,
                constraint='<Constraint Name="urn:dk:rt:enhed">birkehuset</Constraint>',
                name="urn:dk:rt:leder",
            )
        )
    )
    deliver(client, posted(signed(Answer(asked(client), UUID, privileges=text), key)))
    assert user_of(client) == known
    assert [grant.unit.key for grant in known.grants.order_by("pk")] == ["elmehuset", "birkehuset"]
    assert known.socialaccount_set.get().extra_data == {}
    for session in Session.objects.all():
        assert NAME not in str(session.get_decoded())


def test_the_question_is_signed_and_asks_for_the_level(saml: Saml, our_key: Key, client: Client) -> None:
    address = client.get(LOGIN)["Location"]
    query = urlsplit(address).query
    given = parse_qs(query)
    question = etree.fromstring(zlib.decompress(base64.b64decode(given["SAMLRequest"][0]), -15))
    assert (
        one(question, "//saml:AuthnContextClassRef").text
        == "https://data.gov.dk/concept/core/nsis/loa/Substantial"
    )
    assert question.get("AssertionConsumerServiceURL") == f"http://testserver{ACS}"
    assert given["SigAlg"] == ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]
    assert given["RelayState"] == ["roedtraad"]
    assert OneLogin_Saml2_Utils.validate_binary_sign(
        "&".join(part for part in query.split("&") if not part.startswith("Signature=")).encode(),
        base64.b64decode(given["Signature"][0]),
        our_key.certificate,
        given["SigAlg"][0],
    )


def test_the_metadata_says_who_we_are(saml: Saml, our_key: Key, client: Client) -> None:
    answer = client.get("/konto/saml/metadata/")
    assert answer["Content-Type"] == "application/samlmetadata+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.get("entityID") == idp.AUDIENCE
    assert our_key.der in "".join(answer.content.decode().split())
    assert b"PRIVATE" not in answer.content
    spoken = answer.content.decode()
    assert 'WantAssertionsSigned="true"' in spoken and 'AuthnRequestsSigned="true"' in spoken
    assert "https://data.gov.dk/model/core/eid/privilegesIntermediate" in spoken


def test_a_login_that_begins_at_the_provider_is_let_in_only_where_the_operator_wants_it(
    known: User, key: Key, saml: Saml, settings: Any, client: Client, refusals: Refusals
) -> None:
    refusals.check(
        deliver(client, posted(signed(Answer("", UUID), key))), client, "in_response_to", never=(UUID,)
    )
    set_up(settings, saml, idp_initiated=True)
    answer = deliver(client, posted(signed(Answer("", UUID), key)), RelayState="https://ondt.dk/")
    assert answer["Location"] == reverse("home")
    assert user_of(client) == known


# ---- once ----------------------------------------------------------------------------------------------------


def test_an_answer_counts_once(known: User, key: Key, client: Client, refusals: Refusals) -> None:
    text = posted(signed(Answer(asked(client), UUID), key))
    deliver(client, text)
    client.post("/konto/logout/")
    refusals.caplog.clear()
    refusals.check(deliver(client, text), client, "replay", never=(UUID, NAME))
    # What counts is the assertion, not the paper around it: the same assertion in another answer is used up too.
    again = etree.fromstring(base64.b64decode(text))
    again.set("ID", idp.fresh())
    refusals.caplog.clear()
    refusals.check(deliver(client, posted(again)), client, "replay", never=(UUID, NAME))


def test_used_answers_are_forgotten_when_they_would_have_expired_anyway(
    known: User, key: Key, client: Client
) -> None:
    now = dt.datetime.now(dt.UTC)
    UsedAssertion.objects.create(digest=b"gammel", expires_at=now - dt.timedelta(seconds=1))
    deliver(client, posted(signed(Answer(asked(client), UUID, ends=300), key)))
    kept = UsedAssertion.objects.get()
    assert len(bytes(kept.digest)) == 32
    assert dt.timedelta(minutes=7) < kept.expires_at - now < dt.timedelta(minutes=9)


def test_an_answer_to_another_browser_s_question_is_refused(
    known: User, key: Key, client: Client, refusals: Refusals
) -> None:
    """Otherwise an attacker could log a victim in as the attacker, and read what the victim then writes."""
    text = posted(signed(Answer(asked(Client()), UUID), key))
    asked(client)
    refusals.check(deliver(client, text), client, "in_response_to", never=(UUID,))


@pytest.mark.parametrize("name", ["saml-acs-session", "__Host-saml"])
def test_what_waits_is_for_the_browser_it_came_with_and_once(
    name: str, known: User, key: Key, client: Client, refusals: Refusals, settings: Any
) -> None:
    settings.SAML_COOKIE_NAME = name
    answer = client.post(ACS, {"SAMLResponse": posted(signed(Answer(asked(client), UUID), key))})
    cookie = answer.cookies[settings.SAML_COOKIE_NAME]
    assert cookie["httponly"] and cookie["path"] == "/" and not cookie["domain"]
    other = Client()
    refusals.check(other.get(FINISH), other, "nothing_waiting")
    assert client.get(FINISH).status_code == 302
    client.post("/konto/logout/")
    client.cookies[settings.SAML_COOKIE_NAME] = cookie.value
    refusals.caplog.clear()
    refusals.check(client.get(FINISH), client, "nothing_waiting")


def test_nothing_is_kept_of_an_answer_that_does_not_hold(saml: Saml, other_key: Key, client: Client) -> None:
    for _n in range(3):
        assert (
            Client().post(ACS, {"SAMLResponse": posted(signed(Answer("_x", UUID), other_key))}).status_code
            == 403
        )
    assert not UsedAssertion.objects.exists() and not Session.objects.exists()


# ---- what it says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"audience": "https://en-anden.dk/saml"}, "saml_wrong_audience"),
        ({"recipient": "https://en-anden.dk/acs/"}, "saml_wrong_subjectconfirmation"),
        ({"recipient": f"https://ondt.dk/?x={idp.ACS}"}, "recipient"),
        ({"destination": "https://en-anden.dk/acs/"}, "saml_wrong_destination"),
        ({"destination": f"{idp.ACS}mere/"}, "destination"),
        ({"issuer": "https://ondt.dk/saml"}, "saml_wrong_issuer"),
        ({"begins": -7200, "ends": -3600}, "saml_assertion_expired"),
        ({"begins": -600, "ends": -240}, "saml_wrong_subjectconfirmation"),
        ({"begins": 3600, "ends": 7200}, "saml_assertion_too_early"),
        ({"begins": 240, "ends": 600}, "not_yet_valid"),
        ({"confirmed_in_response_to": "_en-anden"}, "saml_wrong_subjectconfirmation"),
        ({"confirmed_in_response_to": ""}, "in_response_to"),
        ({"level": "Low"}, "level_low"),
        ({"level": None}, "level_missing"),
        ({"persistent_id": "urn:uuid:en-anden"}, "unknown_person"),
        ({"privileges": "PD94"}, "privileges_unreadable"),
    ],
)
def test_a_well_signed_answer_must_be_for_us_now_and_sure_enough(
    known: User, key: Key, client: Client, refusals: Refusals, changed: dict[str, Any], code: str
) -> None:
    root = signed(Answer(asked(client), UUID).but(**changed), key)
    refusals.check(deliver(client, posted(root)), client, code, never=(UUID, NAME, "en-anden"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("//saml:Conditions", None),
        ("//saml:AudienceRestriction", "audience"),
        ("//saml:SubjectConfirmation", None),
        ("//saml:SubjectConfirmationData/@NotOnOrAfter", "conditions"),
        ("//saml:SubjectConfirmationData/@Recipient", "recipient"),
        ("//saml:Conditions/@NotBefore", "conditions"),
        ("//saml:Conditions/@NotOnOrAfter", "conditions"),
        ("//saml:NameID", None),
        ("//saml:AuthnStatement", None),
        ("//saml:AttributeStatement", None),
        ("/samlp:Response/@Destination", "destination"),
    ],
)
def test_what_is_left_out_does_not_count_as_said(
    known: User, key: Key, client: Client, refusals: Refusals, path: str, code: str | None
) -> None:
    """The standard lets much be left out; an answer that is for anybody, for ever, is not for us."""
    root = Answer(asked(client), UUID).response()
    (found,) = root.xpath(path, namespaces=NS)
    if isinstance(found, etree._Element):
        found.getparent().remove(found)
    else:
        del found.getparent().attrib[path.rpartition("@")[2]]
    sign(one(root, "saml:Assertion"), key)
    answer = deliver(client, posted(root))
    assert answer.status_code == 403 and not user_of(client).is_authenticated
    if code:
        refusals.check(answer, client, code, never=(UUID, NAME))


def test_two_audiences_or_an_attribute_said_twice_are_refused(
    known: User, key: Key, client: Client, refusals: Refusals
) -> None:
    root = Answer(asked(client), UUID).response()
    audience = one(root, "//saml:Audience")
    more = copy.deepcopy(audience)
    more.text = "https://en-anden.dk/saml"
    audience.addnext(more)
    sign(one(root, "saml:Assertion"), key)
    refusals.check(deliver(client, posted(root)), client, "audience", never=(UUID,))
    root = Answer(asked(client), UUID).response()
    attribute = root.xpath("//saml:Attribute", namespaces=NS)[1]
    attribute.addnext(copy.deepcopy(attribute))
    sign(one(root, "saml:Assertion"), key)
    refusals.caplog.clear()
    refusals.check(deliver(client, posted(root)), client, "attribute_twice", never=(UUID,))


def test_plain_text_is_refused_where_encryption_is_asked_for(
    known: User, key: Key, other_key: Key, saml: Saml, settings: Any, client: Client, refusals: Refusals
) -> None:
    set_up(settings, saml, encrypted=True)
    root = signed(Answer(asked(client), UUID), key)
    refusals.check(deliver(client, posted(root)), client, "saml_no_encrypted_assertion", never=(UUID, NAME))
    root = signed(Answer(asked(client), UUID), key)
    idp.encrypt(root, other_key)
    assert deliver(client, posted(root)).status_code == 403
    assert not user_of(client).is_authenticated
