"""The addresses of the phone without a net: its page, its worker, its keys, what it keeps and what it sends."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from roedtraad.accounts.models import User
from roedtraad.core.policy import public, requires
from roedtraad.portals.offline import shell
from roedtraad.portals.offline.keys import is_device, keys_for
from roedtraad.portals.offline.queries import kept_on_phone
from roedtraad.portals.offline.rules import Unreadable, read_batch
from roedtraad.portals.offline.services import Answer, receive
from roedtraad.portals.shift import UNIT

WORK = "duty.work"


@public("Skallen til brug uden net: den siger intet om nogen, og fyldes på telefonen")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """»Min vagt uden net«: the empty page that the phone fills from its own store."""
    with override("da"):
        return render(request, "portals/offline/page.html", {"words": shell.page_words()})


@public("Hvad siden hedder, når den lægges på telefonens startskærm")
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest."""
    return JsonResponse(
        shell.manifest(),
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@public("Det program i browseren, som viser siden, når nettet er væk; det er ens for alle")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. From the root, so that it may answer for every page."""
    context = {"shell": json.dumps(shell.files()), "version": shell.version()}
    return render(request, "portals/offline/sw.js", context, content_type="text/javascript")


@requires(WORK)
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """What a page needs to read and send: its keys, whose they are, for how long, and the mark against forgery."""
    device = request.GET.get("enhed", "")
    if not is_device(device):
        return JsonResponse({"detail": _("Telefonens nummer kan ikke læses.")}, status=400)
    user = cast(User, request.user)
    keys = keys_for(request.session, user, device)
    return JsonResponse(
        {
            "user": str(user.pk),
            "reading": keys.reading,
            "writing": keys.writing,
            "csrf": get_token(request),
            "keep_ms": int(dt.timedelta(hours=settings.OFFLINE_HOURS).total_seconds() * 1000),
        }
    )


@requires(WORK)
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """What the phone keeps of the shift."""
    found = kept_on_phone(cast(User, request.user), request.COOKIES.get(UNIT, ""))
    return JsonResponse(found.as_json())


@requires(WORK)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """What was written without a net comes in; each entry gets its own answer."""
    try:
        batch = read_batch(json.loads(request.body))
    except (Unreadable, ValueError, RecursionError):
        return JsonResponse({"detail": _("Det, der blev sendt, kan ikke læses.")}, status=400)
    received = receive(cast(User, request.user), batch)
    return JsonResponse(
        {"answers": [_answer(each) for each in received.answers], "stopped": received.stopped},
        status=503 if received.stopped and not received.answers else 200,
    )


def _answer(answer: Answer) -> dict[str, Any]:
    theirs = answer.theirs
    return {
        "key": str(answer.key),
        "state": answer.state,
        "sentence": answer.sentence,
        "theirs": theirs
        and {
            "text": theirs.text,
            "who": theirs.who,
            "at": int(theirs.at.timestamp() * 1000),
            "version": theirs.version,
        },
    }
