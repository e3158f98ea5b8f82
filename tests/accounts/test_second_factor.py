"""The app, recovery codes, and who must have a second factor. Passkeys are made in a real browser (tests/e2e)."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import time
from base64 import b64encode
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from roedtraad.access import services as access
from roedtraad.access.roles import Role
from roedtraad.access.scope import is_staff
from roedtraad.accounts import second_factor
from roedtraad.accounts.models import FactorSecret, SecondFactor, User
from roedtraad.accounts.rules import PATIENCE, Kind
from roedtraad.accounts.tasks import tidy
from roedtraad.core import clock
from tests import factories as make
from tests.access.scene import Scene

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
CODE = "/konto/login/kode/"
SECURITY = "/konto/sikkerhed/"
MINUTE = 60


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def leader(scene: Scene) -> User:
    return make.user_with(Role.LEADER, scene.offer, "lis")


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows, `steps` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_for(secret: str) -> str:
    """Six digits that are none of the codes around now."""
    taken = {code_of(secret, steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in taken)


@pytest.fixture
def secret(leader: User) -> str:
    """The leader's app has this secret."""
    made = generate_totp_secret()
    TOTP.activate(leader, made)
    return made


def first_step(client: Client, **more: str) -> Any:
    return client.post(LOGIN, {"login": "lis", "password": make.PASSWORD, **more})


def logged(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """What the log says about logging in."""
    return [record.msg for record in caplog.records if record.name == "roedtraad.login"]


def logged_in(client: Client) -> bool:
    return bool(get_user(client).is_authenticated)


def test_the_password_alone_opens_nothing_once_there_is_an_app(
    leader: User, secret: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert first_step(client, next="/kapacitet/")["Location"] == CODE
    assert not logged_in(client)
    assert client.get("/kapacitet/")["Location"].startswith(LOGIN)
    assert "Skriv koden fra din app" in client.get(CODE).content.decode()
    wrong = client.post(CODE, {"code": wrong_for(secret)})
    assert "Koden passer ikke" in wrong.content.decode()
    caplog.set_level("INFO", "roedtraad.login")
    caplog.clear()
    entered = client.post(CODE, {"code": code_of(secret)})
    assert entered["Location"] == "/kapacitet/"
    assert logged_in(client)
    (line,) = logged(caplog)
    assert (line["event"], line["user"]) == ("logged_in", leader.pk)
    assert line["methods"] == ["password", "totp"]


def test_a_code_counts_once_also_at_another_server(leader: User, secret: str) -> None:
    one, other = Client(), Client()
    first_step(one)
    first_step(other)
    code = code_of(secret)
    assert one.post(CODE, {"code": code}).status_code == 302
    # allauth remembers used codes in the process; ours stand in the database.
    from django.core.cache import cache

    cache.clear()
    assert "Koden passer ikke" in other.post(CODE, {"code": code}).content.decode()
    assert not logged_in(other)
    # Nor does one that is older than the one used.
    assert "Koden passer ikke" in other.post(CODE, {"code": code_of(secret, -1)}).content.decode()
    assert other.post(CODE, {"code": code_of(secret, 1)}).status_code == 302


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_wrong(
    steps: int, fits: bool, leader: User, secret: str, client: Client
) -> None:
    first_step(client)
    assert (client.post(CODE, {"code": code_of(secret, steps)}).status_code == 302) is fits


def test_a_recovery_code_counts_once(leader: User, secret: str, client: Client) -> None:
    code, other, *_rest = RecoveryCodes.activate(leader).get_unused_codes()
    first_step(client)
    assert client.post(CODE, {"code": f"{code[:5]} {code[5:]}"}).status_code == 302
    again = Client()
    first_step(again)
    assert "Koden passer ikke" in again.post(CODE, {"code": code}).content.decode()
    assert again.post(CODE, {"code": other}).status_code == 302
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 8


def test_guessing_codes_waits_longer_and_longer(leader: User, secret: str, client: Client) -> None:
    first_step(client)
    free = PATIENCE[Kind.CODE].free
    for _n in range(free):
        assert "Koden passer ikke" in client.post(CODE, {"code": wrong_for(secret)}).content.decode()
    waiting = client.post(CODE, {"code": code_of(secret)}).content.decode()
    assert "Vent 30 sekunder" in waiting
    assert not logged_in(client)
    # A new session of the guesser is no new set of tries.
    again = Client()
    first_step(again)
    assert "Vent 30 sekunder" in again.post(CODE, {"code": code_of(secret)}).content.decode()
    with clock.fixed(clock.running() + dt.timedelta(seconds=30)):
        assert again.post(CODE, {"code": code_of(secret)}).status_code == 302


def test_one_can_begin_again_as_another(leader: User, secret: str, client: Client) -> None:
    first_step(client)
    assert client.get(LOGIN)["Location"] == CODE
    client.post("/konto/logout/")
    assert client.get(LOGIN).status_code == 200


def test_adding_an_app_shows_codes_once_and_uses_up_its_first_code(leader: User, client: Client) -> None:
    first_step(client)
    page = client.get(reverse("mfa_activate_totp"))
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())
    assert shown
    made = shown.group(1).replace(" ", "")
    picture = client.get(reverse("mfa_app_picture"))
    assert picture["Content-Type"] == "image/svg+xml; charset=utf-8" and b"<path" in picture.content
    for answer in (page, picture):
        assert "no-store" in answer["Cache-Control"]
    refused = client.post(reverse("mfa_activate_totp"), {"code": wrong_for(made)})
    assert "Koden passer ikke" in refused.content.decode()
    code = code_of(made)
    assert client.post(reverse("mfa_activate_totp"), {"code": code})["Location"] == reverse(
        "mfa_view_recovery_codes"
    )
    codes = re.findall(r"<code>(\d{5} \d{5})</code>", client.get("/konto/sikkerhed/koder/").content.decode())
    assert len(set(codes)) == 10
    again = client.get("/konto/sikkerhed/koder/").content.decode()
    assert not re.findall(r"<code>", again) and "Du har 10 koder tilbage" in again
    own = client.get(SECURITY).content.decode()
    assert "Fjern appen" in own and "Du har 10 koder tilbage" in own
    other = Client()
    first_step(other)
    assert "Koden passer ikke" in other.post(CODE, {"code": code}).content.decode()
    assert other.post(CODE, {"code": codes[0]}).status_code == 302


def test_secrets_are_encrypted_at_rest_and_stay_out_of_the_history(leader: User, secret: str) -> None:
    codes = RecoveryCodes.activate(leader).get_unused_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM mfa_authenticator a")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(a::text, ' ') FROM accounts_secondfactorevent a")
        history = cursor.fetchone()[0]
    assert secret not in kept + history
    assert "seed" in kept and "seed" not in history
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(position(%s::bytea IN secret) > 0) FROM accounts_factorsecret", [secret.encode()]
        )
        assert cursor.fetchone()[0] is False
    assert not any(code in kept + history for code in codes)


