"""Addresses of the leadership scenarios."""

from django.urls import path

from roedtraad.organisation.scenarios import views

urlpatterns = [
    path("", views.scenarios, name="scenarios"),
    path("nyt/", views.edit, name="scenario-new"),
    path("<int:pk>/ret/", views.edit, name="scenario-edit"),
    path("<int:pk>/kopi/", views.copy, name="scenario-copy"),
    path("<int:pk>/tag-bort/", views.withdraw, name="scenario-withdraw"),
    path("<int:pk>/laeg-tilbage/", views.restore, name="scenario-restore"),
]
