"""The line of time of one citizen."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from roedtraad.core.policy import requires
from roedtraad.practice.queries import timeline as queries
from roedtraad.practice.views.common import frame, opened, visitor


@requires("record.view")
@require_GET
def timeline(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything about the citizen, newest first; chips narrow, a day jumps, »vis ældre« goes on."""
    record = opened(request, key, "tidslinje")
    known = queries.kinds()
    chosen = [kind for kind in known if kind in request.GET.getlist("slags")]
    day = _day(request.GET.get("dag", ""))
    place = queries.Place.read(request.GET.get("efter", "")) or (queries.Place.end_of(day) if day else None)
    line = queries.timeline(visitor(request), record.citizen, chosen, place)
    kept = [("dag", day.isoformat())] if day else []
    context = {
        **frame(record, "practice:timeline"),
        "entries": line.entries,
        "chips": [
            (label, "?" + urlencode(_toggled(chosen, kind) + kept), kind in chosen)
            for kind, label in known.items()
        ],
        "chosen": chosen,
        "day": day.isoformat() if day else "",
        "older": "?" + urlencode([("slags", kind) for kind in chosen] + [("efter", line.next.cursor())])
        if line.next
        else "",
    }
    return render(request, "practice/timeline.html", context)


def _toggled(chosen: list[str], kind: str) -> list[tuple[str, str]]:
    kinds = [one for one in chosen if one != kind] if kind in chosen else [*chosen, kind]
    return [("slags", one) for one in kinds]


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
