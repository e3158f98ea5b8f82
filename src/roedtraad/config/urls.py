"""Where everything is."""

from django.urls import include, path

from roedtraad.exchange.api import api

urlpatterns = [
    path("", include("roedtraad.portals.urls")),
    path("konto/", include("roedtraad.accounts.urls")),
    path("kladder/", include("roedtraad.drafts.urls")),
    path("borgere/", include("roedtraad.practice.urls")),
    path("effekt/", include("roedtraad.practice.urls_effect")),
    path("metoder/", include("roedtraad.practice.urls_methods")),
    path("borgere/", include("roedtraad.voices.urls")),
    path("organisation/", include("roedtraad.organisation.urls")),
    path("borgere/", include("roedtraad.citizens.urls")),
    path("kapacitet/", include("roedtraad.journeys.urls")),
    path("alarm/", include("roedtraad.safety.urls")),
    path("vagt/", include("roedtraad.duty.urls")),
    path("maalbillede/", include("roedtraad.steering.urls")),
    path("rettigheder/", include("roedtraad.rights.urls")),
    path("udveksling/", include("roedtraad.exchange.urls")),
    path("design/", include("roedtraad.design.urls")),
    path("api/v1/", api.urls),
]

handler403 = "roedtraad.portals.errors.forbidden"
handler400 = "roedtraad.config.faults.bad_request"
handler500 = "roedtraad.config.faults.server_error"
