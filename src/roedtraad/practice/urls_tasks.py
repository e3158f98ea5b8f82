"""Addresses of the record: tasks."""

from __future__ import annotations

from django.urls import URLPattern, path

from roedtraad.practice.views import task, tasks

urlpatterns: list[URLPattern] = [
    path("opgaver/", task.unit_tasks, name="unit-tasks"),
    path("opgaver/ny/", task.new_unit_task, name="new-unit-task"),
    path("opgaver/<uuid:task_key>/", task.task, name="task"),
    path("opgaver/<uuid:task_key>/<slug:what>/", task.act, name="task-act"),
    path("<uuid:key>/opgaver/", tasks.tasks, name="tasks"),
    path("<uuid:key>/opgaver/ny/", tasks.new_task, name="new-task"),
    path("<uuid:key>/opgaver/gentaget/<uuid:series_key>/", tasks.edit_series, name="series"),
    path("<uuid:key>/opgaver/gentaget/<uuid:series_key>/slut/", tasks.end_series, name="series-end"),
]
