"""The forms of logging in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


def plain(form: forms.Form, labels: dict[str, Any]) -> None:
    """Our labels instead of the library's; a placeholder disappears when one begins to write."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth_forms.LoginForm):
    """Username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"login": _("Brugernavn"), "password": _("Adgangskode")})
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class PasswordChangeForm(allauth_forms.ChangePasswordForm):
    """A new password for the one who knows the old."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(
            self,
            {
                "oldpassword": _("Nuværende adgangskode"),
                "password1": _("Ny adgangskode"),
                "password2": _("Ny adgangskode igen"),
            },
        )
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_oldpassword(self) -> str:
        """Counted like a login: an open screen is no place to guess."""
        adapter = get_adapter()
        old: str = self.cleaned_data["oldpassword"]
        if not adapter.reauthenticate(self.user, old):
            raise adapter.validation_error("enter_current_password")
        return old

    def clean_password1(self) -> str:
        """Another one than before."""
        chosen: str = self.cleaned_data["password1"]
        if chosen == self.cleaned_data.get("oldpassword"):
            raise ValidationError(_now("Det er den, du har i forvejen. Vælg en anden."))
        return chosen


class FirstPasswordForm(allauth_forms.SetPasswordForm):
    """The user's own password instead of the first one, which somebody else has seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"password1": _("Din egen adgangskode"), "password2": _("Din egen adgangskode igen")})
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_password1(self) -> str:
        """Another one than the first."""
        chosen: str = self.cleaned_data["password1"]
        if self.user.check_password(chosen):
            raise ValidationError(_now("Det er den, du fik af administratoren. Vælg din egen."))
        return chosen


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"password": _("Adgangskode")})
