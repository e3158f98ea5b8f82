"""Real use: refuses to start half-configured."""

from roedtraad.config import environment
from roedtraad.config.federation import refuse_open_connection
from roedtraad.config.keys import refuse_unsafe_production
from roedtraad.config.origins import trusted_origins
from roedtraad.config.settings.base import *  # noqa: F403  a mode is the base plus its differences

MODE = "production"
HTTPS = environment.read_bool("ROEDTRAAD_HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:
    # The browser takes a cookie of such a name from this host alone, never from a neighbour under the same domain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-sprog"
    DEVICE_COOKIE_NAME, SAML_COOKIE_NAME = "__Host-enhed", "__Host-saml"
    TABLET_COOKIE_NAME = "__Host-tablet"
    CSRF_TRUSTED_ORIGINS = trusted_origins(ALLOWED_HOSTS)  # noqa: F405
SECURE_SSL_REDIRECT = HTTPS
# Who asks after the house's health stands behind the proxy, and follows nobody elsewhere.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECOND_FACTOR_REQUIRED = environment.read("ROEDTRAAD_MFA", "required") != "offered"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
refuse_unsafe_production()
refuse_open_connection(FEDERATION)  # noqa: F405
