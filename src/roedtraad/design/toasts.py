"""A toast: a short message on the next page, with a way to undo what was just done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Show `text` on the next page; `undo_url` (a path of our own) gets a POST when the visitor undoes."""
    messages.success(request, text, extra_tags=UNDO + undo_url if undo_url else "")


def undo_path(extra_tags: str | None) -> str:
    """The path to undo with, from a message's tags; empty when there is none or it leaves the site."""
    for tag in (extra_tags or "").split():
        path = tag.removeprefix(UNDO)
        if path != tag and path.startswith("/") and not path.startswith("//"):
            return path
    return ""
