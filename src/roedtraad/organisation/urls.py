"""Addresses."""

from django.urls import URLPattern, URLResolver, include, path

from roedtraad.organisation import views, views_edit

app_name = "organisation"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.chart_page, name="chart"),
    path("enheder.<str:kind_of_file>", views.units_file, name="units-file"),
    path("enhed/<slug:key>/", views.unit_view, name="unit"),
    path("enhed/<slug:key>/ret/", views_edit.edit_page, name="unit-edit"),
    path("enhed/<slug:key>/ny/", views_edit.create_page, name="unit-create"),
    path("enhed/<slug:key>/luk/", views_edit.close_page, name="unit-close"),
    path("enhed/<slug:key>/fortryd/", views_edit.undo, name="unit-undo"),
    path("scenarier/", include("roedtraad.organisation.urls_scenarios")),
    path("kort/", views.map_page, name="map"),
    path("forskelle/", views.diff_page, name="diff"),
    path("forskelle.<str:kind_of_file>", views.diff_file, name="diff-file"),
]
