"""Front pages and administration."""

from django.urls import include, path
from django.views.i18n import set_language

from roedtraad.portals import emergencies, movers, shift, views
from roedtraad.portals.administration import jobs, lookups, tokens, users

portal_patterns = (
    [
        path("rolle/", views.switch_role, name="switch-role"),
        path("sprog/", set_language, name="language"),
        path("hvem-har-set-mig/", views.my_lookups, name="my-lookups"),
        path("min-vagt/", shift.my_shift, name="my-shift"),
        path("min-vagt/enhed/", shift.choose_unit, name="shift-unit"),
        path("noedadgange/", emergencies.emergencies, name="emergencies"),
        path("noedadgange/<int:pk>/gennemse/", emergencies.emergency_review, name="emergency-review"),
        path("kommet-flyttet-stoppet/", movers.movers, name="movers"),
        path("kommet-flyttet-stoppet/<int:pk>/slut/", movers.mover_end, name="mover-end"),
        path("administration/", users.administration, name="administration"),
        path("administration/brugere/", users.users, name="users"),
        path("administration/brugere/ny/", users.user_create, name="user-create"),
        path("administration/brugere/<int:pk>/", users.user, name="user"),
        path("administration/brugere/<int:pk>/adgang/", users.grant_give, name="grant-give"),
        path("administration/brugere/<int:pk>/adgangskode/", users.user_password, name="user-password"),
        path(
            "administration/brugere/<int:pk>/anden-faktor/",
            users.user_second_factor,
            name="user-second-factor",
        ),
        path("administration/brugere/<int:pk>/konto/", users.user_state, name="user-state"),
        path("administration/adgange/<int:pk>/slut/", users.grant_end, name="grant-end"),
        path("administration/opslag/", lookups.lookups, name="lookups"),
        path("administration/opslag/<int:pk>/kontrol/", lookups.review, name="lookup-review"),
        path("administration/opgaver/", jobs.jobs, name="jobs"),
        path("administration/opgaver/igen/", jobs.retry_all, name="jobs-retry-all"),
        path("administration/opgaver/<int:pk>/igen/", jobs.retry, name="job-retry"),
        path("administration/noegler/", tokens.tokens, name="tokens"),
        path("administration/noegler/<int:pk>/tilbagekald/", tokens.token_revoke, name="token-revoke"),
    ],
    "portals",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("", include(portal_patterns)),
]
