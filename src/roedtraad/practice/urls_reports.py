"""Addresses of the record: status reports, in the record and for the municipality."""

from __future__ import annotations

from django.urls import URLPattern, path

from roedtraad.practice.views import municipal, reports

_ONE = "<uuid:key>/rapporter/<uuid:report_key>/"
_MUNICIPAL = "statusrapporter/<uuid:report_key>/"

urlpatterns: list[URLPattern] = [
    path("<uuid:key>/rapporter/", reports.reports, name="reports"),
    path("<uuid:key>/rapporter/ny/", reports.new_report, name="new-report"),
    path(_ONE, reports.report, name="report"),
    path(f"{_ONE}ret/", reports.edit_report, name="edit-report"),
    path(f"{_ONE}nyt/", reports.refresh_report, name="refresh-report"),
    path(f"{_ONE}retur/", reports.return_report, name="return-report"),
    path(f"{_ONE}godkend/", reports.approve_report, name="approve-report"),
    path(f"{_ONE}ny-udgave/", reports.supersede_report, name="supersede-report"),
    path(f"{_ONE}slet/", reports.discard_report, name="discard-report"),
    path(f"{_ONE}forskelle/", reports.report_diff, name="report-diff"),
    path(f"{_ONE}pdf/", reports.report_pdf, name="report-pdf"),
    path("rapporter/til-godkendelse/", reports.reports_waiting, name="reports-waiting"),
    path("statusrapporter/", municipal.municipal_reports, name="municipal-reports"),
    path(_MUNICIPAL, municipal.municipal_report, name="municipal-report"),
    path(f"{_MUNICIPAL}pdf/", municipal.municipal_report_pdf, name="municipal-report-pdf"),
    path(f"{_MUNICIPAL}laest/", municipal.municipal_report_read, name="municipal-report-read"),
]
