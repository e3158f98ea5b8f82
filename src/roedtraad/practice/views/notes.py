"""Notes: the list, one note, writing, correcting, its earlier texts, taking it back, and its marks."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.common import say
from roedtraad.practice.forms.notes import BoardForm, NoteForm, WithdrawForm
from roedtraad.practice.models import Attachment, Note
from roedtraad.practice.queries import notes as queries
from roedtraad.practice.rules.differences import sides
from roedtraad.practice.services import notes as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:notes"


@requires("record.view")
@require_GET
def notes(request: HttpRequest, key: UUID) -> HttpResponse:
    """The citizen's notes, newest first, with what hangs on the board on top."""
    record = opened(request, key, "notater")
    asked = request.GET
    goals = list(queries.running_goals(record.citizen))
    tags = queries.tags_of(record.citizen)
    kind = asked.get("slags", "") if asked.get("slags", "") in Note.Kind.values else ""
    tag = next((tag for tag in tags if tag_code(tag) == asked.get("maerke")), "")
    goal = next((goal for goal in goals if str(goal.key) == asked.get("maal")), None)
    withdrawn = asked.get("vis") == "trukket-tilbage"
    page = queries.page_of_notes(
        record.citizen,
        kind=kind,
        tag=tag,
        goal=goal.key if goal else None,
        withdrawn=withdrawn,
        after=asked.get("efter", ""),
    )
    narrowed = bool(kind or tag or goal or withdrawn or asked.get("efter"))
    context = {
        **frame(record, HERE),
        "notes": page.notes,
        "next": page.next,
        "narrowed": narrowed,
        "board": [] if narrowed else queries.on_the_board(record.citizen),
        "kinds": [(value, label, value == kind) for value, label in Note.Kind.choices],
        "tags": [(tag_code(one), one, one == tag) for one in tags],
        "goals": [(one.key, one.title, one == goal) for one in goals],
        "withdrawn": withdrawn,
    }
    return render(request, "practice/notes/list.html", context)


def tag_code(tag: str) -> str:
    """A tag as it stands in an address: a short digest, because it may hold a name."""
    return blake2s(tag.encode(), digest_size=6).hexdigest()


