"""How the operator sets an identity provider up, and what half a set-up says."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from roedtraad.accounts.federation.configuration import Federation, Oidc
from roedtraad.accounts.federation.models import LinkedIdentity
from roedtraad.accounts.federation.rules import Level
from roedtraad.accounts.models import User
from roedtraad.config.cli import users as users_command
from roedtraad.config.federation import read_federation, refuse_open_connection
from roedtraad.config.keys import UnsafeSettings
from tests.accounts.federation.idp import ENTITY, make_key
from tests.accounts.federation.test_rules import FILE
from tests.config.test_cli import run

METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{certificate}
</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.proeve.dk/sso"/>
</IDPSSODescriptor></EntityDescriptor>"""
OIDC = {
    "ROEDTRAAD_OIDC_ISSUER": "https://login.proeve.dk",
    "ROEDTRAAD_OIDC_CLIENT_ID": "roedtraad",
    "ROEDTRAAD_OIDC_CLIENT_SECRET": "hemmelig",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ROEDTRAAD_OIDC", "ROEDTRAAD_SAML", "ROEDTRAAD_FEDERATION")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def saml(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("saml")
    key = make_key("roedtraad")
    for name, text in (
        ("idp.xml", METADATA.format(entity=ENTITY, certificate=make_key("idp").der)),
        ("key.pem", key.private),
        ("cert.pem", key.certificate),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return {
        "ROEDTRAAD_SAML_ENTITY_ID": "https://roedtraad.proeve.dk/saml",
        "ROEDTRAAD_SAML_IDP_METADATA": str(folder / "idp.xml"),
        "ROEDTRAAD_SAML_KEY_FILE": str(folder / "key.pem"),
        "ROEDTRAAD_SAML_CERT_FILE": str(folder / "cert.pem"),
    }


def setting(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_is_nothing_set_up() -> None:
    assert read_federation() == Federation()
    assert not read_federation().issuers


def test_a_full_set_up_is_read(monkeypatch: pytest.MonkeyPatch, saml: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "roller.toml").write_text(FILE)
    setting(monkeypatch, OIDC | saml)
    setting(
        monkeypatch,
        {
            "ROEDTRAAD_FEDERATION_LEVEL": "High",
            "ROEDTRAAD_FEDERATION_CREATE": "1",
            "ROEDTRAAD_FEDERATION_ROLES": str(tmp_path / "roller.toml"),
            "ROEDTRAAD_OIDC_CLAIMS": "id=oid, level = nsis_loa",
        },
    )
    made = read_federation()
    assert made.issuers == {"oidc": "https://login.proeve.dk", "saml": ENTITY}
    assert (made.least, made.create, len(made.roles.rules)) == (Level.HIGH, True, 3)
    assert made.oidc is not None and (made.oidc.names.id, made.oidc.names.level, made.oidc.names.cvr) == (
        "oid",
        "nsis_loa",
        "cvr",
    )
    assert made.saml is not None and made.saml.encrypted and not made.saml.idp_initiated
    assert made.saml.idp_login_url == "https://idp.proeve.dk/sso" and len(made.saml.idp_certificates) == 1
    assert "hemmelig" not in repr(made) and "PRIVATE" not in repr(made)
    refuse_open_connection(made)


def test_the_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("fra filen\n")
    path.chmod(0o600)
    setting(monkeypatch, OIDC | {"ROEDTRAAD_OIDC_CLIENT_SECRET_FILE": str(path)})
    made = read_federation().oidc
    assert made is not None and made.client_secret == "fra filen"
    path.chmod(0o644)
    with pytest.raises(UnsafeSettings, match="0600"):
        read_federation()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ROEDTRAAD_OIDC_ISSUER": ""}, "ROEDTRAAD_OIDC_ISSUER"),
        ({"ROEDTRAAD_OIDC_ISSUER": "http://login.proeve.dk"}, "https-adresse"),
        ({"ROEDTRAAD_OIDC_ISSUER": "file:///etc/passwd"}, "https-adresse"),
        ({"ROEDTRAAD_OIDC_CLIENT_ID": ""}, "ROEDTRAAD_OIDC_CLIENT_ID mangler"),
        ({"ROEDTRAAD_OIDC_CLIENT_SECRET": ""}, "ROEDTRAAD_OIDC_CLIENT_SECRET"),
        ({"ROEDTRAAD_OIDC_CLAIMS": "konge=x"}, "»konge=x« er ikke navn=claim"),
        ({"ROEDTRAAD_FEDERATION_LEVEL": "low"}, "Vælg substantial eller high"),
        ({"ROEDTRAAD_FEDERATION_ROLES": "/findes/ikke"}, "findes ikke eller kan ikke læses"),
        ({"ROEDTRAAD_SAML_ENTITY_ID": "x"}, "ROEDTRAAD_SAML_KEY_FILE mangler"),
    ],
)
def test_half_a_set_up_is_refused_and_named(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], words: str
) -> None:
    setting(monkeypatch, OIDC | changed)
    with pytest.raises(UnsafeSettings, match=words):
        read_federation()


def test_a_file_that_is_something_else_is_refused(
    monkeypatch: pytest.MonkeyPatch, saml: dict[str, str], tmp_path: Path
) -> None:
    wrong = tmp_path / "forkert"
    wrong.write_text("[[grant]]\nprivilege = 'p'")
    setting(
        monkeypatch,
        saml | {"ROEDTRAAD_SAML_IDP_METADATA": str(wrong), "ROEDTRAAD_FEDERATION_ROLES": str(wrong)},
    )
    with pytest.raises(UnsafeSettings) as refusal:
        read_federation()
    assert "er ikke en identitetsudbyders metadata" in str(refusal.value)
    assert "ROEDTRAAD_FEDERATION_ROLES: grant nr. 1: kender ikke rollen" in str(refusal.value)


def test_production_asks_for_https_also_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, OIDC | {"ROEDTRAAD_OIDC_ISSUER": "http://127.0.0.1:9400"})
    with pytest.raises(UnsafeSettings, match="https:// i produktion"):
        refuse_open_connection(read_federation())


@pytest.mark.django_db
def test_an_account_is_tied_from_the_terminal(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    @contextlib.contextmanager
    def here(quiet: bool = True) -> Iterator[str]:
        yield "test"

    monkeypatch.setattr(users_command, "house", here)
    User.objects.create_user("lis")
    assert run("user", "link", "lis", "uuid-1")[0] != 0
    settings.FEDERATION = Federation(oidc=Oidc("https://login.proeve.dk", "roedtraad", "x"))  # type: ignore[attr-defined]
    assert run("user", "link", "lis", "uuid-1") == (0, "lis kan nu logge ind med regionens login.\n")
    assert run("user", "link", "lis", "uuid-1")[0] != 0
    assert run("user", "link", "ingen", "uuid-2")[0] != 0
    assert run("user", "link", "lis", "uuid-2", "--via", "saml")[0] != 0
    tied = LinkedIdentity.objects.get()
    assert (tied.user.username, tied.provider, tied.uid) == ("lis", "https://login.proeve.dk", "uuid-1")
    (event,) = LinkedIdentity.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["reason"] == "fra kommandolinjen"
