"""What is typed about a citizen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.rules import NewCitizen

UNREADABLE_DATE = _("Datoen kan ikke læses. Skriv den som DD.MM.ÅÅÅÅ.")


def day_field(label: Any, *, required: bool = True, missing: Any = "", hint: Any = "") -> forms.DateField:
    """A day, with the browser's own calendar where it has one."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": missing or _("Skriv en dato."), "invalid": UNREADABLE_DATE},
    )


class NewCitizenFields(forms.Form):
    """The fields of a citizen who is written for the first time, as part of a larger form."""

    use_required_attribute = False

    first_name = forms.CharField(
        label=_("Fornavn"), max_length=80, error_messages={"required": _("Skriv borgerens fornavn.")}
    )
    last_name = forms.CharField(
        label=_("Efternavn"), max_length=80, error_messages={"required": _("Skriv borgerens efternavn.")}
    )
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        error_messages={"required": _("Skriv borgerens CPR-nummer.")},
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "DDMMÅÅ-XXXX"}
        ),
    )
    address = forms.CharField(label=_("Adresse"), required=False, max_length=200)
    address_protected = forms.BooleanField(label=_("Adressen er beskyttet"), required=False)

    def new_citizen(self) -> NewCitizen:
        """What was typed, for the service."""
        data = self.cleaned_data
        return NewCitizen(
            data["first_name"], data["last_name"], data["cpr"], data["address"], data["address_protected"]
        )
