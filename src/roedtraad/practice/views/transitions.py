"""Transitions: the list, one with its steps before, during and after, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.citizens.network.queries import drawn
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.forms.transitions import (
    HappenedForm,
    ReasonForm,
    SettleForm,
    StepForm,
    TieForm,
    TransitionForm,
)
from roedtraad.practice.models import Transition, TransitionStep, TransitionTie
from roedtraad.practice.queries import transitions as queries
from roedtraad.practice.queries.homes import home_unit_id
from roedtraad.practice.services import transitions as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:transitions"
ONE = "practice:transition"


@requires("record.view")
@require_GET
def transitions(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's transitions, and the change that is coming and nobody has prepared."""
    record = opened(request, key, "overgange")
    found = queries.transitions_of(record.citizen)
    context = {
        **frame(record, HERE),
        "found": found,
        "unprepared": queries.unprepared_of(record.citizen, found),
    }
    return render(request, "practice/transitions/list.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_transition(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a transition; ?ophold= is the stay that begins or ends by it."""
    record = opened(request, key, "overgange", writing=True)
    tree = last_known_tree(clock.today())
    home = home_unit_id(record.citizen.pk)
    form = TransitionForm(
        request.POST or None,
        citizen=record.citizen,
        tree=tree,
        home=home,
        initial={} if request.method == "POST" else _proposed(request, record, home),
    )
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["stay"]
        stay = (
            Stay.objects.visible_to(visitor(request)).filter(pk=number, citizen=record.citizen).first()
            if number
            else None
        )
        try:
            made = services.begin(visitor(request), record.citizen, form.plan(), stay=stay)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Overgangen er begyndt. Skridtene er foreslået."))
            return redirect(ONE, key=key, transition_key=made.key)
    context = {**frame(record, HERE, _("Ny overgang")), "form": form}
    return render(request, "practice/transitions/form.html", context, status=422 if form.errors else 200)


def _proposed(request: HttpRequest, record: Opened, home: int | None) -> dict[str, Any]:
    """What is known of the change beforehand: where the citizen lives, and the stay's place and day."""
    proposed: dict[str, Any] = {"why": Transition.Why.MOVE, "words": Transition.Words.OWN}
    asked = request.GET.get("ophold", "")
    if request.GET.get("hvad") == Transition.Why.ADULT.value:
        proposed["why"] = Transition.Why.ADULT
        proposed["planned_on"] = queries.rules.adult_on(record.citizen.birth_date)
    stay = (
        Stay.objects.visible_to(visitor(request)).filter(pk=int(asked), citizen=record.citizen).first()
        if asked.isdecimal() and len(asked) < 19
        else None
    )
    proposed["from_unit"] = str(home or "")
    if stay is not None:
        proposed["stay"] = stay.pk
        if stay.actual_start is None:
            there = stay.place.terms.order_by("-valid").values_list("unit_id", flat=True).first()
            proposed |= {"planned_on": stay.ordered_start, "to_unit": str(there or "")}
            if home == there:
                # Nobody lives here yet: the citizen comes from outside.
                proposed |= {"from_unit": "", "why": Transition.Why.COMING}
        elif stay.ordered_end is not None:
            proposed |= {"planned_on": stay.ordered_end, "why": Transition.Why.PROVIDER}
    return proposed


@requires("record.view")
@require_GET
def transition(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """One transition: what was and is to be done before, during and after."""
    record = opened(request, key, "overgang")
    found = one_transition(record, transition_key)
    return _page(request, record, found)


def _page(
    request: HttpRequest, record: Opened, found: Transition, *, status: int = 200, **forms: Any
) -> HttpResponse:
    shown = queries.whole(found, last_known_tree(clock.today()))
    context = {
        **frame(record, HERE, _("Overgang")),
        "shown": shown,
        "found": found,
        "ties": found.ties.order_by("what", "pk"),
        "packages": queries.packages_of(found),
        "may_change": record.may_write and found.cancelled_on is None,
        "happened_form": HappenedForm(),
        **forms,
    }
    return render(request, "practice/transitions/one.html", context, status=status)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_transition(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Change what is agreed. What somebody else wrote meanwhile is shown beside what was typed."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    tree = last_known_tree(clock.today())
    form = TransitionForm(request.POST or None, citizen=record.citizen, tree=tree, found=found)
    theirs: Transition | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.edit(visitor(request), found, form.plan(), version=form.cleaned_data["version"] or 0)
        except Changed as changed:
            theirs = changed.current
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Overgangen er gemt."))
            return redirect(ONE, key=key, transition_key=transition_key)
    context = {
        **frame(record, HERE, _("Ret overgangen")),
        "form": form,
        "found": found,
        "theirs": queries.whole(theirs, tree) if theirs else None,
    }
    return render(request, "practice/transitions/form.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def transition_happened(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Say which day it happened."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    form = HappenedForm(request.POST)
    if form.is_valid():
        try:
            services.happened(visitor(request), found, form.cleaned_data["happened_on"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Dagen er skrevet. Skridtene er flyttet med."))
            return redirect(ONE, key=key, transition_key=transition_key)
    return _page(request, record, found, status=422, happened_form=form)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def cancel_transition(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Say that it comes to nothing, and why."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(visitor(request), found, form.cleaned_data["reason"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Overgangen er opgivet."))
            return redirect(HERE, key=key)
    context = {
        **frame(record, HERE, _("Opgiv overgangen")),
        "form": form,
        "back": found,
        "head": _("Opgiv overgangen"),
        "lead": _(
            "Den bliver stående med din begrundelse. Det, der er sendt, kan ikke længere læses af modtageren."
        ),
        "act": _("Opgiv overgangen"),
        "danger": True,
    }
    return render(request, "practice/transitions/ask.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_step(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Add something to see to; ?hvornaar= is the phase."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    phase = request.GET.get("hvornaar", "")
    initial = {"phase": phase} if phase in TransitionStep.Phase.values else {}
    form = StepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_step(visitor(request), found, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Skridtet er lagt til."))
            return redirect(ONE, key=key, transition_key=transition_key)
    context = {
        **frame(record, HERE, _("Nyt skridt")),
        "form": form,
        "back": found,
        "head": _("Nyt skridt"),
        "act": _("Gem skridtet"),
    }
    return render(request, "practice/transitions/ask.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: UUID, transition_key: UUID, step_key: UUID) -> HttpResponse:
    """How a step went: done, or not and why; or open again."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    row = _step(found, step_key)
    form = SettleForm(request.POST or None, step=row)
    what = request.POST.get("hvad", "")
    if request.method == "POST" and what == "aabn":
        services.reopen(visitor(request), row)
        toast(request, _("Skridtet er åbnet igen."))
        return redirect(ONE, key=key, transition_key=transition_key)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.settle(
                visitor(request),
                row,
                done=what != "ikke",
                note=typed["note"],
                held=typed.get("held", ""),
                reason=typed["reason"],
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Det er skrevet."))
            return redirect(ONE, key=key, transition_key=transition_key)
    context = {**frame(record, HERE, row.title), "form": form, "found": found, "step": row}
    return render(request, "practice/transitions/step.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_tie(request: HttpRequest, key: UUID, transition_key: UUID) -> HttpResponse:
    """Write down somebody to say goodbye to, keep or get to know; those of the network map are proposed."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    near = drawn(record.citizen)
    names = sorted({person.name for person in near.people}) if near else []
    form = TieForm(request.POST or None, names=names)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_tie(visitor(request), found, **form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Det er skrevet."))
            return redirect(ONE, key=key, transition_key=transition_key)
    context = {
        **frame(record, HERE, _("Et menneske i overgangen")),
        "form": form,
        "back": found,
        "head": _("Hvem er med i overgangen"),
        "lead": _("Hvem vil borgeren sige farvel til, beholde eller lære at kende?"),
        "act": _("Gem"),
    }
    return render(request, "practice/transitions/ask.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def tie_done(request: HttpRequest, key: UUID, transition_key: UUID, tie_key: UUID) -> HttpResponse:
    """Say that the goodbye was said or the meeting held, or take it back."""
    record = opened(request, key, "overgang", writing=True)
    found = one_transition(record, transition_key)
    tie = TransitionTie.objects.filter(transition=found, key=tie_key).first()
    if tie is None:
        raise Http404
    tie.transition = found
    services.tie_done(visitor(request), tie, done=request.POST.get("hvad") == "sket")
    return redirect(ONE, key=key, transition_key=transition_key)


def one_transition(record: Opened, transition_key: UUID) -> Transition:
    """The citizen's transition with its steps; Http404 for none."""
    found = queries.one_of(record.citizen, transition_key)
    if found is None:
        raise Http404
    # It was just read: the services ask for it.
    found.citizen = record.citizen
    return found


def _step(found: Transition, step_key: UUID) -> TransitionStep:
    row = next((one for one in found.steps.all() if one.key == step_key), None)
    if row is None:
        raise Http404
    row.transition = found
    return row
