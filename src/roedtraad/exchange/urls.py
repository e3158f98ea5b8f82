"""Addresses."""

from django.urls import path

from roedtraad.exchange import views
from roedtraad.exchange.fhir.urls import urlpatterns as fhir

app_name = "exchange"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("indlaes/", views.upload, name="upload"),
    path("ind/<int:pk>/", views.incoming, name="incoming"),
    path("ind/<int:pk>/indlaes/", views.confirm, name="confirm"),
    path("ind/<int:pk>/fejl.<slug:ending>", views.faults, name="faults"),
    path("hent/", views.export, name="export"),
    path("ud/<int:pk>/", views.outgoing, name="outgoing"),
    path("ud/<int:pk>/fil/", views.download, name="download"),
    path("<int:pk>/fremdrift/", views.progress, name="progress"),
    path("<int:pk>/igen/", views.retry, name="retry"),
    path("kolonner/<slug:kind>/", views.columns, name="columns"),
    path("skabelon/<slug:kind>.<slug:ending>", views.template, name="template"),
    *fhir,
]
