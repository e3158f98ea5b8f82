"""Addresses."""

from django.urls import path

from roedtraad.journeys import urls_stays, views

app_name = "journeys"
urlpatterns = [
    path("", views.overview, name="capacity"),
    path("udtraek.<slug:kind>", views.export, name="capacity-export"),
    path("ledige/", views.free, name="free"),
    path("ledige/udtraek.<slug:kind>", views.free_export, name="free-export"),
    path("enhed/<slug:key>/", views.unit, name="unit"),
    *urls_stays.urlpatterns,
]
