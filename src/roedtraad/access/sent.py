"""A form that is sent twice is carried out once.

Who gets no answer sends again, and so does a phone whose connection broke: the first may have been carried out or
not, nobody can tell from outside. So every form carries a number of its own (`request_id`, put beside the CSRF token
by design/templatetags/forms.py), and the answer is kept under that number in the same transaction as the change.
Either both are there or neither; the second sending finds the answer, or does the work.

Two at once: the second waits for the first at the unique constraint, then finds its answer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from roedtraad.access.models import SentRequest
from roedtraad.core import clock

FIELD = "request_id"
#: How long an answer is remembered.
KEPT = dt.timedelta(days=7)
_CLAIMED = "sent_request_row"
# The last one says who the form was made for (drafts.writer) and is new with every showing of the page.
_NOT_CONTENT = {FIELD, "csrfmiddlewaretoken", "written_by"}
_CLAIM = (
    "INSERT INTO access_sentrequest (request_id, user_id, content, route, status, location) "
    "VALUES (%s, %s, %s, '', 0, '') ON CONFLICT DO NOTHING RETURNING id"
)


class SentRequestMiddleware:
    """Carries out a POST with a `request_id` in one transaction, once.

    Kept is an answer that leads on (a redirect, or no content): that is how the house's forms say »done«. A form
    that comes back with sentences in it was refused and may be sent again with the same number. What fails
    altogether (500 and above) is rolled back as a whole.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _number_of(request):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            row = getattr(request, _CLAIMED, None)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif row is not None and _is_done(response):
                route = request.resolver_match.route if request.resolver_match else ""
                SentRequest.objects.filter(pk=row).update(
                    route=route[:200], status=response.status_code, location=response.get("Location", "")
                )
            elif row is not None:
                SentRequest.objects.filter(pk=row).delete()
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """After the CSRF check and the policy: the answer of the first sending, or our turn."""
        text = _number_of(request)
        if not text:
            return None
        request_id, content = _read(text), _digest(request)
        row = _claim(request_id, request.user.pk, content)
        if row is None:
            return _answered_before(request, request_id, content)
        setattr(request, _CLAIMED, row)
        return None


def forget_old() -> int:
    """Delete answers older than `KEPT`. Returns how many."""
    return SentRequest.objects.filter(at__lt=clock.running() - KEPT).delete()[0]


def _is_done(response: HttpResponse) -> bool:
    return 300 <= response.status_code < 400 or response.status_code in {201, 204}


def _claim(request_id: UUID, user: int | None, content: bytes) -> int | None:
    """The number of our new row; None when the sending is known. Waits for one that is being carried out."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [request_id, user, content])
        row = cursor.fetchone()
    return row[0] if row else None


def _answered_before(request: HttpRequest, request_id: UUID, content: bytes) -> HttpResponse:
    known = SentRequest.objects.get(request_id=request_id, user=request.user.pk, content=content)
    if not known.location:
        return HttpResponse(status=known.status)
    messages.info(request, _("Det var allerede gemt. Det er ikke gemt to gange."))
    response = HttpResponseRedirect(known.location)
    response.status_code = known.status
    return response


def _number_of(request: HttpRequest) -> str:
    """The form's number, empty for what is no form of somebody who is logged in."""
    if request.method != "POST" or not request.user.is_authenticated:
        return ""
    return request.POST.get(FIELD, "")


def _read(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise SuspiciousOperation("request_id is not a UUID") from None


def _digest(request: HttpRequest) -> bytes:
    """A digest of where and what was sent; keyed, because short secrets could be guessed from a plain one."""
    digest = hmac.new(settings.SECRET_KEY.encode(), request.get_full_path().encode(), hashlib.sha256)
    for piece in _pieces(request):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.digest()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_CONTENT:
            yield from (name.encode(), *(value.encode() for value in values))
    files: list[tuple[str, list[Any]]] = sorted(request.FILES.lists())
    for name, uploads in files:
        for upload in uploads:
            yield from (name.encode(), (upload.name or "").encode(), *upload.chunks())
            upload.seek(0)
