"""Who is in a citizen's life, who decides with them, what they share, and who their contact persons are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.citizens.models import Citizen, Consent, ContactPerson, Guardianship, Relation
from roedtraad.citizens.pages import form_page, opened, steps, user_of, worked_with
from roedtraad.citizens.reach import within
from roedtraad.citizens.relations import forms, services, team
from roedtraad.citizens.relations.queries import life_of
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.organisation.models import Municipality

PART = "relationer og samtykke"


@requires("record.view")
@never_cache
@require_GET
def relations(request: HttpRequest, key: UUID) -> HttpResponse:
    """All of it, with what holds today first."""
    person, emergency = opened(request, key, PART)
    may_write = emergency is None and within(user_of(request), person, "record.write")
    context = {
        "citizen": person,
        "life": life_of(person),
        "may_write": may_write,
        "logins": services.may_be_linked(person) if may_write else [],
        "steps": steps(person, (_("Relationer og samtykke"), "")),
    }
    return render(request, "citizens/relations.html", context)


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def relation_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody more in the citizen's life."""
    person = worked_with(request, key)
    form = forms.RelationForm(request.POST or None, logins=services.may_be_linked(person))

    def save() -> str:
        made = services.add_relation(
            user_of(request),
            person,
            form.cleaned_data["kind"],
            form.person(),
            chosen_by_citizen=form.cleaned_data["chosen_by_citizen"],
            login=form.chosen_login,
        )
        return _("%(name)s er skrevet.") % {"name": made.name}

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Skriv en relation"),
        lead=_("Borgeren bestemmer selv, hvem der er pårørende."),
        button=_("Gem"),
    )


@requires("record.write")
@require_POST
def relation_login(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Say which login is a relation's own."""
    person = worked_with(request, key)
    relation = get_object_or_404(Relation, pk=pk, citizen=person)
    form = forms.LoginForm(request.POST, logins=services.may_be_linked(person))
    if not form.is_valid():
        toast(request, _("Det login har ikke adgang som pårørende til borgeren."))
        return redirect(_home(person)[1])
    return _done(
        request, person, lambda: services.link_login(user_of(request), relation, form.chosen), _("Gemt.")
    )


@requires("record.write")
@require_POST
def relation_end(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """The person is in the citizen's life until today."""
    person = worked_with(request, key)
    relation = get_object_or_404(Relation, pk=pk, citizen=person)
    said = _("%(name)s er skrevet til og med i dag. Derefter deles der ikke mere med dem.")
    return _done(
        request,
        person,
        lambda: services.end_relation(user_of(request), relation),
        said % {"name": relation.name},
    )


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def guardianship_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """A guardianship."""
    person = worked_with(request, key)
    form = forms.GuardianshipForm(request.POST or None, relations=_today(Relation, person))

    def save() -> str:
        typed = form.cleaned_data
        services.add_guardianship(
            user_of(request),
            person,
            typed["form"],
            personal="personal" in typed["scopes"],
            economic="economic" in typed["scopes"],
            guardian=form.guardian(),
            first=typed["first"],
            last=typed["last"],
        )
        return _("Værgemålet er skrevet.")

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Skriv et værgemål"),
        lead=_("En værge ser ikke mere, end der er givet samtykke til at dele."),
        button=_("Gem værgemålet"),
    )


@requires("record.write")
@require_POST
def guardianship_end(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """The guardianship holds until today."""
    person = worked_with(request, key)
    kept = get_object_or_404(Guardianship, pk=pk, citizen=person)
    return _done(
        request,
        person,
        lambda: services.end_guardianship(user_of(request), kept),
        _("Værgemålet er slut, når dagen er slut."),
    )


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def consent_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """A consent."""
    person = worked_with(request, key)
    municipalities = Municipality.objects.filter(
        pk__in=person.municipality_relations.filter(valid__contains=clock.today()).values("municipality")
    )
    form = forms.ConsentForm(
        request.POST or None,
        initial={"first": clock.today()},
        relations=_today(Relation, person),
        municipalities=list(municipalities.order_by("sort_key")),
        guardianships=[one for one in _today(Guardianship, person, "relation") if one.personal],
    )

    def save() -> str:
        typed = form.cleaned_data
        made = services.give_consent(
            user_of(request),
            person,
            form.receiver(),
            typed["scopes"],
            how=typed["how"],
            first=typed["first"],
            last=typed["last"],
            guardianship=form.guardianships.get(typed["given_by"]),
            note=typed["note"],
        )
        return _("Samtykket er skrevet. %(name)s må se det, der er valgt.") % {"name": made.receiver}

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Skriv et samtykke"),
        lead=_("Et samtykke ændres ikke. Det trækkes tilbage, og et nyt skrives."),
        button=_("Gem samtykket"),
    )


@requires("record.write")
@require_POST
def consent_withdraw(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """The consent is withdrawn at once."""
    person = worked_with(request, key)
    consent = get_object_or_404(Consent, pk=pk, citizen=person)
    said = _("Samtykket er trukket tilbage. %(name)s ser det ikke mere.")
    return _done(
        request,
        person,
        lambda: services.withdraw_consent(user_of(request), consent),
        said % {"name": consent.receiver},
    )


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """A contact person, who follows the former, or somebody of the team."""
    person = worked_with(request, key)
    form = forms.ContactForm(
        request.POST or None, initial={"first": clock.today()}, colleagues=team.who_works_with(person)
    )

    def save() -> str:
        typed = form.cleaned_data
        who = form.users[typed["user"]]
        services.appoint_contact(user_of(request), person, who, typed["role"], typed["first"])
        return _("%(name)s er skrevet.") % {"name": who}

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Skriv en kontaktperson"),
        lead=_("En ny kontaktperson afløser den tidligere."),
        button=_("Gem"),
    )


@requires("record.write")
@require_POST
def contact_end(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """The person is a contact until today."""
    person = worked_with(request, key)
    kept = get_object_or_404(ContactPerson, pk=pk, citizen=person)
    return _done(
        request, person, lambda: services.end_contact(user_of(request), kept), _("Slut, når dagen er slut.")
    )


def _done(request: HttpRequest, person: Citizen, act: Callable[[], Any], said: str) -> HttpResponse:
    """What a button does; a refusal is told where one comes from."""
    try:
        act()
    except Refusal as refusal:
        said = str(refusal)
    toast(request, said)
    return redirect(_home(person)[1])


def _today(model: Any, person: Citizen, *related: str) -> list[Any]:
    """The rows of the citizen that hold today."""
    found = model.objects.filter(citizen=person, valid__contains=clock.today())
    return list(found.select_related(*related).order_by("pk") if related else found.order_by("pk"))


def _home(person: Citizen) -> tuple[str, str]:
    return _("Relationer og samtykke"), reverse("citizens:relations", args=[person.key])
