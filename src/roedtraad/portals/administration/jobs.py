"""Background jobs: how the queue is, and trying again what failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.portals import services
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.jobs import jobs_state


@requires("jobs.manage")
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Each queue by status, and the latest failures."""
    return render(request, "portals/administration/jobs.html", {"state": jobs_state()})


@requires("jobs.manage")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try one failed job again."""
    try:
        services.retry_job(pk, by=signed_in(request))
        toast(request, _("Opgaven er sat i kø igen."))
    except ValueError as refusal:
        toast(request, str(refusal))
    return redirect("portals:jobs")


@requires("jobs.manage")
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try every failed job again."""
    number = services.retry_all_failed(by=signed_in(request))
    words = ngettext("%(n)s opgave er sat i kø igen.", "%(n)s opgaver er sat i kø igen.", number)
    toast(request, words % {"n": number})
    return redirect("portals:jobs")
