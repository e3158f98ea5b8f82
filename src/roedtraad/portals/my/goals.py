"""Mine mål: each a ladder of five steps in plain words, and where one stands."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.my.pages import mine, page, user_of
from roedtraad.portals.queries.my_side import cards, goal_cards
from roedtraad.practice.models import Goal
from roedtraad.practice.services.goals import rate_goal

PART = "mine mål"


@requires("own.view")
@require_GET
def goals(request: HttpRequest) -> HttpResponse:
    """The citizen's goals as pictures."""
    return page(request, "portals/my/goals.html", {"cards": goal_cards(mine(request, PART))})


@requires("own.view")
@require_http_methods(["GET", "POST"])
def goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """One goal's ladder; a press on a face says that one stands there."""
    citizen = mine(request, PART)
    found = get_object_or_404(Goal.objects.select_related("citizen", "wish"), citizen=citizen, key=key)
    if request.method == "POST":
        try:
            rate_goal(user_of(request), found, _level(request.POST.get("level", "")))
        except Refusal as refusal:
            toast(request, str(refusal))
        else:
            toast(request, _("Tak. Det er gemt."))
        return redirect("portals:my-goal", key=key)
    return page(request, "portals/my/goal.html", {"card": cards([found])[0], "goal": found})


def _level(typed: str) -> int:
    """The level; one that there is not for what is no number, so that the service says so."""
    try:
        return int(typed[:4])
    except ValueError:
        return 99
