"""What is typed when a citizen goes away or comes back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.duty.forms.fields import line_field, moment_field, own_key
from roedtraad.duty.models import Absence


class AbsenceForm(forms.Form):
    """Where the citizen is, from when, and when they are expected."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Hvor er borgeren"),
        choices=Absence.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Vælg, hvor borgeren er."),
            "invalid_choice": _("Vælg, hvor borgeren er."),
        },
    )
    from_at = moment_field(_("Væk fra"))
    expected_back = moment_field(_("Ventes tilbage"), required=False)
    note = line_field(_("Bemærkning"), 400)
    key = own_key()


class ReturnForm(forms.Form):
    """When the citizen came back."""

    use_required_attribute = False

    back_at = moment_field(_("Kom tilbage"))
