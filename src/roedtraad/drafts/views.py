"""Saving what is typed, and coming back to it."""

from __future__ import annotations

import json
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.policy import public, requires
from roedtraad.design.toasts import toast
from roedtraad.drafts import queries, services, wording, writer
from roedtraad.drafts.naming import form_name
from roedtraad.drafts.rules import WRITER, Content, Typed, canonical, without_asking, worth_keeping
from roedtraad.drafts.showing import asking

_MOST_FIELDS = 1000


@public("Tager kun imod: formularen bærer selv mærket på den, den er lavet til, og intet kan læses")
@never_cache
@require_POST
def save(request: HttpRequest) -> JsonResponse:
    """Keep what a page has typed into one of its forms, also when the session has just ended."""
    whose = writer.read(request.POST.get(WRITER, ""))
    if whose is None:
        return _no(403, _("Siden er for gammel til, at kladden kan gemmes. Åbn den igen."))
    if request.user.is_authenticated and request.user.pk != whose:
        return _no(409, _("En anden er logget ind nu. Kladden gemmes ikke."))
    try:
        content, writing, version = _read(request.POST)
    # Python counts brackets in brackets in brackets as its own failure.
    except (ValueError, TypeError, KeyError, RecursionError):
        return _no(400, _("Kladden kan ikke læses og gemmes ikke."))
    try:
        kept = services.keep(whose, content, writing=writing, version=version)
    except services.TooLarge:
        return _no(413, _("Det er for meget til en kladde. Send formularen, før du går."))
    answer: dict[str, Any] = {"kept": kept is not None, "signed_in": request.user.is_authenticated}
    if kept is not None:
        answer["at"] = f"{clock.running().astimezone(clock.COPENHAGEN):%H.%M}"
    return JsonResponse(answer)


def _read(sent: Any) -> tuple[Content, UUID, int]:
    """What the script sends. ValueError, TypeError or KeyError when it is not that."""
    action, page = without_asking(sent["action"]), without_asking(sent["page"])
    if not canonical(action) or not canonical(page) or not form_name(action):
        raise ValueError(action)
    version = int(sent["version"])
    fields = json.loads(sent["fields"])
    if not 0 <= version < 2**53 or not _is_list_of_fields(fields):
        raise ValueError(version)
    typed = [Typed(**{name: str(text).replace("\0", "") for name, text in one.items()}) for one in fields]
    return Content(page, action, sent["title"][:200], worth_keeping(typed)), UUID(sent["writing"]), version


def _is_list_of_fields(fields: Any) -> bool:
    return (
        isinstance(fields, list)
        and len(fields) <= _MOST_FIELDS
        and all(isinstance(one, dict) for one in fields)
    )


def _no(status: int, words: str) -> JsonResponse:
    return JsonResponse({"detail": words}, status=status)


@requires("draft.own")
@never_cache
@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    """All one's drafts."""
    rows = [(kept, wording.when(kept.saved_at)) for kept in queries.mine(_me(request))]
    return render(request, "drafts/list.html", {"rows": rows})


@requires("draft.own")
@never_cache
@require_GET
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """One draft in words, with the ways on: send it again, put it into its form, or throw it away."""
    kept = queries.one(_me(request), key)
    if kept is None:
        return _gone(request)
    context = {
        "draft": kept,
        "when": wording.when(kept.saved_at),
        "lines": wording.lines(kept.content.fields),
        "form_address": asking(kept.content.page, kept.key),
    }
    return render(request, "drafts/draft.html", context)


@requires("draft.own")
@require_POST
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Throw one away, and go back to the page it was seen on."""
    if not services.throw_away(_me(request), key):
        return _gone(request)
    toast(request, _("Kladden er smidt væk."))
    page = without_asking(request.POST.get("page", ""))
    return redirect(page if canonical(page) else "drafts:list")


def _gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Kladden findes ikke længere."))
    return redirect("drafts:list")


def _me(request: HttpRequest) -> int:
    """The visitor, whom the policy has let in."""
    return cast(User, request.user).pk
