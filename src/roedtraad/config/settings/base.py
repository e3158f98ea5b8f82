"""What every mode shares."""

from __future__ import annotations

from typing import Any

import pghistory

from roedtraad.config import environment
from roedtraad.config.database import connection_settings
from roedtraad.config.logs import logging_settings

DATA = environment.data_folder()
DEBUG = False
SECRET_KEY = environment.read("ROEDTRAAD_SECRET_KEY")
ALLOWED_HOSTS = environment.read("ROEDTRAAD_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "roedtraad.design",
    "roedtraad.accounts",
    "roedtraad.access",
    "roedtraad.organisation",
    "roedtraad.people",
    "roedtraad.citizens",
    "roedtraad.journeys",
    "roedtraad.steering",
    "roedtraad.portals",
    "roedtraad.exchange",
    "roedtraad.demo",
]

MIDDLEWARE = [
    "roedtraad.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roedtraad.config.logs.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "roedtraad.accounts.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "roedtraad.access.middleware.RowsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "roedtraad.access.middleware.HistoryMiddleware",
    "roedtraad.access.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "roedtraad.config.urls"
WSGI_APPLICATION = "roedtraad.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "roedtraad.portals.context.page_frame",
            ],
        },
    }
]

DATABASES = {"default": connection_settings()}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "roedtraad.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True
# Off: a row number in an address must not become "1.564". Figures are formatted by the design filters.
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [environment.project_folder() / "src" / "roedtraad" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Vendored files arrive minified and may name source maps; the manifest must not fail on a map nobody serves.
WHITENOISE_MANIFEST_STRICT = True

# Calls a token may make, as ninja's throttling reads it.
API_RATE = environment.read("ROEDTRAAD_API_RATE", "600/m")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = logging_settings(environment.read("ROEDTRAAD_LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"

PGHISTORY_APPEND_ONLY = True
# Deletions are history too; the library leaves them out unless asked.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

MODE = "base"
EXAMPLE_DATA = False
