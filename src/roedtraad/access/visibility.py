"""Which rows of personal data a user may see: providers from the floors above, OR'ed together.

Each app says how its rows hang on units, municipalities and citizens; `visible_q` turns the user's reach
into one filter. A model without a provider shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from roedtraad.access.scope import Reach, reach

Provider = Callable[[Reach], Q]
_providers: dict[str, list[Provider]] = {}
NOTHING = Q(pk__in=[])


def provide(model_label: str, provider: Provider) -> None:
    """Add a way in which rows of the model become visible; called when Django starts."""
    known = _providers.setdefault(model_label, [])
    if provider not in known:
        known.append(provider)


def visible_q(model_label: str, user: Any, action: str = "citizen.view") -> Q:
    """The filter for the rows the user may see. Nothing for nobody."""
    scope = reach(user, action) if getattr(user, "is_authenticated", False) else Reach()
    if not scope:
        return NOTHING
    combined = NOTHING
    for provider in _providers.get(model_label, []):
        combined |= provider(scope)
    return combined
