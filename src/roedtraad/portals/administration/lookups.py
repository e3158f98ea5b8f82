"""Control of the log of look-ups by random samples."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access import services
from roedtraad.access.lookups import log_time
from roedtraad.access.models import LookupLog
from roedtraad.core import clock
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.design.toasts import toast
from roedtraad.portals.administration.forms import ReviewForm, SampleForm
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.lookups import Sample, SampleOrder, draw

TEMPLATE = "portals/administration/lookups.html"


@requires("lookup_log.sample")
@require_GET
def lookups(request: HttpRequest) -> HttpResponse:
    """Draw a sample and control it. Without a question the form stands alone, set to the last month."""
    if "first" not in request.GET:
        # The log keeps the database's time, whatever day the house holds.
        last = log_time().date()
        first = min(last, clock.today()) - dt.timedelta(days=30)
        start = {"first": first, "last": last, "size": 20, "emergency": "emergency" in request.GET}
        return render(request, TEMPLATE, {"form": SampleForm(initial=start)})
    form = SampleForm(request.GET)
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422)
    asked = form.cleaned_data
    if not request.GET.get("seed") or not asked["until"]:
        # The drawing gets an address of its own, with which it can be drawn again.
        kept = {**request.GET.dict(), "seed": asked["seed"], "until": log_time().isoformat()}
        return redirect(f"{request.path}?{urlencode(kept)}")
    order = SampleOrder(
        first=asked["first"],
        last=asked["last"],
        size=asked["size"],
        seed=asked["seed"],
        until=asked["until"],
        username=asked["user"],
        unit_id=int(asked["unit"]) if asked["unit"] else None,
        emergencies_only=asked["emergency"],
    )
    sample = draw(order)
    file = sheet_response(request.GET.get("format", ""), f"stikproeve-{order.seed}", _header(), _rows(sample))
    if file is not None:
        return file
    query = urlencode({name: value for name, value in request.GET.items() if name != "format"})
    context = {
        "form": form,
        "order": order,
        "sample": sample,
        "export_csv": f"?{query}&format=csv",
        "export_xlsx": f"?{query}&format=xlsx",
        "here": f"{request.path}?{query}",
    }
    return render(request, TEMPLATE, context)


@requires("lookup_log.sample")
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the control of one look-up showed, and go back to the sample."""
    log = get_object_or_404(LookupLog, pk=pk)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.review_lookup(
                log, form.cleaned_data["outcome"], reviewer=signed_in(request), note=form.cleaned_data["note"]
            )
        except ValueError as refusal:
            toast(request, str(refusal))
    else:
        toast(request, _("Vælg, om opslaget er i orden eller skal følges op."))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(f"{back}#opslag-{pk}" if safe else "portals:lookups")


def _header() -> list[str]:
    return [
        _("Nummer"),
        _("Tidspunkt"),
        _("Hvem"),
        _("Rolle"),
        _("Borger nr."),
        _("Boede den dag"),
        _("Hvad"),
        _("Hvorfor"),
        _("Begrundelse ved nødadgang"),
        _("Resultat"),
        _("Bemærkning"),
        _("Kontrolleret af"),
    ]


def _rows(sample: Sample) -> list[list[object]]:
    return [
        [
            row.log.pk,
            f"{row.log.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.log.actor_name,
            row.role,
            row.citizen,
            row.lived_in,
            row.log.part,
            row.log.purpose,
            row.log.emergency.reason if row.log.emergency else "",
            row.review.get_outcome_display() if row.review else "",
            row.review.note if row.review else "",
            str(row.review.reviewer) if row.review else "",
        ]
        for row in sample.rows
    ]
