"""The organisation's pages that change: a new unit, a change from a day, a closing, and taking one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.organisation import services
from roedtraad.organisation.forms import CloseForm, UnitForm
from roedtraad.organisation.models import Unit
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.queries.pictures import Picture, UnitOnDay, picture
from roedtraad.organisation.queries.unit import history, on_day
from roedtraad.organisation.views import EDIT, thread_to, unit_url

# What a new unit most often is, by what it is made under.
_USUAL_CHILD = {
    UnitKind.OPERATION: UnitKind.AREA,
    UnitKind.AREA: UnitKind.OFFER,
    UnitKind.OFFER: UnitKind.DEPARTMENT,
    UnitKind.DEPARTMENT: UnitKind.HOUSE,
    UnitKind.STAFF: UnitKind.OFFICE,
    UnitKind.SOCIAL_STAFF: UnitKind.OFFICE,
    UnitKind.SHARED_FUNCTION: UnitKind.OFFICE,
    UnitKind.OFFICE: UnitKind.TEAM,
}


def _user(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


def _unit_and_picture(key: str) -> tuple[Unit, UnitOnDay, Picture]:
    """The unit, its newest facts, and today's organisation to choose a parent from."""
    versions = history(key)
    if not versions:
        raise Http404(_("Der er ingen enhed med den nøgle."))
    return versions[0].unit, on_day(versions[-1]), picture(with_staff=False)


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it, or put the refusal where it belongs in the form; nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        act()
    except services.RefusalError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


@requires(EDIT)
def edit_page(request: HttpRequest, key: str) -> HttpResponse:
    """A change of a unit from a day on."""
    unit, facts, whole = _unit_and_picture(key)
    initial = UnitForm.typed_from(facts, clock.today() + dt.timedelta(days=1))
    form = UnitForm(request.POST or None, whole=whole, initial=initial)
    if request.method == "POST" and _done(
        form,
        lambda: services.change_unit(
            _user(request),
            unit,
            form.facts(),
            start=form.cleaned_data["start"],
            reason=form.cleaned_data["reason"],
        ),
    ):
        start = form.cleaned_data["start"]
        said = {"name": form.cleaned_data["name"], "day": danish.day(start)}
        toast(
            request,
            _("%(name)s er ændret fra den %(day)s.") % said,
            reverse("organisation:unit-undo", args=[key]),
        )
        return redirect(unit_url(key, start))
    context = {
        "form": form,
        "unit": facts,
        "title": _("Ret %(name)s") % {"name": facts.label},
        "lead": _("Vælg den dag, ændringen gælder fra. Det, der gjaldt før, bliver stående i historikken."),
        "submit": _("Gem ændringen"),
        "cancel": unit_url(key, clock.today()),
        "thread": thread_to(whole.path(unit.pk), clock.today(), _("Ret")),
    }
    return render(request, "organisation/form.html", context)


@requires(EDIT)
def create_page(request: HttpRequest, key: str) -> HttpResponse:
    """A new unit below another."""
    parent, facts, whole = _unit_and_picture(key)
    kind = _USUAL_CHILD.get(UnitKind(facts.kind), UnitKind.DEPARTMENT)
    initial = {
        "start": clock.today(),
        "parent": parent.pk,
        "kind": kind.value,
        "municipality": facts.municipality_code,
    }
    form = UnitForm(request.POST or None, whole=whole, initial=initial)
    made = []
    if request.method == "POST" and _done(
        form,
        lambda: made.append(
            services.create_unit(
                _user(request),
                form.facts(),
                start=form.cleaned_data["start"],
                reason=form.cleaned_data["reason"],
            )
        ),
    ):
        version = made[0]
        toast(
            request,
            _("%(name)s er oprettet fra den %(day)s.")
            % {"name": version.name, "day": danish.day(form.cleaned_data["start"])},
            reverse("organisation:unit-undo", args=[version.unit.key]),
        )
        return redirect(unit_url(version.unit.key, form.cleaned_data["start"]))
    context = {
        "form": form,
        "unit": facts,
        "title": _("Ny enhed under %(name)s") % {"name": facts.label},
        "lead": _("Enheden får sin egen side og historik fra den dag, den begynder."),
        "submit": _("Opret enheden"),
        "cancel": unit_url(key, clock.today()),
        "thread": thread_to(whole.path(parent.pk), clock.today(), _("Ny enhed")),
    }
    return render(request, "organisation/form.html", context)


@requires(EDIT)
def close_page(request: HttpRequest, key: str) -> HttpResponse:
    """The closing of a unit."""
    unit, facts, whole = _unit_and_picture(key)
    form = CloseForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and _done(
        form,
        lambda: services.close_unit(
            _user(request),
            unit,
            last_day=form.cleaned_data["last_day"],
            reason=form.cleaned_data["reason"],
        ),
    ):
        last_day = form.cleaned_data["last_day"]
        toast(
            request,
            _("%(name)s er lukket. Den sidste dag er %(day)s.")
            % {"name": facts.label, "day": danish.day(last_day)},
            reverse("organisation:unit-undo", args=[key]),
        )
        return redirect(unit_url(key, last_day))
    context = {
        "form": form,
        "unit": facts,
        "title": _("Luk %(name)s") % {"name": facts.label},
        "lead": _("Enheden bliver i historikken. Det, der hører under den, skal flyttes eller lukkes først."),
        "submit": _("Luk enheden"),
        "cancel": unit_url(key, clock.today()),
        "thread": thread_to(whole.path(unit.pk), clock.today(), _("Luk")),
    }
    return render(request, "organisation/form.html", context)


@requires(EDIT)
@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take the newest change back."""
    unit, _facts, _whole = _unit_and_picture(key)
    try:
        sentence = services.undo_last_change(_user(request), unit, reason=_("fortrudt"))
    except services.RefusalError as refusal:
        toast(request, str(refusal))
        return redirect("organisation:unit", key)
    toast(request, sentence)
    if not Unit.objects.filter(pk=unit.pk).exists():
        return redirect("organisation:chart")
    return redirect("organisation:unit", key)
