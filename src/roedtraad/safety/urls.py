"""Addresses."""

from django.urls import path

from roedtraad.safety import views, views_lone, views_settings

app_name = "safety"
urlpatterns = [
    path("", views.alarm, name="alarm"),
    path("nu/", views.now, name="now"),
    path("billet/", views.ticket, name="ticket"),
    path("log/", views.log, name="log"),
    path("alene/", views_lone.lone, name="lone"),
    path("alene/<uuid:key>/jeg-er-her/", views_lone.check_in, name="lone-check-in"),
    path("alene/<uuid:key>/slut/", views_lone.end, name="lone-end"),
    path("indstillinger/", views_settings.overview, name="settings"),
    path("indstillinger/<slug:key>/", views_settings.unit, name="settings-unit"),
    path("<uuid:key>/", views.one, name="one"),
    path("<uuid:key>/jeg-kommer/", views.answer, name="answer"),
    path("<uuid:key>/slut/", views.end, name="end"),
]
