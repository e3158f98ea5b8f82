"""The real pages, and one that forgot who is asking: the walk of test_leaks must tell it from the rest."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from roedtraad.access import rows
from roedtraad.citizens.models import Citizen
from roedtraad.config.urls import handler403  # noqa: F401  Django reads it here
from roedtraad.config.urls import urlpatterns as real
from roedtraad.core.policy import requires


@requires("home.view")
def everybody(request: HttpRequest) -> HttpResponse:
    """Every citizen by name, to anyone who is logged in."""
    with rows.as_system("en side, der har glemt reglen"):
        return HttpResponse(", ".join(str(citizen) for citizen in Citizen.objects.order_by("pk")))


urlpatterns = [path("alle-borgere/", everybody, name="everybody"), *real]
