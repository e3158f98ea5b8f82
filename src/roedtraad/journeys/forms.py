"""The forms of a stay: what is typed, read into dates and rows. The rules are elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.forms import NewCitizenFields, day_field
from roedtraad.citizens.models import Citizen, SensitiveFact
from roedtraad.core.danish import day as in_words
from roedtraad.organisation.models import Municipality, Place

THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d*)?")


class KronerField(forms.DecimalField):
    """An amount written the Danish way, with or without dots between the thousands."""

    def to_python(self, value: Any) -> Any:
        """The amount; the dots are dropped where they stand as thousands do."""
        if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
            value = value.replace(".", "")
        return super().to_python(value)


def rate_field() -> KronerField:
    """The agreed rate in kroner."""
    return KronerField(
        label=_("Aftalt takst pr. døgn, kr."),
        required=False,
        max_digits=10,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Beløbet kan ikke læses. Skriv det som 2.831,50."),
            "max_decimal_places": _("Skriv højst to decimaler."),
            "max_digits": _("Beløbet er for stort."),
            "max_whole_digits": _("Beløbet er for stort."),
        },
    )


class MunicipalityField(forms.ChoiceField):
    """One of the municipalities, or none when `empty` says what that means. Gives the row, or None."""

    def __init__(self, *, empty: Any, **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(**kwargs)

    def offer(self, municipalities: list[Municipality]) -> None:
        """The municipalities to choose from; several fields share one list."""
        self.by_code = {row.code: row for row in municipalities}
        self.choices = [("", self.empty), *((row.code, row.name) for row in municipalities)]

    def clean(self, value: Any) -> Any:
        """The municipality's row."""
        return self.by_code.get(super().clean(value))


class PlaceField(forms.CharField):
    """A place by its number. Gives the row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Plads"))
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "list": "free-places"}),
            error_messages={"required": _("Skriv pladsens nummer, fx TK-12.")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """The place's row; a sentence when there is no place with that number."""
        code = super().clean(value)
        place = Place.objects.filter(code__iexact=code).first()
        if place is None:
            raise forms.ValidationError(
                _("Der er ingen plads med det nummer. Se listen over ledige pladser.")
            )
        return place


