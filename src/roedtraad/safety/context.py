"""What pages know about alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from roedtraad.access.scope import may
from roedtraad.safety import tickets
from roedtraad.safety.address import stream_url


@dataclass(frozen=True)
class Watch:
    """Where the page listens and with which ticket, where it asks, and what shows it."""

    stream_url: str
    ticket: str
    ticket_url: str
    now_url: str
    page_url: str
    is_here: bool
    template: str = "safety/watch.html"


def alarm_watch(request: HttpRequest) -> dict[str, Any]:
    """`alarm_watch` for the frame of somebody who works on a shift; None for all others. No SQL beyond the grants, which
    the frame reads anyway, and none at all where no page is drawn."""
    return {"alarm_watch": SimpleLazyObject(lambda: _watch(request))}


def _watch(request: HttpRequest) -> Watch | None:
    user = getattr(request, "user", None)
    if user is None or not may(user, "duty.work"):
        return None
    url = stream_url(request)
    page = reverse("safety:alarm")
    return Watch(
        stream_url=url,
        ticket=tickets.issue(user) if url else "",
        ticket_url=reverse("safety:ticket"),
        now_url=reverse("safety:now"),
        page_url=page,
        is_here=request.path == page,
    )
