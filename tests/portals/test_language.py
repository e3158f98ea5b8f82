"""The English catalogue, and switching to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import RequestFactory
from django.urls import reverse

from roedtraad.access.roles import LABELS, Role
from roedtraad.accounts.language import ChosenLanguageMiddleware
from roedtraad.portals.frame import ENTRIES
from tests.access.scene import Scene

FOLDER = Path(__file__).parents[2] / "src" / "roedtraad" / "locale" / "en" / "LC_MESSAGES"


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written = {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in polib.pofile(str(FOLDER / "django.po")).translated_entries()
    }
    compiled = {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in polib.mofile(str(FOLDER / "django.mo"))
    }
    assert compiled == written, "run msgfmt on the catalogue"


def test_roles_and_navigation_are_translated() -> None:
    translated = {entry.msgid for entry in polib.pofile(str(FOLDER / "django.po")).translated_entries()}
    labels = {str(entry.label) for entries in ENTRIES.values() for entry in entries}
    assert labels | set(LABELS.values()) <= translated


@pytest.mark.django_db
def test_the_switch_shows_an_english_navigation_and_comes_back(client: Any) -> None:
    client.force_login(Scene().user(Role.LEADER))
    home = reverse("home")
    assert "Kapacitet" in client.get(home).content.decode()
    answer = client.post(reverse("portals:language"), {"language": "en", "next": "/"})
    assert answer["Location"] == "/"
    english = client.get(home).content.decode()
    assert '<html lang="en"' in english
    for words in ("Front page", "Capacity", "Target picture", "My unit", "Leader", "Book a stay"):
        assert words in english
    client.post(reverse("portals:language"), {"language": "da", "next": "/"})
    assert "Min enhed" in client.get(home).content.decode()


@pytest.mark.parametrize(("cookie", "shown"), [("", "da"), ("en", "en"), ("da", "da"), ("xx", "da")])
def test_only_a_choice_changes_the_language_never_the_browser(cookie: str, shown: str) -> None:
    from django.http import HttpResponse
    from django.utils import translation

    request = RequestFactory().get("/", headers={"Accept-Language": "en-US,en"})
    request.COOKIES["django_language"] = cookie
    with translation.override(None):
        answer = ChosenLanguageMiddleware(lambda _request: HttpResponse(translation.get_language()))(request)
    assert answer.content.decode() == shown
    assert answer["Content-Language"] == shown
