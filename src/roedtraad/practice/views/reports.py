"""Status reports in the record: the list, the draft beside its sources, drawing anew, approval, editions, the paper."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roedtraad.access import lookups
from roedtraad.access.scope import may
from roedtraad.citizens.reach import within
from roedtraad.core import clock, danish
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.forms.reports import (
    PeriodForm,
    RefreshForm,
    ReportForm,
    ReturnForm,
    report_initial,
)
from roedtraad.practice.models import StatusReport
from roedtraad.practice.queries import reports as queries
from roedtraad.practice.queries.report_inputs import thread_of
from roedtraad.practice.rules.differences import sides
from roedtraad.practice.rules.report import draft as drawn_from
from roedtraad.practice.rules.report_text import drawn_text, news, traced
from roedtraad.practice.services import reports as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor
from roedtraad.practice.views.report_page import links_of, page_of, pdf_response, told_of

HERE = "practice:reports"
PART = "statusrapport"
HALF_A_YEAR = dt.timedelta(days=182)


@requires("record.view")
@require_safe
def reports(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's status reports: the one being written, and those approved."""
    record = opened(request, key, PART)
    found = queries.reports_of(record.citizen)
    context = {
        **frame(record, HERE),
        "reports": [one for one in found if one.state == StatusReport.State.APPROVED],
        "open": next((one for one in found if one.state != StatusReport.State.APPROVED), None),
    }
    return render(request, "practice/reports/list.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_report(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose the period, and draw a draft from the thread."""
    record = opened(request, key, PART, writing=True)
    there = services.open_report(record.citizen)
    if there is not None:
        return redirect("practice:report", key=key, report_key=there.key)
    today = clock.today()
    reported = services.last_reported(record.citizen)
    first = min(reported + dt.timedelta(days=1), today) if reported else today - HALF_A_YEAR
    form = PeriodForm(request.POST or None, initial={"first": first, "last": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft(visitor(request), record.citizen, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("practice:edit-report", key=key, report_key=made.key)
    context = {**frame(record, HERE, _("Ny statusrapport")), "form": form, "reported": reported}
    return render(request, "practice/reports/new.html", context, status=422 if form.errors else 200)


@requires("record.view")
@require_safe
def report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """One report as it is read, each paragraph with where it comes from."""
    record = opened(request, key, PART)
    return _page(request, record, _report(record, report_key))


def _page(request: HttpRequest, record: Opened, found: StatusReport, **more: Any) -> HttpResponse:
    user = visitor(request)
    leads = found.state == StatusReport.State.WAITING and record.may_write and _approves(request, record)
    context = {
        **frame(record, HERE, danish.day(found.last_day)),
        "report": found,
        "page": page_of(found, record.citizen),
        "may_approve": leads and found.sent_by_id != user.pk,
        "may_return": leads,
        "own": leads and found.sent_by_id == user.pk,
        "may_discard": record.may_write and found.written_by_id == user.pk,
        "newer": getattr(found, "superseded_by", None),
        "earlier": queries.before(found),
        "readings": queries.readings_of(found) if found.state == StatusReport.State.APPROVED else [],
        "intact": queries.is_intact(found),
        "return_form": ReturnForm(),
        **more,
    }
    return render(request, "practice/reports/report.html", context, status=422 if more else 200)


def _approves(request: HttpRequest, record: Opened) -> bool:
    return within(visitor(request), record.citizen, "report.approve")


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """The draft, each part beside what the thread says. Somebody else's text is shown beside what was typed."""
    record = opened(request, key, PART, writing=True)
    found = _report(record, report_key)
    if found.state != StatusReport.State.DRAFT:
        return redirect("practice:report", key=key, report_key=report_key)
    parts = queries.parts_of(found)
    form = ReportForm(request.POST or None, parts=parts, initial=report_initial(found, parts))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, found, form)
        except Changed as changed:
            theirs = [
                (part.heading, part.text)
                for part in queries.parts_of(changed.current)
                if part.text != form.texts().get(part.key, "").replace("\r\n", "\n")
            ]
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
            # What was typed is saved, when it was the sending that was refused.
            found.refresh_from_db(fields=["version"])
            with_version(form, found.version)
    links = links_of(record.citizen, queries.inputs_of(found))
    context = {
        **frame(record, HERE, _("Kladde")),
        "report": found,
        "form": form,
        "rows": [
            (part, form.field_of(part), told_of(traced(drawn_text(part.drawn), part.drawn), links))
            for part in parts
        ],
        "theirs": theirs,
    }
    return render(request, "practice/reports/edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, found: StatusReport, form: ReportForm) -> HttpResponse:
    user, typed = visitor(request), form.cleaned_data
    saved = services.edit(
        user,
        found,
        form.texts(),
        version=typed["version"],
        shared_with_citizen=typed["shared_with_citizen"],
    )
    key, report_key, do = found.citizen.key, found.key, request.POST.get("do")
    if do == "send":
        services.send_for_approval(user, saved, version=saved.version)
        toast(request, _("Rapporten er sendt til godkendelse."))
    else:
        toast(request, _("Kladden er gemt."))
    page = "practice:report" if do in ("send", "show") else "practice:edit-report"
    return redirect(page, key=key, report_key=report_key)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def refresh_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """What has come to the thread since the draft was drawn, part by part, and drawing it anew."""
    record = opened(request, key, PART, writing=True)
    found = _report(record, report_key)
    if found.state != StatusReport.State.DRAFT:
        return redirect("practice:report", key=key, report_key=report_key)
    thread = thread_of(record.citizen, found.first_day, found.last_day)
    told = news(queries.parts_of(found), drawn_from(thread))
    form = RefreshForm(request.POST or None, news=told, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.refresh(visitor(request), found, version=form.cleaned_data["version"], take=form.take())
        except Changed as changed:
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Rapporten følger tråden igen."))
            return redirect("practice:edit-report", key=key, report_key=report_key)
    context = {
        **frame(record, HERE, _("Nyt i tråden")),
        "report": found,
        "form": form,
        "choices": [(one, *sides(one.news.before, one.news.after)) for one in form.choices()],
    }
    return render(request, "practice/reports/refresh.html", context, status=422 if form.errors else 200)


@requires("report.approve")
@require_POST
def return_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """Send a report back with a word."""
    record = opened(request, key, PART, writing=True)
    found = _report(record, report_key)
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            services.return_with_comment(visitor(request), found, form.cleaned_data["comment"])
        except Refusal as refusal:
            if not refusal.field:
                # It is no longer there to be sent back, and so neither is the form.
                toast(request, str(refusal))
                return redirect("practice:report", key=key, report_key=report_key)
            say(form, refusal)
        else:
            toast(request, _("Rapporten er sendt tilbage."))
            return redirect("practice:report", key=key, report_key=report_key)
    return _page(request, record, found, return_form=form)


@requires("report.approve")
@require_POST
def approve_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """Approve and lock a report."""
    record = opened(request, key, PART, writing=True)
    typed = request.POST.get("version", "")
    try:
        services.approve(
            visitor(request),
            _report(record, report_key),
            version=int(typed) if typed.isdecimal() and len(typed) < 9 else 0,
        )
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Rapporten er godkendt og låst. Kommunen kan læse den nu."))
    return redirect("practice:report", key=key, report_key=report_key)


@requires("record.write")
@require_POST
def supersede_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """Begin another edition."""
    record = opened(request, key, PART, writing=True)
    try:
        made = services.supersede(visitor(request), _report(record, report_key))
    except Refusal as refusal:
        toast(request, str(refusal))
        return redirect("practice:report", key=key, report_key=report_key)
    return redirect("practice:edit-report", key=key, report_key=made.key)


@requires("record.write")
@require_POST
def discard_report(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """Throw a draft away."""
    record = opened(request, key, PART, writing=True)
    try:
        services.discard(visitor(request), _report(record, report_key))
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Kladden er slettet."))
    return redirect(HERE, key=key)


@requires("record.view")
@require_safe
def report_diff(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """A report beside the one before it: the edition it follows, else the period before."""
    record = opened(request, key, PART)
    found = _report(record, report_key)
    earlier = queries.before(found)
    if earlier is None:
        raise Http404
    context = {
        **frame(record, HERE, _("Hvad er anderledes")),
        "report": found,
        "earlier": earlier,
        "differences": queries.differences(earlier, found),
    }
    return render(request, "practice/reports/diff.html", context)


@requires("record.view")
@require_safe
def report_pdf(request: HttpRequest, key: UUID, report_key: UUID) -> HttpResponse:
    """A report as a PDF; one that is not approved says so on the paper."""
    record = opened(request, key, PART)
    return pdf_response(_report(record, report_key))


@requires("report.approve")
@require_safe
def reports_waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the leader's approval. Those shown are logged."""
    user = visitor(request)
    found = list(queries.waiting_for(user)[:100])
    if found:
        lookups.record(user, [one.citizen_id for one in found], PART, action="report.approve")
    context = {"reports": found, "me": user.pk, "may_record": may(user, "record.view")}
    return render(request, "practice/reports/waiting.html", context)


def _report(record: Opened, report_key: UUID) -> StatusReport:
    found = queries.report_of(record.citizen, report_key)
    if found is None:
        raise Http404
    return found
