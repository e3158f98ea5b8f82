"""The pages about access: the list, a request on its way, its parts, and the archive."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import may
from roedtraad.citizens.reach import citizen_in
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.core.sheets import sheet_response
from roedtraad.design.toasts import toast
from roedtraad.rights import files, queries
from roedtraad.rights.catalogue import BY_SLUG, Part
from roedtraad.rights.forms import LeaveOutForm, ReasonForm, RequestForm
from roedtraad.rights.models import SubjectRequest
from roedtraad.rights.sealed import opened
from roedtraad.rights.services import requests as services
from roedtraad.rights.views.common import act, at_requests, form_page, user_of

LOOKED_AT = "indsigt"


@requires("rights.handle")
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests the visitor handles."""
    lines = queries.requests_of(user_of(request))
    if lines:
        lookups.record(
            user_of(request),
            [line.request.citizen_id for line in lines],
            "anmodninger",
            action="rights.handle",
        )
    file = sheet_response(
        request.GET.get("format", ""),
        f"indsigt-{clock.today()}",
        [_("Borger"), _("Hvem beder"), _("Modtaget"), _("Svar senest"), _("Tilstand")],
        [
            [
                str(line.request.citizen),
                line.request.get_asked_by_display(),
                line.request.received_on,
                line.request.due_on,
                line.words,
            ]
            for line in lines
        ],
    )
    context = {"lines": lines, "may_retention": may(request.user, "retention.view")}
    return file or render(request, "rights/requests.html", context)


@requires("rights.handle")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down that somebody asks for access to a citizen's data."""
    citizen = citizen_in(user_of(request), key, "rights.handle")
    if citizen is None:
        raise Http404
    lookups.record(user_of(request), [citizen.pk], LOOKED_AT, action="rights.handle")
    form = RequestForm(request.POST or None, initial={"asked_by": "citizen", "received_on": clock.today()})

    def save() -> tuple[str, str]:
        made = services.register(user_of(request), citizen, **form.cleaned_data)
        return _("Anmodningen er skrevet. Nu tælles der op."), reverse("rights:request", args=[made.key])

    return form_page(
        request,
        form,
        save,
        steps=at_requests(),
        title=_("Ny anmodning om indsigt"),
        lead=_("Alt, vi har om %(name)s, samles i et arkiv, som du ser igennem, før det gives fri.")
        % {"name": citizen},
        button=_("Begynd"),
        back=reverse("journeys:citizen", args=[citizen.key]),
    )


@requires("rights.handle")
@require_GET
def request_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """A request: how far it is, its parts, and what can be done now."""
    asked = _asked(request, key)
    parts = queries.parts_of(asked)
    context = {
        "asked": asked,
        "line": queries.line_of(asked),
        "parts": parts,
        "waiting": [line for line in parts if line.must_be_seen],
        "rows": sum(line.counted.found for line in parts),
        "reviewing": asked.state == SubjectRequest.State.REVIEW,
        "released": asked.state == SubjectRequest.State.RELEASED,
        "downloads": asked.downloads.select_related("user").order_by("-at")[:20],
        "steps": at_requests((str(asked.citizen), "")),
    }
    return render(request, "rights/request.html", context)


@requires("rights.handle")
@require_GET
def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The bar alone, asked for every other second; when the work has ended, the page is loaded anew."""
    asked = queries.request_in(user_of(request), key)
    if asked is None:
        raise Http404
    if not asked.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    poll = reverse("rights:progress", args=[key])
    return render(request, "rights/progress.html", {"work": asked, "poll": poll})


@requires("rights.handle")
@require_GET
def part(request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
    """A part's rows, for the one who looks it through."""
    asked, shown = _asked(request, key), _part(slug)
    after = request.GET.get("efter", "")
    rows, on = queries.review_page(asked, slug, int(after) if after.isdecimal() and len(after) < 19 else 0)
    line = next((line for line in queries.parts_of(asked) if line.part.slug == slug), None)
    if line is None:
        raise Http404
    context = {
        "asked": asked,
        "part": shown,
        "line": line,
        "rows": rows,
        "next": f"?efter={on}" if on else "",
        "reviewing": asked.state == SubjectRequest.State.REVIEW,
        "steps": at_requests((str(asked.citizen), _here(asked)), (str(shown.title), "")),
    }
    return render(request, "rights/part.html", context)


