"""A citizen's plan out and in: what a report needs, the file, and a plan from another system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.exchange.fhir import queries, rules, services
from roedtraad.exchange.fhir.forms import DeclineForm, MessageForm, PlanForm
from roedtraad.exchange.fhir.models import Message
from roedtraad.exchange.fhir.terms import Part, Terms
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.rules.assessments import LEVEL_WORDS, SUPPORT_WORDS, Level, SupportNeed
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "exchange:plan"
PART = "indberetning"


@requires("record.view")
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a report of the citizen's plan would carry, what is missing, and a plan from another system."""
    posted = request.method == "POST"
    record = opened(request, key, PART, writing=posted)
    codes, found = queries.terms(), queries.gathered(record.citizen)
    form = PlanForm(request.POST or None, found=found, codes=codes)
    theirs = ""
    if posted and form.is_valid():
        try:
            services.save_plan(
                visitor(request), record.citizen, form.text(), version=form.cleaned_data["version"]
            )
        except Changed as changed:
            theirs = changed.current.case_number if changed.current else ""
            with_version(form, changed.current.version if changed.current else 0)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Gemt. Se, om der mangler noget."))
            return redirect(HERE, key)
    return _page(request, record, found, codes, form=form, theirs=theirs, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    record: Opened,
    found: queries.Gathered,
    codes: Terms,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    named = _named(found, codes)
    report = found.report
    context = {
        **frame(record, HERE),
        "lacks": [(named.get(lack.where, ""), lack.sentence) for lack in rules.lacks(report, codes)],
        "unloaded": not codes.codes,
        "conditions": [
            (
                named[f"condition:{item.key}"],
                LEVEL_WORDS[Level(item.severity)] if item.severity is not None else "",
            )
            for item in report.plan.conditions
        ],
        "support": next(
            (
                SUPPORT_WORDS[SupportNeed(item.need)]
                for item in report.plan.evaluations
                if item.need is not None
            ),
            "",
        ),
        "assessed": report.assessed,
        "goals": found.goals,
        "efforts": found.efforts,
        "follow_up": report.plan.follow_up,
        "drafts": list(
            Message.objects.filter(citizen=record.citizen, kind=Message.Kind.PLAN, state=Message.State.DRAFT)
        ),
        "upload": MessageForm(),
        **more,
    }
    return render(request, "exchange/fhir/plan.html", context, status=status)


def _named(found: queries.Gathered, codes: Terms) -> dict[str, str]:
    """What a person calls the parts that something may be lacking in."""
    names = {score.theme.code: score.theme.name for score in found.scores}
    groups = codes.listed(Part.GROUP)
    plan = found.report.plan
    return {
        **{f"goal:{goal.key}": goal.title for goal in found.goals},
        **{f"intervention:{effort.key}": effort.title for effort in found.efforts},
        **{f"condition:{item.key}": names.get(item.code, item.code) for item in plan.conditions},
        **{f"target_group:{item.key}": groups.get(item.code, item.code) for item in plan.target_groups},
    }


@requires("record.write")
@require_GET
def bundle(request: HttpRequest, key: UUID) -> HttpResponse:
    """The report as a file, to send by the way the municipality and KL have agreed."""
    record = opened(request, key, "indberetning til KL hentet", writing=True)
    try:
        made = services.bundle_of(record.citizen)
    except Refusal as refusal:
        toast(request, str(refusal))
        return redirect(HERE, key)
    response = HttpResponse(services.as_json(made), content_type="application/fhir+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ffb-{found_day(made)}.json"'
    return response


def found_day(made: dict[str, Any]) -> str:
    """The day a bundle was made, for the file's name; no name or number of the citizen stands in it."""
    return str(made["timestamp"])[:10]


@requires("record.write")
@require_POST
def upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a plan from another system as a draft, and go on to see what taking it over would do."""
    record = opened(request, key, PART, writing=True)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            message = services.receive_plan(visitor(request), record.citizen, file.read(), file.name)
        except services.NotReadable as refused:
            for sentence in refused.sentences:
                form.add_error("file", sentence)
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("exchange:plan-message", key, message.key)
    codes, found = queries.terms(), queries.gathered(record.citizen)
    empty = PlanForm(found=found, codes=codes)
    return _page(request, record, found, codes, form=empty, upload=form, status=422)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, key: UUID, message_key: UUID) -> HttpResponse:
    """A plan from another system: what taking it over would do, and doing it."""
    record = opened(request, key, PART, writing=True)
    held = _message(record, message_key)
    sentence = ""
    if request.method == "POST":
        try:
            made = services.accept_plan(visitor(request), held)
        except Refusal as refusal:
            sentence = str(refusal)
        else:
            toast(request, _("Planen er taget over med %(count)s mål.") % {"count": len(made)})
            return redirect("practice:goals", key)
    context = {**frame(record, HERE, _("Plan fra et andet system")), "message": held, "sentence": sentence}
    if held.state == Message.State.DRAFT:
        try:
            context["preview"] = _shown(services.preview(held))
        except Refusal as refusal:
            context["sentence"] = str(refusal)
    return render(request, "exchange/fhir/message.html", context, status=422 if sentence else 200)


def _shown(found: services.Preview) -> dict[str, Any]:
    return {
        "report": found.report,
        "conditions": [
            (name, LEVEL_WORDS[Level(level)] if level is not None else "") for name, level in found.conditions
        ],
        "goals": [
            (
                name,
                str(services.Goal.Kind(goal.kind.value).label) if goal.kind else "",
                LEVEL_WORDS[Level(goal.target_level)] if goal.target_level is not None else "",
            )
            for goal, name in found.goals
        ],
        "services": found.services,
        "groups": found.groups,
        "remarks": found.remarks,
    }


@requires("record.write")
@require_POST
def decline(request: HttpRequest, key: UUID, message_key: UUID) -> HttpResponse:
    """Do not take a plan over."""
    record = opened(request, key, PART, writing=True)
    form = DeclineForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        services.decline_plan(visitor(request), _message(record, message_key), note)
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Planen er ikke taget over, og filen er slettet."))
    return redirect(HERE, key)


def _message(record: Opened, key: UUID) -> Message:
    found = Message.objects.filter(key=key, citizen=record.citizen, kind=Message.Kind.PLAN).first()
    if found is None:
        raise Http404
    return found
