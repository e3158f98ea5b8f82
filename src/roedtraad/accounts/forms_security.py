"""The forms of codes and passkeys. What a code is worth is decided by `second_factor`, and how often by `lockout`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts import lockout, second_factor
from roedtraad.accounts.forms import plain
from roedtraad.accounts.models import User
from roedtraad.accounts.rules import Kind

_CODE_FIELD = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class _CodeMixin(forms.Form):
    """A code from the app or a recovery code."""

    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"code": _("Kode")})
        self.fields["code"].widget.attrs.update(_CODE_FIELD)

    def clean_code(self) -> str:
        """Count the try, then use the code up."""
        try:
            attempt = lockout.begin(context.request, Kind.CODE, user=self.user)
        except lockout.Waiting as waiting:
            raise ValidationError(str(waiting)) from waiting
        code: str = self.cleaned_data["code"]
        found = second_factor.use_code(self.user, code)
        if found is None:
            attempt.failed()
            raise get_adapter().validation_error("incorrect_code")
        attempt.succeeded()
        self.authenticator = found
        return code


class CodeForm(_CodeMixin, base_forms.AuthenticateForm):
    """The second step of a login."""


class ReauthenticateCodeForm(_CodeMixin, base_forms.ReauthenticateForm):
    """Before something about the login is changed."""


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    """The first code of an app shows that it was set up."""

    counter = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"code": _("Koden, som appen viser")})
        self.fields["code"].widget.attrs.update(_CODE_FIELD, inputmode="numeric")

    def clean_code(self) -> str:
        """It must be of this half minute, or one to either side."""
        code = "".join(self.cleaned_data["code"].split())
        counter = second_factor.fitting_counter(self.secret, code)
        if counter is None:
            raise ValidationError(
                _now(
                    "Koden passer ikke. Skriv den, som appen viser nu. Se også efter, om telefonens ur går rigtigt."
                )
            )
        self.counter = counter
        return code


@contextmanager
def _refusing_nonsense() -> Iterator[None]:
    """What a browser would never send is refused like a wrong key; the library stumbles over some of it."""
    try:
        yield
    except ValidationError:
        raise ValidationError(
            _now("Adgangsnøglen kunne ikke bruges her. Prøv igen, eller log ind på en anden måde.")
        ) from None
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError):
        raise ValidationError(_now("Adgangsnøglen kunne ikke læses. Prøv igen.")) from None


class _CredentialField(forms.JSONField):
    """JSON a thousand lists deep is nonsense like any other; the reader only runs out of breath at it."""

    def to_python(self, value: Any) -> Any:
        """The answer as it was sent."""
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again: nothing, for a ceremony cannot be sent twice."""
        return initial


class _PasskeyMixin:
    """What a passkey answered."""

    user: User | None = None
    errors: dict[str, Any]
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _CredentialField(required=True, widget=forms.HiddenInput)  # type: ignore[attr-defined]  # as below

    def clean_credential(self) -> Any:
        """The authenticator it belongs to."""
        with _refusing_nonsense():
            return super().clean_credential()  # type: ignore[misc]  # the library's form, which this is mixed into

    def full_clean(self) -> None:
        """A passkey that does not hold, or cannot be read, stands in the log."""
        super().full_clean()  # type: ignore[misc]  # as above
        if self.is_bound and "credential" in self.errors:
            lockout.passkey_failed(self.user)


class PasskeyForm(_PasskeyMixin, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step of a login."""


class PasskeyLoginForm(_PasskeyMixin, webauthn_forms.LoginWebAuthnForm):
    """A passkey alone: it is had, and it is opened by a finger, a face or a PIN."""


class ReauthenticatePasskeyForm(_PasskeyMixin, webauthn_forms.ReauthenticateWebAuthnForm):
    """Before something about the login is changed."""


class AddPasskeyForm(webauthn_forms.SignupWebAuthnForm):
    """A new passkey, always one that can be used alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _CredentialField(required=True, widget=forms.HiddenInput)
        plain(self, {"name": _("Hvad skal den hedde?")})
        self.fields["name"].widget.attrs["maxlength"] = 80
        self.fields["name"].help_text = _("Så du kan kende den igen, for eksempel »Min telefon«.")

    def clean_name(self) -> str:
        """At most 80 characters; the key is made by now, so a long name is cut."""
        name: str = super().clean_name()[:80]
        return name

    def clean(self) -> dict[str, Any]:
        """The ceremony must end as it began."""
        with _refusing_nonsense():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class PasskeyNameForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(max_length=80, label=_("Navn"))
