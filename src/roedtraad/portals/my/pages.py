"""What the citizen's own pages have in common: whose they are, the look-up log, and how the citizen likes to read."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roedtraad.access.lookups import record
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.portals.queries.persons import NoCitizenError, own_citizens
from roedtraad.voices.queries import reading_of


def user_of(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


def mine(request: HttpRequest, part: str) -> Citizen:
    """The citizen whose own page it is, written in the log. AccessDenied when the account names nobody."""
    try:
        citizen = own_citizens(user_of(request), Role.CITIZEN)[0]
    except NoCitizenError as refusal:
        raise AccessDenied(str(refusal)) from refusal
    record(user_of(request), [citizen.pk], part, action="own.view")
    return citizen


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page the way the visitor likes to read."""
    return render(request, template, {**context, "reading": reading_of(user_of(request))}, status=status)
