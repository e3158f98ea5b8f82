"""Status reports as a caseworker reads them: approved ones about the municipality's citizens, and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from roedtraad.access import lookups
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.practice.models import StatusReport
from roedtraad.practice.queries import reports as queries
from roedtraad.practice.services import reports as services
from roedtraad.practice.views.common import visitor
from roedtraad.practice.views.report_page import page_of, pdf_response

PART = "statusrapport"
ACTION = "report.read"


@requires("report.read")
@require_safe
def municipal_reports(request: HttpRequest) -> HttpResponse:
    """The approved reports to the visitor's municipality, newest first. Those shown are logged."""
    page = queries.municipal_page(visitor(request), request.GET.get("efter", ""))
    if page.reports:
        citizens = [one.citizen_id for one in page.reports]
        lookups.record(visitor(request), citizens, "liste over statusrapporter", action=ACTION)
    context = {"reports": page.reports, "next": page.next}
    return render(request, "practice/reports/municipal_list.html", context)


@requires("report.read")
@require_safe
def municipal_report(request: HttpRequest, report_key: UUID) -> HttpResponse:
    """One report, as it was approved."""
    found = _opened(request, report_key)
    readings = queries.readings_of(found)
    context = {
        "report": found,
        "steps": [
            (_("Statusrapporter"), reverse("practice:municipal-reports")),
            (str(found.citizen), ""),
        ],
        "page": page_of(found),
        "readings": readings,
        "signed": any(one.reader_id == visitor(request).pk for one in readings),
        "newer": queries.municipal_newer(visitor(request), found),
        "intact": queries.is_intact(found),
    }
    return render(request, "practice/reports/municipal.html", context)


@requires("report.read")
@require_safe
def municipal_report_pdf(request: HttpRequest, report_key: UUID) -> HttpResponse:
    """The same as a PDF."""
    return pdf_response(_opened(request, report_key))


@requires("report.read")
@require_POST
def municipal_report_read(request: HttpRequest, report_key: UUID) -> HttpResponse:
    """Sign for having read a report."""
    services.mark_read(visitor(request), _opened(request, report_key))
    toast(request, _("Tak. Tilbuddet kan se, at du har læst rapporten."))
    return redirect("practice:municipal-report", report_key=report_key)


def _opened(request: HttpRequest, report_key: UUID) -> StatusReport:
    found = queries.municipal_report(visitor(request), report_key)
    if found is None:
        raise Http404
    lookups.record(visitor(request), [found.citizen_id], PART, action=ACTION)
    return found
