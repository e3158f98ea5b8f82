"""Handovers across records: what was sent to my end, what is asked of mine, and what is coming.

The pages of a package that was sent are read without the citizen's record: by the end that receives, before the citizen
has moved in, and by the end that sent it, after the citizen has left.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import may
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.practice.forms.common import say
from roedtraad.practice.forms.transitions import AnswerForm, QuestionForm
from roedtraad.practice.handover_access import READ, left_transition, received_package
from roedtraad.practice.models import HandoverPackage, TransitionStep
from roedtraad.practice.queries import transitions as queries
from roedtraad.practice.services import packages as services
from roedtraad.practice.services import transitions as steps
from roedtraad.practice.views.common import visitor
from roedtraad.practice.views.packages import head_words

HERE = "practice:handovers"
ONE = "practice:handover"


@requires("handover.read")
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """What waits to be read, what is asked, the transitions under way, and the changes nobody has prepared."""
    user = visitor(request)
    works = may(user, "record.write")
    waiting, read = queries.waiting_and_read(user)
    tree = last_known_tree(clock.today())
    questions = queries.unanswered_for(user) if works else []
    under_way = queries.under_way(user, tree) if works else []
    unprepared = queries.unprepared(user, tree) if works else []
    named = {one.citizen_id for one in (*waiting, *read)} | {one.citizen_id for one in unprepared}
    named |= {one.transition.citizen_id for one in under_way}
    named |= {one.citizen_id for one in questions}
    if named:
        lookups.record(user, sorted(named), "overleveringer", action=READ)
    context = {
        "waiting": waiting,
        "read": read,
        "questions": questions,
        "under_way": under_way,
        "unprepared": unprepared,
        "works": works,
    }
    return render(request, "practice/packages/list.html", context)


@requires("handover.read")
@require_GET
def handover(request: HttpRequest, package_key: UUID) -> HttpResponse:
    """A package that was sent, as the receiver reads it; those who sent it see the questions."""
    found, receives = _sent(request, package_key)
    return _page(request, found, receives)


def _page(
    request: HttpRequest, found: HandoverPackage, receives: bool, *, status: int = 200, **forms: Any
) -> HttpResponse:
    user = visitor(request)
    parts = queries.parts_of(found, kept=True)
    receipts = queries.receipts_of(found)
    ours = []
    if receives and found.to_unit_id is not None:
        ours = queries.whole(found.transition, last_known_tree(clock.today())).theirs
    context = {
        "package": found,
        **head_words(found.head),
        "basis": found.basis,
        "thread_steps": [(_("Overleveringer"), reverse(HERE)), (found.head["name"], "")],
        "parts": parts,
        "unbroken": services.fingerprint(found, parts) == found.content_hash,
        "receives": receives,
        "receipts": receipts,
        "mine": next((one for one in receipts if one.user_id == user.pk), None),
        "questions": queries.questions_of(found),
        "steps_here": ours,
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        **forms,
    }
    return render(request, "practice/packages/read.html", context, status=status)


@requires("handover.read")
@require_POST
def handover_read(request: HttpRequest, package_key: UUID) -> HttpResponse:
    """Say that one has read and understood it."""
    found, _receives = _sent(request, package_key)
    services.acknowledge(visitor(request), found)
    toast(request, _("Tak. De, der sendte pakken, kan se, at du har læst den."))
    return redirect(ONE, package_key=package_key)


@requires("handover.read")
@require_POST
def handover_ask(request: HttpRequest, package_key: UUID) -> HttpResponse:
    """Ask those who sent it, in a line."""
    found, receives = _sent(request, package_key)
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            services.ask(visitor(request), found, form.cleaned_data["text"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Spørgsmålet er sendt."))
            return redirect(ONE, package_key=package_key)
    return _page(request, found, receives, status=422, question_form=form)


@requires("handover.read")
@require_POST
def handover_answer(request: HttpRequest, package_key: UUID, question_key: UUID) -> HttpResponse:
    """Answer a question."""
    found, receives = _sent(request, package_key)
    question = next((one for one in queries.questions_of(found) if one.key == question_key), None)
    if question is None:
        raise Http404
    question.package = found
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer(visitor(request), question, form.cleaned_data["answer"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Svaret er sendt."))
            return redirect(ONE, package_key=package_key)
    return _page(request, found, receives, status=422, answer_form=form)


@requires("handover.read")
@require_POST
def handover_step(request: HttpRequest, package_key: UUID, step_key: UUID) -> HttpResponse:
    """Tick off a step of the end that receives; a follow-up is written in the record, where the citizen lives."""
    found, receives = _sent(request, package_key)
    row = TransitionStep.objects.filter(
        transition=found.transition_id, key=step_key, kind__in=["step", "visit"]
    ).first()
    if row is None or not receives or row.side == TransitionStep.Side.FROM:
        raise Http404
    row.transition = found.transition
    if request.POST.get("hvad") == "aabn":
        steps.reopen(visitor(request), row)
    else:
        steps.settle(visitor(request), row, done=True)
    return redirect(ONE, package_key=package_key)


def _sent(request: HttpRequest, package_key: UUID) -> tuple[HandoverPackage, bool]:
    """The package, and whether it was sent to the visitor's end; with a line in the log. Http404 for another's."""
    user = visitor(request)
    found = received_package(user, package_key)
    receives = found is not None
    if found is None:
        found = (
            HandoverPackage.objects.filter(key=package_key, sent_at__isnull=False)
            .select_related("transition", "written_by", "sent_by", "reviewed_by")
            .first()
        )
        if found is None or left_transition(user, found.transition.key) is None:
            raise Http404
    lookups.record(user, [found.citizen_id], "overleveringspakke", action=READ)
    return found, receives
