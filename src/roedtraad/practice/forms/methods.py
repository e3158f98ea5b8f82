"""What is typed about methods and who is trained in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.models import User
from roedtraad.journeys.forms import day_field
from roedtraad.practice.models import Method
from roedtraad.practice.services.methods import MethodText


class MethodForm(forms.Form):
    """A method."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Metodens navn"),
        max_length=120,
        error_messages={"required": _("Skriv, hvad metoden hedder.")},
    )
    description = forms.CharField(
        label=_("Hvad den går ud på"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = forms.ChoiceField(
        label=_("Hvad man ved om virkningen"),
        choices=Method.Evidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad man ved om virkningen.")},
    )
    evidence_note = forms.CharField(
        label=_("Hvad viden bygger på"),
        max_length=400,
        required=False,
        help_text=_("Undersøgelser, erfaringer, hvor de kan læses, og hvad der er usikkert."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def text(self) -> MethodText:
        """What was typed."""
        return MethodText(**{name: self.cleaned_data[name] for name in MethodText.__dataclass_fields__})


class QualificationForm(forms.Form):
    """A colleague who is trained."""

    use_required_attribute = False

    colleague = forms.ModelChoiceField(
        label=_("Medarbejder"),
        queryset=User.objects.none(),
        error_messages={"required": _("Vælg en medarbejder.")},
    )
    first = day_field(_("Uddannet fra"), missing=_("Skriv, fra hvilken dag."))
    last = day_field(_("Til og med"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = people  # type: ignore[attr-defined]
