"""Fields the shift's forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

UNREADABLE_MOMENT = _("Tidspunktet kan ikke læses. Skriv det som DD.MM.ÅÅÅÅ TT.MM.")
UNREADABLE_DAY = _("Datoen kan ikke læses. Skriv den som DD.MM.ÅÅÅÅ.")
UNREADABLE_TIME = _("Klokkeslættet kan ikke læses. Skriv det som 14.30.")
MOMENT_FORMATS = ["%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def moment_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateTimeField:
    """A day and a time, with the browser's own way of choosing where it has one."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"required": _("Skriv et tidspunkt."), "invalid": UNREADABLE_MOMENT},
    )


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Skriv en dato."), "invalid": UNREADABLE_DAY},
    )


def time_field(label: Any, *, required: bool = True) -> forms.TimeField:
    """A time of day."""
    return forms.TimeField(
        label=label,
        required=required,
        input_formats=["%H.%M", "%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("Skriv et klokkeslæt."), "invalid": UNREADABLE_TIME},
    )


def line_field(
    label: Any, most: int, *, required: bool = False, hint: Any = "", **said: Any
) -> forms.CharField:
    """A short text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=hint,
        error_messages={
            "required": said.get("missing", _("Skriv noget her.")),
            "max_length": _("Teksten må højst have %(limit_value)d tegn."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def own_key() -> forms.UUIDField:
    """The number the form or the phone gives the row, so that sent twice it is one."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput)
