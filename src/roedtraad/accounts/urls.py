"""Addresses of logging in. The names are allauth's own, which it looks up by itself.

Everything allauth can do that we do not offer answers with a page that says so.
"""

from django.urls import include, path, re_path

from roedtraad.accounts import views
from roedtraad.accounts import views_security as security
from roedtraad.accounts.tablets import views as tablets

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/kode/", security.code, name="mfa_authenticate"),
    path("login/noegle/", security.passkey_login, name="mfa_login_webauthn"),
    path("logout/", views.logout, name="account_logout"),
    path("", include("roedtraad.accounts.federation.urls")),
    path("tablet/", tablets.switch, name="account_tablet"),
    path("tablet/<uuid:key>/", tablets.colleague, name="account_tablet_colleague"),
    path("pin/", tablets.own_pin, name="account_pin"),
    path("pin/fjern/", tablets.remove_pin, name="account_pin_remove"),
    path("session/", views.session, name="account_session"),
    path("inactive/", views.inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("bekraeft/", views.reauthenticate, name="account_reauthenticate"),
    path("bekraeft/kode/", security.reauthenticate_code, name="mfa_reauthenticate"),
    path("bekraeft/noegle/", security.reauthenticate_passkey, name="mfa_reauthenticate_webauthn"),
    path("sikkerhed/", security.security, name="mfa_index"),
    path("sikkerhed/start/", security.set_up, name="account_second_factor"),
    path("sikkerhed/app/", security.app_add, name="mfa_activate_totp"),
    path("sikkerhed/app/billede.svg", security.app_picture, name="mfa_app_picture"),
    path("sikkerhed/app/fjern/", security.app_remove, name="mfa_deactivate_totp"),
    path("sikkerhed/noegle/", security.passkey_add, name="mfa_add_webauthn"),
    path("sikkerhed/noegle/<int:pk>/navn/", security.passkey_name, name="mfa_edit_webauthn"),
    path("sikkerhed/noegle/<int:pk>/fjern/", security.passkey_remove, name="mfa_remove_webauthn"),
    path("sikkerhed/koder/", security.recovery_codes, name="mfa_view_recovery_codes"),
    path("sikkerhed/koder/nye/", security.recovery_codes_new, name="mfa_generate_recovery_codes"),
    path("sikkerhed/andre-steder/", security.end_sessions, name="account_end_sessions"),
    path("sikkerhed/enheder/<int:pk>/glem/", security.forget_device, name="account_forget_device"),
    path("signup/", views.not_offered, name="account_signup"),
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
