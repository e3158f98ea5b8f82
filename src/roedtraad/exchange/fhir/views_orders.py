"""The messages that come in: a list, and an order to accept or decline."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import AccessDenied, may
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core.encrypted import blind_index
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.exchange.fhir import orders, queries, read, services, shape
from roedtraad.exchange.fhir.forms import AcceptForm, DeclineForm, MessageForm
from roedtraad.exchange.fhir.models import Message
from roedtraad.exchange.fhir.order import Order
from roedtraad.organisation.models import Municipality
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.forms.common import say
from roedtraad.practice.views.common import visitor


@requires("referral.send")
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """The messages one answers for, and a file with another."""
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            held = _received(request, file.read(), file.name)
        except services.NotReadable as refused:
            for sentence in refused.sentences:
                form.add_error("file", sentence)
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect(_address(held))
    found = queries.latest(visitor(request))
    shown = [(each, _address(each)) for each in found]
    lookups.record(visitor(request), [each.citizen_id for each in found if each.citizen_id], "meddelelser")
    context = {"form": form, "messages_in": shown, "thread": [(_("FHIR-meddelelser"), "")]}
    return render(request, "exchange/fhir/messages.html", context, status=422 if form.errors else 200)


def _received(request: HttpRequest, raw: bytes, name: str) -> Message:
    """The order, or the plan of a citizen one writes about, in a file."""
    user = visitor(request)
    if services.kind_of(raw) == Message.Kind.ORDER:
        return orders.receive(user, raw)
    if not may(user, "record.write"):
        raise Refusal(
            _("Filen er en borgers plan. Den tages imod af en medarbejder, der skriver i journalen."), "file"
        )
    try:
        cpr = read.report_of(shape.parsed(raw), queries.terms()).cpr
    except read.Unreadable as error:
        raise services.NotReadable(error.sentences) from error
    writes = visible_q(CITIZEN, user, "record.write")
    citizen = Citizen.objects.filter(writes, cpr_index=blind_index(cpr, "cpr")).first()
    if citizen is None:
        raise Refusal(
            _("Planen er om en borger, du ikke skriver om. Bed en kollega om at tage den imod."), "file"
        )
    return services.receive_plan(user, citizen, raw, name)


def _address(message: Message) -> str:
    if message.kind == Message.Kind.ORDER:
        return reverse("exchange:order", args=[message.key])
    return reverse("exchange:plan-message", args=[message.citizen_or_fail().key, message.key])


@requires("referral.send")
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, key: UUID) -> HttpResponse:
    """An order: what it asks for, and accepting it with a place."""
    held = _order(request, key)
    asked = orders.order_in(held)
    decides = orders.may_decide(visitor(request), held)
    form = AcceptForm(request.POST or None, initial=_proposed(asked)) if decides else None
    if request.method == "POST":
        if form is None or asked is None:
            raise AccessDenied(_("Bestillingen er ikke til en enhed, du leder, eller den er afgjort."))
        if form.is_valid():
            try:
                stay = orders.accept(visitor(request), held, form.chosen())
            except Refusal as refusal:
                say(form, refusal)
            else:
                toast(request, _("Bestillingen er taget imod, og pladsen er booket."))
                return redirect("journeys:citizen", stay.citizen.key)
    if held.citizen_id:
        lookups.record(visitor(request), [held.citizen_id], "bestilling")
    return _shown(request, held, asked, form, DeclineForm() if decides else None)


def _shown(
    request: HttpRequest, held: Message, asked: Order | None, form: AcceptForm | None, no: DeclineForm | None
) -> HttpResponse:
    municipality = Municipality.objects.filter(code=asked.municipality).first() if asked else None
    context = {
        "message": held,
        "order": asked,
        "starts": _day(asked.starts_on) if asked else None,
        "ends": _day(asked.ends_on) if asked else None,
        "municipality": municipality.name if municipality else "",
        "form": form,
        "decline": no,
        "thread": [(_("FHIR-meddelelser"), reverse("exchange:messages")), (_("Bestilling"), "")],
    }
    wrong = (form is not None and form.errors) or (no is not None and no.errors)
    return render(request, "exchange/fhir/order.html", context, status=422 if wrong else 200)


def _proposed(asked: Order | None) -> dict[str, object]:
    """What the order says about the stay."""
    if asked is None:
        return {}
    return {
        "ordered_start": _day(asked.starts_on),
        "ordered_end": _day(asked.ends_on),
        "acting_municipality": asked.municipality,
    }


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@requires("referral.decide")
@require_POST
def decline(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say no to an order."""
    held = _order(request, key)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            orders.decline(visitor(request), held, form.cleaned_data["note"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Bestillingen er afvist, og indholdet er slettet. Giv kommunen besked."))
            return redirect("exchange:messages")
    asked = orders.order_in(held)
    accept = AcceptForm(initial=_proposed(asked)) if orders.may_decide(visitor(request), held) else None
    return _shown(request, held, asked, accept, form)


def _order(request: HttpRequest, key: UUID) -> Message:
    found = (
        queries.messages(visitor(request))
        .filter(key=key, kind=Message.Kind.ORDER)
        .select_related("unit", "received_by", "citizen")
        .first()
    )
    if found is None:
        raise Http404
    return found
