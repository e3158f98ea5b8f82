"""What the API does for every operation: refusals in one shape, a rate for each key, and its own description."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import Throttled
from ninja.throttling import BaseThrottle

from roedtraad.access.idempotency import HEADER, LONGEST_KEY
from roedtraad.access.models import ApiToken
from roedtraad.access.rates import Kind, Rate, wait_for
from roedtraad.access.scope import AccessDenied
from roedtraad.core.api import Error, install_refusals
from roedtraad.core.policy import public
from roedtraad.core.refusal import Refusal

_log = logging.getLogger("roedtraad.api")
_DOCUMENTED = {
    400: "»after« er ikke en markør fra denne liste.",
    401: "Nøglen mangler, er ukendt eller er udløbet.",
    403: "Nøglen eller dens bruger må ikke.",
    404: "Det, der spørges om, findes ikke.",
    422: "En værdi kan ikke læses.",
    429: "Nøglen har brugt sine kald for denne gang.",
}
_WRITING = {"post", "put", "patch", "delete"}
_DOCUMENTED_WRITING = {
    400: "»Idempotency-Key« mangler eller kan ikke bruges.",
    409: "Det samme kald er ved at blive udført, eller en anden har rettet imens.",
    422: "En værdi kan ikke bruges, eller »Idempotency-Key« er brugt til et andet kald.",
}
_KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": (
        "En ny, tilfældig nøgle for hver ændring, fx en UUID. Sendes det samme igen med samme nøgle inden for et "
        "døgn, udføres det ikke igen, men får det første svar."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "0190f5fe-7c00-7a00-8000-000000000001",
}
View = Callable[..., HttpResponse]


class PerToken(BaseThrottle):
    """So many calls a period for each key, as `settings.API_RATE` says ("600/m"). Asked once the key is known."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the key has calls left in this period."""
        token = getattr(request, "auth", None)
        if not isinstance(token, ApiToken):
            return True
        seconds = wait_for(Kind.API, token.pk, Rate.read(settings.API_RATE))
        self._wait = float(seconds)
        return seconds == 0

    def wait(self) -> float:
        """Seconds until the next period."""
        return self._wait


class Api(NinjaAPI):
    """The API whose every answer of 400 and above is `{"detail": "a sentence"}`."""

    def _get_urls(self) -> list[Any]:
        found = [
            _refusing_in_words(each) if isinstance(each, URLPattern) else each for each in super()._get_urls()
        ]
        return [*found, re_path(r"^.*$", no_such_address)]

    def get_openapi_schema(self, **more: Any) -> Any:
        """The description, with the refusals that every operation shares."""
        schema = super().get_openapi_schema(**more)
        name = Error.__name__
        schema.setdefault("components", {}).setdefault("schemas", {}).setdefault(
            name, Error.model_json_schema(ref_template="#/components/schemas/{model}")
        )
        body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                writes = method in _WRITING
                if writes:
                    operation.setdefault("parameters", []).append(_KEY_PARAMETER)
                answers = operation["responses"]
                for status, words in (_DOCUMENTED | (_DOCUMENTED_WRITING if writes else {})).items():
                    known = next((each for each in (status, str(status)) if each in answers), None)
                    if known is None:
                        answers[status] = {"description": words, "content": body}
                    else:
                        answers[known]["description"] = words
        return schema


def install(api: Api) -> None:
    """Give every refusal its sentence."""
    install_refusals(api)

    def says(
        status: int, sentence: str, request: HttpRequest, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        response = api.create_response(request, {"detail": sentence}, status=status)
        for name, value in (headers or {}).items():
            response[name] = value
        return response

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, exc: Throttled) -> HttpResponse:
        seconds = max(1, round(exc.wait or 1))
        sentence = _("Nøglen har brugt sine kald for denne gang. Prøv igen om %(seconds)s sekunder.")
        return says(429, sentence % {"seconds": seconds}, request, {"Retry-After": str(seconds)})

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, exc: Http404) -> HttpResponse:
        return says(404, _("Det, du spørger om, findes ikke."), request)

    @api.exception_handler(AccessDenied)
    def denied(request: HttpRequest, exc: AccessDenied) -> HttpResponse:
        return says(403, str(exc), request)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
        return says(403, str(exc) or _("Nøglen giver ikke adgang til det."), request)

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, exc: Refusal) -> HttpResponse:
        return says(422, f"{exc.field}: {exc}" if exc.field else str(exc), request)

    @api.exception_handler(DataError)
    def out_of_bounds(request: HttpRequest, exc: DataError) -> HttpResponse:
        return says(422, _out_of_bounds(), request)

    @api.exception_handler(OverflowError)
    def too_far(request: HttpRequest, exc: OverflowError) -> HttpResponse:
        return says(422, _out_of_bounds(), request)

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, exc: Exception) -> HttpResponse:
        # Without the arguments: they may be personal.
        _log.error("api operation failed", exc_info=exc)
        return says(500, _("Noget gik galt hos os. Prøv igen, eller sig det til administratoren."), request)


def _out_of_bounds() -> str:
    return _("En værdi ligger uden for det, der kan regnes på. Ret datoen eller tallet.")


def _refusing_in_words(pattern: URLPattern) -> URLPattern:
    """The same address, with words for a method it does not have and for signs no database takes."""
    view: View = pattern.callback

    @wraps(view)
    def worded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unusable = [
            name for name in request.GET if "\x00" in name or "\x00" in "".join(request.GET.getlist(name))
        ]
        if unusable or any("\x00" in str(value) for value in kwargs.values()):
            names = ", ".join(name.replace("\x00", "") for name in unusable) or _("adressen")
            return _said(422, _("Værdien af %(names)s har et tegn, der ikke kan bruges.") % {"names": names})
        response = view(request, *args, **kwargs)
        if response.status_code == 405 and response.headers.get("Content-Type", "").startswith("text/"):
            worded_response = _said(
                405, _("Adressen kan ikke bruges på den måde (%(method)s).") % {"method": request.method}
            )
            worded_response["Allow"] = response["Allow"]
            return worded_response
        return response

    pattern.callback = worded
    return pattern


@public("Svarer kun, at adressen ikke findes")
def no_such_address(_request: HttpRequest) -> HttpResponse:
    """Anything under the API that is no address of it."""
    return _said(404, _("Adressen findes ikke i API'et. Se /api/v1/openapi.json."))


def _said(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status, json_dumps_params={"ensure_ascii": False})
