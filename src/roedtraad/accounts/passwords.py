"""Passwords that are refused for holding the house's own words (OWASP ASVS 5.0.0, 6.2.11); docs/log-ind.md lists them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HOUSE_WORDS = ("rødtråd", "region midt", "socialområdet")


def folded(text: str) -> str:
    """Letters and digits alone, without capitals and accents; å, aa and a are the same, and so are ø, oe and o."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o"))
    letters = "".join(character for character in plain if character.isalnum())
    return letters.replace("aa", "a").replace("oe", "o")


class HouseWordsValidator:
    """Refuses a password with one of the house's words in it, however it is spaced, capitalised or accented."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError with a sentence when a word of the house is in it."""
        if any(folded(word) in folded(password) for word in HOUSE_WORDS):
            raise ValidationError(self.get_help_text(), code="password_house_word")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return _(
            "Adgangskoden må ikke indeholde husets egne ord, for eksempel »rødtråd« eller »region midtjylland«."
        )
