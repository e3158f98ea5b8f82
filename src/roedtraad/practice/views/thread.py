"""Tråden, the record's first page, and the wishes it begins with."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.forms.common import say
from roedtraad.practice.forms.goals import WishAfterForm, WishForm
from roedtraad.practice.models import Wish
from roedtraad.practice.queries import goals as queries
from roedtraad.practice.queries.thread import PERIOD, curve
from roedtraad.practice.queries.thread import thread as whole_thread
from roedtraad.practice.services.wishes import record_wish
from roedtraad.practice.views.common import frame, opened, visitor

WISHES = "practice:wishes"


@requires("record.view")
def thread(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's thread: wish, goals, efforts, delivered minutes and effect, as one picture."""
    record = opened(request, key, "tråden")
    found = whole_thread(record.citizen)
    context = {
        **frame(record, "practice:thread"),
        "thread": found,
        "strands": [
            (strand.wish, [(lane, curve(lane)) for lane in strand.lanes]) for strand in found.strands
        ],
        "weeks": PERIOD // 7,
    }
    return render(request, "practice/thread.html", context)


@requires("record.view")
def wishes(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's wishes, each with what came before it."""
    record = opened(request, key, "ønsker")
    lines = queries.wish_lines(record.citizen)
    context = {
        **frame(record, WISHES),
        "now": [line for line in lines if line[0].what == Wish.What.WISH],
        "before": [line for line in lines if line[0].what != Wish.What.WISH],
    }
    return render(request, "practice/wishes/list.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_wish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write a wish down."""
    record = opened(request, key, "ønsker", writing=True)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_wish(visitor(request), record.citizen, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Ønsket er skrevet."))
            return redirect(WISHES, key=key)
    context = {**frame(record, WISHES, _("Nyt ønske")), "form": form, "wish": None}
    return render(request, "practice/wishes/edit.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def after_wish(request: HttpRequest, key: UUID, wish_key: UUID) -> HttpResponse:
    """Write what became of a wish. The wish itself stays as it was said."""
    record = opened(request, key, "ønsker", writing=True)
    wish = Wish.objects.filter(citizen=record.citizen, key=wish_key).first()
    if wish is None:
        raise Http404
    form = WishAfterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_wish(visitor(request), record.citizen, follows=wish, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Det er skrevet. Det gamle ønske står der stadig."))
            return redirect(WISHES, key=key)
    context = {**frame(record, WISHES, _("Skriv videre på ønsket")), "form": form, "wish": wish}
    return render(request, "practice/wishes/edit.html", context, status=422 if form.errors else 200)
