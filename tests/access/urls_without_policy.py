"""A view that forgot to declare a policy, beside the real ones."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from roedtraad.config.urls import handler403  # noqa: F401  Django reads handler403 here
from roedtraad.config.urls import urlpatterns as real


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hemmeligt")


urlpatterns = [path("ingen-regel/", forgotten), *real]
