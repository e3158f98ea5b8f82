"""What is typed on the pages about rights, read into values. The rules are in the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.forms import day_field
from roedtraad.rights.models import LeftOut, SubjectRequest


class RequestForm(forms.Form):
    """A request for access, written down."""

    use_required_attribute = False

    asked_by = forms.ChoiceField(
        label=_("Hvem beder om indsigt"),
        choices=SubjectRequest.AskedBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvem der beder om indsigt.")},
    )
    asker = forms.CharField(
        label=_("Navn på værgen eller den med fuldmagt"),
        required=False,
        help_text=_("Se fuldmagten eller beskikkelsen, før du går videre."),
    )
    received_on = day_field(
        _("Modtaget"),
        missing=_("Skriv den dag, anmodningen kom."),
        hint=_("Svaret skal gives inden en måned."),
    )


class ReasonForm(forms.Form):
    """A reason in a few words."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Begrundelse"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv en begrundelse.")},
    )


class LeaveOutForm(forms.Form):
    """Why something is not given out."""

    use_required_attribute = False

    row = forms.CharField(required=False, widget=forms.HiddenInput)
    basis = forms.ChoiceField(
        label=_("Hjemmel"),
        choices=LeftOut.Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg den regel, der giver lov til at udelade.")},
    )
    note = forms.CharField(
        label=_("Begrundelse"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bliver i sagen. Borgeren får kun hjemlen at se."),
        error_messages={"required": _("Skriv, hvorfor det udelades.")},
    )


class RuleForm(forms.Form):
    """A rule of keeping."""

    use_required_attribute = False

    months = forms.IntegerField(
        label=_("Måneder"),
        error_messages={"required": _("Skriv et antal måneder."), "invalid": _("Skriv et helt tal.")},
        help_text=_("Regnet fra den dag, det sidste skete."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 1200, "inputmode": "numeric"}),
    )
    deletes = forms.BooleanField(label=_("Slettes, når tiden er gået"), required=False)
    archive_first = forms.BooleanField(label=_("Afleveres til arkiv først"), required=False)
    source = forms.CharField(
        label=_("Hjemmel"),
        error_messages={"required": _("Skriv, hvilken regel eller aftale tallet kommer fra.")},
    )
    doubtful = forms.BooleanField(label=_("Skal bekræftes af jurister"), required=False)


class ApproveForm(forms.Form):
    """Approving somebody else's list."""

    use_required_attribute = False

    digest = forms.CharField(widget=forms.HiddenInput)
    archive_reference = forms.CharField(
        label=_("Arkivets kvittering for afleveringen"),
        required=False,
        help_text=_("Nødvendig, når noget på listen skal afleveres til arkiv først."),
    )
