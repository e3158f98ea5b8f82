"""Addresses of »Effekt«, under »effekt/«."""

from __future__ import annotations

from django.urls import path

from roedtraad.practice.views import effect

app_name = "effect"

urlpatterns = [
    path("", effect.effect, name="first"),
    path("<slug:key>/", effect.effect, name="unit"),
    path("<slug:key>/udtraek.<slug:fmt>", effect.effect_file, name="file"),
]
