"""Addresses of the phone without a net; the worker stands in the root, so that it may answer for every page."""

from __future__ import annotations

from django.urls import path

from roedtraad.portals.offline import views

urlpatterns = [
    path("sw.js", views.worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("uden-net/", views.page, name="offline"),
    path("uden-net/adgang/", views.access, name="offline-access"),
    path("uden-net/data/", views.kept, name="offline-kept"),
    path("uden-net/send/", views.send, name="offline-send"),
]
