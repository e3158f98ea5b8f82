"""Beskeder: the same pages for the citizen and for relatives; each reads and writes as what they are."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access.lookups import record
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.sharing import Scope, sharing_citizens, why
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.my.pages import mine, page, user_of
from roedtraad.voices import queries
from roedtraad.voices.forms import ConversationForm, MessageForm
from roedtraad.voices.models import Message, Side
from roedtraad.voices.services import messages as services

OWN_PART, SHARED_PART = "mine beskeder", "beskeder"


@requires("own.view")
@require_GET
def my_messages(request: HttpRequest) -> HttpResponse:
    """The citizen's conversations."""
    mine(request, OWN_PART)
    return _list(request, Side.CITIZEN, [])


@requires("shared.view")
@require_GET
def relative_messages(request: HttpRequest) -> HttpResponse:
    """A relative's conversations about everybody who shares messages with them."""
    sharing = list(sharing_citizens(user_of(request), Scope.MESSAGES).order_by("sort_key", "pk"))
    record(user_of(request), [one.pk for one in sharing], SHARED_PART, action="shared.view")
    return _list(request, Side.RELATIVE, sharing)


@requires("own.write")
@require_http_methods(["GET", "POST"])
def my_new(request: HttpRequest) -> HttpResponse:
    """Begin a conversation as the citizen."""
    return _new(request, mine(request, OWN_PART), Side.CITIZEN)


@requires("shared.view")
@require_http_methods(["GET", "POST"])
def relative_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a conversation as a relative of this citizen."""
    citizen = get_object_or_404(sharing_citizens(user_of(request), Scope.MESSAGES), key=key)
    record(user_of(request), [citizen.pk], SHARED_PART, action="shared.view")
    return _new(request, citizen, Side.RELATIVE)


@requires("own.view")
@require_http_methods(["GET", "POST"])
def my_conversation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read and write in a conversation as the citizen."""
    mine(request, OWN_PART)
    return _conversation(request, key, Side.CITIZEN)


@requires("shared.view")
@require_http_methods(["GET", "POST"])
def relative_conversation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read and write in a conversation as a relative."""
    return _conversation(request, key, Side.RELATIVE)


@requires("message.write")
@require_POST
def withdraw(request: HttpRequest, key: UUID, message_key: UUID) -> HttpResponse:
    """Take back one's own message, from one's own page."""
    message = get_object_or_404(
        Message.objects.select_related("citizen"),
        key=message_key,
        conversation__key=key,
        written_by=user_of(request),
    )
    services.withdraw_message(user_of(request), message)
    toast(request, _("Beskeden er trukket tilbage."))
    return redirect(_address(message.side, key))


def _list(request: HttpRequest, side: str, people: list[Citizen]) -> HttpResponse:
    lines = queries.inbox(user_of(request), side)
    if side == Side.CITIZEN:
        starts = [(_("Skriv en besked"), reverse("portals:my-message-new"))]
    else:
        starts = [
            (
                _("Skriv om %(name)s") % {"name": one.first_name},
                reverse("portals:relative-message-new", args=[one.key]),
            )
            for one in people
        ]
    context = {
        "lines": [(line, _address(side, line.conversation.key)) for line in lines],
        "starts": starts,
        "relative": side == Side.RELATIVE,
    }
    return page(request, "portals/my/messages.html", context)


def _new(request: HttpRequest, citizen: Citizen, side: str) -> HttpResponse:
    form = ConversationForm(request.POST or None, citizen=citizen, side=side)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_conversation(user_of(request), citizen, side, **form.values())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast(request, _("Beskeden er sendt."))
            return redirect(_address(side, made.key))
    context = {"form": form, "back": _inbox(side), "citizen": citizen, "relative": side == Side.RELATIVE}
    return page(request, "portals/my/message_new.html", context, status=422 if form.errors else 200)


def _conversation(request: HttpRequest, key: UUID, side: str) -> HttpResponse:
    user = user_of(request)
    found = queries.conversation_for(user, side, key)
    if found is None:
        raise Http404
    if side == Side.RELATIVE:
        record(user, [found.citizen_id], SHARED_PART, action="shared.view")
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_message(user, found, side, text=form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect(_address(side, key))
    said = queries.said_in(user, found)
    services.mark_read(user, [one.message for one in said if one.new])
    context = {
        "conversation": found,
        "who": queries.who_reads(found, side),
        "said": said,
        "form": form,
        "back": _inbox(side),
        "why": why(user, found.citizen, Scope.MESSAGES) if side == Side.RELATIVE else "",
    }
    return page(request, "portals/my/conversation.html", context, status=422 if form.errors else 200)


def _address(side: str, key: UUID) -> str:
    name = "portals:my-conversation" if side == Side.CITIZEN else "portals:relative-conversation"
    return reverse(name, args=[key])


def _inbox(side: str) -> str:
    return reverse("portals:my-messages" if side == Side.CITIZEN else "portals:relative-messages")
