"""Words and addresses of the target picture's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from roedtraad.steering.queries import TargetPicture
from roedtraad.steering.queries.picture import target_words
from roedtraad.steering.report.build import state_words
from roedtraad.steering.rules import Measured
from roedtraad.steering.views.asked import address

register = template.Library()


@register.filter
def target(value: Decimal | None) -> str:
    """A target with no more decimals than it has; a dash when there is none."""
    return "–" if value is None else target_words(value)


@register.filter
def state_word(found: Measured | Any) -> str:
    """The state of a figure or of a mark in words."""
    return state_words(found)


@register.simple_tag
def picture_url(picture: TargetPicture, name: str = "maalbillede", fmt: str = "", **changes: Any) -> str:
    """The address of the picture (or one of its files) with some of `aar`, `plan` and `enhed` changed."""
    asked = {
        "aar": picture.year,
        "plan": picture.plan.key if picture.plan and len(picture.plans) > 1 else "",
        "enhed": picture.unit_key,
        **changes,
    }
    return address(name, *([fmt] if fmt else []), **asked)


@register.simple_tag
def page_url(name: str, *args: Any, **parameters: Any) -> str:
    """The address of a page with the parameters that are not empty."""
    return address(name, *args, **parameters)
