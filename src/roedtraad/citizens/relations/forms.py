"""What is typed about relations, guardianships, consents and contact persons."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.models import User
from roedtraad.citizens.forms import day_field
from roedtraad.citizens.models import Consent, ContactPerson, Guardianship, Relation
from roedtraad.citizens.relations.rules import Person
from roedtraad.citizens.relations.team import Colleague
from roedtraad.organisation.models import Municipality

ANOTHER = "another"


def _capital(choices: Any, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [
        (each.value, str(each.label)[:1].upper() + str(each.label)[1:])
        for each in choices
        if each.value not in without
    ]


def _choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class PersonFields(forms.Form):
    """Who somebody is and how to reach them."""

    use_required_attribute = False

    name = forms.CharField(label=_("Navn"), max_length=120, error_messages={"required": _("Skriv navnet.")})
    phone = forms.CharField(
        label=_("Telefon"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )

    def person(self) -> Person:
        """What was typed, for the service."""
        typed = self.cleaned_data
        return Person(typed["name"], typed["phone"], typed["email"], typed.get("note", ""))


class RelationForm(PersonFields):
    """Somebody in the citizen's life."""

    kind = forms.ChoiceField(label=_("Hvad personen er for borgeren"), choices=_capital(Relation.Kind))
    chosen_by_citizen = forms.BooleanField(
        label=_("Borgeren har selv valgt personen som pårørende"), required=False
    )
    login = forms.ChoiceField(
        label=_("Personens eget login"),
        required=False,
        help_text=_("Personen ser kun det, borgeren giver samtykke til at dele."),
    )
    note = forms.CharField(label=_("Bemærkning"), required=False, max_length=400)

    def __init__(self, *args: Any, logins: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logins = {str(user.pk): user for user in logins}
        if logins:
            _choose(self, "login", [("", _("intet")), *((pk, str(user)) for pk, user in self.logins.items())])
        else:
            del self.fields["login"]

    @property
    def chosen_login(self) -> User | None:
        """The login that was chosen."""
        return self.logins.get(self.cleaned_data.get("login", ""))


class LoginForm(forms.Form):
    """Which login is a relation's own."""

    login = forms.ChoiceField(label=_("Eget login"), required=False)

    def __init__(self, *args: Any, logins: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logins = {str(user.pk): user for user in logins}
        _choose(self, "login", [("", _("intet")), *((pk, str(user)) for pk, user in self.logins.items())])

    @property
    def chosen(self) -> User | None:
        """The login that was chosen."""
        return self.logins.get(self.cleaned_data["login"])


class GuardianshipForm(PersonFields):
    """A guardianship: its form, what it is about, and who the guardian is."""

    form = forms.ChoiceField(label=_("Form"), choices=_capital(Guardianship.Form))
    scopes = forms.MultipleChoiceField(
        label=_("Gælder"),
        choices=[("personal", _("Personlige forhold")), ("economic", _("Økonomiske forhold"))],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, om værgemålet gælder personlige eller økonomiske forhold.")},
    )
    relation = forms.ChoiceField(label=_("Værge"), required=False)
    first = day_field(_("Fra"), missing=_("Skriv, hvornår værgemålet begynder."))
    last = day_field(
        _("Til og med"), required=False, hint=_("Lad den stå tom, når værgemålet ikke har en slutdato.")
    )

    field_order = ("form", "scopes", "relation", "name", "phone", "email", "first", "last")

    def __init__(self, *args: Any, relations: list[Relation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relations = {str(one.pk): one for one in relations}
        if relations:
            known = [(pk, str(one)) for pk, one in self.relations.items()]
            _choose(self, "relation", [("", _("En anden, skrevet herunder")), *known])
            self.fields["name"].required = False
        else:
            del self.fields["relation"]

    def guardian(self) -> Relation | Person:
        """The relation that was chosen, else the person who was typed."""
        return self.relations.get(self.cleaned_data.get("relation", "")) or self.person()


class ConsentForm(forms.Form):
    """A consent: to whom, to what, by whom, how and when."""

    use_required_attribute = False

    to = forms.ChoiceField(
        label=_("Hvem der deles med"), error_messages={"required": _("Vælg, hvem der deles med.")}
    )
    party = forms.CharField(label=_("Navnet på en anden"), required=False, max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("Det, der må deles"),
        choices=_capital(Consent.Scope),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg mindst én ting, der må deles.")},
    )
    given_by = forms.ChoiceField(label=_("Givet af"))
    how = forms.ChoiceField(
        label=_("Hvordan"),
        choices=_capital(Consent.How, without=(Consent.How.OWN_PAGE,)),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, om samtykket er givet skriftligt eller mundtligt.")},
    )
    first = day_field(_("Givet den"), missing=_("Skriv, hvilken dag samtykket er givet."))
    last = day_field(
        _("Gælder til og med"),
        required=False,
        hint=_("Lad den stå tom, når samtykket gælder, til det trækkes tilbage."),
    )
    note = forms.CharField(label=_("Bemærkning"), required=False, max_length=400)

    def __init__(
        self,
        *args: Any,
        relations: list[Relation],
        municipalities: list[Municipality],
        guardianships: list[Guardianship],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.receivers: dict[str, Relation | Municipality] = {f"r{one.pk}": one for one in relations}
        self.receivers |= {f"k{one.code}": one for one in municipalities}
        self.guardianships = {str(one.pk): one for one in guardianships}
        _choose(
            self,
            "to",
            [
                ("", _("Vælg")),
                *((key, getattr(one, "name", "")) for key, one in self.receivers.items()),
                (ANOTHER, _("En anden, skrevet herunder")),
            ],
        )
        _choose(
            self,
            "given_by",
            [("citizen", _("Borgeren")), *((pk, one.guardian) for pk, one in self.guardianships.items())],
        )

    def receiver(self) -> Relation | Municipality | str:
        """Whom it is shared with."""
        return self.receivers.get(self.cleaned_data["to"]) or self.cleaned_data["party"]


class ContactForm(forms.Form):
    """A contact person or somebody of the team."""

    use_required_attribute = False

    user = forms.ChoiceField(label=_("Medarbejder"), error_messages={"required": _("Vælg en medarbejder.")})
    role = forms.ChoiceField(label=_("Rolle"), choices=_capital(ContactPerson.Role))
    first = day_field(_("Fra"), missing=_("Skriv, hvornår det begynder."))

    def __init__(self, *args: Any, colleagues: list[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(one.user.pk): one.user for one in colleagues}
        _choose(self, "user", [(str(one.user.pk), one.label) for one in colleagues])
