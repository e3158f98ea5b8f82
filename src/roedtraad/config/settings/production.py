"""Real use: refuses to start half-configured."""

from roedtraad.config import environment
from roedtraad.config.keys import refuse_unsafe_production
from roedtraad.config.settings.base import *  # noqa: F403  a mode is the base plus its differences

MODE = "production"
HTTPS = environment.read_bool("ROEDTRAAD_HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
refuse_unsafe_production()
