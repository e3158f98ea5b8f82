"""The forms of logging in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):
    """Username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", _("Brugernavn")), ("password", _("Adgangskode"))):
            field = self.fields[name]
            field.label = label
            field.help_text = ""
            # The label says it; a placeholder disappears when one begins to write.
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class PasswordChangeForm(allauth_forms.ChangePasswordForm):
    """A new password for the one who knows the old."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Nuværende adgangskode"),
            "password1": _("Ny adgangskode"),
            "password2": _("Ny adgangskode igen"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())
