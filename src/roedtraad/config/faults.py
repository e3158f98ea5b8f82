"""What the house answers while its database is away or full, and how it notices that it is back.

Whatever goes wrong with the database, nothing half is written: a change is one transaction. So the answer is the
same calm one everywhere: it is not saved, and it is safe to send it again.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from psycopg import pq
from psycopg.conninfo import make_conninfo

#: Seconds after which a client may ask again.
RETRY_AFTER = 5


@dataclass(frozen=True)
class Trouble:
    """A kind of trouble in words."""

    title: str | Promise
    lead: str | Promise


AWAY = Trouble(
    _("Vi er tilbage om lidt"),
    _("Systemet kan ikke nå sine data lige nu. Det, du har fået svar på, er gemt. Prøv igen om lidt."),
)
FULL = Trouble(
    _("Der er ikke plads til mere"),
    _(
        "Serverens disk er fuld, så det, du sendte, er ikke gemt. Sig det til driften, og send det igen senere."
    ),
)
BUSY = Trouble(
    _("To ændringer mødtes"),
    _("En anden var i gang med det samme, så det, du sendte, er ikke gemt. Send det igen."),
)
# Django's own, and the driver's where somebody speaks to it directly.
_LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_FULL_STATES = {"53100"}
# Serialization failure, deadlock, lock not available, query cancelled.
_BUSY_STATES = {"40001", "40P01", "55P03", "57014"}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Which trouble with the database an exception tells of; None when it tells of something else."""
    if not isinstance(error, _LOST):
        return None
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    if state in _FULL_STATES:
        return FULL
    return BUSY if state in _BUSY_STATES else AWAY


def database_answers() -> bool:
    """Whether a server accepts connections, asked without logging in; at most two seconds."""
    database = settings.DATABASES["default"]
    where = {"host": database.get("HOST"), "port": database.get("PORT"), "user": database.get("USER")}
    conninfo = make_conninfo(
        **{name: value for name, value in where.items() if value},
        dbname=database["NAME"],
        connect_timeout=2,
    )
    return pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK


class Watch:
    """Remembers that the database was away, so that nobody waits for a pool that has nothing to give."""

    PAUSE = 0.25

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away = False
        self._asked = 0.0

    def lost(self) -> None:
        """A request could not reach the database."""
        self._away = True

    def is_away(self) -> bool:
        """Whether it still is; asks the server at most four times a second, and nobody when all is well."""
        if not self._away:
            return False
        with self._lock:
            if self._away and time.monotonic() - self._asked >= self.PAUSE:
                self._away = not database_answers()
                self._asked = time.monotonic()
        return self._away


watch = Watch()


class AwayMiddleware:
    """Answers at once while the database is known to be away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return refusal(request, AWAY) if watch.is_away() else self.get_response(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for any exception nobody caught: trouble with the database is told as such."""
    return _told(request, sys.exc_info()[1]) or defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that is refused as malformed.

    A session that could not be saved comes here too, whatever hindered it, and so does a lost database.
    """
    return _told(request, exception) or defaults.bad_request(request, exception)


def _told(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The refusal when the exception, or one that led to it, is trouble with the database."""
    trouble = None
    while error is not None and trouble is None:
        trouble = trouble_of(error)
        error = error.__cause__ or error.__context__
    if trouble is AWAY:
        watch.lost()
    return refusal(request, trouble) if trouble else None


def refusal(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """503 for the one who asks: a sentence for a program, a note for a part of a page, a page for a person.

    The templates are filled without a request: whoever is logged in would have to be looked up.
    """
    words = {"title": trouble.title, "lead": trouble.lead}
    if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        response: HttpResponse = JsonResponse({"detail": str(trouble.lead)}, status=503)
    elif request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("design/trouble_note.html", words), status=503)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
    else:
        # What was sent is sent again by loading the page anew, and is then kept only once.
        again = request.get_full_path() if request.method == "GET" else ""
        response = HttpResponse(render_to_string("503.html", {**words, "again": again}), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
