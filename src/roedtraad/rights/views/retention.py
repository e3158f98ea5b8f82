"""The pages about keeping and deleting: the rules, the lists, the holds and the receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import AccessDenied, may
from roedtraad.citizens.reach import citizen_in
from roedtraad.core import clock, danish
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.core.sheets import sheet_response
from roedtraad.design.toasts import toast
from roedtraad.rights import paper, queries
from roedtraad.rights.forms import ApproveForm, ReasonForm, RuleForm
from roedtraad.rights.models import DeletionItem, DeletionList, LegalHold, Receipt
from roedtraad.rights.models.retention import Category
from roedtraad.rights.services import retention as services
from roedtraad.rights.views.common import act, at_retention, form_page, user_of

HERE = "rights:retention"


@requires("retention.view")
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """The rules, the lists made by them, and the citizens who are held."""
    holds = queries.holds_of(user_of(request))
    if holds:
        lookups.record(
            user_of(request), [one.citizen_id for one in holds], "spærringer", action="retention.hold"
        )
    lines = queries.rules_now()
    file = sheet_response(
        request.GET.get("format", ""),
        f"opbevaring-{clock.today()}",
        [_("Oplysninger"), _("Måneder"), _("Slettes"), _("Arkiv først"), _("Hjemmel"), _("Skal bekræftes")],
        [
            [
                str(line.category.label),
                rule.months,
                rule.deletes,
                rule.archive_first,
                rule.source,
                rule.doubtful,
            ]
            for line in lines
            if (rule := line.rule) is not None
        ],
    )
    context = {
        "rules": lines,
        "lists": queries.lists(),
        "holds": holds,
        "may_edit": may(request.user, "retention.edit"),
        "may_hold": may(request.user, "retention.hold"),
        "may_requests": may(request.user, "rights.handle"),
    }
    return file or render(request, "rights/retention.html", context)


@requires("retention.edit")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, category: str) -> HttpResponse:
    """Let another rule hold from today on; below, what has held before."""
    if category not in Category.values:
        raise Http404
    before = queries.rules_before(category)
    now = next((one for one in before if one.valid.upper is None), None)
    names = ("months", "deletes", "archive_first", "source", "doubtful")
    initial = {name: getattr(now, name) for name in names} if now else {"deletes": True}
    form = RuleForm(request.POST or None, initial=initial)

    def save() -> tuple[str, str]:
        services.set_rule(user_of(request), category, **form.cleaned_data)
        return _("Reglen gælder fra i dag. Lister, der er lavet, følger den regel, der gjaldt da."), reverse(
            HERE
        )

    return form_page(
        request,
        form,
        save,
        steps=at_retention(),
        title=str(Category(category).label).capitalize(),
        lead=_("Hvor længe det opbevares, og hvad der så sker."),
        button=_("Gem reglen"),
        back=reverse(HERE),
        before=before,
    )


@requires("retention.hold")
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let nothing about a citizen be deleted for now."""
    citizen = citizen_in(user_of(request), key, "retention.hold")
    if citizen is None:
        raise Http404
    lookups.record(user_of(request), [citizen.pk], "spærring", action="retention.hold")
    form = ReasonForm(request.POST or None)

    def save() -> tuple[str, str]:
        services.hold(user_of(request), citizen, form.cleaned_data["reason"])
        return _("Borgeren er spærret mod sletning."), reverse(HERE)

    return form_page(
        request,
        form,
        save,
        steps=at_retention(),
        title=_("Spær mod sletning"),
        lead=_("Så længe spærringen er der, slettes intet om %(name)s, heller ikke fra en godkendt liste.")
        % {"name": citizen},
        button=_("Spær"),
        back=reverse("journeys:citizen", args=[citizen.key]),
    )


@requires("retention.hold")
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the rules hold for a citizen again."""
    held = get_object_or_404(LegalHold.objects.select_related("citizen"), pk=pk)
    said = _("Spærringen er ophævet.")
    return act(request, lambda: services.lift(user_of(request), held), said, reverse(HERE))


@requires("retention.edit")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Ask for a list of what may go."""
    try:
        made = services.order_list(user_of(request))
    except Refusal as refusal:
        toast(request, str(refusal))
        return redirect(HERE)
    toast(request, _("Listen laves nu. Intet slettes, før en anden har godkendt den."))
    return redirect("rights:list", made.key)


@requires("retention.view")
@require_GET
def list_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """A list: what would go, by which rule, and – for who leads them – whose."""
    return _list_page(request, _listed(key))


