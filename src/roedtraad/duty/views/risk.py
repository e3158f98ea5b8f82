"""Setting a citizen's risk, and what was set before."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from roedtraad.access.scope import AccessDenied, may
from roedtraad.core import clock, ids
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.duty.forms.risk import RiskForm
from roedtraad.duty.models import RiskScale
from roedtraad.duty.queries.risk import readings_of, risk_now, scale_for
from roedtraad.duty.rules import risk as rules
from roedtraad.duty.services import risk as services
from roedtraad.duty.views.common import home_address, opened, visitor
from roedtraad.journeys.queries.homes import home_of
from roedtraad.practice.forms.common import say


@requires("record.view")
@never_cache
@require_http_methods(["GET", "POST"])
def risk(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's risk now and before; a form for who works with the citizen."""
    record = opened(request, key, "risiko")
    citizen = record.citizen
    home = home_of(citizen.pk, clock.today())
    scale = scale_for(home.unit_id if home else None)
    form = None
    if scale is not None and record.may_write:
        form = RiskForm(request.POST or None, scale=scale, initial={"key": ids.new_id()})
    suggestion = ""
    if request.method == "POST":
        if form is None or scale is None:
            raise AccessDenied(_("Du kan læse borgerens risiko, men ikke sætte den."))
        if request.POST.get("act") == "suggest":
            suggestion = _suggestion(scale, request.POST.getlist("seen"))
            form = RiskForm(
                scale=scale, initial={**request.POST.dict(), "seen": request.POST.getlist("seen")}
            )
        elif form.is_valid():
            typed = form.cleaned_data
            try:
                services.set_risk(
                    visitor(request),
                    citizen,
                    typed["level"],
                    dict.fromkeys(typed.get("seen", ()), True),
                    typed["text"],
                    key=typed["key"],
                )
            except Refusal as refusal:
                say(form, refusal)
            else:
                toast(
                    request,
                    _("Risikoen for %(name)s er sat til %(level)s.")
                    % {"name": citizen, "level": typed["level"].name},
                )
                return redirect(home_address("duty:present", citizen, home))
    context = {
        "form": form,
        "citizen": citizen,
        "record": record,
        "scale": scale,
        "now": risk_now([citizen.pk]).get(citizen.pk),
        "readings": readings_of(citizen.pk),
        "suggestion": suggestion,
        "steps": [
            # Who only reads has no shift to go back to.
            (
                _("Hvem er her"),
                home_address("duty:present", citizen, home) if may(visitor(request), "duty.work") else "",
            ),
            (_("Risiko"), ""),
        ],
    }
    return render(request, "duty/risk.html", context, status=422 if form and form.errors else 200)


def _suggestion(scale: RiskScale, seen: list[str]) -> str:
    """What the checklist suggests, as a sentence."""
    points = {item.code: item.points for item in scale.items.all()}
    score = rules.total(points, {code: True for code in seen if code in points})
    levels = {level.rank: level for level in scale.levels.all()}
    rank = rules.suggested([rules.Step(level.rank, level.from_score) for level in levels.values()], score)
    if rank is None:
        return _("Skalaen foreslår ikke selv et trin. Vælg det, der passer.")
    return _("Tjeklisten giver %(score)s point og foreslår %(level)s. Det er dig, der vælger.") % {
        "score": score,
        "level": f"{levels[rank].shape} {levels[rank].name}",
    }
