"""The component page."""

from django.urls import path

from roedtraad.design import views

app_name = "design"
urlpatterns = [path("", views.components, name="design")]
