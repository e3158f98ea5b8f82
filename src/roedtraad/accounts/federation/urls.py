"""Addresses of federated login. The names are allauth's own."""

from django.urls import path

from roedtraad.accounts import views as accounts
from roedtraad.accounts.federation import views

urlpatterns = [
    path("oidc/login/", views.oidc_login, name="openid_connect_login"),
    path("oidc/login/callback/", views.oidc_callback, name="openid_connect_callback"),
    path("saml/login/", views.saml_login, name="saml_login"),
    path("saml/acs/", views.saml_acs, name="saml_acs"),
    path("saml/acs/finish/", views.saml_finish_acs, name="saml_finish_acs"),
    path("saml/metadata/", views.saml_metadata, name="saml_metadata"),
    path("tredjepart/", accounts.not_offered, name="socialaccount_connections"),
    path("tredjepart/signup/", accounts.not_offered, name="socialaccount_signup"),
    path("tredjepart/login/cancelled/", accounts.not_offered, name="socialaccount_login_cancelled"),
    path("tredjepart/login/error/", accounts.not_offered, name="socialaccount_login_error"),
]