class BookForm(NewCitizenFields):
    """Book a stay: who, where, when, who pays."""

    who = forms.ChoiceField(
        label=_("Hvem skal bo der"),
        choices=[("known", _("En borger, der er oprettet")), ("new", _("En ny borger"))],
        initial="known",
        widget=forms.RadioSelect,
    )
    search = forms.CharField(
        label=_("Find borger"),
        required=False,
        max_length=120,
        help_text=_("Skriv en del af navnet eller hele CPR-nummeret."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    citizen = forms.ChoiceField(
        label=_("Vælg borger"),
        widget=forms.RadioSelect,
        choices=[],
        error_messages={
            "required": _("Find og vælg en borger, eller opret en ny."),
            "invalid_choice": _("Borgeren findes ikke blandt dem, du kan se. Søg igen."),
        },
    )
    acting_municipality = MunicipalityField(
        label=_("Handlekommune"),
        empty=_("Vælg kommune"),
        choices=[],
        error_messages={"required": _("Vælg den kommune, der træffer afgørelser for borgeren.")},
    )
    place = PlaceField()
    ordered_start = day_field(_("Fra"), missing=_("Skriv, hvornår opholdet begynder."))
    ordered_end = day_field(
        _("Til og med"), required=False, hint=_("Lad den stå tom, når slutningen ikke er aftalt.")
    )
    paying_municipality = MunicipalityField(
        label=_("Betalingskommune"),
        required=False,
        empty=_("Borgerens egen"),
        choices=[],
        help_text=_("Borgerens egen er betalingskommunen på den første dag, ellers handlekommunen."),
    )
    agreed_day_rate = rate_field()
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, citizens: list[Citizen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.citizens = {str(citizen.key): citizen for citizen in citizens}
        cast(forms.ChoiceField, self.fields["citizen"]).choices = [
            (key, _("%(name)s, født %(day)s") % {"name": citizen, "day": in_words(citizen.birth_date)})
            for key, citizen in self.citizens.items()
        ]
        municipalities = list(Municipality.objects.order_by("sort_key"))
        for name in ("acting_municipality", "paying_municipality"):
            cast(MunicipalityField, self.fields[name]).offer(municipalities)
        # Only one of the two halves is asked for. The search is a means: it is never missing, and the page
        # does not say that it may be left out.
        self.fields["search"].required = not self.is_bound
        self.fields["citizen"].required = bool(self.citizens)
        if self.is_bound:
            halves = {"known": ("first_name", "last_name", "cpr", "acting_municipality"), "new": ("citizen",)}
            for name in halves.get(self.data.get("who", ""), ()):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Without a search there is nobody to choose; then the search is what is missing."""
        cleaned = super().clean() or self.cleaned_data
        self.fields["search"].required = True
        if not self.citizens and cleaned.get("who") == "known":
            self.add_error("search", _("Find og vælg en borger, eller opret en ny."))
        return cleaned

    def chosen(self) -> Citizen | None:
        """The citizen chosen among those found, None for a new one."""
        return self.citizens.get(self.cleaned_data.get("citizen", ""))


class StayForm(forms.Form):
    """What every change of a stay carries: the state the page showed, and a key that makes it happen once."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class ChangeForm(StayForm):
    """The ordered days and the rate."""

    ordered_start = day_field(_("Bestilt fra"), missing=_("Skriv, hvornår opholdet begynder."))
    ordered_end = day_field(
        _("Bestilt til og med"), required=False, hint=_("Lad den stå tom, når slutningen ikke er aftalt.")
    )
    agreed_day_rate = rate_field()


class StartForm(StayForm):
    """The day the citizen moved in."""

    actual_start = day_field(_("Flyttede ind"), missing=_("Skriv den dag, borgeren flyttede ind."))


class EndForm(StayForm):
    """The last day the citizen lived there."""

    actual_end = day_field(_("Boede der til og med"), missing=_("Skriv den sidste dag, borgeren boede der."))


class MoveForm(StayForm):
    """Where to, and from when."""

    place = PlaceField(label=_("Ny plads"))
    first_day = day_field(
        _("Første dag på den nye plads"), missing=_("Skriv den første dag på den nye plads.")
    )


class PayerForm(StayForm):
    """Which municipality pays from when."""

    paying_municipality = MunicipalityField(
        label=_("Ny betalingskommune"),
        empty=_("Vælg kommune"),
        choices=[],
        error_messages={"required": _("Vælg den kommune, der skal betale.")},
    )
    first_day = day_field(_("Betaler fra"), missing=_("Skriv den første dag, kommunen betaler."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipalities = list(Municipality.objects.order_by("sort_key"))
        cast(MunicipalityField, self.fields["paying_municipality"]).offer(municipalities)


def day_or(text: str, other: dt.date) -> dt.date:
    """The day an address names, or the other one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return other


class EmergencyForm(forms.Form):
    """Who is to be opened outside one's reach, and why. Neither name nor number is ever repeated in an answer."""

    use_required_attribute = False

    cpr = forms.CharField(
        label=_("CPR-nummer"),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "DDMMÅÅ-XXXX"}
        ),
    )
    name = forms.CharField(
        label=_("Hele navnet"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = day_field(_("Født"), required=False)
    reason = forms.CharField(
        label=_("Hvorfor"),
        max_length=500,
        help_text=_(
            "Mindst 20 tegn. Din leder og borgeren læser det, så skriv, hvad der er sket, og ingen navne."
        ),
        error_messages={"required": _("Skriv hvorfor.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """A number, or a name and a birth date."""
        cleaned = super().clean() or {}
        if not cleaned.get("cpr") and not (cleaned.get("name") and cleaned.get("birth_date")):
            raise forms.ValidationError(
                _("Skriv borgerens CPR-nummer, eller hele navnet sammen med fødselsdagen.")
            )
        return cleaned


class ProtectionForm(forms.Form):
    """Why a citizen is hidden, until when, and from whom not."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Hvorfor"),
        max_length=300,
        help_text=_("Fx: borgeren er i familie med en medarbejder. Kun de navngivne læser det."),
        error_messages={"required": _("Skriv, hvorfor borgeren skal beskyttes.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    last = day_field(_("Til og med"), required=False, hint=_("Tom: indtil du selv afslutter beskyttelsen."))
    named = forms.MultipleChoiceField(
        label=_("Hvem må stadig se borgeren"),
        required=False,
        help_text=_("Du står selv på listen. Borgeren og pårørende med adgang ser det samme som før."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].choices = people  # type: ignore[attr-defined]  # a MultipleChoiceField


class FactForm(forms.Form):
    """A particular fact."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Hvad handler det om"),
        choices=SensitiveFact.Kind.choices,
        error_messages={"required": _("Vælg, hvad oplysningen handler om.")},
    )
    text = forms.CharField(
        label=_("Oplysning"),
        max_length=2000,
        help_text=_("Skriv kun det, der er nødvendigt for hjælpen til borgeren."),
        error_messages={"required": _("Skriv oplysningen.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