@requires("record.view")
@require_GET
def note(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """One note whole, and what can be done with it."""
    record = opened(request, key, "notat")
    return _page(request, record, _note(record, note_key))


def _page(
    request: HttpRequest, record: Opened, found: Note, *, status: int = 200, **forms: Any
) -> HttpResponse:
    context = {
        **frame(record, HERE, _("Notat")),
        "note": found,
        "may_change": record.may_write and found.withdrawn_at is None,
        "other_goals": [
            goal for goal in queries.running_goals(record.citizen) if goal not in found.goals.all()
        ],
        "board_form": BoardForm(initial={"sticky_until": found.sticky_until}),
        **forms,
    }
    return render(request, "practice/notes/note.html", context, status=status)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write a note; ?maal= is the goal it is about."""
    record = opened(request, key, "notat", writing=True)
    form = form_for(request, record)
    if request.method == "POST" and written(request, record, form):
        toast(request, _("Notatet er gemt."))
        return redirect(HERE, key=key)
    context = {**frame(record, HERE, _("Nyt notat")), "form": form}
    return render(request, "practice/notes/new.html", context, status=422 if form.errors else 200)


def form_for(request: HttpRequest, record: Opened) -> NoteForm:
    """The form of a new note, filled with what was sent."""
    initial = {"goals": [request.GET["maal"]]} if request.GET.get("maal") else {}
    return NoteForm(request.POST or None, request.FILES or None, citizen=record.citizen, initial=initial)


def written(request: HttpRequest, record: Opened, form: NoteForm) -> bool:
    """Write the note when the form allows; else the form holds the sentences."""
    if not form.is_valid():
        return False
    try:
        services.write_note(
            visitor(request), record.citizen, picture=form.cleaned_data["picture"], **form.values()
        )
    except Refusal as refusal:
        say(form, refusal)
        return False
    return True


@requires("record.write")
@require_http_methods(["GET", "POST"])
def edit_note(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Correct a note. What somebody else wrote meanwhile is shown beside what was typed; neither is lost."""
    record = opened(request, key, "notat", writing=True)
    found = _note(record, note_key)
    form = NoteForm(request.POST or None, citizen=record.citizen, note=found)
    theirs: Note | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_note(
                visitor(request), found, version=form.cleaned_data["version"] or 0, **form.values()
            )
        except Changed as changed:
            theirs = changed.current
            again = request.POST.copy()
            again["version"] = str(changed.current.version)
            form.data = again
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Notatet er rettet. Den gamle tekst er gemt."))
            return redirect("practice:note", key=key, note_key=note_key)
    context = {
        **frame(record, HERE, _("Ret notatet")),
        "form": form,
        "note": found,
        "theirs": theirs,
        "both": sides(theirs.text, form.cleaned_data["text"]) if theirs else None,
    }
    return render(request, "practice/notes/edit.html", context, status=422 if form.errors else 200)


@requires("record.view")
@require_GET
def note_history(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Every text the note has had, side by side with the one before."""
    record = opened(request, key, "et notats historik")
    found = _note(record, note_key)
    context = {
        **frame(record, HERE, _("Tidligere udgaver")),
        "note": found,
        "versions": queries.versions_of(found),
    }
    return render(request, "practice/notes/history.html", context)


@requires("record.write")
@require_http_methods(["GET", "POST"])
def withdraw_note(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Take a note back, with a reason."""
    record = opened(request, key, "notat", writing=True)
    found = _note(record, note_key)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_note(visitor(request), found, form.cleaned_data["reason"])
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Notatet er trukket tilbage."))
            return redirect(HERE, key=key)
    context = {**frame(record, HERE, _("Træk tilbage")), "form": form, "note": found}
    return render(request, "practice/notes/withdraw.html", context, status=422 if form.errors else 200)


@requires("record.write")
@require_POST
def note_sharing(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Share the note with the citizen or the relatives, or stop sharing it."""
    record = opened(request, key, "notat", writing=True)
    found = _note(record, note_key)
    switch = services.share if request.POST.get("del") == "ja" else services.unshare
    whom = request.POST.get("med")
    try:
        switch(visitor(request), found, citizen=whom == "borger", relatives=whom == "paaroerende")
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Delt.") if switch is services.share else _("Ikke længere delt."))
    return redirect("practice:note", key=key, note_key=note_key)


@requires("record.write")
@require_POST
def note_board(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Hang the note on the board until a day; without a day, take it down."""
    record = opened(request, key, "notat", writing=True)
    found = _note(record, note_key)
    form = BoardForm(request.POST)
    if form.is_valid():
        try:
            until = form.cleaned_data["sticky_until"]
            if until:
                services.stick(visitor(request), found, until)
            else:
                services.unstick(visitor(request), found)
        except Refusal as refusal:
            say(form, refusal)
        else:
            toast(request, _("Notatet hænger på tavlen.") if until else _("Notatet er taget ned fra tavlen."))
            return redirect("practice:note", key=key, note_key=note_key)
    return _page(request, record, found, status=422, board_form=form)


@requires("record.write")
@require_POST
def note_goal(request: HttpRequest, key: UUID, note_key: UUID) -> HttpResponse:
    """Say in one tap that the note tells about a goal, or that it does not."""
    record = opened(request, key, "notat", writing=True)
    found = _note(record, note_key)
    asked = request.POST.get("knyt") or request.POST.get("loesn", "")
    goals = [*queries.running_goals(record.citizen), *found.goals.all()]
    goal = next((goal for goal in goals if str(goal.key) == asked), None)
    if goal is None:
        raise Http404
    if "knyt" in request.POST:
        services.tag_goal(visitor(request), found, goal)
    else:
        services.untag_goal(visitor(request), found, goal)
    return redirect("practice:note", key=key, note_key=note_key)


@requires("record.view")
@require_GET
@never_cache
def attachment(request: HttpRequest, key: UUID, attachment_key: UUID) -> HttpResponse:
    """A picture or a piece of sound, to those who may read the record; kept in no cache on the way."""
    record = opened(request, key, "billede eller lyd")
    found = Attachment.objects.filter(citizen=record.citizen, key=attachment_key).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _note(record: Opened, note_key: UUID) -> Note:
    found = queries.whole_notes(record.citizen).filter(key=note_key).first()
    if found is None:
        raise Http404
    # It was just read: the services ask for it.
    found.citizen = record.citizen
    return found
