"""What a leader types about a day's shifts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from roedtraad.duty.forms.fields import line_field, time_field
from roedtraad.duty.rules.shifts import MOST_SHIFTS, Kind


class ShiftForm(forms.Form):
    """One shift; without a name it is not there."""

    use_required_attribute = False

    name = line_field(_("Vagt"), 40)
    starts = time_field(_("Begynder"), required=False)
    ends = time_field(_("Slutter"), required=False)

    def clean(self) -> dict[str, Any]:
        """A shift has both its times."""
        cleaned = super().clean() or {}
        if cleaned.get("name") and not (
            cleaned.get("starts") is not None and cleaned.get("ends") is not None
        ):
            raise forms.ValidationError(_("Skriv, hvornår vagten begynder og slutter."))
        return cleaned


ShiftForms = forms.formset_factory(ShiftForm, extra=0, min_num=MOST_SHIFTS, max_num=MOST_SHIFTS)


def kinds_of(formset: Any) -> list[Kind]:
    """The shifts that were named."""
    return [
        Kind(slugify(typed["name"])[:20] or "vagt", typed["name"], typed["starts"], typed["ends"])
        for typed in (form.cleaned_data for form in formset)
        if typed.get("name")
    ]
