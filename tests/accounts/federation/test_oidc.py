"""Login by OIDC against a real provider process: the ways in, and everything that is turned away."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from roedtraad.access.roles import Role
from roedtraad.access.scope import roles_of
from roedtraad.accounts.federation import services
from roedtraad.accounts.federation.adapter import ElsewhereError, ProviderSession
from roedtraad.accounts.federation.configuration import Federation, Oidc, origin_of
from roedtraad.accounts.federation.mapping import RoleMap
from roedtraad.accounts.federation.refused import Refused
from roedtraad.accounts.federation.tokens import read_id_token
from roedtraad.accounts.models import User
from tests import factories as make
from tests.access.scene import Scene
from tests.accounts.federation.conftest import Issuer, Refusals
from tests.accounts.federation.test_rules import REGION

pytestmark = pytest.mark.django_db
LOGIN = "/konto/oidc/login/"
SUBJECT = "323e4567-e89b-12d3-a456-426655440000"
NAME = "Lis Prøveleder"


@pytest.fixture
def oidc(issuer: Issuer, settings: Any, roles: RoleMap) -> Issuer:
    """The house with this provider, and a person the provider is sure enough of."""
    settings.FEDERATION = Federation(oidc=Oidc(issuer.url, "roedtraad", "hemmelig"), roles=roles)
    issuer.knows(SUBJECT, acr="Substantial", name=NAME, cvr=REGION)
    return issuer


@pytest.fixture
def leader(oidc: Issuer) -> User:
    """A leader whose account is tied to the person."""
    user = make.user_with(Role.LEADER, Scene().offer, "lis")
    services.link(user, oidc.url, SUBJECT, reason="prøve")
    return user


def local(address: str) -> str:
    """The part of an address that the test client takes."""
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"


def come_back(client: Client, issuer: Issuer, sub: str = SUBJECT, **query: str) -> Any:
    """Off to the provider, log in there, and back again."""
    off = client.get(LOGIN, query)
    assert off.status_code == 302, off.content.decode()
    return client.get(local(issuer.log_in(off["Location"], sub)))


def user_of(client: Client) -> Any:
    return get_user(client)  # type: ignore[arg-type]  # the client has a session


def test_without_a_provider_there_is_no_button_and_no_way(client: Client) -> None:
    assert "regionens login" not in client.get("/konto/login/").content.decode()
    for name in (
        "openid_connect_login",
        "openid_connect_callback",
        "saml_login",
        "saml_finish_acs",
        "saml_metadata",
    ):
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("saml_acs"), {"SAMLResponse": "x"}).status_code == 404


def test_the_login_page_offers_it_and_keeps_where_one_was_going(oidc: Issuer, client: Client) -> None:
    page = client.get("/konto/login/?next=/kapacitet/").content.decode()
    assert "Log ind med regionens login" in page
    assert f'href="{LOGIN}?next=%2Fkapacitet%2F"' in page


def test_the_question_carries_pkce_a_state_a_nonce_and_the_level(oidc: Issuer, client: Client) -> None:
    asked = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert len(asked["nonce"][0]) >= 40 and len(asked["state"][0]) >= 43
    assert asked["acr_values"] == ["https://data.gov.dk/concept/core/nsis/loa/Substantial"]
    assert asked["response_type"] == ["code"]
    assert set(asked["scope"][0].split()) == {"openid", "profile"}
    # What a link adds to the address is not passed on.
    pushed = parse_qs(
        urlsplit(client.get(LOGIN, {"auth_params": "prompt=none", "scope": "x"})["Location"]).query
    )
    assert "prompt" not in pushed and "x" not in pushed["scope"][0].split()


def test_a_known_person_gets_in_and_on_to_the_page(leader: User, oidc: Issuer, client: Client) -> None:
    answer = come_back(client, oidc, next="/kapacitet/")
    assert (answer.status_code, answer["Location"]) == (302, "/kapacitet/")
    assert user_of(client) == leader
    assert roles_of(leader) == [Role.LEADER]


@pytest.mark.parametrize("wanted", ["https://ondt.dk/", "//ondt.dk/", "javascript:alert(1)", "/\\ondt.dk"])
def test_it_leads_nowhere_else(leader: User, oidc: Issuer, client: Client, wanted: str) -> None:
    assert come_back(client, oidc, next=wanted)["Location"] == reverse("home")


def test_nobody_is_known_by_name_or_address(oidc: Issuer, client: Client, refusals: Refusals) -> None:
    """The id alone ties a person to an account: it can only be given by the provider."""
    User.objects.create_user("lis", email="lis@example.dk", full_name=NAME, password=make.PASSWORD)
    oidc.knows(
        "en-anden",
        acr="High",
        name=NAME,
        email="lis@example.dk",
        email_verified=True,
        preferred_username="lis",
    )
    page = refusals.check(
        come_back(client, oidc, "en-anden"), client, "unknown_person", never=("en-anden", NAME)
    )
    assert "Bed din administrator om at knytte det til din konto" in page and "en-anden" in page


def test_another_provider_with_the_same_id_is_another_person(
    leader: User, oidc: Issuer, late_issuer: Issuer, client: Client, refusals: Refusals, settings: Any
) -> None:
    services.link(User.objects.create_user("per"), late_issuer.url, SUBJECT, reason="prøve")
    come_back(client, oidc)
    assert user_of(client) == leader


def test_an_unknown_person_gets_an_account_when_the_operator_wants_it(
    oidc: Issuer, client: Client, settings: Any
) -> None:
    Scene()
    settings.FEDERATION = Federation(
        oidc=settings.FEDERATION.oidc, roles=settings.FEDERATION.roles, create=True
    )
    oidc.knows("ny-1", acr="High", name=NAME, cvr=REGION, privileges=["urn:dk:rt:strateg"])
    come_back(client, oidc, "ny-1")
    made = user_of(client)
    assert made.full_name == NAME and not made.has_usable_password()
    assert "ny-1" not in made.username
    come_back(Client(), oidc, "ny-1")
    assert User.objects.filter(full_name=NAME).count() == 1


def test_a_closed_account_is_closed(leader: User, oidc: Issuer, client: Client, refusals: Refusals) -> None:
    leader.is_active = False
    leader.save()
    page = refusals.check(come_back(client, oidc), client, "closed", never=(SUBJECT,))
    assert "Din konto er lukket" in page


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"acr": "Low"}, "level_low"),
        ({"acr": "urn:ukendt"}, "level_unknown"),
        ({}, "level_missing"),
        ({"acr": "Substantial", "aud": "en-anden-klient"}, "audience"),
        ({"acr": "Substantial", "aud": ["roedtraad", "en-anden"]}, "audience"),
        ({"acr": "Substantial", "azp": "en-anden-klient"}, "audience"),
        ({"acr": "Substantial", "iss": "https://ondt.dk"}, "issuer"),
        ({"acr": "Substantial", "nonce": "en-andens"}, "nonce"),
        ({"acr": "Substantial", "exp": 1}, "token_expired"),
        ({"acr": "Substantial", "nbf": 99999999999}, "token_not_yet_valid"),
        ({"acr": "Substantial", "iat": "i går"}, "token"),
        ({"acr": "Substantial", "privileges": "PD94"}, "privileges_unreadable"),
        ({"acr": "Substantial", "cvr": "12"}, "cvr_malformed"),
    ],
)
def test_what_the_provider_says_must_hold(
    leader: User, oidc: Issuer, client: Client, refusals: Refusals, claims: dict[str, Any], code: str
) -> None:
    oidc.knows(SUBJECT, name=NAME, **claims)
    refusals.check(come_back(client, oidc), client, code, never=(SUBJECT, NAME))


def test_a_token_that_had_expired_when_it_was_given_is_refused(
    late_issuer: Issuer, client: Client, refusals: Refusals, settings: Any
) -> None:
    settings.FEDERATION = Federation(oidc=Oidc(late_issuer.url, "roedtraad", "hemmelig"))
    late_issuer.knows(SUBJECT, acr="High")
    refusals.check(come_back(client, late_issuer), client, "token_expired", never=(SUBJECT,))


def test_a_citizen_gets_in_with_any_level_a_level_there_must_be(oidc: Issuer, client: Client) -> None:
    services.link(make.user_with(Role.CITIZEN, Scene().ane, "ane"), oidc.url, "ane-1", reason="prøve")
    oidc.knows("ane-1", acr="Low")
    come_back(client, oidc, "ane-1")
    assert user_of(client).username == "ane"
    oidc.knows("ane-1")
    stranger = Client()
    assert come_back(stranger, oidc, "ane-1").status_code == 403
    assert not user_of(stranger).is_authenticated


def test_a_citizen_who_is_also_staff_needs_the_level_of_staff(
    oidc: Issuer, client: Client, refusals: Refusals
) -> None:
    scene = Scene()
    user = make.user_with(Role.RELATIVE, scene.ane, "begge")
    other = make.user_with(Role.LEADER, scene.offer)
    other.grants.update(user=user)
    services.link(user, oidc.url, "begge-1", reason="prøve")
    oidc.knows("begge-1", acr="Low")
    refusals.check(come_back(client, oidc, "begge-1"), client, "level_low", never=("begge-1",))


@pytest.mark.parametrize("how", ["wrong", "missing", "used", "another's"])
def test_an_answer_to_no_question_of_this_browser_is_refused(
    how: str, leader: User, oidc: Issuer, client: Client, refusals: Refusals
) -> None:
    back = local(oidc.log_in(client.get(LOGIN)["Location"], SUBJECT))
    if how == "wrong":
        back = back.replace("state=", "state=x")
    elif how == "missing":
        back = "&".join(part for part in back.split("&") if "state=" not in part)
    elif how == "used":
        client.get(back)
        client.post("/konto/logout/")
    browser = Client() if how == "another's" else client
    refusals.caplog.clear()
    refusals.check(browser.get(back), browser, "state", never=(SUBJECT,))


def test_a_code_of_another_browser_is_no_use(
    leader: User, oidc: Issuer, client: Client, refusals: Refusals
) -> None:
    """PKCE: the code belongs to the challenge that the first browser sent."""
    stolen = parse_qs(urlsplit(oidc.log_in(Client().get(LOGIN)["Location"], SUBJECT)).query)["code"][0]
    mine = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(reverse("openid_connect_callback"), {"code": stolen, "state": mine})
    # The provider of the suite does not look at PKCE; the nonce of the other browser tells it as well.
    refusals.check(answer, client, "nonce", never=(SUBJECT,))


def test_the_verifier_is_sent_with_the_code(
    leader: User, oidc: Issuer, client: Client, monkeypatch: Any
) -> None:
    sent: list[Any] = []
    real = ProviderSession.request

    def listening(self: ProviderSession, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        sent.append((url, kwargs.get("data")))
        return real(self, method, url, *args, **kwargs)

    monkeypatch.setattr(ProviderSession, "request", listening)
    come_back(client, oidc)
    token_calls = [data for url, data in sent if url.endswith("/token")]
    assert len(token_calls) == 1 and len(token_calls[0]["code_verifier"]) == 128
    assert all(origin_of(url) == origin_of(oidc.url) for url, _data in sent)


def test_a_code_that_was_never_given_is_refused(oidc: Issuer, client: Client, refusals: Refusals) -> None:
    state = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(reverse("openid_connect_callback"), {"code": "gættet", "state": state})
    refusals.check(answer, client, "provider_error", never=("gættet",))


def test_saying_no_at_the_provider_is_no_fault(oidc: Issuer, client: Client, refusals: Refusals) -> None:
    back = client.get(local(oidc.say_no(client.get(LOGIN)["Location"])))
    assert "Du afbrød login" in refusals.check(back, client, "cancelled")


def test_a_provider_that_does_not_answer_is_said_in_words(
    client: Client, refusals: Refusals, settings: Any
) -> None:
    settings.FEDERATION = Federation(oidc=Oidc("http://127.0.0.1:9", "roedtraad", "hemmelig"))
    page = refusals.check(client.get(LOGIN), client, "provider_unreachable")
    assert "svarer ikke lige nu" in page


def test_a_description_that_is_another_provider_s_is_refused(
    issuer: Issuer, client: Client, refusals: Refusals, settings: Any
) -> None:
    """`localhost` answers with the same description, whose issuer it then is not."""
    settings.FEDERATION = Federation(oidc=Oidc(f"{issuer.url}/", "roedtraad", "hemmelig"))
    refusals.check(client.get(LOGIN), client, "discovery_issuer")


def test_calls_go_to_the_provider_and_nowhere_else() -> None:
    session = ProviderSession(("https", "login.example"))
    for address in (
        "https://login.example.ondt.dk/",
        "http://login.example/",
        "https://login.example:444/",
        "https://login.example@ondt.dk/",
    ):
        with pytest.raises(ElsewhereError):
            session.get(address)


def test_being_logged_in_as_another_ends_that(leader: User, oidc: Issuer, client: Client) -> None:
    client.force_login(User.objects.create_user("per"))
    before = client.session.session_key
    come_back(client, oidc)
    assert user_of(client) == leader
    assert client.session.session_key != before


# ---- the signature, which the provider of the suite always makes well -------------------------------------------

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)


def jwk(key: Any, kid: str = "a") -> dict[str, Any]:
    return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


def token(key: Any, algorithm: str = "RS256", kid: str | None = "a", **changed: Any) -> str:
    now = int(time.time())
    claims = {"iss": "i", "aud": "c", "sub": "s", "nonce": "n", "iat": now, "exp": now + 60} | changed
    return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid else None)


def read(text: str, *keys: dict[str, Any]) -> dict[str, Any]:
    return read_id_token(text, {"keys": list(keys)}, issuer="i", client_id="c", nonce="n")


def test_a_token_of_the_provider_s_key_is_read() -> None:
    assert read(token(KEY), jwk(OTHER, "b"), jwk(KEY))["sub"] == "s"
    assert read(token(KEY, kid=None), jwk(KEY))["sub"] == "s"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (token(OTHER), [jwk(KEY)]),
        (token(KEY, kid="ukendt"), [jwk(KEY)]),
        (token(KEY, kid=None), [jwk(KEY), jwk(OTHER, "b")]),
        (token(KEY), []),
        (token("", "none"), [jwk(KEY)]),
        (token("hemmelig" * 8, "HS256"), [{"kty": "oct", "k": "aGVtbWVsaWc", "kid": "a"}]),
        (token(KEY)[:-4] + "AAAA", [jwk(KEY)]),
        (token(KEY, nonce=""), [jwk(KEY)]),
        (token(KEY, nonce=7), [jwk(KEY)]),
        (token(KEY, exp=None), [jwk(KEY)]),
        ("ikke.et.token", [jwk(KEY)]),
        ("", [jwk(KEY)]),
    ],
)
def test_any_other_token_is_refused(text: str, keys: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused):
        read(text, *keys)


def test_without_a_nonce_of_our_own_no_token_is_good_enough() -> None:
    with pytest.raises(Refused):
        read_id_token(token(KEY, nonce=""), {"keys": [jwk(KEY)]}, issuer="i", client_id="c", nonce="")
