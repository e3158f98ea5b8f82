"""Rapporter om mig: the approved status reports that the citizen may read, and who in the municipality has."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from roedtraad.core.policy import requires
from roedtraad.portals.my.pages import mine, page
from roedtraad.practice.models import StatusReport
from roedtraad.practice.queries import reports as queries
from roedtraad.practice.views.report_page import page_of, pdf_response

PART = "statusrapport"


@requires("own.view")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The reports, the latest period first."""
    return page(request, "portals/my/reports.html", {"reports": queries.own_reports(mine(request, PART))})


@requires("own.view")
@require_GET
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """One report as the municipality reads it."""
    found = _mine(request, key)
    context = {
        "report": found,
        "page": page_of(found),
        "intact": queries.is_intact(found),
        "readings": queries.readings_of(found),
    }
    return page(request, "portals/my/report.html", context)


@requires("own.view")
@require_GET
def report_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as a PDF."""
    return pdf_response(_mine(request, key))


def _mine(request: HttpRequest, key: UUID) -> StatusReport:
    found = queries.own_report(mine(request, PART), key)
    if found is None:
        raise Http404
    return found
