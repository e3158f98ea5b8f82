"""A shift's handover: begun, written, finished, read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.core import clock
from roedtraad.core.danish import short_day
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.handover import HandoverForm
from roedtraad.duty.models import Handover
from roedtraad.duty.queries.attendance import present
from roedtraad.duty.queries.handover import handovers_for, notes_of, shown, unread
from roedtraad.duty.queries.shifts import kinds_for
from roedtraad.duty.rules.shifts import shift_at, shift_before
from roedtraad.duty.services import handover as services
from roedtraad.duty.views.common import WORK, sections, visitor, where
from roedtraad.organisation.models import Unit
from roedtraad.organisation.tree import tree

PAGE = 30


@requires("duty.work")
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What waits to be read, the handover of this shift and of the one before, and earlier ones."""
    user, place = visitor(request), where(request)
    rows = handovers_for(user).filter(unit__in=place.unit_ids)
    before = request.GET.get("foer", "")
    if before.isdecimal() and len(before) < 18:
        last = rows.filter(pk=int(before)).first()
        rows = rows.filter(begins_at__lt=last.begins_at) if last else rows
    found = list(rows[: PAGE + 1])
    context = {
        "where": place,
        "waiting": unread(user, place.unit_ids),
        "rows": [(one, place.tree.by_id[one.unit_id].label) for one in found[:PAGE]],
        "next": f"?enhed={place.unit.key}&foer={found[PAGE - 1].pk}"
        if place.unit and len(found) > PAGE
        else "",
        "shifts": _shifts(place),
        "sections": sections(request, "duty:handovers", place.unit),
    }
    return render(request, "duty/handovers.html", context)


def _shifts(place: Any) -> list[Any]:
    """The shift that is on in the unit, and the one before it."""
    if place.unit is None:
        return []
    now = clock.now()
    kinds = kinds_for(place.unit.id, now, place.tree)
    current = shift_at(kinds, now)
    return [current, shift_before(kinds, current)]


@requires("duty.work")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the handover of this shift, or of the one before it."""
    user = visitor(request)
    unit = get_object_or_404(Unit, key=request.POST.get("enhed", ""))
    at = clock.now()
    if request.POST.get("vagt") == "forrige":
        kinds = kinds_for(unit.pk, at)
        at = shift_before(kinds, shift_at(kinds, at)).begins
    try:
        made = services.begin_handover(user, unit, at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(f"{reverse('duty:handovers')}?enhed={unit.key}")
    return redirect(
        "duty:handover" if made.state == Handover.State.DONE else "duty:handover-write", key=made.key
    )


@requires("duty.work")
@never_cache
@require_GET
def read(request: HttpRequest, key: UUID) -> HttpResponse:
    """A handover to read, with the notes it points to as they stand now."""
    held = _handover(request, key)
    seen = shown(visitor(request), held)
    people = {line.citizen_id for line in seen.lines if line.citizen_id}
    lookups.record(visitor(request), people, "overlevering", action=WORK)
    notes = notes_of(visitor(request), seen.lines)
    context = {
        "handover": held,
        "seen": seen,
        "lines": [(line, notes.get(line.pk, [])) for line in seen.lines],
        "has_read": seen.read_by(visitor(request)),
        **_frame(held),
    }
    return render(request, "duty/handover.html", context)


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write on the lines, add some, take some out; save, or hand over."""
    user, held = visitor(request), _handover(request, key)
    if held.state == Handover.State.DONE:
        return redirect("duty:handover", key=held.key)
    seen = shown(user, held)
    people = [one.citizen for one in present(user, tree().below(held.unit_id))]
    form = HandoverForm(request.POST or None, lines=seen.lines, people=people, version=held.version)
    theirs: dict[UUID, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            held = services.write_handover(
                user, held, version=form.cleaned_data["version"], edits=form.edits(), new=form.new_lines()
            )
            if request.POST.get("act") == "finish":
                services.finish_handover(user, held)
        except services.HandoverChanged as changed:
            theirs = changed.texts
            form = form.again(changed.version, shown(user, held).lines)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _written(request, held)
    lookups.record(
        user, {line.citizen_id for line in seen.lines if line.citizen_id}, "overlevering", action=WORK
    )
    notes = notes_of(user, seen.lines)
    context = {
        "handover": held,
        "form": form,
        "rows": [(row, notes.get(row.line.pk, [])) for row in form.rows(theirs)],
        **_frame(held, _("Skriv")),
    }
    return render(request, "duty/handover_write.html", context, status=422 if form.errors else 200)


def _written(request: HttpRequest, held: Handover) -> HttpResponse:
    if request.POST.get("act") == "finish":
        toast(request, _("Overleveringen er færdig."), reverse("duty:handover-reopen", args=[held.key]))
        return redirect("duty:handover", key=held.key)
    if request.POST.get("act") == "refresh":
        services.refresh_handover(visitor(request), held)
        toast(request, _("Gemt. Det nyeste, der er registreret, er taget med."))
    else:
        toast(request, _("Overleveringen er gemt."))
    return redirect("duty:handover-write", key=held.key)


@requires("duty.work")
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a finished handover back to write on."""
    held = _handover(request, key)
    try:
        services.reopen_handover(visitor(request), held)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("duty:handover", key=held.key)
    return redirect("duty:handover-write", key=held.key)


@requires("duty.work")
@require_POST
def acknowledge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that one has read it."""
    held = _handover(request, key)
    try:
        services.acknowledge(visitor(request), held)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(request, _("Du har læst overleveringen."))
    return redirect("duty:handover", key=held.key)


def _handover(request: HttpRequest, key: UUID) -> Handover:
    return get_object_or_404(handovers_for(visitor(request)).select_related("unit"), key=key)


def _frame(held: Handover, last: str = "") -> dict[str, Any]:
    title = f"{held.shift_name} {short_day(held.shift_date)}"
    node = tree().by_id.get(held.unit_id)
    steps = [
        (_("Overlevering"), f"{reverse('duty:handovers')}?enhed={held.unit.key}"),
        (title, reverse("duty:handover", args=[held.key]) if last else ""),
    ]
    return {
        "title": title,
        "unit_name": node.name if node else held.unit.key,
        "steps": [*steps, (last, "")] if last else steps,
    }
