"""The forms of a PIN."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.tablets.rules import LONGEST, SHORTEST

_KEYPAD = {"inputmode": "numeric", "pattern": "[0-9]*"}


def _pin(label: Any, kept: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={**_KEYPAD, "autocomplete": kept})
    return forms.CharField(label=label, max_length=LONGEST, strip=True, widget=widget, **options)


class PinForm(forms.Form):
    """One's PIN at the tablet. A browser that all use is not to remember it."""

    pin = _pin(_("PIN-kode"), "off")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page has nothing else.
        self.fields["pin"].widget.attrs["autofocus"] = True


class OwnPinForm(forms.Form):
    """A PIN of one's own choice."""

    pin = _pin(
        _("Ny PIN-kode"),
        "new-password",
        help_text=_("Fra %(least)d til %(most)d tal. Ikke en dato, og ikke tal på række.")
        % {"least": SHORTEST, "most": LONGEST},
    )
    again = _pin(_("PIN-koden igen"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Typed twice, because it cannot be read while typing."""
        given: dict[str, Any] = super().clean() or {}
        if {"pin", "again"} <= given.keys() and given["pin"] != given["again"]:
            raise ValidationError({"again": _now("De to er ikke ens. Skriv den samme begge steder.")})
        return given
