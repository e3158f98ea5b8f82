"""Addresses of plans and messages in FHIR."""

from django.urls import path

from roedtraad.exchange.fhir import views, views_orders

urlpatterns = [
    path("borger/<uuid:key>/", views.plan, name="plan"),
    path("borger/<uuid:key>/samling.json", views.bundle, name="plan-bundle"),
    path("borger/<uuid:key>/modtag/", views.upload, name="plan-upload"),
    path("borger/<uuid:key>/meddelelse/<uuid:message_key>/", views.message, name="plan-message"),
    path("borger/<uuid:key>/meddelelse/<uuid:message_key>/afvis/", views.decline, name="plan-decline"),
    path("fhir/", views_orders.messages, name="messages"),
    path("fhir/<uuid:key>/", views_orders.order, name="order"),
    path("fhir/<uuid:key>/afvis/", views_orders.decline, name="order-decline"),
]
