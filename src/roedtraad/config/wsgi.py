"""The web application as granian serves it."""

from django.core.wsgi import get_wsgi_application

from roedtraad.config.modes import choose_settings

choose_settings()
application = get_wsgi_application()
