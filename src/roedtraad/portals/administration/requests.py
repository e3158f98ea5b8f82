"""What the views of the administration share."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from roedtraad.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The user behind the request. The policy middleware has let nobody else through."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied
