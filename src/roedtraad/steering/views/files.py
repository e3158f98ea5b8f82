"""The picture as files to save."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.steering.report import FORMATS, render, report_of
from roedtraad.steering.report.sheet import table_of
from roedtraad.steering.views.asked import picture_of


@requires("maalbillede.view")
@require_safe
def table(request: HttpRequest, fmt: str) -> HttpResponse:
    """The table of units as CSV or Excel."""
    report = report_of(picture_of(request))
    header, rows = table_of(report)
    response = sheet_response(fmt, f"maalbillede-{report.year}", header, rows)
    if response is None:
        raise Http404
    return response


@requires("maalbillede.view")
@require_safe
def report_file(request: HttpRequest, fmt: str) -> HttpResponse:
    """The report as text, JSON, Excel or PDF."""
    if fmt not in FORMATS:
        raise Http404
    report = report_of(picture_of(request))
    content = render(report, fmt)
    response = HttpResponse(content, content_type=FORMATS[fmt].content_type)
    response["Content-Disposition"] = (
        f'attachment; filename="maalbillede-{report.year}.{FORMATS[fmt].ending}"'
    )
    return response
