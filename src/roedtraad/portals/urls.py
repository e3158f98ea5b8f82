"""Front pages and administration."""

from django.urls import include, path
from django.views.i18n import set_language

from roedtraad.portals import emergencies, movers, relatives, shift, tablets, views
from roedtraad.portals.administration import jobs, lookups, tokens, users
from roedtraad.portals.my import goals, messages, more, reports, sharing, wishes
from roedtraad.portals.offline.urls import urlpatterns as offline_patterns

portal_patterns = (
    [
        *offline_patterns,
        path("rolle/", views.switch_role, name="switch-role"),
        path("sprog/", set_language, name="language"),
        path("hvem-har-set-mig/", views.my_lookups, name="my-lookups"),
        path("min-vagt/", shift.my_shift, name="my-shift"),
        path("min-vagt/enhed/", shift.choose_unit, name="shift-unit"),
        path("min-side/oensker/", wishes.wishes, name="my-wishes"),
        path("min-side/oensker/nyt/", wishes.new_wish, name="my-wish-new"),
        path("min-side/oensker/<uuid:key>/", wishes.wish, name="my-wish"),
        path("min-side/vedhaeftet/<uuid:key>/", wishes.attached, name="my-attached"),
        path("min-side/maal/", goals.goals, name="my-goals"),
        path("min-side/maal/<uuid:key>/", goals.goal, name="my-goal"),
        path("min-side/beskeder/", messages.my_messages, name="my-messages"),
        path("min-side/beskeder/ny/", messages.my_new, name="my-message-new"),
        path("min-side/beskeder/<uuid:key>/", messages.my_conversation, name="my-conversation"),
        path("min-side/mere/", more.more, name="my-more"),
        path("min-side/humoer/", more.mood, name="my-mood"),
        path("min-side/netvaerk/", more.network, name="my-network"),
        path("min-side/rapporter/", reports.reports, name="my-reports"),
        path("min-side/rapporter/<uuid:key>/", reports.report, name="my-report"),
        path("min-side/rapporter/<uuid:key>/pdf/", reports.report_pdf, name="my-report-pdf"),
        path("min-side/om-mig/", more.about, name="my-about"),
        path("min-side/hvem-maa-se-hvad/", sharing.sharing, name="my-sharing"),
        path("min-side/hvem-maa-se-hvad/del/<uuid:key>/", sharing.share, name="my-share"),
        path("min-side/hvem-maa-se-hvad/stop/<uuid:key>/", sharing.stop, name="my-share-stop"),
        path("saadan-laeser-jeg/", more.reading, name="my-reading"),
        path("beskeder/<uuid:key>/<uuid:message_key>/traek-tilbage/", messages.withdraw, name="withdraw"),
        path("paaroerende/beskeder/", messages.relative_messages, name="relative-messages"),
        path(
            "paaroerende/beskeder/<uuid:key>/", messages.relative_conversation, name="relative-conversation"
        ),
        path("paaroerende/billede/<uuid:key>/", relatives.picture, name="relative-picture"),
        path("paaroerende/<uuid:key>/", relatives.person, name="relative-person"),
        path("paaroerende/<uuid:key>/skriv/", messages.relative_new, name="relative-message-new"),
        path("noedadgange/", emergencies.emergencies, name="emergencies"),
        path("noedadgange/<int:pk>/gennemse/", emergencies.emergency_review, name="emergency-review"),
        path("kommet-flyttet-stoppet/", movers.movers, name="movers"),
        path("kommet-flyttet-stoppet/<int:pk>/slut/", movers.mover_end, name="mover-end"),
        path("faelles-tablets/", tablets.tablets, name="tablets"),
        path("faelles-tablets/<int:pk>/afmeld/", tablets.tablet_revoke, name="tablet-revoke"),
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
