"""Who is here, who goes away and who comes back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, ids
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.attendance import AbsenceForm, ReturnForm
from roedtraad.duty.models import Absence
from roedtraad.duty.queries.attendance import absences_of, present
from roedtraad.duty.queries.risk import risk_now
from roedtraad.duty.services import attendance as services
from roedtraad.duty.views.common import WORK, home_address, sections, visitor, where, writable
from roedtraad.practice.forms.common import say


@requires("duty.work")
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody who lives in the unit: here or away, and their risk."""
    user, place = visitor(request), where(request)
    people = present(user, place.unit_ids)
    numbers = [one.citizen.pk for one in people]
    risks = risk_now(numbers)
    lookups.record(user, numbers, "hvem er her", action=WORK)
    away = sum(not one.is_here for one in people)
    context = {
        "where": place,
        "rows": [(one, risks.get(one.citizen.pk), place.tree.by_id[one.unit_id]) for one in people],
        "here": len(people) - away,
        "away": away,
        "sections": sections(request, "duty:present", place.unit),
    }
    return render(request, "duty/present.html", context)


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write that the citizen is away; below it, earlier absences."""
    citizen = writable(request, key, "fravær").citizen
    form = AbsenceForm(request.POST or None, initial={"from_at": clock.now(), "key": ids.new_id()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = services.register_absence(
                visitor(request),
                citizen,
                typed["kind"],
                typed["from_at"],
                expected_back=typed["expected_back"],
                note=typed["note"],
                key=typed["key"],
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            words = _("%(name)s er skrevet væk (%(kind)s).")
            toast(
                request,
                words % {"name": citizen, "kind": made.get_kind_display()},
                reverse("duty:absence-cancel", args=[made.key]),
            )
            return redirect(home_address("duty:present", citizen))
    context = {
        "form": form,
        "citizen": citizen,
        "absences": absences_of(citizen.pk),
        "steps": [(_("Hvem er her"), home_address("duty:present", citizen)), (_("Fravær"), "")],
    }
    return render(request, "duty/absence.html", context, status=422 if form.errors else 200)


@requires("duty.work")
@never_cache
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write that the citizen is back."""
    held = _absence(request, key)
    form = ReturnForm(request.POST or None, initial={"back_at": held.back_at or clock.now()})
    if request.method == "POST" and form.is_valid():
        try:
            services.register_return(visitor(request), held, form.cleaned_data["back_at"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            words = _("%(name)s er tilbage.") % {"name": held.citizen}
            toast(request, words, reverse("duty:absence-reopen", args=[held.key]))
            return redirect(home_address("duty:present", held.citizen))
    lookups.record(visitor(request), [held.citizen_id], "fravær", action=WORK)
    context = {
        "form": form,
        "absence": held,
        "steps": [
            (_("Hvem er her"), home_address("duty:present", held.citizen)),
            (_("Fravær"), reverse("duty:absence", args=[held.citizen.key])),
            (_("Tilbage"), ""),
        ],
    }
    return render(request, "duty/return.html", context, status=422 if form.errors else 200)


@requires("duty.work")
@require_POST
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an absence back."""
    words = _("Fraværet er taget tilbage.")
    return _act(request, key, services.cancel_absence, words, "duty:absence-restore")


@requires("duty.work")
@require_POST
def restore(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let an absence that was taken back count again."""
    return _act(request, key, services.restore_absence, _("Fraværet gælder igen."))


@requires("duty.work")
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that the citizen is away after all."""
    return _act(request, key, services.reopen_absence, _("Borgeren er skrevet væk igen."))


def _act(
    request: HttpRequest,
    key: UUID,
    service: Callable[[User, Absence], Absence],
    words: str,
    undo: str = "",
) -> HttpResponse:
    held = _absence(request, key)
    try:
        service(visitor(request), held)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(request, words, reverse(undo, args=[held.key]) if undo else "")
    return redirect(home_address("duty:present", held.citizen))


def _absence(request: HttpRequest, key: UUID) -> Absence:
    near = Citizen.objects.filter(visible_q("citizens.Citizen", visitor(request), WORK))
    return get_object_or_404(Absence.objects.select_related("citizen"), key=key, citizen__in=near)
