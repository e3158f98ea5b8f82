"""What is typed about a network map and the people on it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.forms import day_field
from roedtraad.citizens.models import NetworkPerson, Relation
from roedtraad.citizens.network.queries import ring_names
from roedtraad.citizens.network.services import Someone


class MapForm(forms.Form):
    """A new map."""

    use_required_attribute = False

    drawn_on = day_field(_("Tegnet den"), missing=_("Skriv, hvilken dag kortet er tegnet."))
    drawn_with = forms.CharField(
        label=_("Tegnet sammen med"),
        required=False,
        max_length=120,
        help_text=_("Hvem var med, for eksempel borgeren selv og en søster."),
    )
    note = forms.CharField(
        label=_("Bemærkning"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class PersonForm(forms.Form):
    """Somebody on the map."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Navn"), max_length=120, error_messages={"required": _("Skriv, hvem det er.")}
    )
    what = forms.CharField(
        label=_("Hvad personen er for borgeren"),
        required=False,
        max_length=80,
        help_text=_("For eksempel mor, kollega eller nabo."),
    )
    sector = forms.ChoiceField(
        label=_("Felt på kortet"),
        choices=[(each.value, str(each.label).capitalize()) for each in NetworkPerson.Sector],
    )
    ring = forms.TypedChoiceField(label=_("Hvor tæt på"), coerce=int, initial=3)
    tier = forms.ChoiceField(
        label=_("Lag"),
        choices=[(each.value, str(each.label).capitalize()) for each in NetworkPerson.Tier],
        help_text=_(
            "Primært: familie og nære venner. Sekundært: dem fra skole, arbejde og fritid. Tertiært: dem, der er "
            "der som en del af deres arbejde."
        ),
    )
    relation = forms.ChoiceField(label=_("Blandt borgerens relationer"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, relations: list[Relation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relations = {str(one.pk): one for one in relations}
        cast(forms.TypedChoiceField, self.fields["ring"]).choices = list(enumerate(ring_names(), start=1))
        if relations:
            cast(forms.ChoiceField, self.fields["relation"]).choices = [
                ("", _("ikke nogen af dem")),
                *((number, str(one)) for number, one in self.relations.items()),
            ]
        else:
            del self.fields["relation"]

    def someone(self) -> Someone:
        """What was typed, for the service."""
        typed = self.cleaned_data
        return Someone(
            typed["name"],
            typed["what"],
            typed["sector"],
            typed["ring"],
            typed["tier"],
            self.relations.get(typed.get("relation", "")),
        )


class SpotForm(forms.Form):
    """Where somebody was moved to."""

    person = forms.UUIDField()
    angle = forms.FloatField()
    distance = forms.FloatField()
    version = forms.IntegerField()
