"""A refusal of a whole request, in words, for whoever asks: a program, a part of a page, or a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string


def refused(
    request: HttpRequest, status: int, title: str, sentence: str, *, retry_after: int = 0
) -> HttpResponse:
    """The answer with that status. `retry_after`: seconds until it is worth asking again, 0 for never.

    The page is filled without the request: whoever is logged in would have to be looked up first.
    """
    words = {"title": title, "lead": sentence}
    if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        response: HttpResponse = JsonResponse(
            {"detail": sentence}, status=status, json_dumps_params={"ensure_ascii": False}
        )
    elif request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("design/trouble_note.html", words), status=status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
    else:
        response = HttpResponse(render_to_string("refused.html", words), status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