@requires("rights.handle")
@require_http_methods(["GET", "POST"])
def leave_out(request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
    """Keep a part, or the row named in the address, back."""
    asked, shown = _asked(request, key), _part(slug)
    back = reverse("rights:part", args=[key, slug])
    form = LeaveOutForm(request.POST or None, initial={"row": request.GET.get("raekke", "")})
    row = form["row"].value() or ""

    def save() -> tuple[str, str]:
        typed = form.cleaned_data
        services.leave_out(
            user_of(request), asked, slug, typed["row"], basis=typed["basis"], note=typed["note"]
        )
        return _("Udeladt. Det kan tages med igen, indtil indsigten er givet fri."), back

    return form_page(
        request,
        form,
        save,
        steps=at_requests((str(asked.citizen), _here(asked)), (str(shown.title), back)),
        title=_("Udelad en række") if row else _("Udelad hele delen"),
        lead=_("Borgeren får at vide, at noget er udeladt, og efter hvilken regel."),
        button=_("Udelad"),
        back=back,
    )


@requires("rights.handle")
@require_POST
def take_in(request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
    """Give out after all what was kept back."""
    asked = _asked(request, key)
    row = request.POST.get("row", "")
    return act(
        request,
        lambda: services.take_in_again(user_of(request), asked, slug, row),
        _("Det er med igen."),
        reverse("rights:part", args=[key, _part(slug).slug]),
    )


@requires("rights.handle")
@require_POST
def seen(request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
    """Say that a part has been looked through."""
    asked = _asked(request, key)
    return act(
        request,
        lambda: services.mark_seen(user_of(request), asked, _part(slug).slug),
        _("Delen er set igennem."),
        _here(asked),
    )


@requires("rights.handle")
@require_POST
def release(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let the archive be made and given out."""
    asked = _asked(request, key)
    said = _("Indsigten er givet fri. Arkivet laves nu.")
    return act(request, lambda: services.release(user_of(request), asked), said, _here(asked))


@requires("rights.handle")
@require_POST
def retry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Do again what stopped."""
    asked = _asked(request, key)
    return act(request, lambda: services.retry(user_of(request), asked), "", _here(asked))


@requires("rights.handle")
@require_http_methods(["GET", "POST"])
def prolong(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the answer two months more."""
    asked = _asked(request, key)
    form = ReasonForm(request.POST or None)

    def save() -> tuple[str, str]:
        services.prolong(user_of(request), asked, form.cleaned_data["reason"])
        return _("Fristen er forlænget. Husk at fortælle borgeren det og hvorfor."), _here(asked)

    return form_page(
        request,
        form,
        save,
        steps=at_requests((str(asked.citizen), _here(asked))),
        title=_("Forlæng fristen"),
        lead=_("Fristen kan forlænges én gang med to måneder, når anmodningen er indviklet."),
        button=_("Forlæng med to måneder"),
        back=_here(asked),
    )


@requires("rights.handle")
@require_GET
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The archive, for the one who handles the request."""
    return _archive(request, queries.request_in(user_of(request), key))


@requires("own.view")
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What the citizen has asked for and got."""
    found = queries.own_requests(user_of(request))
    if found:
        lookups.record(user_of(request), [found[0].citizen_id], LOOKED_AT, action="own.view")
    return render(request, "rights/own.html", {"found": found})


@requires("own.view")
@require_GET
def own_download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The archive, for the citizen it is about."""
    mine = [one for one in queries.own_requests(user_of(request)) if one.key == key]
    return _archive(request, mine[0] if mine else None)


def _archive(request: HttpRequest, asked: SubjectRequest | None) -> HttpResponseBase:
    if asked is None:
        raise Http404
    try:
        stored = services.fetch(user_of(request), asked)
    except Refusal as refusal:
        toast(request, str(refusal))
        return redirect("home")
    response = StreamingHttpResponse(opened(files.path_of(stored)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="indsigt-{asked.received_on}.zip"'
    response["Content-Length"] = str(asked.size)
    return response


def _asked(request: HttpRequest, key: UUID) -> SubjectRequest:
    """The request, written in the log of look-ups; 404 for one the visitor does not handle."""
    asked = queries.request_in(user_of(request), key)
    if asked is None:
        raise Http404
    lookups.record(user_of(request), [asked.citizen_id], LOOKED_AT, action="rights.handle")
    return asked


def _part(slug: str) -> Part:
    found = BY_SLUG.get(slug)
    if found is None or found.withheld:
        raise Http404
    return found


def _here(asked: SubjectRequest) -> str:
    return reverse("rights:request", args=[asked.key])
