"""All nightly checks, gathered from the apps: each is a named query that must return no rows."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from roedtraad.config.keyring.check import KeysFit
from roedtraad.core.checks import Check


def all_checks() -> list[Check | KeysFit]:
    """Whether the keys fit, then every app's `checks.CHECKS`, in the order of the floors.

    ValueError if two share a name.
    """
    found: list[Check | KeysFit] = [KeysFit()]
    for config in apps.get_app_configs():
        if (
            config.name.startswith("roedtraad.")
            and config.module
            and module_has_submodule(config.module, "checks")
        ):
            found += import_module(f"{config.name}.checks").CHECKS
    names = [check.name for check in found]
    if len(names) != len(set(names)):
        raise ValueError("two checks share a name")
    return found
