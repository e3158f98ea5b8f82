"""»Kommet, flyttet, stoppet«: the leader's list of accesses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.access import services
from roedtraad.access.models import Grant
from roedtraad.access.scope import AccessDenied, reach
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.portals.administration.forms import EndGrantForm
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.administrator import grant_rows
from roedtraad.portals.queries.movers import movers as movers_of


@requires("grants.overview")
@require_GET
def movers(request: HttpRequest) -> HttpResponse:
    """Who came, moved and stopped in the leader's units, and which accesses nobody uses."""
    return render(request, "portals/movers.html", {"shown": movers_of(signed_in(request))})


@requires("grants.overview")
@require_http_methods(["GET", "POST"])
def mover_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an access in one's own units."""
    user = signed_in(request)
    here = Grant.objects.filter(unit__in=reach(user, "grants.overview").all_units)
    grant = get_object_or_404(here.select_related("user", "granted_by"), pk=pk)
    if not services.leader_may_end(user, grant):
        raise AccessDenied(_("Du kan kun slutte adgange for dem, der arbejder i din enhed."))
    form = EndGrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.end_grant(grant, typed["last"], reason=typed["reason"], ended_by=user)
        except ValueError as refusal:
            form.add_error("last", str(refusal))
        else:
            toast(request, _("Adgangen slutter."))
            return redirect("portals:movers")
    context = {"row": grant_rows([grant])[0], "form": form}
    return render(request, "portals/mover_end.html", context, status=422 if form.errors else 200)
