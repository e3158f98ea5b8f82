"""The context every template gets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from roedtraad.portals.demo_users import demo_users
from roedtraad.portals.frame import frame_for


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """`frame`, and `demo_users` for the login page: made when a template first asks, so that a fragment costs
    nothing."""
    return {"frame": SimpleLazyObject(lambda: frame_for(request)), "demo_users": SimpleLazyObject(demo_users)}