def _list_page(request: HttpRequest, listed: DeletionList, form: ApproveForm | None = None) -> HttpResponse:
    user = user_of(request)
    lines = queries.lines_of(listed)
    after = request.GET.get("efter", "")
    people, on = queries.people_on(user, listed, int(after) if after.isdecimal() and len(after) < 19 else 0)
    if people:
        known = [item.citizen_id for item in people if item.citizen_id]
        lookups.record(user, known, "sletteliste", action="retention.hold")
    ready = listed.state == DeletionList.State.READY
    file = sheet_response(
        request.GET.get("format", ""),
        f"sletteliste-{listed.as_of}",
        [_("Oplysninger"), _("Ældre end"), _("Linjer"), _("Borgere"), _("Rækker")],
        [[str(line.category.label), line.before, line.lines, line.citizens, line.rows] for line in lines],
    )
    context = {
        "listed": listed,
        "lines": lines,
        "people": people,
        "next": f"?efter={on}" if on else "",
        "states": queries.states_of(listed) if listed.approved_by_id else {},
        "left": DeletionItem.State,
        "ready": ready,
        "needs_archive": any(line.rule["archive_first"] for line in lines),
        "own_list": listed.made_by_id == user.pk,
        "form": (form or ApproveForm(initial={"digest": listed.digest}))
        if ready and lines and listed.made_by_id != user.pk and may(user, "retention.approve")
        else None,
        "may_drop": may(user, "retention.edit") and not listed.approved_by_id,
        "receipt": Receipt.objects.filter(list=listed).first(),
        "steps": at_retention((_list_title(listed), "")),
        "title": _list_title(listed),
    }
    return file or render(request, "rights/list.html", context, status=422 if form and form.errors else 200)


@requires("retention.view")
@require_GET
def list_progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The bar alone; when the work has ended, the page is loaded anew."""
    listed = _listed(key)
    if not listed.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    poll = reverse("rights:list-progress", args=[key])
    return render(request, "rights/progress.html", {"work": listed, "poll": poll})


@requires("retention.approve")
@require_POST
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a list somebody else has made be carried out."""
    listed = _listed(key)
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            services.approve(user_of(request), listed, **form.cleaned_data)
        except (Refusal, AccessDenied) as refusal:
            field = getattr(refusal, "field", "")
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            toast(request, _("Listen er godkendt. Der slettes nu, en linje ad gangen."))
            return redirect("rights:list", key)
    return _list_page(request, listed, form)


@requires("retention.edit")
@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Throw a list away. Nothing is deleted."""
    said = _("Listen er kasseret. Intet er slettet.")
    return act(request, lambda: services.drop(user_of(request), _listed(key)), said, reverse(HERE))


@requires("retention.view")
@require_POST
def list_retry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Go on with what stopped."""
    where = reverse("rights:list", args=[key])
    return act(request, lambda: services.retry(user_of(request), _listed(key)), "", where)


@requires("retention.view")
@require_GET
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """What was deleted, by which rules, and by whom."""
    found = _receipt(number)
    context = {
        "receipt": found,
        "facts": _facts(found),
        "lines": _lines(found),
        "fits": queries.receipt_fits(found),
        "steps": at_retention((_("Kvittering nr. %(number)s") % {"number": number}, "")),
    }
    return render(request, "rights/receipt.html", context)


@requires("retention.view")
@require_GET
def receipt_file(request: HttpRequest, number: int, fmt: str) -> HttpResponse:
    """The receipt as a PDF, or as JSON with its hashes."""
    found = _receipt(number)
    name = f"kvittering-{number}"
    if fmt == "json":
        body = {"content": found.content, "previous": found.previous, "hash": found.hash}
        response: HttpResponse = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    elif fmt == "pdf":
        pages = paper.receipt_pdf(
            found, _facts(found), [_heads(), *([str(cell) for cell in line] for line in _lines(found))]
        )
        response = HttpResponse(pages, content_type="application/pdf")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}.{fmt}"'
    return response


def _facts(found: Receipt) -> list[tuple[str, str]]:
    told = found.content
    return [
        (_("Listen lavet af"), f"{told['made_by']}, {_moment(told['made_at'])}"),
        (_("Godkendt af"), f"{told['approved_by']}, {_moment(told['approved_at'])}"),
        (_("Udført"), _moment(told["finished_at"])),
        (_("Arkivets kvittering"), told["archive_reference"] or _("intet skulle afleveres")),
        (_("Listens fingeraftryk"), _grouped(told["digest"])),
        (_("Kvitteringens fingeraftryk"), _grouped(found.hash)),
    ]


def _grouped(digest: str) -> str:
    """A fingerprint in groups of eight, so that it can be read aloud and broken over lines."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _heads() -> list[str]:
    return [_("Oplysninger"), _("Måneder"), _("Linjer slettet"), _("Rækker slettet"), _("Ikke slettet")]


def _lines(found: Receipt) -> list[list[Any]]:
    rows = []
    for line in found.content["lines"]:
        left = [
            f"{many} {DeletionItem.State(state).label}"
            for state, many in line["states"].items()
            if many and state not in (DeletionItem.State.DONE, DeletionItem.State.WAITING)
        ]
        kind = str(Category(line["category"]).label)
        done = line["states"][DeletionItem.State.DONE]
        rows.append([kind, line["months"], done, danish.number(line["rows"]), ", ".join(left) or "–"])
    return rows


def _moment(text: str) -> str:
    return f"{text[8:10]}.{text[5:7]}.{text[:4]} kl. {text[11:13]}.{text[14:16]}"


def _list_title(listed: DeletionList) -> str:
    return _("Sletteliste %(day)s") % {"day": danish.day(listed.as_of)}


def _listed(key: UUID) -> DeletionList:
    return get_object_or_404(DeletionList.objects.select_related("made_by", "approved_by"), key=key)


def _receipt(number: int) -> Receipt:
    found = queries.receipt(number)
    if found is None:
        raise Http404
    return found
