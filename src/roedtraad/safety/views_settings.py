"""How a unit's alarm is set up, for its leader."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.organisation.models import Unit
from roedtraad.safety import queries, rules, services
from roedtraad.safety.forms import SettingsForm
from roedtraad.safety.views import user_of


@requires("duty.configure")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The units one leads, and how each alarm is set up."""
    units = queries.choices(user_of(request), "duty.configure")
    context = {
        "found": queries.set_up(units),
        "seconds": rules.SECONDS,
        "steps": [(_("Alarm"), reverse("safety:alarm")), (_("Indstillinger"), None)],
    }
    return render(request, "safety/settings.html", context)


@requires("duty.configure")
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, key: str) -> HttpResponse:
    """One unit's alarm."""
    user = user_of(request)
    here = next((one for one in queries.choices(user, "duty.configure") if one.key == key), None)
    if here is None:
        raise Http404
    units, current = queries.neighbour_choices(here.pk), queries.settings_of(here.pk)
    chosen = set(queries.neighbours_of(here.pk))
    form = SettingsForm(
        request.POST or None,
        units=units,
        initial={
            "seconds": current.seconds if current else rules.SECONDS,
            "neighbours": [one.key for one in units if one.pk in chosen],
        },
    )
    if request.method == "POST" and form.is_valid():
        neighbours = [Unit(pk=form.units[key].pk) for key in form.cleaned_data["neighbours"]]
        try:
            services.change_settings(
                user, Unit(pk=here.pk), seconds=form.cleaned_data["seconds"], neighbours=neighbours
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast(request, _("Alarmen i %(unit)s er indstillet.") % {"unit": here.label})
            return redirect("safety:settings")
    context = {
        "form": form,
        "unit": here,
        "steps": [
            (_("Alarm"), reverse("safety:alarm")),
            (_("Indstillinger"), reverse("safety:settings")),
            (here.label, None),
        ],
    }
    return render(request, "safety/settings_unit.html", context, status=422 if form.errors else 200)
