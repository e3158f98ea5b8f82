"""What the SAML tests share: asking, answering and looking."""

from __future__ import annotations

import base64
import zlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import get_user
from django.test import Client
from lxml import etree

from roedtraad.accounts.federation.configuration import Federation, Saml
from tests.accounts.federation.idp import Answer, Key, one, sign

LOGIN = "/konto/saml/login/"
ACS = "/konto/saml/acs/"
FINISH = "/konto/saml/acs/finish/"
NAME = "Lis Prøveleder"


def set_up(settings: Any, saml: Saml, **changed: Any) -> None:
    """The same provider with another choice of the operator's."""
    fields = {name: getattr(saml, name) for name in Saml.__dataclass_fields__} | changed
    settings.FEDERATION = Federation(saml=Saml(**fields), roles=settings.FEDERATION.roles)


def user_of(client: Client) -> Any:
    return get_user(client)  # type: ignore[arg-type]  # the client has a session


def asked(client: Client, **query: str) -> str:
    """Go to the identity provider; returns the id of the question."""
    answer = client.get(LOGIN, query)
    assert answer.status_code == 302, answer.content.decode()
    packed = parse_qs(urlsplit(answer["Location"]).query)["SAMLRequest"][0]
    question = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return str(question.get("ID"))


def signed(answer: Answer, key: Key) -> etree._Element:
    root = answer.response()
    sign(one(root, "saml:Assertion"), key)
    return root


def deliver(client: Client, text: str, **more: str) -> Any:
    """Post as a browser does from another site – without the session's cookie – and follow where it is sent."""
    kept = client.cookies.pop("sessionid", None)
    answer = client.post(ACS, {"SAMLResponse": text, **more})
    if kept is not None:
        client.cookies["sessionid"] = kept.value
    if answer.status_code == 302:
        assert answer["Location"] == FINISH
        answer = client.get(FINISH)
    return answer
