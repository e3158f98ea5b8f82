"""How a view says who may use it.

A view without a declared policy is refused by the policy middleware and by a test that walks every URL.
The declaration is a plain attribute, so that lower floors can declare without knowing who decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """What a view asks for: an action that the visitor's grants must allow, or a reason for being open."""

    action: str = ""
    open_because: str = ""


def requires(action: str) -> Callable[[View], View]:
    """The visitor must be allowed to do `action` somewhere; where exactly is checked by the service or query."""

    def declare(view: View) -> View:
        view.policy = Policy(action=action)  # type: ignore[attr-defined]  # an attribute on a function
        return view

    return declare


def public(reason: str) -> Callable[[View], View]:
    """Anyone may use the view, for the stated reason."""

    def declare(view: View) -> View:
        view.policy = Policy(open_because=reason)  # type: ignore[attr-defined]  # an attribute on a function
        return view

    return declare
