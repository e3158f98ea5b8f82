"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What is worth telling. Having logged in or out shows by itself.
_TOLD = {"account/messages/password_changed.txt": _("Din adgangskode er skiftet.")}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same sentence for an unknown name and a wrong password: it gives nothing away.
        "username_password_mismatch": _(
            "Brugernavn og adgangskode passer ikke sammen. Prøv igen, "
            "eller få en ny adgangskode af din administrator."
        ),
        "too_many_login_attempts": _("Der er prøvet for mange gange. Vent fem minutter, og prøv så igen."),
        "enter_current_password": _("Det er ikke din nuværende adgangskode. Skriv den igen."),
        "account_inactive": _("Kontoen er lukket. Spørg din administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes with a grant."""
        return False

    def add_message(  # noqa: PLR0917  the library's own signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """The library's messages in our words, and only those worth telling."""
        told = _TOLD.get(message_template or "")
        if told:
            messages.add_message(request, level, gettext(str(told)), extra_tags=extra_tags)
