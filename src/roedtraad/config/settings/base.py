"""What every mode shares."""

from __future__ import annotations

from typing import Any

import pghistory

from roedtraad.config import environment
from roedtraad.config.database import connection_settings
from roedtraad.config.federation import read_federation
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "roedtraad.design",
    "roedtraad.accounts",
    "roedtraad.access",
    "roedtraad.drafts",
    "roedtraad.organisation",
    "roedtraad.people",
    "roedtraad.citizens",
    "roedtraad.journeys",
    "roedtraad.practice",
    "roedtraad.duty",
    "roedtraad.safety",
    "roedtraad.voices",
    "roedtraad.steering",
    "roedtraad.portals",
    "roedtraad.exchange",
    "roedtraad.rights",
    "roedtraad.demo",
]

MIDDLEWARE = [
    "roedtraad.config.security.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "roedtraad.config.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are fetched on phones. Against guessing by length it adds bytes at random (docs/decisions/0009).
    "django.middleware.gzip.GZipMiddleware",
    "roedtraad.config.logs.RequestLogMiddleware",
    "roedtraad.config.faults.AwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "roedtraad.accounts.language.ChosenLanguageMiddleware",
    "roedtraad.config.security.IncomingMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "roedtraad.accounts.middleware.SessionEndMiddleware",
    "roedtraad.access.tablets.TabletMiddleware",
    "roedtraad.access.middleware.RowsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "roedtraad.config.pin.PinMiddleware",
    "roedtraad.accounts.middleware.StepsMiddleware",
    "roedtraad.access.middleware.HistoryMiddleware",
    "roedtraad.access.middleware.PolicyMiddleware",
    "roedtraad.config.rates.RateMiddleware",
    "roedtraad.drafts.middleware.DraftMiddleware",
    "roedtraad.access.sent.SentRequestMiddleware",
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
            "builtins": ["django_cotton.templatetags.cotton", "roedtraad.design.templatetags.forms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "roedtraad.portals.context.page_frame",
                "roedtraad.accounts.context.session_watch",
                "roedtraad.safety.context.alarm_watch",
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
    {"NAME": "roedtraad.accounts.passwords.HouseWordsValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "roedtraad.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
SOCIALACCOUNT_ADAPTER = "roedtraad.accounts.federation.adapter.SocialAccountAdapter"
FEDERATION = read_federation()
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Tries are counted by accounts.lockout in the database: allauth's own counts live in one process, and by address
# they would lock out a whole house at once.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False

MFA_ADAPTER = "roedtraad.accounts.second_factor.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Rødtråd"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Anything but "offered" is required: a misspelling must not open the house.
SECOND_FACTOR_REQUIRED = environment.read("ROEDTRAAD_MFA", "offered") != "offered"
TRUSTED_PROXIES = environment.read_count("ROEDTRAAD_TRUSTED_PROXIES", 0, 0, 5)
SESSION_IDLE_MINUTES = environment.read_count("ROEDTRAAD_IDLE_MINUTES", 30, 5, 1440)
SESSION_HOURS = environment.read_count("ROEDTRAAD_SESSION_HOURS", 12, 1, 168)
TABLET_IDLE_MINUTES = environment.read_count("ROEDTRAAD_TABLET_IDLE_MINUTES", 5, 1, 60)
TABLET_HOURS = environment.read_count("ROEDTRAAD_TABLET_HOURS", 12, 1, 24)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# How long a phone without a net may read what it kept.
OFFLINE_HOURS = environment.read_count("ROEDTRAAD_OFFLINE_HOURS", 8, 1, 24)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME, SAML_COOKIE_NAME = "roedtraad_enhed", "saml-acs-session"
TABLET_COOKIE_NAME = "roedtraad_tablet"
# In a cookie of its own a message would be readable, and have no such name as the others have in production.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# These are put on every answer by HeadersMiddleware, also where Django's own middleware is not reached.
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = None
SECURE_CONTENT_TYPE_NOSNIFF = False
# A form that is typed. Where files are sent: config/security.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5

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
    "staticfiles": {"BACKEND": "roedtraad.design.storage.ModuleStorage"},
}
# Vendored files arrive minified and may name source maps; the manifest must not fail on a map nobody serves.
WHITENOISE_MANIFEST_STRICT = True

# Calls a key may make, and what an account may do in a minute; as access.rates reads it.
API_RATE = environment.read_rate("ROEDTRAAD_API_RATE", "600/m")
RATES = {
    "write": environment.read_rate("ROEDTRAAD_WRITE_RATE", "300/m"),
    "export": environment.read_rate("ROEDTRAAD_EXPORT_RATE", "60/m"),
    "search": environment.read_rate("ROEDTRAAD_SEARCH_RATE", "240/m"),
}

# Where browsers listen for alarms (safety.address); none of it means that pages ask every ten seconds.
PUSH_URL = environment.read_address("ROEDTRAAD_PUSH_URL")
PUSH_PORT = environment.read_count("ROEDTRAAD_PUSH_PORT", 0, 0, 65535)
PUSH_ORIGINS = environment.read_origins("ROEDTRAAD_PUSH_ORIGINS")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = logging_settings(environment.read("ROEDTRAAD_LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"

PGHISTORY_APPEND_ONLY = True
# Deletions are history too; the library leaves them out unless asked.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

MODE = "base"
EXAMPLE_DATA = False
