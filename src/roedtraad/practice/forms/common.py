"""What the forms of the record have in common."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict

from roedtraad.core.refusal import Refusal


def with_version(form: forms.Form, version: int) -> None:
    """Let a form that came back carry the version that stands there now, so that saving it again is meant."""
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(version)
    form.data = data


def say(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
