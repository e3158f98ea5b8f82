"""What the settings make of the environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from roedtraad.config import environment

PRODUCTION = {
    "ROEDTRAAD_SECRET_KEY": "s" * 60,
    "ROEDTRAAD_FIELD_KEYS": "p1:" + "QUFB" * 10 + "QUE=",
    "ROEDTRAAD_INDEX_KEY": "QkJC" * 10 + "QkI=",
    "ROEDTRAAD_HOSTS": "roedtraad.example",
    "DATABASE_URL": "postgresql://app@db/roedtraad?sslmode=verify-full",
}


def read_in(mode: str, said: str, **more: str) -> str:
    """What an expression about a mode's settings says, in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ROEDTRAAD_", "DJANGO_", "DATABASE_"))}
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from roedtraad.config.settings import {mode} as settings; print({said})",
        ],
        env=kept | PRODUCTION | more,
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


def required_in(mode: str, said: str | None) -> bool:
    """Is a second factor required in this mode, when the setting says this?"""
    more = {} if said is None else {"ROEDTRAAD_MFA": said}
    return read_in(mode, "settings.SECOND_FACTOR_REQUIRED", **more) == "True"


@pytest.mark.parametrize(("https", "prefixed"), [("1", True), ("0", False)])
def test_over_https_every_cookie_is_kept_for_this_host(https: str, prefixed: bool) -> None:
    named = "[value for name, value in sorted(vars(settings).items()) if name.endswith('_COOKIE_NAME')]"
    names = read_in("production", f"*{named}", ROEDTRAAD_HTTPS=https).split()
    # Without https the session, CSRF and the language keep Django's own names.
    assert len(names) == (6 if prefixed else 3)
    assert all(name.startswith("__Host-") is prefixed for name in names)
    # Messages would have a cookie with a name of its own.
    assert read_in("production", "settings.MESSAGE_STORAGE").endswith(".SessionStorage")


@pytest.mark.parametrize(
    ("mode", "said", "required"),
    [
        ("production", None, True),
        ("production", "required", True),
        ("production", "offered", False),
        ("production", "offerd", True),
        ("demo", None, False),
        ("demo", "required", True),
    ],
)
def test_a_second_factor_is_required_in_production_unless_it_says_otherwise(
    mode: str, said: str | None, required: bool
) -> None:
    assert required_in(mode, said) is required


@pytest.mark.parametrize(
    ("text", "expected"), [("", 30), ("5", 5), (" 60 ", 60), ("4", None), ("en", None), ("-5", None)]
)
def test_a_count_is_a_number_within_its_limits(
    text: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROEDTRAAD_IDLE_MINUTES", text)
    if expected is None:
        with pytest.raises(SystemExit, match=r"ROEDTRAAD_IDLE_MINUTES.*fra 5 til 1440"):
            environment.read_count("ROEDTRAAD_IDLE_MINUTES", 30, 5, 1440)
    else:
        assert environment.read_count("ROEDTRAAD_IDLE_MINUTES", 30, 5, 1440) == expected
