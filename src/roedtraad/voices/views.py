"""The messages of a citizen's record, for those who work there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.views.common import frame, opened, visitor
from roedtraad.voices import queries, services
from roedtraad.voices.forms import ConversationForm, MessageForm
from roedtraad.voices.models import Message, Side

HERE = "voices:conversations"
PART = "beskeder"


@requires("record.view")
@require_GET
def conversations(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's conversations with the staff, and how the citizen has said they are."""
    record = opened(request, key, PART)
    context = {
        **frame(record, HERE),
        "lines": queries.inbox(visitor(request), Side.STAFF, record.citizen),
        "moods": queries.moods(record.citizen),
    }
    return render(request, "voices/conversations.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_conversation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a conversation."""
    record = opened(request, key, PART, writing=True)
    form = ConversationForm(request.POST or None, citizen=record.citizen, side=Side.STAFF)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.messages.start_conversation(
                visitor(request), record.citizen, Side.STAFF, **form.values()
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast(request, _("Beskeden er sendt."))
            return redirect("voices:conversation", key=key, conversation_key=made.key)
    context = {**frame(record, HERE, _("Ny samtale")), "form": form}
    return render(request, "voices/new.html", context, status=422 if form.errors else 200)


@requires("record.view")
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, key: UUID, conversation_key: UUID) -> HttpResponse:
    """Read a conversation, and write in it."""
    record = opened(request, key, PART, writing=request.method == "POST")
    user = visitor(request)
    found = queries.conversation_for(user, Side.STAFF, conversation_key)
    if found is None or found.citizen_id != record.citizen.pk:
        raise Http404
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.messages.write_message(user, found, Side.STAFF, text=form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("voices:conversation", key=key, conversation_key=conversation_key)
    said = queries.said_in(user, found)
    services.messages.mark_read(user, [one.message for one in said if one.new])
    context = {
        **frame(record, HERE, found.topic),
        "conversation": found,
        "who": queries.who_reads(found, Side.STAFF),
        "said": said,
        "form": form,
    }
    return render(request, "voices/conversation.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def withdraw(request: HttpRequest, key: UUID, conversation_key: UUID, message_key: UUID) -> HttpResponse:
    """Take back one's own message."""
    record = opened(request, key, PART, writing=True)
    message = get_object_or_404(
        Message.objects.select_related("citizen"),
        key=message_key,
        conversation__key=conversation_key,
        citizen=record.citizen,
    )
    services.messages.withdraw_message(visitor(request), message)
    toast(request, _("Beskeden er trukket tilbage."))
    return redirect("voices:conversation", key=key, conversation_key=conversation_key)
