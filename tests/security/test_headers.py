"""What every answer tells the browser, in every mode; and what a request may carry."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import get_resolver, reverse

from roedtraad.access.roles import Role
from roedtraad.config.origins import trusted_origins
from roedtraad.config.security import ALWAYS, FILE_POLICY, PAGE_POLICY
from roedtraad.exchange.reading import LARGEST
from tests.access.scene import Scene
from tests.factories import PASSWORD

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "src").rglob("templates/**/*.html"))
SCRIPTS = sorted(path for path in (ROOT / "src").rglob("static/**/*.js") if "vendor" not in path.parts)


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_the_policy_lets_nothing_inline_and_nothing_foreign() -> None:
    found = directives(PAGE_POLICY)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == found["connect-src"] == ["'self'"]
    for name in ("base-uri", "frame-ancestors", "object-src"):
        assert found[name] == ["'none'"]
    assert "unsafe" not in PAGE_POLICY
    assert "*" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert directives(FILE_POLICY)["default-src"] == ["'none'"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_inline(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<[^>]*\sstyle=", text), "a style"
    assert not re.search(r"<style\b", text), "a style sheet"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "a script"
    assert not re.search(r"<[^>]*\s(on[a-z]+|hx-on[^=]*)=", text), "a handler"
    assert "javascript:" not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_html_or_code_of_a_text(script: Path) -> None:
    text = script.read_text()
    if script.name == "trusted.js":
        return
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "srcdoc",
    ):
        assert word not in text, word


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "policy"),
    [
        ("/konto/login/", 200, PAGE_POLICY),
        ("/design/", 200, PAGE_POLICY),
        ("/", 302, PAGE_POLICY),
        ("/findes-ikke/", 404, PAGE_POLICY),
        ("/healthz", 200, FILE_POLICY),
        ("/readyz", 200, FILE_POLICY),
        ("/api/v1/openapi.json", 200, FILE_POLICY),
        ("/api/v1/units", 401, FILE_POLICY),
        ("/api/v1/findes-ikke", 404, FILE_POLICY),
    ],
)
def test_each_kind_of_answer_has_them(client: Client, address: str, status: int, policy: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer["Content-Security-Policy"] == policy
    assert {name: answer[name] for name in ALWAYS} == ALWAYS
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_fault_of_ours_has_them_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(get_resolver(), "resolve", broken)
    answer = Client(raise_request_exception=False).get("/konto/login/")
    assert answer.status_code == 500
    assert answer["Content-Security-Policy"] == PAGE_POLICY
    assert {name: answer[name] for name in ALWAYS} == ALWAYS


@pytest.mark.django_db
def test_files_and_pages_of_somebody_signed_in_are_not_kept(client: Client) -> None:
    client.force_login(Scene().user(Role.LEADER))
    for address in ("/", "/kapacitet/", "/kapacitet/udtraek.csv", "/kapacitet/borgere/?vis=alle&format=xlsx"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "no-store" in answer["Cache-Control"], address
        assert "public" not in answer["Cache-Control"], address


@pytest.mark.django_db
def test_logging_out_empties_the_browser(client: Client) -> None:
    client.force_login(Scene().user(Role.LEADER))
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    answer = client.post(reverse("account_logout"))
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.django_db
def test_the_cookies_are_closed(client: Client) -> None:
    user = Scene().user(Role.LEADER)
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    client.post(reverse("portals:language"), {"language": "en"})
    names = {
        django_settings.CSRF_COOKIE_NAME,
        django_settings.SESSION_COOKIE_NAME,
        django_settings.LANGUAGE_COOKIE_NAME,
    }
    assert names <= set(client.cookies)
    for name in names:
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


PRODUCTION = """
import json
from django.conf import settings
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH", "LANGUAGE_COOKIE_PATH",
    "CSRF_TRUSTED_ORIGINS", "DEBUG")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def production(**more: str) -> dict[str, Any]:
    """The settings of production, as a process of its own reads them."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ROEDTRAAD_", "DJANGO_", "DATABASE_"))}
    given = {
        "DJANGO_SETTINGS_MODULE": "roedtraad.config.settings.production",
        "ROEDTRAAD_MODE": "production",
        "ROEDTRAAD_SECRET_KEY": "s" * 60,
        "ROEDTRAAD_FIELD_KEYS": "p1:" + "QUFB" * 10 + "QUE=",
        "ROEDTRAAD_INDEX_KEY": "QkJC" * 10 + "QkI=",
        "ROEDTRAAD_HOSTS": "roedtraad.example,.region.example",
        "DATABASE_URL": "postgresql://app@localhost/roedtraad",
        **more,
    }
    ran = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env={**kept, **given}, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_production_over_https() -> None:
    found = production()
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        # What the prefix asks of a cookie: secure, no domain, the whole site.
        assert found[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{kind}_COOKIE_SECURE"] is True
        assert found[f"{kind}_COOKIE_PATH"] == "/"
    assert found["SESSION_COOKIE_DOMAIN"] is found["CSRF_COOKIE_DOMAIN"] is None
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://roedtraad.example", "https://*.region.example"]
    assert found["DEBUG"] is False


def test_production_behind_a_wall_of_its_own() -> None:
    """Without https no cookie may be called what only https can keep."""
    found = production(ROEDTRAAD_HTTPS="0")
    assert not found["SESSION_COOKIE_NAME"].startswith("__")
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_a_form_from_anywhere_is_not_trusted() -> None:
    assert trusted_origins(["*", "a.dk", ".b.dk"]) == ["https://a.dk", "https://*.b.dk"]


class Counted:
    """A body that notices whether it is read."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        self.read_bytes += max(size, 0)
        return b"a" * max(size, 0)

    readline = read


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "size", "status"),
    [
        ("/kapacitet/borgere/soeg/", 1024 * 1024 + 1, 413),
        ("/findes-ikke/", 10**12, 413),
        ("/udveksling/indlaes/", LARGEST + 1024 * 1024, 413),
        ("/api/v1/units", 10**12, 413),
    ],
)
def test_what_is_too_large_is_refused_unread(client: Client, address: str, size: int, status: int) -> None:
    body = Counted()
    kind = "multipart/form-data; boundary=x"
    answer = client.post(
        address, CONTENT_LENGTH=str(size), content_type=kind, **{"wsgi.input": body}, data=b""
    )
    assert answer.status_code == status
    assert body.read_bytes == 0
    assert "MB" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_with_a_file_of_the_allowed_size_comes_through(client: Client) -> None:
    """As far as the login: it is not the size that is refused."""
    answer = client.post("/udveksling/indlaes/", {"kind": "enheder", "file": "x" * (3 * 1024 * 1024)})
    assert answer.status_code in (302, 400)
