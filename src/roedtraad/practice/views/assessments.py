"""Assessments: the profile beside an earlier one, what has changed, and the draft being written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.core import clock, danish
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.core.sheets import csv_response
from roedtraad.design.radar import FEWEST
from roedtraad.design.toasts import toast
from roedtraad.practice.access import Opened
from roedtraad.practice.forms.assessments import AssessmentForm, initial_of
from roedtraad.practice.forms.common import say, with_version
from roedtraad.practice.models import Assessment
from roedtraad.practice.queries import assessments as queries
from roedtraad.practice.rules.assessments import Direction
from roedtraad.practice.services import assessments as services
from roedtraad.practice.services.common import Changed
from roedtraad.practice.views.common import frame, opened, visitor

HERE = "practice:assessments"
PART = "udredning"


@requires("record.view")
def assessments(request: HttpRequest, key: UUID) -> HttpResponse:
    """The latest finished assessment beside the one before it (or with ?med= another), and the dates of all."""
    record = opened(request, key, PART)
    finished = queries.finished_of(record.citizen)
    return _page(request, record, finished, next(iter(finished), None))


@requires("record.view")
def assessment(request: HttpRequest, key: UUID, assessment_key: UUID) -> HttpResponse:
    """One finished assessment, shown as the latest is. 404 for a draft."""
    record = opened(request, key, PART)
    finished = queries.finished_of(record.citizen)
    shown = next((one for one in finished if one.key == assessment_key), None)
    if shown is None:
        raise Http404
    return _page(request, record, finished, shown)


def _page(
    request: HttpRequest, record: Opened, finished: list[Assessment], shown: Assessment | None
) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(record, HERE),
        "finished": finished,
        "draft": queries.draft_of(record.citizen) if record.may_write else None,
    }
    if shown is not None:
        older = _older(finished, shown)
        earlier = _asked(request, "med", older) or next(iter(older), None)
        context |= _shown(queries.picture(shown, earlier)) | {"older": older}
    return render(request, "practice/assessments/page.html", context)


def _older(finished: list[Assessment], shown: Assessment) -> list[Assessment]:
    """Those before the shown one that go by the same list, the newest first."""
    return [one for one in finished[finished.index(shown) + 1 :] if one.list == shown.list]


def _asked(request: HttpRequest, name: str, among: Iterable[Assessment]) -> Assessment | None:
    wanted = request.GET.get(name, "")
    return next((one for one in among if str(one.key) == wanted), None)


def _shown(picture: queries.Picture) -> dict[str, Any]:
    better, worse = picture.changed(Direction.BETTER), picture.changed(Direction.WORSE)
    series = [(danish.day(picture.assessment.assessed_on), [line.value for line in picture.lines])]
    if picture.earlier is not None:
        series.append((danish.day(picture.earlier.assessed_on), [line.before for line in picture.lines]))
    return {
        "picture": picture,
        "shown": picture.assessment,
        "earlier": picture.earlier,
        "drawn": len(picture.lines) >= FEWEST,
        "names": [line.theme.name for line in picture.lines],
        "series": series,
        "words": queries.STEPS,
        "better": better,
        "worse": worse,
        "fresh": picture.changed(Direction.NEW),
        "gone": picture.changed(Direction.GONE),
        "talk": picture.to_talk_about,
        "summary_of_chart": _in_words(picture, len(better), len(worse)),
    }


def _in_words(picture: queries.Picture, better: int, worse: int) -> str:
    """What the drawing shows, in a sentence: how it has gone, or where it is hardest."""
    if picture.earlier is not None:
        day = danish.day(picture.earlier.assessed_on)
        if not better and not worse:
            return _("Intet er blevet bedre eller sværere siden %(day)s.") % {"day": day}
        return _("%(better)s er blevet bedre og %(worse)s sværere siden %(day)s.") % {
            "better": ngettext("%(n)d tema", "%(n)d temaer", better) % {"n": better},
            "worse": worse,
            "day": day,
        }
    known = [line for line in picture.lines if line.value is not None]
    if not known:
        return ""
    hardest = [line for line in known if line.value == max((one.value or 0) for one in known)]
    return _("Sværest er %(themes)s: %(level)s.") % {
        "themes": danish.joined([line.theme.name for line in hardest]),
        "level": hardest[0].words,
    }


@requires("record.write")
@require_http_methods(["GET", "POST"])
def new_assessment(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write the draft there is, or begin on one. Somebody else's saving meanwhile is shown beside what was typed."""
    record = opened(request, key, PART, writing=True)
    draft = queries.draft_of(record.citizen)
    name = draft.list if draft else services.list_for(record.citizen, clock.today())
    last = next((one for one in queries.finished_of(record.citizen) if one.list == name), None)
    scores = queries.scores_of(draft)
    form = AssessmentForm(
        request.POST or None,
        themes=queries.themes_of(name, used=list(scores)),
        last=queries.scores_of(last),
        initial=initial_of(draft, scores),
    )
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, record, form)
        except Changed as changed:
            theirs = form.differences(changed.current, queries.scores_of(changed.current))
            with_version(form, changed.current.version)
            form.add_error(None, str(changed))
        except Refusal as refusal:
            say(form, refusal)
    context = {
        **frame(record, HERE, _("Ny udredning")),
        "form": form,
        "rows": form.rows(),
        "draft": draft,
        "may_discard": draft is not None and draft.written_by_id == visitor(request).pk,
        "last": last,
        "theirs": theirs,
    }
    return render(request, "practice/assessments/edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, record: Opened, form: AssessmentForm) -> HttpResponse:
    user, typed = visitor(request), form.cleaned_data
    draft = services.begin(user, record.citizen)
    # Who had no draft to read writes on the first edition: one that nobody has saved in yet.
    version = typed["version"] or 1
    day, summary = typed["assessed_on"], typed["summary"]
    if request.POST.get("do") == "finish":
        services.finish(user, draft, version=version, assessed_on=day, summary=summary, scores=form.scores())
        toast(request, _("Udredningen er afsluttet."))
        return redirect(HERE, key=record.citizen.key)
    services.save_scores(user, draft, form.scores(), version=version, assessed_on=day, summary=summary)
    toast(request, _("Kladden er gemt."))
    return redirect("practice:new-assessment", key=record.citizen.key)


@requires("record.write")
@require_POST
def discard_assessment(request: HttpRequest, key: UUID, assessment_key: UUID) -> HttpResponse:
    """Throw the draft away."""
    record = opened(request, key, PART, writing=True)
    try:
        services.discard(visitor(request), _assessment(record, assessment_key))
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("Kladden er slettet."))
    return redirect(HERE, key=key)


