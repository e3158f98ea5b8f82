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
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/roedtraad?sslmode=verify-full")
    return monkeypatch


def test_a_full_configuration_starts(good: pytest.MonkeyPatch) -> None:
    refuse_unsafe_production()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ROEDTRAAD_SECRET_KEY", "demo-" + "x" * 60, "demoens nøgle"),
        ("ROEDTRAAD_SECRET_KEY", "kort", "for kort"),
        ("ROEDTRAAD_FIELD_KEYS", "demo1:" + "QUFB" * 10 + "QUE=", "demoens nøgle"),
        ("ROEDTRAAD_FIELD_KEYS", "p1:AAAA", "32 byte"),
        ("ROEDTRAAD_FIELD_KEYS", "", "ROEDTRAAD_FIELD_KEYS"),
        ("ROEDTRAAD_INDEX_KEY", "", "ROEDTRAAD_INDEX_KEY"),
        ("ROEDTRAAD_HOSTS", "", "ROEDTRAAD_HOSTS"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://app@db/roedtraad", "DATABASE_URL .*verify-full"),
        ("DATABASE_URL", "postgresql://app@db/roedtraad?sslmode=require", "DATABASE_URL .*verify-full"),
        ("DATABASE_URL", "postgresql:///roedtraad?host=/run/pg,db", "DATABASE_URL .*verify-full"),
        ("DATABASE_URL", "postgresql:///roedtraad?hostaddr=10.0.0.4", "DATABASE_URL .*verify-full"),
        ("DATABASE_URL", "postgresql:///roedtraad?service=et", "DATABASE_URL .*verify-full"),
        ("DATABASE_OWNER_URL", "host=db sslmode=verify-ca", "DATABASE_OWNER_URL .*verify-full"),
        ("ROEDTRAAD_TODAY", "2020-01-01", "ROEDTRAAD_TODAY"),
        ("DEBUG", "1", "DEBUG"),
    ],
)
def test_each_fault_is_named(good: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    good.setenv(name, value)
    with pytest.raises(UnsafeSettings, match=words):
        refuse_unsafe_production()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///roedtraad?host=/run/postgresql",
        "postgresql:///roedtraad",
        "postgresql://app@127.0.0.1:5433/roedtraad",
        "postgresql://app@[::1]/roedtraad",
        "host=localhost dbname=roedtraad",
        "host=db.region.example sslmode=verify-full sslrootcert=/etc/pg/ca.crt",
    ],
)
def test_a_database_on_this_machine_or_with_a_certificate_that_is_checked_is_accepted(
    good: pytest.MonkeyPatch, url: str
) -> None:
    good.delenv("PGHOST", raising=False)
    good.setenv("DATABASE_URL", url)
    refuse_unsafe_production()


def test_a_host_may_also_stand_in_the_environment(good: pytest.MonkeyPatch) -> None:
    good.setenv("DATABASE_URL", "postgresql:///roedtraad")
    good.setenv("PGHOST", "db")
    with pytest.raises(UnsafeSettings, match="verify-full"):
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
