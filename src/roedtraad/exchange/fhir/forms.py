"""What is typed about a report, a message and an order."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.citizens.forms import day_field
from roedtraad.exchange.fhir.models import ReportedPlan
from roedtraad.exchange.fhir.orders import Acceptance
from roedtraad.exchange.fhir.queries import Gathered
from roedtraad.exchange.fhir.services import PlanText
from roedtraad.exchange.fhir.terms import Part, Terms
from roedtraad.journeys.forms import MunicipalityField, PlaceField
from roedtraad.organisation.models import Municipality
from roedtraad.practice.rules.assessments import LEVEL_WORDS, Level

MOST_SECONDARY = 3
_NONE = ("", gettext_lazy("Ikke valgt"))


class PlanForm(forms.Form):
    """What a report needs beside the record: the case, the target groups, and a code for each goal and effort."""

    use_required_attribute = False

    case_number = forms.CharField(
        label=gettext_lazy("Kommunens sagsnummer"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Som det står i bestillingen. Kun numre og bogstaver, ingen ord."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Kommunens organisationsnummer (STS)"),
        required=False,
        max_length=36,
        help_text=gettext_lazy("32 tegn delt af bindestreger. Kommunen oplyser det."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    starts_on = day_field(gettext_lazy("Planen begynder"), required=False)
    ends_on = day_field(gettext_lazy("Planen slutter"), required=False)
    ordered = forms.BooleanField(label=gettext_lazy("Planen er bestilt af kommunen"), required=False)
    completed = forms.BooleanField(label=gettext_lazy("Planen er afsluttet"), required=False)
    offer = forms.ChoiceField(label=gettext_lazy("Tilbudstype"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, found: Gathered, codes: Terms) -> None:
        super().__init__(data, initial=_initial(found.saved))
        saved = found.saved
        cast(forms.ChoiceField, self.fields["offer"]).choices = _offered(codes.listed(Part.OFFER))
        groups = _offered(codes.listed(Part.GROUP))
        self._groups = max(1 + MOST_SECONDARY, len(saved.groups))
        for n in range(self._groups):
            self.fields[f"group-{n}"] = forms.ChoiceField(
                label=_("Primær målgruppe") if n == 0 else _("Sekundær målgruppe"),
                required=False,
                choices=groups,
                initial=saved.groups[n] if n < len(saved.groups) else "",
            )
        levels = [
            _NONE,
            *((str(level.value), LEVEL_WORDS[level]) for level in Level if level is not Level.NOT_ASSESSED),
        ]
        self._goals = [str(goal.key) for goal in found.goals]
        for goal in found.goals:
            self.fields[f"level-{goal.key}"] = forms.ChoiceField(
                label=_("Funktionsniveau at nå: %(goal)s") % {"goal": goal.title},
                required=False,
                choices=levels,
                initial=str(saved.levels.get(str(goal.key), "")),
            )
        services = _offered(codes.listed(Part.SERVICE))
        self._efforts = [str(effort.key) for effort in found.efforts]
        for effort in found.efforts:
            self.fields[f"service-{effort.key}"] = forms.ChoiceField(
                label=_("Ydelse: %(effort)s") % {"effort": effort.title},
                required=False,
                choices=services,
                initial=saved.services.get(str(effort.key), ""),
            )

    @property
    def group_fields(self) -> list[forms.BoundField]:
        """The target groups, the primary one first."""
        return [self[f"group-{n}"] for n in range(self._groups)]

    @property
    def level_fields(self) -> list[forms.BoundField]:
        """A field for each goal."""
        return [self[f"level-{key}"] for key in self._goals]

    @property
    def service_fields(self) -> list[forms.BoundField]:
        """A field for each effort."""
        return [self[f"service-{key}"] for key in self._efforts]

    def text(self) -> PlanText:
        """What was typed."""
        typed = self.cleaned_data
        return PlanText(
            case_number=typed["case_number"],
            organisation=typed["organisation"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            ordered=typed["ordered"],
            completed=typed["completed"],
            offer=typed["offer"],
            groups=tuple(typed[f"group-{n}"] for n in range(self._groups)),
            levels={key: int(typed[f"level-{key}"]) for key in self._goals if typed[f"level-{key}"]},
            services={key: typed[f"service-{key}"] for key in self._efforts},
        )


def _initial(saved: ReportedPlan) -> dict[str, Any]:
    names = (
        "case_number",
        "organisation",
        "starts_on",
        "ends_on",
        "ordered",
        "completed",
        "offer",
        "version",
    )
    return {name: getattr(saved, name) for name in names}


def _offered(listed: dict[str, str]) -> list[tuple[Any, Any]]:
    return [_NONE, *sorted(listed.items(), key=lambda item: item[1])]


class MessageForm(forms.Form):
    """A file with a message from another system."""

    file = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy("FHIR R4 som JSON, højst 2 MB. Du ser, hvad der sker, før noget skrives."),
        allow_empty_file=True,
        max_length=1000,
        widget=forms.FileInput(
            attrs={"accept": ".json,application/json,application/fhir+json", "class": "form-input"}
        ),
        error_messages={"required": gettext_lazy("Vælg filen med meddelelsen.")},
    )


class AcceptForm(forms.Form):
    """What is decided when an order is accepted: the place, the days and who pays."""

    use_required_attribute = False

    place = PlaceField()
    ordered_start = day_field(gettext_lazy("Fra"), missing=gettext_lazy("Skriv, hvornår opholdet begynder."))
    ordered_end = day_field(
        gettext_lazy("Til og med"),
        required=False,
        hint=gettext_lazy("Lad den stå tom, når slutningen ikke er aftalt."),
    )
    acting_municipality = MunicipalityField(
        label=gettext_lazy("Handlekommune"),
        required=False,
        empty=gettext_lazy("Borgerens egen"),
        choices=[],
        help_text=gettext_lazy("Skal vælges for en borger, der ikke er oprettet her endnu."),
    )
    paying_municipality = MunicipalityField(
        label=gettext_lazy("Betalingskommune"),
        required=False,
        empty=gettext_lazy("Borgerens egen"),
        choices=[],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipalities = list(Municipality.objects.order_by("sort_key"))
        for name in ("acting_municipality", "paying_municipality"):
            cast(MunicipalityField, self.fields[name]).offer(municipalities)

    def chosen(self) -> Acceptance:
        """What was chosen."""
        return Acceptance(**self.cleaned_data)


class DeclineForm(forms.Form):
    """Why a message is declined."""

    note = forms.CharField(
        label=gettext_lazy("Hvorfor afvises den?"),
        max_length=400,
        error_messages={"required": gettext_lazy("Skriv kort, hvorfor den afvises.")},
    )
