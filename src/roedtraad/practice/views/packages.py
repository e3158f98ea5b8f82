"""A handover package in the record: seen through part by part, sent, taken back, read by whom and asked about."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.core.danish import day as in_words
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.forms.transitions import PartForm, ReasonForm, ReceiptForm, SendForm
from roedtraad.practice.models import HandoverPackage, PackagePart
from roedtraad.practice.queries import transitions as queries
from roedtraad.practice.services import packages as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor
from roedtraad.practice.views.transitions import HERE, one_transition

PAGE = "practice:package"


@requires("record.write")
@require_POST
def new_package(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Draft the package from the record; the open one is gone on with."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = one_transition(record, transition_key)
    try:
        made = services.draft(visitor(request), record.citizen, found)
    except Refusal as refusal:
        toast(request, str(refusal))
        return redirect("practice:transition", key=key, transition_key=transition_key)
    return redirect(PAGE, key=key, transition_key=transition_key, package_key=made.key)


@requires("record.view")
@require_GET
def package(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """The package whole, with what is missing before it can be sent, or who has read it."""
    record = opened(request, key, "overleveringspakke")
    return _page(request, record, _found(record, transition_key, package_key))


def _page(
    request: HttpRequest, record: Opened, found: HandoverPackage, *, status: int = 200, **forms: Any
) -> HttpResponse:
    parts = queries.parts_of(found)
    kept = [part for part in parts if part.keep]
    head = found.head or services.head_of(record.citizen, found.transition)
    context = {
        **frame(record, HERE, _("Overleveringspakke")),
        "package": found,
        "found": found.transition,
        **head_words(head),
        "may_change": record.may_write and found.is_open,
        "is_writer": found.written_by_id == visitor(request).pk,
        **_ground(found, parts),
        "kept": kept,
        "send_form": SendForm(),
        "receipts": [] if found.is_open else queries.receipts_of(found),
        "questions": [] if found.is_open else queries.questions_of(found),
        "unbroken": found.is_open or services.fingerprint(found, kept) == found.content_hash,
        **forms,
    }
    return render(request, "practice/packages/one.html", context, status=status)


def head_words(head: dict[str, str]) -> dict[str, Any]:
    """The head of a package as a page shows it, its days in words."""
    born, day = (in_words(dt.date.fromisoformat(head[name])) for name in ("born", "day"))
    return {"head": head, "born": born, "moves": day}


def _ground(found: HandoverPackage, parts: list[PackagePart]) -> dict[str, Any]:
    """Each part with whether it may go along, and on what ground; of a package that was sent the ground it names."""
    if not found.is_open:
        return {"rows": [(part, True) for part in parts], "basis": found.basis}
    try:
        ground = services.ground_for(found.transition)
    except Refusal as refusal:
        return {"rows": [(part, False) for part in parts], "basis": str(refusal)}
    return {
        "rows": [(part, ground.lets(part.scope)) for part in parts],
        "basis": ground.rule.sentence,
        "consent": ground.consent if ground.rule.needs_consent else None,
        "needs_consent": ground.rule.needs_consent,
    }


@requires("record.write")
@require_POST
def refresh_package(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """Draft it anew from the record of today."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    try:
        services.refresh(visitor(request), found)
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Pakken er hentet igen fra journalen. Det, I selv har rettet, er beholdt."))
    return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def package_part(
    request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID, part_key: UUID
) -> HttpResponse:
    """Keep a part or leave it out, and put its text right."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    part = next((one for one in queries.parts_of(found) if one.key == part_key), None)
    if part is None:
        raise Http404
    part.package = found
    form = PartForm(
        request.POST or None,
        initial={"keep": part.keep, "text": part.text, "version": part.version},
    )
    theirs: PackagePart | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.set_part(visitor(request), part, **form.cleaned_data)
        except Changed as changed:
            theirs = changed.current
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Afsnittet er gemt."))
            return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)
    context = {
        **frame(record, HERE, part.title),
        "form": form,
        "part": part,
        "package": found,
        "found": found.transition,
        "theirs": theirs,
    }
    return render(request, "practice/packages/part.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def keep_part(
    request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID, part_key: UUID
) -> HttpResponse:
    """Leave a part out, or take it in again, in one tap."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    part = next((one for one in queries.parts_of(found) if one.key == part_key), None)
    if part is None:
        raise Http404
    part.package = found
    keep = request.POST.get("hvad") == "behold"
    try:
        services.set_part(visitor(request), part, keep=keep, text=part.text, version=part.version)
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Med i pakken.") if keep else _("Udeladt."))
    return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)


@requires("record.write")
@require_POST
def review_package(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """Say that one has seen it through for the colleague who wrote it."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    try:
        services.review(visitor(request), found)
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Tak. Pakken er set igennem."))
    return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)


@requires("record.write")
@require_POST
def send_package(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """Send it; from now it stands."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            services.send(visitor(request), found, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Pakken er sendt og låst."))
            return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)
    return _page(request, record, found, status=422, send_form=form)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def recall_package(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """Take it back, and why."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.recall(visitor(request), found, form.cleaned_data["reason"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Pakken er kaldt tilbage."))
            return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)
    context = {
        **frame(record, HERE, _("Kald pakken tilbage")),
        "form": form,
        "back": found.transition,
        "head": _("Kald pakken tilbage"),
        "lead": _("Modtageren kan ikke læse den længere. Hvem der har læst den, bliver stående."),
        "act": _("Kald tilbage"),
        "danger": True,
    }
    return render(request, "practice/transitions/ask.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, key: UUID, transition_key: UUID, package_key: UUID) -> HttpResponse:
    """Write the receipt of a receiver who read the package on paper."""
    record = opened(request, key, "overleveringspakke", writing=True)
    found = _found(record, transition_key, package_key)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.acknowledge(visitor(request), found, name=form.cleaned_data["name"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Kvitteringen er skrevet."))
            return redirect(PAGE, key=key, transition_key=transition_key, package_key=package_key)
    context = {
        **frame(record, HERE, _("Kvittering")),
        "form": form,
        "back": found.transition,
        "head": _("Kvittering fra modtageren"),
        "lead": _("Når modtageren har fået pakken på papir."),
        "act": _("Gem kvitteringen"),
    }
    return render(request, "practice/transitions/ask.html", context, status=422 if form.errors else 200)


def _found(record: Opened, transition_key: UUID, package_key: UUID) -> HandoverPackage:
    found = (
        HandoverPackage.objects.filter(
            citizen=record.citizen, transition__key=transition_key, key=package_key
        )
        .select_related("transition__to_municipality", "written_by", "reviewed_by", "sent_by", "recalled_by")
        .first()
    )
    if found is None:
        raise Http404
    # They were just read: the services ask for them.
    found.citizen = found.transition.citizen = record.citizen
    return found
