"""Production refuses to start half-configured; the embedded app role owns nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection

from roedtraad.config.checks import refuse_owner_role
from roedtraad.config.keys import UnsafeSettings, refuse_unsafe_production

GOOD = {
    "ROEDTRAAD_SECRET_KEY": "s" * 60,
    "ROEDTRAAD_FIELD_KEYS": "p1:" + "QUFB" * 10 + "QUE=",
    "ROEDTRAAD_INDEX_KEY": "QkJC" * 10 + "QkI=",
    "ROEDTRAAD_HOSTS": "roedtraad.example",
}


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("ROEDTRAAD_") or name in {"DEBUG", "DJANGO_DEBUG"}:
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/roedtraad")
    return monkeypatch


def test_a_full_configuration_starts(good: pytest.MonkeyPatch) -> None:
    refuse_unsafe_production()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ROEDTRAAD_SECRET_KEY", "demo-" + "x" * 60, "demoens nøgle"),
        ("ROEDTRAAD_SECRET_KEY", "kort", "for kort"),
        ("ROEDTRAAD_FIELD_KEYS", "demo1:AAAA", "demoens nøgle"),
        ("ROEDTRAAD_FIELD_KEYS", "", "ROEDTRAAD_FIELD_KEYS"),
        ("ROEDTRAAD_INDEX_KEY", "", "ROEDTRAAD_INDEX_KEY"),
        ("ROEDTRAAD_HOSTS", "", "ROEDTRAAD_HOSTS"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("ROEDTRAAD_TODAY", "2020-01-01", "ROEDTRAAD_TODAY"),
        ("DEBUG", "1", "DEBUG"),
    ],
)
def test_each_fault_is_named(good: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    good.setenv(name, value)
    with pytest.raises(UnsafeSettings, match=words):
        refuse_unsafe_production()


@pytest.mark.django_db
def test_an_owner_role_is_refused() -> None:
    with pytest.raises(UnsafeSettings, match="ejer tabellerne"):
        refuse_owner_role()


@pytest.mark.django_db(transaction=True)
def test_a_role_without_ownership_is_accepted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'roedtraad_app'")
        if cursor.fetchone() is None:
            pytest.skip("the server of DATABASE_URL has no role roedtraad_app to try with")
        cursor.execute("SELECT pg_has_role(current_user, 'roedtraad_app', 'SET')")
        if not cursor.fetchone()[0]:
            pytest.skip("the test role may not become roedtraad_app")
        cursor.execute("SET ROLE roedtraad_app")
        try:
            refuse_owner_role()
        finally:
            cursor.execute("RESET ROLE")


def test_the_production_settings_module_itself_refuses() -> None:
    env = {"PATH": os.environ["PATH"], "ROEDTRAAD_MODE": "production"}
    code = "import roedtraad.config.settings.production"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "starter ikke i produktion" in done.stderr
