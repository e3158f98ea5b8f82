"""»Effekt«: what has come of the goals in the units one leads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from roedtraad.access.scope import may
from roedtraad.core import danish
from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.practice.queries.effect import Effect, Group, effect_of
from roedtraad.practice.rules.goals import OUTCOME_WORDS, RATED, Outcome
from roedtraad.practice.views.common import visitor


@requires("effect.view")
@never_cache
@require_safe
def effect(request: HttpRequest, key: str = "") -> HttpResponse:
    """The unit's goals of a year (`?aar=`): reached, progressed, kept and lost, by kind and by the units below."""
    found = _asked(request, key)
    return render(request, "practice/effect.html", _context(request, found))


@requires("effect.view")
@never_cache
@require_safe
def effect_file(request: HttpRequest, key: str, fmt: str) -> HttpResponse:
    """The same figures as CSV or Excel."""
    found = _asked(request, key)
    header = [_("Gruppe"), _("Borgere")]
    for item in RATED:
        header += [OUTCOME_WORDS[item].capitalize(), _("%(what)s, pct.") % {"what": OUTCOME_WORDS[item]}]
    header.append(OUTCOME_WORDS[Outcome.NOT_RATED].capitalize())
    groups = [found.whole, *found.kinds, *found.units]
    rows = [[group.name, group.citizens, *_cells(group), group.not_rated] for group in groups]
    rows.append([_("Ikke til videregivelse: små tal er ikke skjult.")])
    answer = sheet_response(fmt, f"effekt-{found.unit.key}-{found.year}", header, rows)
    if answer is None:
        raise Http404
    return answer


def _asked(request: HttpRequest, key: str) -> Effect:
    year = request.GET.get("aar", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    found = effect_of(visitor(request), key, int(year) if year else None)
    if found is None:
        raise Http404
    return found


def _context(request: HttpRequest, found: Effect) -> dict[str, Any]:
    steps = [
        (node.label, reverse("effect:unit", args=[node.key]) + f"?aar={found.year}") for node in found.path
    ]
    return {
        "found": found,
        "sentence": sentence(found),
        "outcomes": [OUTCOME_WORDS[item].capitalize() for item in RATED],
        "steps": [*steps[:-1], (found.unit.label, ""), (_("Effekt"), "")],
        "led_to": may(request.user, "maalbillede.view"),
    }


def sentence(found: Effect) -> str:
    """The answer in words: how many of the rated goals are reached, and how many have been lost."""
    shares = found.whole.shares
    if not shares.rated:
        return _("%(unit)s: ingen mål er vurderet i %(year)s.") % {
            "unit": found.unit.label, "year": found.year,
        }  # fmt: skip
    said = _("%(reached)s af %(rated)s vurderede mål er nået (%(percent)s), og %(lost)s er gået tilbage.") % {
        "reached": danish.number(shares.counts[Outcome.REACHED]),
        "rated": danish.number(shares.rated),
        "percent": danish.percent(shares.percent[Outcome.REACHED] or 0),
        "lost": danish.number(shares.counts[Outcome.LOST]),
    }
    return f"{found.unit.label} {found.year}: {said}"


def _cells(group: Group) -> list[object]:
    return [value for pair in group.cells for value in pair]
