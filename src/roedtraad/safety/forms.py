"""What is typed about alarms. The rules are elsewhere."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.safety import rules
from roedtraad.safety.models import PLACE_LENGTH, WORDS_LENGTH, Alarm
from roedtraad.safety.queries import Choice

PLACE_HINT = _("Fx »Hus 2, køkkenet«. Skriv ikke navne på borgere.")


class UnitForm(forms.Form):
    """A form about one of the units where one works; the only one there is needs no choosing."""

    use_required_attribute = False

    unit = forms.ChoiceField(
        label=_("Enhed"), choices=[], error_messages={"required": _("Vælg, hvor du er på arbejde.")}
    )

    def __init__(self, *args: Any, units: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        field = cast(forms.ChoiceField, self.fields["unit"])
        field.choices = [(unit.key, unit.label) for unit in units]
        field.initial = units[0].key if units else None
        if len(units) == 1:
            field.widget = forms.HiddenInput()

    def chosen(self) -> Choice:
        """The unit that was chosen."""
        return self.units[self.cleaned_data["unit"]]


class AlarmForm(UnitForm):
    """Where one is, and what it is about."""

    about = forms.ChoiceField(
        label=_("Hvad handler det om"),
        choices=[
            (Alarm.About.HELP, _("Hjælp")),
            (Alarm.About.FIRE, _("Brand")),
            (Alarm.About.OTHER, _("Andet")),
        ],
        initial=Alarm.About.HELP,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad det handler om.")},
    )
    place = forms.CharField(
        label=_("Hvor i huset er du"),
        required=False,
        max_length=PLACE_LENGTH,
        help_text=PLACE_HINT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-remember": "alarm-sted"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """What happened."""

    use_required_attribute = False

    what_happened = forms.CharField(
        label=_("Hvad skete der"),
        max_length=WORDS_LENGTH,
        error_messages={"required": _("Skriv kort, hvad der skete.")},
        help_text=_("Kort. Skriv ikke navne på borgere; det, der vedrører en borger, hører til i journalen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    was_mistake = forms.BooleanField(label=_("Alarmen blev slået ved en fejl"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A mistake needs no words.
        self.fields["what_happened"].required = not self.data.get("was_mistake")


class LoneForm(UnitForm):
    """Where one works alone, and how often one promises to check in."""

    minutes = forms.IntegerField(
        label=_("Minutter mellem hver gang, du melder dig"),
        initial=rules.MINUTES,
        min_value=rules.FEWEST_MINUTES,
        max_value=rules.MOST_MINUTES,
        error_messages={
            "required": _("Skriv et antal minutter."),
            "invalid": _("Skriv et antal minutter med tal."),
            "min_value": _("Vælg mindst %(limit_value)s minutter."),
            "max_value": _("Vælg højst %(limit_value)s minutter."),
        },
    )
    place = forms.CharField(
        label=_("Hvor er du"),
        required=False,
        max_length=PLACE_LENGTH,
        help_text=PLACE_HINT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-remember": "alarm-sted"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    """How long a unit waits, and whom it calls then."""

    use_required_attribute = False

    seconds = forms.IntegerField(
        label=_("Sekunder uden svar, før naboen kaldes"),
        min_value=rules.FEWEST_SECONDS,
        max_value=rules.MOST_SECONDS,
        error_messages={
            "required": _("Skriv et antal sekunder."),
            "invalid": _("Skriv et antal sekunder med tal."),
            "min_value": _("Vælg mindst %(limit_value)s sekunder."),
            "max_value": _("Vælg højst %(limit_value)s sekunder."),
        },
    )
    neighbours = forms.MultipleChoiceField(
        label=_("Naboer, der kaldes"),
        required=False,
        help_text=_("Deres medarbejdere ser alarmen, fra de bliver kaldt. De ser ikke andet om jeres enhed."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, units: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        choices = [(unit.key, unit.label) for unit in units]
        cast(forms.MultipleChoiceField, self.fields["neighbours"]).choices = choices
