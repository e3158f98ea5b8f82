"""Which rows of personal data a user may see: providers from the floors above, OR'ed together.

Each app says how its rows hang on units, municipalities and citizens; `visible_q` turns the user's reach
into one filter. A model without a provider shows nothing. What must be hidden in spite of all that (protected
citizens) is said once as a restriction and taken from every path. Row-level security in the database says the
same again underneath (`access.rows`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from roedtraad.access.narrowing import narrowing_of
from roedtraad.access.scope import Reach, reach

Provider = Callable[[Reach], Q]
_providers: dict[str, list[Provider]] = {}
_emergencies: dict[str, list[Provider]] = {}
_restrictions: dict[str, list[Provider]] = {}
NOTHING = Q(pk__in=[])


def provide(model_label: str, provider: Provider) -> None:
    """Add a way in which rows of the model become visible; called when Django starts."""
    _add(_providers, model_label, provider)


def provide_in_emergency(model_label: str, provider: Provider) -> None:
    """Add a way in which rows become readable for who gave a reason (`EmergencyAccess`)."""
    _add(_emergencies, model_label, provider)


def restrict(model_label: str, restriction: Provider) -> None:
    """Add what rows of the model must fulfil to be seen at all, whichever way they became visible."""
    _add(_restrictions, model_label, restriction)


def visible_q(model_label: str, user: Any, action: str = "citizen.view", *, in_emergency: bool = False) -> Q:
    """The filter for the rows the user may see. Nothing for nobody.

    `in_emergency` adds the rows that a written reason has opened: for the page of one citizen, never for
    lists, searches or changes; and never for a narrowed login (`access.narrowing`).
    """
    scope = reach(user, action) if getattr(user, "is_authenticated", False) else Reach()
    if not scope:
        return NOTHING
    combined = NOTHING
    for provider in _providers.get(model_label, []):
        combined |= provider(scope)
    if in_emergency and not narrowing_of(user.pk):
        for provider in _emergencies.get(model_label, []):
            combined |= provider(scope)
    for restriction in _restrictions.get(model_label, []):
        combined &= restriction(scope)
    return combined


def _add(kept: dict[str, list[Provider]], model_label: str, provider: Provider) -> None:
    known = kept.setdefault(model_label, [])
    if provider not in known:
        known.append(provider)
