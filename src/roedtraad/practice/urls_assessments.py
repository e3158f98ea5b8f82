"""Addresses of the record: assessments."""

from __future__ import annotations

from django.urls import URLPattern, path

from roedtraad.practice.views import assessments

urlpatterns: list[URLPattern] = [
    path("<uuid:key>/udredning/", assessments.assessments, name="assessments"),
    path("<uuid:key>/udredning/ny/", assessments.new_assessment, name="new-assessment"),
    path("<uuid:key>/udredning/<uuid:assessment_key>/", assessments.assessment, name="assessment"),
    path(
        "<uuid:key>/udredning/<uuid:assessment_key>/slet/",
        assessments.discard_assessment,
        name="discard-assessment",
    ),
    path(
        "<uuid:key>/udredning/<uuid:assessment_key>/csv/", assessments.assessment_csv, name="assessment-csv"
    ),
]