def test_the_field_keys_can_be_changed_under_a_second_factor(
    leader: User, secret: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roedtraad.config.keyring.columns import encrypted_columns
    from roedtraad.config.keyring.rotation import rotate
    from roedtraad.core.encrypted import reset_keys

    (column,) = (column for column in encrypted_columns() if column.table == "accounts_factorsecret")
    old = os.environ["ROEDTRAAD_FIELD_KEYS"]
    new = "ny:" + b64encode(secrets.token_bytes(32)).decode()
    try:
        monkeypatch.setenv("ROEDTRAAD_FIELD_KEYS", f"{new},{old}")
        reset_keys()
        assert rotate(column).moved == 1
        monkeypatch.setenv("ROEDTRAAD_FIELD_KEYS", new)
        reset_keys()
        first_step(client)
        assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    finally:
        monkeypatch.setenv("ROEDTRAAD_FIELD_KEYS", old)
        reset_keys()


def test_the_secret_of_a_removed_app_is_deleted(leader: User, secret: str) -> None:
    other = make.user_with(Role.COUNCIL, make.unit("andet"), "ole")
    TOTP.activate(other, generate_totp_secret())
    RecoveryCodes.activate(other)
    access.reset_second_factor(leader, reset_by=None, reason="telefonen er væk")
    assert FactorSecret.objects.count() == 3
    tidy(timestamp=0)
    assert FactorSecret.objects.count() == 3
    with clock.fixed(clock.running() + dt.timedelta(hours=2)):
        tidy(timestamp=0)
    assert FactorSecret.objects.count() == 2
    assert all(
        factor.wrap() and second_factor.use_code(other, "x") is None
        for factor in Authenticator.objects.filter(user=other)
    )


def test_adding_and_removing_stand_in_the_history(leader: User, secret: str) -> None:
    access.reset_second_factor(leader, reset_by=None, reason="telefonen er væk")
    events = SecondFactor.pgh_event_model.objects.filter(user_id=leader.pk).order_by("pgh_id")
    assert [(event.type, event.pgh_label) for event in events] == [("totp", "insert"), ("totp", "delete")]
    assert events.last().pgh_context.metadata["reason"] == "telefonen er væk"


def test_changing_anything_asks_again_after_five_minutes(
    leader: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_step(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    later = time.time() + 6 * MINUTE
    monkeypatch.setattr(time, "time", lambda: later)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        asked = client.get(reverse(name))
        assert asked["Location"].startswith("/konto/bekraeft/?next="), name
    page = client.get(asked["Location"]).content.decode()
    assert "Bekræft, at det er dig" in page
    wrong = client.post(asked["Location"], {"password": "forkert"})
    assert "Det er ikke din adgangskode" in wrong.content.decode()
    before = client.session.session_key
    right = client.post("/konto/bekraeft/", {"password": make.PASSWORD, "next": reverse("mfa_activate_totp")})
    assert right["Location"] == reverse("mfa_activate_totp")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_with_an_app_the_password_is_not_enough_to_change_anything(
    leader: User, secret: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_step(client)
    client.post(CODE, {"code": code_of(secret)})
    later = time.time() + 6 * MINUTE
    monkeypatch.setattr(time, "time", lambda: later)
    remove = reverse("mfa_deactivate_totp")
    assert client.get(remove)["Location"].startswith("/konto/bekraeft/kode/")
    assert client.get("/konto/bekraeft/")["Location"].startswith("/konto/bekraeft/kode/")
    client.post("/konto/bekraeft/", {"password": make.PASSWORD, "next": remove})
    assert client.get(remove).status_code == 302
    before = client.session.session_key
    assert (
        client.post("/konto/bekraeft/kode/", {"code": code_of(secret), "next": remove})["Location"] == remove
    )
    assert "Fjern appen" in client.get(remove).content.decode()
    assert client.session.session_key != before and logged_in(client)
    assert not Session.objects.filter(session_key=before).exists()


def test_removing_an_app_logs_out_everywhere_else(leader: User, secret: str) -> None:
    here, there = Client(), Client()
    for n, client in enumerate((there, here)):
        first_step(client)
        assert client.post(CODE, {"code": code_of(secret, n)}).status_code == 302
    assert here.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert logged_in(here) and not logged_in(there)
    assert not Authenticator.objects.exists()
    assert first_step(Client())["Location"] == reverse("home")


def test_log_out_everywhere_else_and_forget_a_device(leader: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        first_step(client)
    page = here.get(SECURITY).content.decode()
    assert page.count('aria-label="Glem: ') == 2
    here.post(reverse("account_end_sessions"))
    assert logged_in(here) and not logged_in(there)
    first_step(there)
    (other,) = (
        device for device in leader.known_devices.all() if device.last_seen and device.device != _of(here)
    )
    stranger = Client()
    make.user_with(Role.COUNCIL, make.unit("andet"), "ole")
    stranger.post(LOGIN, {"login": "ole", "password": make.PASSWORD})
    assert stranger.post(reverse("account_forget_device", args=[other.pk])).status_code == 404
    assert here.post(reverse("account_forget_device", args=[other.pk])).status_code == 302
    assert leader.known_devices.count() == 1 and not logged_in(there)


def _of(client: Client) -> str:
    from django.test import RequestFactory

    from roedtraad.accounts import devices

    name = settings.DEVICE_COOKIE_NAME
    request = RequestFactory().get("/")
    request.COOKIES[name] = client.cookies[name].value
    return devices.device_of(request)


@pytest.mark.parametrize("role", list(Role))
def test_staff_must_set_up_a_second_factor_before_anything_else(
    role: Role, scene: Scene, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    user = scene.user(role)
    client.force_login(user)
    answer = client.get("/?x=1")
    assert is_staff(user) is (role not in {Role.CITIZEN, Role.RELATIVE})
    if is_staff(user):
        assert answer["Location"] == f"{reverse('account_second_factor')}?next=%2F%3Fx%3D1"
        fragment = client.get("/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == f"{reverse('account_second_factor')}?next=%2F"
        sent = client.post(reverse("portals:switch-role"), {"role": role.value})
        assert sent["Location"] == f"{reverse('account_second_factor')}?next=%2F"
        assert client.post("/konto/logout/").status_code == 302
    else:
        assert answer.status_code == 200


def test_after_the_set_up_one_goes_where_one_was_going(leader: User, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    going = first_step(client, next="/kapacitet/")
    step = client.get(going["Location"])
    page = client.get(step["Location"]).content.decode()
    assert "Gør dit login sikkert" in page
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', client.get("/konto/sikkerhed/app/").content.decode())
    assert shown
    client.post("/konto/sikkerhed/app/", {"code": code_of(shown.group(1).replace(" ", ""))})
    codes = client.get("/konto/sikkerhed/koder/").content.decode()
    assert 'href="/kapacitet/"' in codes
    assert client.get("/kapacitet/").status_code == 200
    # Removing the last one brings the step back.
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/kapacitet/")["Location"].startswith(reverse("account_second_factor"))


def test_where_a_set_up_leads_is_never_elsewhere(leader: User, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    first_step(client)
    client.get(f"{reverse('account_second_factor')}?next=https://ondt.dk/")
    assert client.session["going_after_setup"] == "/"


def test_an_offered_second_factor_is_no_condition(leader: User, client: Client) -> None:
    assert first_step(client)["Location"] == reverse("home")
    assert client.get("/").status_code == 200


def test_the_pages_cost_little(
    leader: User, secret: str, client: Client, django_assert_max_num_queries: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    RecoveryCodes.activate(leader)
    first_step(client)
    # Half of it is the library's own care for the session; it is paid once a day.
    with django_assert_max_num_queries(36):
        client.post(CODE, {"code": code_of(secret)})
    with django_assert_max_num_queries(10):
        assert client.get(SECURITY).status_code == 200
    client.get("/kapacitet/")
    asked = "mfa_authenticator"
    with django_assert_max_num_queries(15) as queries:
        assert client.get("/kapacitet/").status_code == 200
    assert not any(asked in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "7",
        '"tekst"',
        "{}",
        '{"response": null}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        json.dumps(
            {
                "id": "AA",
                "rawId": "AA",
                "type": "public-key",
                "response": {
                    "clientDataJSON": "e30",
                    "authenticatorData": "AA",
                    "signature": "AA",
                    "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
                },
                "clientExtensionResults": {},
            }
        ),
    ],
)
def test_a_passkey_that_is_nonsense_is_refused_in_words(
    credential: str, leader: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "roedtraad.login")
    page = client.post("/konto/login/noegle/", {"credential": credential, "next": "/kapacitet/"})
    (line,) = logged(caplog)
    assert (line["event"], line["kind"], line["user"]) == ("login_failed", "passkey", None)
    assert page["Location"] == "/konto/login/?next=%2Fkapacitet%2F"
    assert not logged_in(client)
    # The library keeps its question in the session, so there is one to answer.
    client.get("/konto/login/noegle/", headers={"Accept": "application/json"})
    assert client.post("/konto/login/noegle/", {"credential": credential}).status_code == 302
    first_step(client)
    client.get(reverse("mfa_add_webauthn"))
    added = client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "x"})
    assert added.status_code == 200 and "error-summary" in added.content.decode()
    assert not Authenticator.objects.exists()


def test_a_passkey_of_someone_else_cannot_be_touched(leader: User, client: Client) -> None:
    other = make.user_with(Role.COUNCIL, make.unit("andet"), "ole")
    key = WebAuthn.add(other, "Oles", {"id": "AA"}).instance
    first_step(client)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
        assert client.post(reverse(name, args=[key.pk]), {"name": "min"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Oles"


def test_the_terminal_and_the_administrator_can_take_lost_factors_away(
    leader: User, secret: str, client: Client
) -> None:
    first_step(client)
    client.post(CODE, {"code": code_of(secret)})
    assert logged_in(client)
    assert access.reset_second_factor(leader, reset_by=None, reason="telefonen er væk") == 1
    assert not logged_in(client)
    with pytest.raises(ValueError, match="ingen anden faktor"):
        access.reset_second_factor(leader, reset_by=None, reason="igen")


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "accounts", check=True, dry_run=True, verbosity=0)
