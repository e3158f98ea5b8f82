"""What is typed when risk is set, and when a leader says how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.duty.forms.fields import line_field, own_key
from roedtraad.duty.models import RiskLevel, RiskScale
from roedtraad.duty.services.risk import MOST_ITEMS, MOST_LEVELS, NewItem, NewLevel


class RiskForm(forms.Form):
    """The level, what of the checklist was seen, and a few words."""

    use_required_attribute = False

    seen = forms.MultipleChoiceField(
        label=_("Hvad har du set i dag"), required=False, widget=forms.CheckboxSelectMultiple
    )
    level = forms.ChoiceField(
        label=_("Risiko nu"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg et trin."), "invalid_choice": _("Skalaen er ændret. Vælg igen.")},
    )
    text = line_field(_("Bemærkning"), 400)
    key = own_key()

    def __init__(self, *args: Any, scale: RiskScale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = list(scale.items.all())
        self.fields["seen"].choices = [(item.code, item.text) for item in items]  # type: ignore[attr-defined]  # a MultipleChoiceField
        if not items:
            del self.fields["seen"]
        self.levels = {str(row.pk): row for row in scale.levels.all()}
        self.fields["level"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (number, f"{row.shape} {row.name}: {row.meaning}") for number, row in self.levels.items()
        ]

    def clean_level(self) -> RiskLevel:
        """The level's row."""
        return self.levels[self.cleaned_data["level"]]


class LevelForm(forms.Form):
    """One step of a scale; without a name it is not there."""

    use_required_attribute = False

    name = line_field(_("Navn"), 30)
    tone = forms.ChoiceField(label=_("Farve"), choices=RiskLevel.Tone.choices, required=False)
    shape = forms.ChoiceField(label=_("Form"), choices=RiskLevel.Shape.choices, required=False)
    meaning = line_field(_("Hvad det betyder"), 300)
    action = line_field(_("Hvad vi gør"), 300)
    from_score = forms.IntegerField(
        label=_("Foreslås fra point"),
        required=False,
        min_value=0,
        max_value=100,
        error_messages={"invalid": _("Skriv et helt tal."), "min_value": _("Skriv 0 eller mere.")},
    )


class ItemForm(forms.Form):
    """One observation; without a text it is not there."""

    use_required_attribute = False

    text = line_field(_("Iagttagelse"), 160)
    points = forms.IntegerField(
        label=_("Point"),
        required=False,
        min_value=1,
        max_value=10,
        error_messages={"invalid": _("Skriv et helt tal."), "min_value": _("Skriv mellem 1 og 10.")},
    )


class ScaleForm(forms.Form):
    """A unit's scale."""

    use_required_attribute = False

    name = line_field(_("Skalaens navn"), 80)
    stale_after_hours = forms.IntegerField(
        label=_("Er for gammel efter så mange timer"),
        min_value=1,
        max_value=168,
        error_messages={
            "required": _("Skriv, hvor mange timer en risiko gælder."),
            "invalid": _("Skriv et helt tal."),
            "min_value": _("Skriv mellem 1 og 168 timer."),
            "max_value": _("Skriv mellem 1 og 168 timer."),
        },
    )


LevelForms = forms.formset_factory(LevelForm, extra=0, min_num=MOST_LEVELS, max_num=MOST_LEVELS)
ItemForms = forms.formset_factory(ItemForm, extra=0, min_num=MOST_ITEMS, max_num=MOST_ITEMS)


def levels_of(formset: Any) -> list[NewLevel]:
    """The steps that were named."""
    return [NewLevel(**form.cleaned_data) for form in formset if form.cleaned_data.get("name")]


def items_of(formset: Any) -> list[NewItem]:
    """The observations that were written."""
    return [
        NewItem(form.cleaned_data["text"], form.cleaned_data["points"] or 1)
        for form in formset
        if form.cleaned_data.get("text")
    ]
