"""Opening a citizen outside one's reach, protecting one, and the facts that few may read."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access import emergencies, lookups
from roedtraad.access.history import history_of
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied, reach
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens import protection as services
from roedtraad.citizens import queries as citizen_queries
from roedtraad.citizens.fields import RULES, SPECIAL
from roedtraad.citizens.models import Citizen, Protection, SensitiveFact
from roedtraad.core.period import Period
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys import forms
from roedtraad.journeys.queries.colleagues import Colleague, colleagues


def _user(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


@requires("citizen.emergency")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Nødadgang: who, and why. Nothing is told of anybody before the reason stands."""
    user = _user(request)
    form = forms.EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        found = citizen_queries.identified(
            user, cpr=typed["cpr"], name=typed["name"], birth_date=typed["birth_date"]
        )
        if found is not None and Citizen.objects.visible_to(user).filter(pk=found.pk).exists():
            return redirect("journeys:citizen", key=found.key)
        try:
            opened = emergencies.open_in_emergency(user, found, typed["reason"])
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            if found is not None and opened is not None:
                return redirect("journeys:citizen", key=found.key)
            form.add_error(
                None,
                _(
                    "Der er ingen borger med de oplysninger, som du kan åbne. Se efter, om de er skrevet rigtigt. "
                    "Brug CPR-nummeret, hvis du har det."
                ),
            )
    context = {
        "form": form,
        "left": emergencies.tries_left(user),
        "steps": [(_("Borgere"), reverse("journeys:citizens")), (_("Uden for din enhed"), "")],
    }
    return render(request, "journeys/stays/emergency.html", context, status=422 if form.errors else 200)


@requires("citizen.protect")
@never_cache
@require_http_methods(["GET", "POST"])
def protection(request: HttpRequest, key: UUID) -> HttpResponse:
    """Protect a citizen, or change the protection there is; below it, what happened to it."""
    user = _user(request)
    person = _in_reach(user, key, "citizen.protect")
    kept, earlier = services.protections_of(person)
    people = [one for one in colleagues(person) if one.user.pk != user.pk]
    form = _protection_form(request, kept, people)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        named = [one.user for one in people if str(one.user.pk) in typed["named"]]
        try:
            if kept is None:
                services.protect(user, person, reason=typed["reason"], last=typed["last"], named=named)
            else:
                services.change_protection(
                    user, kept, reason=typed["reason"], last=typed["last"], named=named
                )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast(request, _("Borgeren er beskyttet."))
            if not any(one.near for one in people if one.user in named):
                toast(
                    request,
                    _("Ingen medarbejder i borgerens enhed er navngivet. Så kan ingen på vagt se borgeren."),
                )
            return redirect("journeys:citizen", key=person.key)
    lookups.record(user, [person.pk], "beskyttelse")
    context = {
        "citizen": person,
        "form": form,
        "protection": kept,
        "changes": history_of(kept) if kept else [],
        "earlier": earlier,
        "steps": _steps(person, _("Beskyttelse")),
    }
    return render(request, "journeys/stays/protection.html", context, status=422 if form.errors else 200)


def _protection_form(
    request: HttpRequest, kept: Protection | None, people: list[Colleague]
) -> forms.ProtectionForm:
    first = {}
    if kept is not None:
        named = [str(number) for number in services.named_in(kept)]
        last = Period.from_range(kept.valid).last
        first = {"reason": kept.reason, "last": last, "named": named}
    choices = [(str(one.user.pk), one.label) for one in people]
    return forms.ProtectionForm(request.POST or None, initial=first, people=choices)


@requires("citizen.protect")
@require_POST
def protection_end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End the protection, at once or when the day is over."""
    user = _user(request)
    person = _in_reach(user, key, "citizen.protect")
    kept = services.protection_of(person)
    if kept is None:
        toast(request, _("Borgeren er ikke beskyttet."))
    else:
        services.end_protection(user, kept, today_too=request.POST.get("end") == "midnight")
        toast(request, _("Beskyttelsen slutter."))
    return redirect("journeys:citizen", key=person.key)


@requires("sensitive.view")
@never_cache
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, key: UUID) -> HttpResponse:
    """The particular facts, to read and to write: only those the table of fields allows, each opening logged."""
    user = _user(request)
    person = _in_reach(user, key, "sensitive.view")
    kinds = citizen_queries.special_fields(user, person)
    may_write = Citizen.objects.filter(
        visible_q("citizens.Citizen", user, "sensitive.write"), pk=person.pk
    ).exists()
    form = forms.FactForm(request.POST or None)
    if request.method == "POST":
        if not may_write:
            raise AccessDenied(_("Du kan læse, men ikke skrive her."))
        if form.is_valid():
            try:
                services.write_fact(user, person, form.cleaned_data["kind"], form.cleaned_data["text"])
            except Refusal as refusal:
                form.add_error(refusal.field or None, str(refusal))
            else:
                toast(request, _("Oplysningen er skrevet."))
                return redirect("journeys:facts", key=person.key)
    lookups.record(user, [person.pk], "særlige oplysninger")
    written = list(
        SensitiveFact.objects.filter(citizen=person, kind__in=[str(kind) for kind in kinds])
        .select_related("recorded_by", "ended_by")
        .order_by("-recorded_at", "-pk")
    )
    context = {
        "citizen": person,
        "groups": [
            (RULES[kind].words, kind in kinds, [fact for fact in written if fact.kind == kind])
            for kind in SPECIAL
        ],
        "form": form,
        "may_write": may_write,
        "own": Role.CITIZEN in reach(user, "sensitive.view").roles and not may_write,
        "steps": _steps(person, _("Særlige oplysninger")),
    }
    return render(request, "journeys/stays/facts.html", context, status=422 if form.errors else 200)


@requires("sensitive.write")
@require_POST
def fact_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a particular fact no longer holds."""
    user = _user(request)
    near = Citizen.objects.filter(visible_q("citizens.Citizen", user, "sensitive.write"))
    fact = get_object_or_404(
        SensitiveFact.objects.defer("text").select_related("citizen"), pk=pk, citizen__in=near
    )
    services.end_fact(user, fact)
    toast(request, _("Oplysningen gælder ikke længere."))
    return redirect("journeys:facts", key=fact.citizen.key)


def _in_reach(user: User, key: UUID, action: str) -> Citizen:
    """The citizen within reach of the action; what a written reason has opened is not."""
    person = Citizen.objects.filter(visible_q("citizens.Citizen", user, action), key=key).first()
    if person is None:
        raise Http404
    return person


def _steps(person: Citizen, here: str) -> list[tuple[str, str]]:
    """The way to the page: the citizens, the citizen, here."""
    return [
        (_("Borgere"), reverse("journeys:citizens")),
        (str(person), reverse("journeys:citizen", args=[person.key])),
        (here, ""),
    ]
