"""The hidden fields of every form that is sent: where it comes from, and a number that makes it happen once."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from roedtraad.core.ids import new_id

register = template.Library()


class FormNode(CsrfTokenNode):
    """Django's own field, and beside it the form's number (access/sent.py)."""

    def render(self, context: Context) -> Any:
        """Both fields; none where there is no request to protect."""
        token = super().render(context)
        return (
            format_html('{}<input type="hidden" name="request_id" value="{}">', token, new_id())
            if token
            else ""
        )


@register.tag
def csrf_token(_parser: Any, _token: Any) -> FormNode:
    """Takes the place of Django's tag of the same name, so that no form can be written without its number."""
    return FormNode()
