"""Which settings module a process uses."""

import os

from roedtraad.config import environment

MODES = ("demo", "production", "test")


def choose_settings() -> str:
    """Point Django at the mode's settings; returns the mode. SystemExit with a sentence on an unknown one."""
    mode = environment.read("ROEDTRAAD_MODE", "demo")
    if mode not in MODES:
        raise SystemExit(f"ROEDTRAAD_MODE er »{mode}«. Vælg demo, production eller test.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"roedtraad.config.settings.{mode}")
    return mode


def settings_of_this_mode() -> None:
    """Read the mode's settings without starting Django: the demo then says where its keys lie."""
    choose_settings()
    from django.conf import settings

    getattr(settings, "MODE")  # noqa: B009  asking for one reads them all
