"""A write to the API that is sent twice is carried out once.

A program that got no answer sends again; nobody can tell from outside whether the first was carried out. So every
write carries a key of the sender's own choice (`Idempotency-Key`, as the IETF's draft of that name says), and the
answer is kept under the key in the transaction of the change itself: either both are there or neither. The second
sending gets the first answer again.

What was refused is not kept: it changed nothing, and may be put right and sent again under the same key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import HttpError

from roedtraad.access.models import ApiAnswer, ApiToken
from roedtraad.access.tokens import WRITES, api_action
from roedtraad.core import clock

HEADER = "Idempotency-Key"
#: Says that an answer was given before.
REPLAYED = "Idempotency-Replayed"
#: How long an answer is remembered.
KEPT = dt.timedelta(hours=24)
LONGEST_KEY = 200
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


@dataclass(frozen=True)
class Answer:
    """What a write is answered: an HTTP status and a body. Below 300 it is kept."""

    status: int
    body: Schema


Write = Callable[[], Answer]
Operation = Callable[..., Write]


def api_write(action: str) -> Callable[[Operation], Callable[..., HttpResponse]]:
    """Declare an operation that writes: its action, as `api_action`, and that it is carried out once for each key.

    The operation itself only looks: it finds what is written to, logs whose data that is, refuses who may not see it,
    and returns the writing as a function. So a key sent again is asked the same questions before it gets its answer,
    and somebody who has lost their access meanwhile gets none.

    HttpError 400 without a key, 409 while the first sending is being carried out, 422 for a key that was used for
    something else.
    """
    if action not in WRITES:
        raise ValueError(f"{action} is no action the API writes by.")

    def declare(operation: Operation) -> Callable[..., HttpResponse]:
        @wraps(operation)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja after TokenAuth
            key, sent = _key_of(request), _digest(request)
            with transaction.atomic():
                _alone(token, key)
                write = operation(request, *args, **kwargs)
                known = _known(token, key)
                if known is not None:
                    return _again(known, sent)
                answer = write()
                body = answer.body.model_dump_json(by_alias=True)
                if answer.status < 300:
                    ApiAnswer.objects.create(
                        token=token, key=key, request=sent, status=answer.status, body=body
                    )
            return _said(answer.status, body)

        once.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        checked = api_action(action)(once)
        checked.carried_out_once = True  # type: ignore[attr-defined]  # a test asks every operation that writes
        return checked

    return declare


def forget_old() -> int:
    """Delete answers older than `KEPT`. Returns how many."""
    return ApiAnswer.objects.filter(at__lt=clock.running() - KEPT).delete()[0]


def _key_of(request: HttpRequest) -> str:
    """The key the call was sent with; the quotes that the draft puts around it may be there or not."""
    text = request.headers.get(HEADER, "").strip()
    key = text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text
    if not key:
        raise HttpError(
            400,
            _(
                "Kaldet mangler »Idempotency-Key«. Send en ny, tilfældig nøgle med hver ændring, fx en UUID, og den "
                "samme nøgle, når du sender det samme igen."
            ),
        )
    if not _KEY.fullmatch(key):
        raise HttpError(
            400,
            _("»Idempotency-Key« skal være 1 til %(most)s synlige ASCII-tegn uden mellemrum, fx en UUID.")
            % {"most": LONGEST_KEY},
        )
    return key


def _digest(request: HttpRequest) -> bytes:
    """A digest of where and what was sent, whatever the order of its names; keyed, as short texts could be guessed."""
    try:
        body = json.dumps(json.loads(request.body), sort_keys=True).encode()
    except ValueError:
        body = request.body
    digest = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    for piece in ((request.method or "").encode(), request.get_full_path().encode(), body):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.digest()


def _alone(token: ApiToken, key: str) -> None:
    """Hold the key until the transaction ends. HttpError 409 when another call holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"access.idempotency {token.pk} {key}"],
        )
        if not cursor.fetchone()[0]:
            raise HttpError(
                409, _("Det samme kald er ved at blive udført. Vent et øjeblik, og send det igen.")
            )


def _known(token: ApiToken, key: str) -> ApiAnswer | None:
    """The answer of the first sending. One that is too old is taken away: the key is free again."""
    known = ApiAnswer.objects.filter(token=token, key=key).first()
    if known is not None and known.at < clock.running() - KEPT:
        known.delete()
        return None
    return known


def _again(known: ApiAnswer, sent: bytes) -> HttpResponse:
    if not hmac.compare_digest(bytes(known.request), sent):
        raise HttpError(
            422,
            _("Nøglen i »Idempotency-Key« er brugt til et andet kald. Send en ny nøgle med hver ændring."),
        )
    response = _said(known.status, known.body)
    response[REPLAYED] = "true"
    return response


def _said(status: int, body: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
