"""Addresses of the target picture, the plans and the indicators."""

from django.urls import path

from roedtraad.steering.views import editing, files, picture, plans

app_name = "steering"
urlpatterns = [
    path("", picture.maalbillede, name="maalbillede"),
    path("tabel.<str:fmt>", files.table, name="table"),
    path("rapport.<str:fmt>", files.report_file, name="report"),
    path("planer/", plans.plan_list, name="plans"),
    path("planer/<slug:key>/", plans.plan, name="plan"),
    path("pejlemaerker/<int:pk>/", plans.pejlemaerke, name="pejlemaerke"),
    path("maal/<slug:key>/", plans.goal, name="goal"),
    path("indikatorer/<slug:key>/", picture.indicator, name="indicator"),
    path("indikatorer/<slug:key>/raekker/", picture.rows, name="rows"),
    path("indikatorer/<slug:key>/maaltal/", editing.set_target, name="set-target"),
    path("pejlemaerker/<int:pk>/indsatser/ny/", editing.add_effort, name="add-effort"),
    path("spor/<int:pk>/tidsplan/ny/", editing.add_timetable_entry, name="add-timetable-entry"),
    path("ret/<slug:kind>/<int:pk>/", editing.edit, name="edit"),
    path("ret/<slug:kind>/<int:pk>/fjern/", editing.remove, name="remove"),
    path("historik/<slug:kind>/<int:pk>/", editing.history, name="history"),
    path("historik/<slug:kind>/<int:event_id>/fortryd/", editing.undo, name="undo"),
]
