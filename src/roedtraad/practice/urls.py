"""The addresses of the record, under »borgere/«; one list a subject."""

from __future__ import annotations

from roedtraad.practice import (
    urls_assessments,
    urls_notes,
    urls_reports,
    urls_tasks,
    urls_thread,
    urls_transitions,
)

app_name = "practice"

urlpatterns = [
    *urls_thread.urlpatterns,
    *urls_notes.urlpatterns,
    *urls_tasks.urlpatterns,
    *urls_assessments.urlpatterns,
    *urls_reports.urlpatterns,
    *urls_transitions.urlpatterns,
]
