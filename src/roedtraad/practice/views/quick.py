"""A note in three taps: »+ Notat« on the home page, the citizen, »Gem«."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.access import lookups
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.practice.queries.homes import residents
from roedtraad.practice.views.common import opened, visitor
from roedtraad.practice.views.notes import form_for, written


@requires("record.write")
@require_GET
def quick_note(request: HttpRequest) -> HttpResponse:
    """Choose whom the note is about, among those who live where one works."""
    found = residents(visitor(request))
    people = [person for _unit, living in found for person in living]
    lookups.record(
        visitor(request), [person.pk for person in people], "valg af borger", action="record.write"
    )
    context = {"units": found, "steps": [(_("Nyt notat"), "")]}
    return render(request, "practice/notes/choose.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def quick_write(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write it, and come back to the home page."""
    record = opened(request, key, "notat", writing=True)
    form = form_for(request, record)
    # Writing is no tap.
    form.fields["text"].widget.attrs["autofocus"] = True
    if request.method == "POST" and written(request, record, form):
        toast(request, _("Notatet om %(name)s er gemt.") % {"name": record.citizen.first_name})
        return redirect("home")
    context = {"form": form, "citizen": record.citizen, "record": record}
    return render(request, "practice/notes/quick.html", context, status=422 if form.errors else 200)
