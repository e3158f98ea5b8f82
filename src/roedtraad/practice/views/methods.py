"""The list of methods: seen by everybody who writes in records, kept by leaders and the quality staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roedtraad.access.scope import may
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.forms.methods import MethodForm, QualificationForm
from roedtraad.practice.models import Method, MethodQualification
from roedtraad.practice.queries import methods as queries
from roedtraad.practice.services import methods as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import visitor

LONGEST = 120


@requires("method.view")
@require_safe
def method_list(request: HttpRequest) -> HttpResponse:
    """All methods, or those asked for (`?q=`, `?viden=`, `?udgaaede=1`)."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    evidence, retired = request.GET.get("viden", ""), bool(request.GET.get("udgaaede"))
    context = {
        "lines": queries.methods(asked, evidence, retired=retired),
        "asked": asked,
        "evidence": evidence,
        "retired": retired,
        "choices": Method.Evidence.choices,
        "may_edit": may(request.user, services.EDIT),
        "steps": [(_("Metoder"), "")],
    }
    return render(request, "practice/methods/list.html", context)


@requires("method.view")
@require_safe
def method(request: HttpRequest, key: str) -> HttpResponse:
    """One method: what it is, what it rests on, who is trained in it, and how much it is used."""
    return _page(request, get_object_or_404(Method, key=key))


def _page(request: HttpRequest, found: Method, form: Any = None) -> HttpResponse:
    may_edit = may(request.user, services.EDIT)
    people = queries.trainable(visitor(request)) if may_edit else None
    today = clock.today()
    mine = set(people.values_list("pk", flat=True)) if people is not None else set()
    context = {
        "method": found,
        "use": queries.use_of(found),
        "rows": [
            (row, Period.from_range(row.valid).last, row.user_id in mine and _runs(row, today))
            for row in queries.qualifications_of(found)
        ],
        "may_edit": may_edit,
        "form": form or (QualificationForm(people=people, initial={"first": today}) if may_edit else None),
        "steps": [(_("Metoder"), reverse("methods:list")), (found.name, "")],
    }
    return render(request, "practice/methods/method.html", context, status=422 if form else 200)


def _runs(row: MethodQualification, today: dt.date) -> bool:
    return row.valid.upper is None or row.valid.upper > today + dt.timedelta(days=1)


@requires("method.edit")
@require_http_methods(["GET", "POST"])
def new_method(request: HttpRequest) -> HttpResponse:
    """Put a method on the list."""
    form = MethodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.write_method(visitor(request), form.text())
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Metoden står på listen."))
            return redirect("methods:method", key=made.key)
    return _form(request, form, None)


@requires("method.edit")
@require_http_methods(["GET", "POST"])
def edit_method(request: HttpRequest, key: str) -> HttpResponse:
    """Change what the list says. Somebody else's change meanwhile is told, and what was typed is kept."""
    found = get_object_or_404(Method, key=key)
    names = ("name", "description", "evidence", "evidence_note")
    initial = {name: getattr(found, name) for name in names} | {"version": services.version_of(found)}
    form = MethodForm(request.POST or None, initial=initial)
    now: Method | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_method(
                visitor(request), found, form.text(), version=form.cleaned_data["version"] or 0
            )
        except Changed as changed:
            now = changed.current
            with_version(form, services.version_of(changed.current))
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Metoden er rettet."))
            return redirect("methods:method", key=key)
    return _form(request, form, found, now)


def _form(
    request: HttpRequest, form: MethodForm, found: Method | None, now: Method | None = None
) -> HttpResponse:
    steps = [(_("Metoder"), reverse("methods:list"))]
    if found is not None:
        steps.append((found.name, reverse("methods:method", args=[found.key])))
    context = {
        "form": form,
        "method": found,
        "now": now,
        "steps": [*steps, (_("Ret") if found else _("Ny metode"), "")],
    }
    return render(request, "practice/methods/edit.html", context, status=422 if form.errors else 200)


@requires("method.edit")
@require_POST
def set_use(request: HttpRequest, key: str) -> HttpResponse:
    """Retire a method, or with `igen` take it up again."""
    found = get_object_or_404(Method, key=key)
    if request.POST.get("igen"):
        services.take_up_method(visitor(request), found)
        toast(request, _("Metoden kan vælges igen."))
    else:
        services.retire_method(visitor(request), found)
        toast(request, _("Metoden kan ikke vælges til nye indsatser fra i dag."))
    return redirect("methods:method", key=key)


@requires("method.edit")
@require_POST
def add_qualification(request: HttpRequest, key: str) -> HttpResponse:
    """Write that a colleague is trained in the method."""
    found = get_object_or_404(Method, key=key)
    form = QualificationForm(request.POST, people=queries.trainable(visitor(request)))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.qualify(visitor(request), found, typed["colleague"], typed["first"], typed["last"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("%(who)s står nu som uddannet.") % {"who": typed["colleague"]})
            return redirect("methods:method", key=key)
    return _page(request, found, form)


@requires("method.edit")
@require_POST
def end_qualification(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A colleague is not trained any longer, from tomorrow."""
    row = get_object_or_404(MethodQualification, pk=pk, method__key=key)
    try:
        services.end_qualification(visitor(request), row)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        toast(request, _("Kvalifikationen slutter i dag."))
    return redirect("methods:method", key=key)
