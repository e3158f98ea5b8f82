"""A session begun with a PIN at a shared tablet reaches the tablet's unit and no further."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from roedtraad.access.narrowing import Narrowing, narrowed
from roedtraad.access.scope import require
from roedtraad.accounts import sessions
from roedtraad.accounts.models import SharedTablet, User
from roedtraad.accounts.tablets import services
from roedtraad.core.refusal import Refusal

log = structlog.get_logger("roedtraad.login")


class TabletMiddleware:
    """Narrows a PIN session, or ends it when what it rests on is gone. Before anybody asks for a grant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sessions.PIN not in request.session:
            return self.get_response(request)
        visit = services.visit_of_session(request)
        if visit is None or visit.user_id != request.user.pk:
            log.info("session_ended", why="tablet", user=request.user.pk)
            logout(request)
            request.session[sessions.WHY] = sessions.NO_MORE_PIN
            return self.get_response(request)
        to = Narrowing(visit.user_id, visit.tablet.unit_id, f"PIN på »{visit.tablet.name}«")
        with narrowed(to):
            return self.get_response(request)


def enrol(by: User, unit_id: int, name: str) -> tuple[SharedTablet, str]:
    """Make the browser `by` sits at the unit's shared tablet; with it the token for its cookie.

    AccessDenied where `by` may not; Refusal when the unit has one of that name.
    """
    require(by, "tablet.manage", unit_id=unit_id)
    return services.enrol(unit_id, name, by)


def revoke(by: User, pk: int) -> SharedTablet:
    """It is no shared tablet any more. Refusal when it was none; AccessDenied in another's unit."""
    tablet = SharedTablet.objects.filter(pk=pk, revoked_at__isnull=True).first()
    if tablet is None:
        raise Refusal(_("Tabletten er allerede afmeldt."))
    require(by, "tablet.manage", unit_id=tablet.unit_id)
    services.revoke(tablet, by)
    return tablet
