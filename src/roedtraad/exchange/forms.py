"""The two forms of the page: a file in, and a file out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.exchange.formats import FORMATS


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(
        label=_("Hvad er der i filen?"), choices=[(f.kind, f.words) for f in FORMATS.values()]
    )
    file = forms.FileField(
        label=_("Fil"),
        help_text=_("CSV eller Excel (.xlsx), højst 50 MB. Du ser, hvad der sker, før noget indlæses."),
        allow_empty_file=True,
        max_length=1000,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt", "class": "form-input"}),
    )


class ExportForm(forms.Form):
    """What to fetch, as what, and as of when."""

    kind = forms.ChoiceField(label=_("Hvad vil du hente?"))
    format = forms.ChoiceField(label=_("Som"), choices=[("xlsx", _("Excel (.xlsx)")), ("csv", _("CSV"))])
    as_of = forms.DateField(
        label=_("Pr. dato"),
        required=False,
        help_text=_("Tom: alt gennem tiden, så filen kan indlæses igen."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Skriv datoen som 2024-03-31.")},
    )
    with_cpr = forms.BooleanField(
        label=_("Tag CPR-numre med"),
        required=False,
        help_text=_("Gælder kun borgere. Det skrives i opslagsloggen."),
    )

    def __init__(self, *args: Any, personal: bool, **kwargs: Any) -> None:
        """`personal`: whether the user may see any citizens at all."""
        super().__init__(*args, **kwargs)
        choices = [(f.kind, f.words) for f in FORMATS.values() if f.exported and (personal or not f.personal)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if not personal:
            del self.fields["with_cpr"]

    def clean_as_of(self) -> Any:
        """A day the files can hold."""
        day = self.cleaned_data.get("as_of")
        if day is not None and not 1900 <= day.year < 2200:
            raise forms.ValidationError(_("Årstallet ser forkert ud."))
        return day

    def options(self) -> dict[str, Any]:
        """What the export is to be, as it is stored."""
        day = self.cleaned_data.get("as_of")
        return {
            "format": self.cleaned_data["format"],
            "as_of": day.isoformat() if day else "",
            "with_cpr": bool(self.cleaned_data.get("with_cpr")) and self.cleaned_data["kind"] == "borgere",
        }
