"""The pages about files in and out."""

from __future__ import annotations

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from roedtraad.access.scope import may
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.core.sheets import XLSX, sheet_response
from roedtraad.design.toasts import toast
from roedtraad.exchange import files, queries, services
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.forms import ExportForm, UploadForm
from roedtraad.exchange.models import Transfer

STEPS = (gettext_lazy("Vælg fil"), gettext_lazy("Se efter"), gettext_lazy("Indlæs"))
# Faults and remarks on the page; the file of them has more.
SHOWN = 200
_AT_STEP = {Transfer.Status.READY: 3, Transfer.Status.APPLYING: 3, Transfer.Status.DONE: 4}


@require_GET
@requires("export.run")
def overview(request: HttpRequest) -> HttpResponse:
    """The two forms, the templates and the latest files."""
    return _overview(request)


def _overview(
    request: HttpRequest,
    upload: UploadForm | None = None,
    export: ExportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    personal = may(request.user, "citizen.view")
    imports = may(request.user, "import.run")
    context = {
        "upload": (upload or UploadForm()) if imports else None,
        "export": export or ExportForm(personal=personal),
        "personal": personal,
        "messages_url": reverse("exchange:messages") if may(request.user, "referral.send") else "",
        "formats": FORMATS.values(),
        "lines": queries.latest(request.user),  # type: ignore[arg-type]  # a signed-in user
    }
    return render(request, "exchange/overview.html", context, status=status)


@require_POST
@requires("import.run")
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and go on to see it through; refused beside the field."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            transfer = services.upload(
                request.user,  # type: ignore[arg-type]  # a signed-in user
                form.cleaned_data["kind"],
                file.name,
                file.chunks(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("exchange:incoming", transfer.pk)
    return _overview(request, upload=form, status=422)


@require_GET
@requires("import.run")
def incoming(request: HttpRequest, pk: int) -> HttpResponse:
    """A file on its way in: progress, then what would happen or what is wrong, then the result."""
    transfer = get_object_or_404(Transfer.objects.select_related("created_by"), pk=pk, direction="in")
    context = {
        "transfer": transfer,
        "state": queries.state_of(transfer),
        "format": FORMATS[transfer.kind],
        "steps": [str(step) for step in STEPS],
        "step": _AT_STEP.get(Transfer.Status(transfer.status), 2),
        "thread": [(_("Ind og ud"), reverse("exchange:overview")), (transfer.filename, "")],
        "errors": transfer.errors[:SHOWN],
        "remarks": transfer.remarks.get("rows", [])[:SHOWN],
        "remarked": transfer.remarks.get("count", 0),
        "writes": transfer.counts.get("new", 0) + transfer.counts.get("changed", 0),
        "rows": sum(transfer.counts.values()),
    }
    return render(request, "exchange/incoming.html", context)


@require_GET
@requires("import.run")
def faults(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """What is wrong with a file and what is worth knowing, row by row, to work through beside it."""
    transfer = get_object_or_404(Transfer, pk=pk, direction="in")
    rows = [[fault["row"], _("fejl"), fault["sentence"]] for fault in transfer.errors] + [
        [remark["row"], _("bemærk"), remark["sentence"]] for remark in transfer.remarks.get("rows", [])
    ]
    response = sheet_response(
        ending, f"{PurePath(transfer.filename).stem}-fejl", [_("række"), _("art"), _("hvad")], rows
    )
    if response is None:
        raise Http404
    return response


@require_GET
@requires("export.run")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for every other second; when the work has ended, the page is loaded anew."""
    transfer = _mine(request, pk)
    if not transfer.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/progress.html", {"transfer": transfer})


@require_POST
@requires("import.run")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the file that was looked at."""
    transfer = get_object_or_404(Transfer, pk=pk, direction="in")
    try:
        services.confirm(request.user, transfer)  # type: ignore[arg-type]  # a signed-in user
    except Refusal as refusal:
        toast(request, str(refusal))
    return redirect("exchange:incoming", pk)


@require_POST
@requires("export.run")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Do again what stopped."""
    transfer = _mine(request, pk)
    try:
        services.retry(request.user, transfer)  # type: ignore[arg-type]  # a signed-in user
    except Refusal as refusal:
        toast(request, str(refusal))
    return redirect("exchange:incoming" if transfer.direction == "in" else "exchange:outgoing", pk)


@require_POST
@requires("export.run")
def export(request: HttpRequest) -> HttpResponseBase:
    """Make an export: the file at once when it is small, else a page that waits for it."""
    form = ExportForm(request.POST, personal=may(request.user, "citizen.view"))
    if not form.is_valid():
        return _overview(request, export=form, status=422)
    transfer = services.order_export(
        request.user,  # type: ignore[arg-type]  # a signed-in user
        form.cleaned_data["kind"],
        form.options(),
    )
    if transfer.status == Transfer.Status.DONE:
        return _file(transfer)
    return redirect("exchange:outgoing", transfer.pk)


@require_GET
@requires("export.run")
def outgoing(request: HttpRequest, pk: int) -> HttpResponse:
    """An export that is being made, or waits to be fetched."""
    transfer = _mine(request, pk)
    if transfer.direction != Transfer.Direction.OUT:
        raise Http404
    context = {
        "transfer": transfer,
        "state": queries.state_of(transfer),
        "format": FORMATS[transfer.kind],
        "thread": [(_("Ind og ud"), reverse("exchange:overview")), (transfer.filename, "")],
    }
    return render(request, "exchange/outgoing.html", context)


@require_GET
@requires("export.run")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a finished export, for the one who ordered it."""
    transfer = get_object_or_404(Transfer, pk=pk, direction="out")
    services.require_download(request.user, transfer)  # type: ignore[arg-type]  # a signed-in user
    if not transfer.stored or not files.path_of(transfer.stored).exists():
        raise Http404(_("Filen er slettet. Lav udtrækket igen."))
    return _file(transfer)


@require_GET
@requires("export.run")
def template(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """An empty file with the headings, and one row as an example."""
    form = FORMATS.get(kind)
    response = sheet_response(ending, f"{kind}-skabelon", form.headings, [form.example]) if form else None
    if response is None:
        raise Http404
    return response


@require_GET
@requires("export.run")
def columns(request: HttpRequest, kind: str) -> HttpResponse:
    """What each column of a file means."""
    form = FORMATS.get(kind)
    if form is None:
        raise Http404
    thread = [(_("Ind og ud"), reverse("exchange:overview")), (form.words, "")]
    return render(request, "exchange/columns.html", {"format": form, "thread": thread})


def _mine(request: HttpRequest, pk: int) -> Transfer:
    """A file in, for those who import; a file out, for its maker. Anything else is not found."""
    transfer = get_object_or_404(Transfer, pk=pk)
    incoming_allowed = transfer.direction == Transfer.Direction.IN and may(request.user, "import.run")
    if not incoming_allowed and (
        transfer.direction == Transfer.Direction.IN or transfer.created_by_id != request.user.pk
    ):
        raise Http404
    return transfer


def _file(transfer: Transfer) -> FileResponse:
    ending = transfer.options["format"]
    return FileResponse(
        files.path_of(transfer.stored).open("rb"),
        as_attachment=True,
        filename=transfer.filename,
        content_type=XLSX if ending == "xlsx" else "text/csv; charset=utf-8",
    )
