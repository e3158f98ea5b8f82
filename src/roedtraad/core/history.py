"""Who did what, when and why: the context of the history rows the database itself writes."""

from __future__ import annotations

from typing import Any

import pghistory

from roedtraad.core import clock


def change(user: Any, reason: str, event: str = "") -> Any:
    """A context manager: every row changed within it carries the user, the day and the reason.

    All changes of one web request share one history context, so a request holds one event.
    """
    return pghistory.context(
        user=getattr(user, "pk", None), day=clock.today().isoformat(), reason=reason, event=event
    )
