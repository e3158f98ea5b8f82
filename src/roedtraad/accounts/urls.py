"""Addresses of logging in. The names are allauth's own, which it looks up by itself.

Everything allauth can do that we do not offer answers with a page that says so.
"""

from django.urls import path, re_path

from roedtraad.accounts import views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("signup/", views.not_offered, name="account_signup"),
    path("reauthenticate/", views.not_offered, name="account_reauthenticate"),
    path("email/", views.not_offered, name="account_email"),
    path("confirm-email/", views.not_offered, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.not_offered, name="account_confirm_email"),
    path("login/code/confirm/", views.not_offered, name="account_confirm_login_code"),
    path("password/set/", views.not_offered, name="account_set_password"),
    path("password/reset/", views.not_offered, name="account_reset_password"),
    path("password/reset/done/", views.not_offered, name="account_reset_password_done"),
    path("password/reset/key/done/", views.not_offered, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.not_offered,
        name="account_reset_password_from_key",
    ),
]
