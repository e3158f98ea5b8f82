"""What pages know about the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.urls import reverse

from roedtraad.accounts import sessions


@dataclass(frozen=True)
class Watch:
    """When the session ends, in seconds from now, where the page asks and goes then, and what shows it."""

    seconds: int
    ask_url: str
    login_url: str
    template: str = "accounts/session_watch.html"


def session_watch(request: HttpRequest) -> dict[str, Any]:
    """`session_watch` for the frame, or None for a stranger."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return {"session_watch": None}
    return {
        "session_watch": Watch(
            seconds=int(sessions.left(session).total_seconds()),
            ask_url=reverse("account_session"),
            login_url=reverse("account_tablet" if sessions.PIN in session else "account_login"),
        )
    }
