"""Addresses of the record: notes, the search in them, and the line of time."""

from __future__ import annotations

from django.urls import path

from roedtraad.practice.views import notes, quick, search, timeline

urlpatterns = [
    path("notat/", quick.quick_note, name="quick-note"),
    path("notat/<uuid:key>/", quick.quick_write, name="quick-write"),
    path("soeg/", search.search, name="search"),
    path("<uuid:key>/tidslinje/", timeline.timeline, name="timeline"),
    path("<uuid:key>/notater/", notes.notes, name="notes"),
    path("<uuid:key>/notater/nyt/", notes.new_note, name="new-note"),
    path("<uuid:key>/notater/<uuid:note_key>/", notes.note, name="note"),
    path("<uuid:key>/notater/<uuid:note_key>/ret/", notes.edit_note, name="edit-note"),
    path("<uuid:key>/notater/<uuid:note_key>/historik/", notes.note_history, name="note-history"),
    path("<uuid:key>/notater/<uuid:note_key>/traek-tilbage/", notes.withdraw_note, name="withdraw-note"),
    path("<uuid:key>/notater/<uuid:note_key>/deling/", notes.note_sharing, name="note-sharing"),
    path("<uuid:key>/notater/<uuid:note_key>/tavle/", notes.note_board, name="note-board"),
    path("<uuid:key>/notater/<uuid:note_key>/maal/", notes.note_goal, name="note-goal"),
    path("<uuid:key>/vedhaeftet/<uuid:attachment_key>/", notes.attachment, name="attachment"),
]
