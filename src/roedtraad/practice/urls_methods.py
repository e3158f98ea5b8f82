"""Addresses of the list of methods, under »metoder/«."""

from __future__ import annotations

from django.urls import path

from roedtraad.practice.views import methods

app_name = "methods"

urlpatterns = [
    path("", methods.method_list, name="list"),
    path("ny/", methods.new_method, name="new"),
    path("<slug:key>/", methods.method, name="method"),
    path("<slug:key>/ret/", methods.edit_method, name="edit"),
    path("<slug:key>/brug/", methods.set_use, name="use"),
    path("<slug:key>/uddannede/", methods.add_qualification, name="qualify"),
    path("<slug:key>/uddannede/<int:pk>/slut/", methods.end_qualification, name="qualification-end"),
]
