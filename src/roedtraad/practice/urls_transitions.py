"""Addresses of transitions and handover packages."""

from __future__ import annotations

from django.urls import path

from roedtraad.practice.views import handovers, packages, transitions

ALL = "<uuid:key>/overgange/"
ONE = f"{ALL}<uuid:transition_key>/"
PACKAGE = f"{ONE}pakke/<uuid:package_key>/"
SENT = "overleveringer/<uuid:package_key>/"

urlpatterns = [
    path("overleveringer/", handovers.handovers, name="handovers"),
    path(SENT, handovers.handover, name="handover"),
    path(f"{SENT}laest/", handovers.handover_read, name="handover-read"),
    path(f"{SENT}spoerg/", handovers.handover_ask, name="handover-ask"),
    path(f"{SENT}svar/<uuid:question_key>/", handovers.handover_answer, name="handover-answer"),
    path(f"{SENT}skridt/<uuid:step_key>/", handovers.handover_step, name="handover-step"),
    path(ALL, transitions.transitions, name="transitions"),
    path(f"{ALL}ny/", transitions.new_transition, name="new-transition"),
    path(ONE, transitions.transition, name="transition"),
    path(f"{ONE}ret/", transitions.edit_transition, name="edit-transition"),
    path(f"{ONE}sket/", transitions.transition_happened, name="transition-happened"),
    path(f"{ONE}opgiv/", transitions.cancel_transition, name="cancel-transition"),
    path(f"{ONE}skridt/nyt/", transitions.new_step, name="new-transition-step"),
    path(f"{ONE}skridt/<uuid:step_key>/", transitions.step, name="transition-step"),
    path(f"{ONE}mennesker/nyt/", transitions.new_tie, name="new-transition-tie"),
    path(f"{ONE}mennesker/<uuid:tie_key>/", transitions.tie_done, name="transition-tie"),
    path(f"{ONE}pakke/", packages.new_package, name="new-package"),
    path(PACKAGE, packages.package, name="package"),
    path(f"{PACKAGE}igen/", packages.refresh_package, name="refresh-package"),
    path(f"{PACKAGE}set-igennem/", packages.review_package, name="review-package"),
    path(f"{PACKAGE}send/", packages.send_package, name="send-package"),
    path(f"{PACKAGE}kald-tilbage/", packages.recall_package, name="recall-package"),
    path(f"{PACKAGE}kvittering/", packages.receipt, name="package-receipt"),
    path(f"{PACKAGE}afsnit/<uuid:part_key>/", packages.package_part, name="package-part"),
    path(f"{PACKAGE}afsnit/<uuid:part_key>/med/", packages.keep_part, name="keep-package-part"),
]
