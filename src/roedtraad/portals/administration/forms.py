"""The forms of the administration."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roedtraad.access import rows
from roedtraad.access.models import ROLE_CHOICES, LookupReview
from roedtraad.access.policies import ACTIONS
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.tokens import EVERYTHING, WRITES, known_scopes
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.cpr import parse_cpr
from roedtraad.core.encrypted import blind_index
from roedtraad.organisation.models import Municipality, Unit
from roedtraad.organisation.tree import Node, tree

LARGEST_SAMPLE = 500


def date_field(label: Any, **extra: Any) -> forms.DateField:
    """A date with the browser's own picker."""
    # The browser sends and wants ISO whatever the language of the page.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"], **extra
    )


def unit_choices() -> list[tuple[str, str]]:
    """Every unit of today, indented as the tree is. One SQL statement."""
    choices = [("", _("Vælg en enhed"))]

    def add(node: Node, depth: int) -> None:
        choices.append((str(node.id), "\u2003" * depth + node.name))
        for child in node.children:
            add(child, depth + 1)

    for root in tree().roots:
        add(root, 0)
    return choices


class UserSearchForm(forms.Form):
    """Which accounts to list."""

    q = forms.CharField(label=gettext_lazy("Navn eller brugernavn"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=gettext_lazy("Rolle i dag"),
        required=False,
        choices=[("", gettext_lazy("Alle roller")), *ROLE_CHOICES],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Konto"),
        required=False,
        choices=[
            ("active", gettext_lazy("Åbne")),
            ("closed", gettext_lazy("Lukkede")),
            ("all", gettext_lazy("Alle")),
        ],
    )


class ReasonForm(forms.Form):
    """Why: it is kept in the history."""

    reason = forms.CharField(label=gettext_lazy("Hvorfor"), max_length=200)


class AccountForm(ReasonForm):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("Brugernavn"),
        max_length=150,
        help_text=gettext_lazy("Bogstaver, tal og . - _ @ +. Det kan ikke ændres."),
        validators=[User.username_validator],
    )
    full_name = forms.CharField(label=gettext_lazy("Navn"), max_length=120)
    field_order = ["full_name", "username", "reason"]


class RoleForm(forms.Form):
    """First step of a grant: which role, which decides what it is for."""

    role = forms.ChoiceField(label=gettext_lazy("Rolle"), choices=ROLE_CHOICES)


class GrantForm(ReasonForm):
    """Second step: a role for a unit, a municipality or a citizen, from a day to another."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Enhed"), help_text=gettext_lazy("Adgangen gælder enheden og alt under den.")
    )
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Kommune"),
        queryset=Municipality.objects.all(),
        empty_label=gettext_lazy("Vælg en kommune"),
    )
    cpr = forms.CharField(
        label=gettext_lazy("Borgerens CPR-nummer"),
        max_length=11,
        help_text=gettext_lazy("Ti cifre. Opslaget skrives i opslagsloggen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    start = date_field(gettext_lazy("Fra og med"))
    last = date_field(
        gettext_lazy("Til og med"),
        required=False,
        help_text=gettext_lazy("Tom: indtil videre. Ellers slutter den selv."),
    )
    field_order = ["unit", "municipality", "cpr", "start", "last", "reason"]

    def __init__(self, role: Role, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = SCOPE[role]
        shown = {"unit": "unit", "municipality": "municipality", "citizen": "cpr"}[self.kind]
        for name in {"unit", "municipality", "cpr"} - {shown}:
            del self.fields[name]
        if "unit" in self.fields:
            self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["start"].initial = clock.today()
        # Those from outside the house never get an access without an end.
        self.fields["last"].required = role in (Role.INSPECTOR, Role.RELATIVE)
        if self.fields["last"].required:
            self.fields["last"].help_text = _("Adgangen slutter selv efter denne dag.")

    def clean_cpr(self) -> Citizen:
        """The citizen with this number. The refusal never repeats what was typed."""
        try:
            number = parse_cpr(self.cleaned_data["cpr"]).number
        except ValueError as error:
            raise ValidationError(str(error)) from error
        # An administrator sees no citizens; here the number is already known, and only its row is taken.
        with rows.as_system("adgang for en borger"):
            found = Citizen.objects.filter(cpr_index=blind_index(number, "cpr")).first()
        if found is None:
            raise ValidationError(_("Der er ingen borger med det nummer. Se efter, om cifrene er rigtige."))
        return found

    def clean_unit(self) -> Unit:
        """The unit itself."""
        return Unit.objects.get(pk=self.cleaned_data["unit"])

    @property
    def scope(self) -> Any:
        """What the grant is for."""
        return self.cleaned_data["cpr" if self.kind == "citizen" else self.kind]


class EndGrantForm(ReasonForm):
    """When a grant ends."""

    last = date_field(gettext_lazy("Sidste dag"))
    field_order = ["last", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"].initial = clock.today()


class SampleForm(forms.Form):
    """What to draw from the log of look-ups. Everything is in the address, so a sample can be drawn again."""

    first = date_field(gettext_lazy("Fra og med"))
    last = date_field(gettext_lazy("Til og med"))
    size = forms.IntegerField(label=gettext_lazy("Antal"), min_value=1, max_value=LARGEST_SAMPLE)
    user = forms.CharField(label=gettext_lazy("Brugernavn"), required=False, max_length=150)
    unit = forms.ChoiceField(label=gettext_lazy("Medarbejdere i enhed"), required=False)
    emergency = forms.BooleanField(label=gettext_lazy("Kun opslag i nødadgang"), required=False)
    seed = forms.RegexField(
        r"^[A-Za-z0-9]{1,20}$",
        label=gettext_lazy("Lodtrækning"),
        required=False,
        help_text=gettext_lazy("Tom: en ny. Samme tekst giver samme stikprøve."),
    )
    until = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Both ends in order; a seed where none was given."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            raise ValidationError(_("Perioden slutter, før den begynder. Ret en af datoerne."))
        cleaned["seed"] = cleaned.get("seed") or secrets.token_hex(4)
        return cleaned


class ReviewForm(forms.Form):
    """What the control of one look-up showed."""

    outcome = forms.ChoiceField(label=gettext_lazy("Resultat"), choices=LookupReview.Outcome.choices)
    note = forms.CharField(label=gettext_lazy("Bemærkning"), required=False, max_length=400)


class TokenForm(forms.Form):
    """A new API key."""

    username = forms.CharField(
        label=gettext_lazy("Bruger"),
        max_length=150,
        help_text=gettext_lazy("Nøglen kan højst det, brugeren må."),
    )
    name = forms.CharField(label=gettext_lazy("Hvad bruges den til"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Omfang"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("En nøgle skriver kun det, der er valgt for sig."),
    )
    days = forms.IntegerField(label=gettext_lazy("Gælder i dage"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reads = [(name, name) for name in sorted(known_scopes() - WRITES - {EVERYTHING})]
        writes = [(name, f"{name} ({ACTIONS[name].words})") for name in sorted(WRITES)]
        self.fields["scopes"].choices = [(EVERYTHING, _("læse alt, brugeren må læse")), *writes, *reads]  # type: ignore[attr-defined]  # a MultipleChoiceField

    def clean_username(self) -> User:
        """The user the key acts as."""
        found = User.objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if found is None:
            raise ValidationError(_("Der er ingen åben konto med det brugernavn."))
        return found
