"""A real OpenID Connect provider in a process of its own, and what every refusal must look like."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth import get_user
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.accounts.federation import services
from roedtraad.accounts.federation.configuration import Federation, Saml
from roedtraad.accounts.federation.mapping import RoleMap, read_roles
from roedtraad.accounts.models import User
from tests import factories as make
from tests.access.scene import Scene
from tests.accounts.federation import idp
from tests.accounts.federation.idp import Key
from tests.accounts.federation.test_rules import FILE, KINDS, UUID


@dataclass(frozen=True)
class Issuer:
    """A running provider."""

    url: str

    def knows(self, sub: str, **claims: Any) -> None:
        """Tell the provider about a person; a claim replaces what the provider would have said itself."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def log_in(self, address: str, sub: str) -> str:
        """What a person does in the provider's window; returns where the browser is sent afterwards."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def say_no(self, address: str) -> str:
        """The person presses »deny«. This provider leaves the state out of a no, where RFC 6749, 4.1.2.1 asks for it."""
        answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        state = parse_qs(urlsplit(address).query)["state"][0]
        return f"{answer.headers['Location']}&state={state}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def running_issuer(*options: str) -> Iterator[Issuer]:
    """`oidc-provider-mock` on a free port of this machine, ended by its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *options],
        env=os.environ | {"NO_COLOR": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            requests.get(f"{url}/.well-known/openid-configuration", timeout=2)
            break
        except requests.RequestException:
            assert process.poll() is None and time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.1)
    yield Issuer(url)
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    yield from running_issuer("--require-nonce")


@pytest.fixture(scope="session")
def late_issuer() -> Iterator[Issuer]:
    """A provider whose tokens have expired before they are given."""
    yield from running_issuer("--token-max-age", "-600")


@pytest.fixture
def roles() -> RoleMap:
    return read_roles(FILE, KINDS)


@dataclass
class Refusals:
    """Looks at how somebody was turned away."""

    caplog: pytest.LogCaptureFixture

    def check(self, answer: Any, client: Client, code: str, *, never: tuple[str, ...] = ()) -> str:
        """A page with a sentence and no session, and one line in the log with the code and nobody's name or id."""
        assert answer.status_code == 403, answer.status_code
        page = str(answer.content.decode())
        assert "ikke logges ind" in page or "ikke logget ind" in page
        assert not get_user(client).is_authenticated  # type: ignore[arg-type]  # the client has a session
        said = [record.msg for record in self.caplog.records if record.name == "roedtraad.federation"]
        assert [line["event"] for line in said] == ["refused"], said
        assert said[0]["why"] == code, said
        everything = self.caplog.text + "".join(str(record.msg) for record in self.caplog.records)
        for word in never:
            assert word not in everything
        return page


@pytest.fixture
def refusals(caplog: pytest.LogCaptureFixture) -> Refusals:
    caplog.set_level("INFO")
    return Refusals(caplog)


@pytest.fixture(scope="session")
def key() -> Key:
    """The identity provider's."""
    return idp.make_key("idp")


@pytest.fixture(scope="session")
def other_key() -> Key:
    """An attacker's."""
    return idp.make_key("idp")


@pytest.fixture(scope="session")
def our_key() -> Key:
    return idp.make_key("roedtraad")


@pytest.fixture
def saml(key: Key, our_key: Key, settings: Any, roles: RoleMap) -> Saml:
    made = Saml(
        entity_id=idp.AUDIENCE,
        idp_entity_id=idp.ENTITY,
        idp_login_url="https://idp.proeve.dk/sso",
        idp_certificates=(key.der,),
        key=our_key.private,
        certificate=our_key.certificate,
        encrypted=False,
    )
    settings.FEDERATION = Federation(saml=made, roles=roles)
    return made


@pytest.fixture
def known(saml: Saml) -> User:
    """A leader whose account is tied to the person of the answers."""
    user = make.user_with(Role.LEADER, Scene().offer, "lis")
    services.link(user, idp.ENTITY, UUID, reason="prøve")
    return user
