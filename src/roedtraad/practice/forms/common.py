"""What the forms of the record have in common."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict


def with_version(form: forms.Form, version: int) -> None:
    """Let a form that came back carry the version that stands there now, so that saving it again is meant."""
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(version)
    form.data = data
