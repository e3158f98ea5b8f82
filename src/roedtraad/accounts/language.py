"""Which language a page is shown in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Danish, unless the visitor has chosen another language.

    The browser's own wish is not followed: many a workplace browser asks for English without anyone having
    chosen it, and half a catalogue would then mix two languages on a Danish desk.
    """

    def process_request(self, request: HttpRequest) -> None:
        """The language of the cookie that the language switch sets, when there is such a language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say which language it is; caches need only look at the cookie."""
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
