"""What the pages of a citizen's relations and network map share."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.access import lookups
from roedtraad.access.models import EmergencyAccess
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.reach import citizen_in, open_record
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast


def user_of(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


def opened(request: HttpRequest, key: UUID, part: str) -> tuple[Citizen, EmergencyAccess | None]:
    """The citizen whose record is read, written in the log of look-ups; 404 for who must not be seen."""
    found = open_record(user_of(request), key)
    if found is None:
        raise Http404
    lookups.record(user_of(request), [found[0].pk], part, action="record.view", emergency=found[1])
    return found


def worked_with(request: HttpRequest, key: UUID) -> Citizen:
    """The citizen about whom the user writes; 404 for another."""
    person = citizen_in(user_of(request), key, "record.write")
    if person is None:
        raise Http404
    return person


def steps(person: Citizen, *here: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to the page: the citizens, the citizen, and on."""
    return [
        (_("Borgere"), reverse("journeys:citizens")),
        (str(person), reverse("journeys:citizen", args=[person.key])),
        *here,
    ]


def form_page(
    request: HttpRequest,
    person: Citizen,
    form: forms.Form,
    save: Callable[[], str],
    *,
    page: tuple[str, str],
    title: str,
    lead: str,
    button: str,
    remove: tuple[str, str] | None = None,
) -> HttpResponse:
    """Show a form and save what is typed; `save` answers with what to say of it. A refusal stands beside its field.

    `page` is what the form belongs to (its name and address): where one goes when it is saved. `remove` is the words
    and address of a button that takes away what the form is about.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said = save()
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast(request, said)
            return redirect(page[1])
    context = {
        "citizen": person,
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "back": page[1],
        "remove": remove,
        "steps": steps(person, page, (title, "")),
    }
    return render(request, "citizens/form.html", context, status=422 if form.errors else 200)
