"""The addresses of the messages in a citizen's record, under »borgere/«."""

from django.urls import path

from roedtraad.voices import views

app_name = "voices"

urlpatterns = [
    path("<uuid:key>/beskeder/", views.conversations, name="conversations"),
    path("<uuid:key>/beskeder/ny/", views.new_conversation, name="new-conversation"),
    path("<uuid:key>/beskeder/<uuid:conversation_key>/", views.conversation, name="conversation"),
    path(
        "<uuid:key>/beskeder/<uuid:conversation_key>/<uuid:message_key>/traek-tilbage/",
        views.withdraw,
        name="withdraw",
    ),
]
