"""What a page's address asks for."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.core import clock
from roedtraad.steering.queries import TargetPicture, target_picture

Step = tuple[str, str]


def year_of(request: HttpRequest) -> int:
    """`?aar=`, this year when it is not given. Http404 when it is not a year."""
    text = request.GET.get("aar", "").strip()
    if not text:
        return clock.today().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Http404(_("Årstallet skal have fire cifre."))
    return int(text)


def picture_of(request: HttpRequest) -> TargetPicture:
    """The target picture that `?aar=&plan=&enhed=` asks for. Http404 when there is none."""
    unit, plan = request.GET.get("enhed", ""), request.GET.get("plan", "")
    try:
        return target_picture(year_of(request), unit, plan)
    except (LookupError, ValueError) as refusal:
        raise Http404(str(refusal)) from refusal


def address(name: str, *args: object, **parameters: object) -> str:
    """The address of one of our pages with the parameters that are not empty."""
    kept = {key: value for key, value in parameters.items() if value not in ("", None)}
    return reverse(f"steering:{name}", args=args) + (f"?{urlencode(kept)}" if kept else "")


def unit_steps(picture: TargetPicture) -> list[Step]:
    """The thread from the vision down to the unit."""
    plan = picture.plan
    parameters = {"aar": picture.year, "plan": plan.key if plan else ""}
    steps: list[Step] = [(plan.vision, reverse("steering:plan", args=[plan.key]))] if plan else []
    return steps + [(name, address("maalbillede", enhed=key, **parameters)) for name, key in picture.path]
