"""Addresses of the drafts."""

from django.urls import path

from roedtraad.drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.drafts, name="list"),
    path("gem/", views.save, name="save"),
    path("<uuid:key>/", views.draft, name="draft"),
    path("<uuid:key>/smid-vaek/", views.discard, name="discard"),
]