@requires("record.view")
def assessment_csv(request: HttpRequest, key: UUID, assessment_key: UUID) -> HttpResponse:
    """One finished assessment as a file for a spreadsheet."""
    record = opened(request, key, PART)
    found = _assessment(record, assessment_key)
    if found.finished_at is None:
        raise Http404
    header = (
        *(_("Tema"), _("Undertema"), _("Kode"), _("Funktionsevne"), _("Funktionsevne i ord")),
        *(_("Støttebehov"), _("Beskrivelse"), _("Borgerens egen vurdering"), _("Borgerens egne ord")),
    )
    rows = []
    for top in queries.picture(found, None).lines:
        for line in (top, *top.subs):
            if line.score is None:
                continue
            rows.append(
                (
                    top.theme.name,
                    "" if line is top else line.theme.name,
                    line.theme.code,
                    line.score.level,
                    queries.level_words(line.score.level),
                    line.score.support_need,
                    line.score.text,
                    line.score.citizen_level,
                    line.score.citizen_text,
                )
            )
    return csv_response(f"udredning-{found.assessed_on:%Y-%m-%d}", header, rows)


def _assessment(record: Opened, assessment_key: UUID) -> Assessment:
    found = (
        Assessment.objects.filter(citizen=record.citizen, key=assessment_key)
        .select_related("citizen")
        .first()
    )
    if found is None:
        raise Http404
    return found
