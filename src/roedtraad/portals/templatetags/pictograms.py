"""Pictograms and read-aloud buttons of the pages for citizens and relatives."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

#: Names in static/portals/pictograms.svg; a test keeps the two alike.
PICTOGRAMS = frozenset(
    (
        "clock",
        "eye",
        "face-1",
        "face-2",
        "face-3",
        "face-4",
        "face-5",
        "hand",
        "heart",
        "house",
        "ladder",
        "microphone",
        "network",
        "note",
        "person",
        "picture",
        "read",
        "speaker",
        "star",
        "sun",
        "talk",
        "tick",
    )
)


@cache
def _sprite() -> str:
    return static("portals/pictograms.svg")


@register.simple_tag
def pictogram(name: str) -> SafeString:
    """A drawing beside its word, silent for screen readers. ValueError for a name that is not drawn."""
    if name not in PICTOGRAMS:
        raise ValueError(f"There is no pictogram called {name!r}.")
    return format_html(
        '<svg class="pictogram" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">'
        '<use href="{}#{}"/></svg>',
        _sprite(),
        name,
    )


@register.simple_tag
def face(mood: Any) -> SafeString:
    """The face of a mood from 1 to 5."""
    return pictogram(f"face-{mood}")
