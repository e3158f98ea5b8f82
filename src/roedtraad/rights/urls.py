"""Addresses."""

from django.urls import path

from roedtraad.rights.views import requests, retention

app_name = "rights"
urlpatterns = [
    path("", requests.requests, name="requests"),
    path("mine/", requests.own, name="own"),
    path("mine/<uuid:key>/arkiv/", requests.own_download, name="own-download"),
    path("ny/<uuid:key>/", requests.new, name="new"),
    path("indsigt/<uuid:key>/", requests.request_page, name="request"),
    path("indsigt/<uuid:key>/fremdrift/", requests.progress, name="progress"),
    path("indsigt/<uuid:key>/forlaeng/", requests.prolong, name="prolong"),
    path("indsigt/<uuid:key>/giv-fri/", requests.release, name="release"),
    path("indsigt/<uuid:key>/igen/", requests.retry, name="retry"),
    path("indsigt/<uuid:key>/arkiv/", requests.download, name="download"),
    path("indsigt/<uuid:key>/del/<slug:slug>/", requests.part, name="part"),
    path("indsigt/<uuid:key>/del/<slug:slug>/set/", requests.seen, name="seen"),
    path("indsigt/<uuid:key>/del/<slug:slug>/udelad/", requests.leave_out, name="leave-out"),
    path("indsigt/<uuid:key>/del/<slug:slug>/med/", requests.take_in, name="take-in"),
    path("opbevaring/", retention.retention, name="retention"),
    path("opbevaring/regel/<slug:category>/", retention.rule, name="rule"),
    path("opbevaring/spaer/<uuid:key>/", retention.hold, name="hold"),
    path("opbevaring/spaerring/<int:pk>/ophaev/", retention.lift, name="lift"),
    path("opbevaring/lister/ny/", retention.order, name="order"),
    path("opbevaring/lister/<uuid:key>/", retention.list_page, name="list"),
    path("opbevaring/lister/<uuid:key>/fremdrift/", retention.list_progress, name="list-progress"),
    path("opbevaring/lister/<uuid:key>/godkend/", retention.approve, name="approve"),
    path("opbevaring/lister/<uuid:key>/kasser/", retention.drop, name="drop"),
    path("opbevaring/lister/<uuid:key>/igen/", retention.list_retry, name="list-retry"),
    path("opbevaring/kvitteringer/<int:number>/", retention.receipt, name="receipt"),
    path("opbevaring/kvitteringer/<int:number>.<slug:fmt>", retention.receipt_file, name="receipt-file"),
]
