"""Addresses of the record: the thread, wishes, goals and efforts."""

from __future__ import annotations

from django.urls import path

from roedtraad.practice.views import efforts, goals, thread

urlpatterns = [
    path("<uuid:key>/", thread.thread, name="thread"),
    path("<uuid:key>/oensker/", thread.wishes, name="wishes"),
    path("<uuid:key>/oensker/nyt/", thread.new_wish, name="new-wish"),
    path("<uuid:key>/oensker/<uuid:wish_key>/videre/", thread.after_wish, name="after-wish"),
    path("<uuid:key>/maal/", goals.goals, name="goals"),
    path("<uuid:key>/maal/nyt/", goals.new_goal, name="new-goal"),
    path("<uuid:key>/maal/<uuid:goal_key>/", goals.goal, name="goal"),
    path("<uuid:key>/maal/<uuid:goal_key>/ret/", goals.edit_goal, name="edit-goal"),
    path("<uuid:key>/maal/<uuid:goal_key>/vurder/", goals.rate, name="rate"),
    path(
        "<uuid:key>/maal/<uuid:goal_key>/vurder/<uuid:rating_key>/fortryd/",
        goals.withdraw_rating,
        name="withdraw-rating",
    ),
    path("<uuid:key>/maal/<uuid:goal_key>/opfoelgning/", goals.follow_up, name="follow-up"),
    path("<uuid:key>/maal/<uuid:goal_key>/aabn/", goals.reopen, name="reopen-goal"),
    path("<uuid:key>/maal/<uuid:goal_key>/indsats/", efforts.new_effort, name="new-effort"),
    path("<uuid:key>/indsatser/<uuid:effort_key>/ret/", efforts.edit_effort, name="edit-effort"),
    path("<uuid:key>/indsatser/<uuid:effort_key>/slut/", efforts.end_effort, name="end-effort"),
]
