"""Which of the house's forms an address belongs to."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from roedtraad.drafts.rules import why_exempt


def form_name(address: str) -> str:
    """The name of the page a form is sent to; empty when it is no page of ours or none whose forms are kept."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    # The machine interface takes no forms.
    if match.app_name == "ninja" or why_exempt(match.view_name):
        return ""
    return match.view_name
