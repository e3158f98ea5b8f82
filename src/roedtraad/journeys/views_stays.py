"""Book a stay, and the acts on one: thin, the services decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from roedtraad.access import lookups
from roedtraad.access.scope import AccessDenied, reach
from roedtraad.accounts.models import User
from roedtraad.citizens import queries as citizen_queries
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.rules import checked_cpr, cpr_warning
from roedtraad.core import clock, ids
from roedtraad.core.danish import day as in_words
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.journeys import forms, services
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.stays import booking_warnings, free_codes, row_of
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.journeys.rules import Booking, proposed_end
from roedtraad.organisation.models import Place

FOUND_AT_MOST = 20


def _user(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


@requires("stay.book")
def book(request: HttpRequest) -> HttpResponse:
    """Book a stay: search and choose a citizen or write a new one, place, days, payer."""
    finding = request.POST.get("act") == "find"
    found = _candidates(request)
    if request.method == "POST" and not finding:
        form = forms.BookForm(request.POST, citizens=found)
        if form.is_valid():
            stay = _book(request, form)
            if stay is not None:
                return redirect("journeys:citizen", key=stay.citizen.key)
    else:
        form = forms.BookForm(initial=_first_values(request, finding), citizens=found)
    if found:
        lookups.record(_user(request), [citizen.pk for citizen in found], "søgning")
    day = forms.day_or(request.GET.get("fra", ""), clock.today())
    context = {
        "form": form,
        "searched": finding,
        "found": len(found),
        "too_many": len(found) == FOUND_AT_MOST,
        "free_codes": free_codes(reach(_user(request), "stay.book").all_units, day),
    }
    return render(request, "journeys/stays/book.html", context)


def _candidates(request: HttpRequest) -> list[Citizen]:
    """The citizens to choose among: those the search finds, and the one already chosen."""
    chosen = request.POST.get("citizen") or request.GET.get("borger", "")
    text = request.POST.get("search", "").strip()
    if text:
        found = list(citizen_queries.find(_user(request), text).order_by("sort_key", "pk")[:FOUND_AT_MOST])
        if not chosen or any(str(citizen.key) == chosen for citizen in found):
            return found
    else:
        found = []
    try:
        return [*Citizen.objects.visible_to(_user(request)).filter(key=chosen), *found] if chosen else found
    except ValidationError:
        return found


def _first_values(request: HttpRequest, finding: bool) -> dict[str, Any]:
    """What the form shows at first: what was typed so far, or what the address says."""
    if finding:
        return {**request.POST.dict(), "who": "known"}
    asked = request.GET.get("plads", "")
    match = Q(pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else Q(code=asked)
    place = Place.objects.filter(match).first() if asked else None
    return {
        "place": place.code if place else "",
        "ordered_start": forms.day_or(request.GET.get("fra", ""), clock.today()),
        "citizen": request.GET.get("borger", ""),
        "key": f"b-{ids.new_id()}",
    }


def _book(request: HttpRequest, form: forms.BookForm) -> Stay | None:
    data = form.cleaned_data
    chosen = form.chosen() if data["who"] == "known" else None
    order = {
        name: data[name]
        for name in ("place", "ordered_start", "ordered_end", "paying_municipality", "agreed_day_rate", "key")
    }
    try:
        if chosen is not None:
            stay = services.book_stay(_user(request), citizen=chosen, **order)
            warnings = []
        else:
            stay = services.register_and_book(
                _user(request), form.new_citizen(), acting_municipality=data["acting_municipality"], **order
            )
            warnings = [cpr_warning(checked_cpr(data["cpr"]))]
    except (Refusal, AccessDenied) as refusal:
        _say(form, refusal)
        return None
    done = _("Plads %(place)s er booket til %(name)s fra den %(day)s.") % {
        "place": stay.place.code,
        "name": stay.citizen,
        "day": in_words(stay.ordered_start),
    }
    toast(
        request,
        " ".join([done, *filter(None, warnings), *booking_warnings(stay)]),
        reverse("journeys:stay-undo", args=[stay.pk]),
    )
    return stay


def _say(form: Form, refusal: Refusal | AccessDenied) -> None:
    """A refusal as a sentence beside its field."""
    field = getattr(refusal, "field", "") or ("place" if isinstance(refusal, AccessDenied) else "")
    form.add_error(field if field in form.fields else None, str(refusal))


@dataclass(frozen=True)
class Act:
    """One act on a stay: its words, its form, what stands in it at first, and the service that does it."""

    title: str
    button: str
    done: str
    form: type[forms.StayForm]
    first: Callable[[Stay], dict[str, Any]]
    do: Callable[..., Stay]
    lead: str = ""
    places: bool = False


def _act(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    stay = _stay(request, pk)
    hidden = {"version": services.version_of(stay), "key": f"b-{ids.new_id()}"}
    form = act.form(request.POST or None, initial={**act.first(stay), **hidden})
    if request.method == "POST" and form.is_valid():
        try:
            done = act.do(_user(request), stay, **form.cleaned_data)
        except services.Conflict as conflict:
            # Sent again, the form speaks of the state it now shows beside one's own.
            form = act.form({**request.POST.dict(), "version": services.version_of(_stay(request, pk))})
            _say(form, conflict)
        except (Refusal, AccessDenied) as refusal:
            _say(form, refusal)
        else:
            toast(request, act.done, reverse("journeys:stay-undo", args=[done.pk]))
            return redirect("journeys:citizen", key=stay.citizen.key)
    lookups.record(_user(request), [stay.citizen_id], "ophold")
    row = row_of(stay, last_known_tree(clock.today()))
    steps = [
        (_("Borgere"), reverse("journeys:citizens")),
        (str(stay.citizen), reverse("journeys:citizen", args=[stay.citizen.key])),
        (act.title, ""),
    ]
    codes = free_codes(reach(_user(request), "stay.book").all_units, clock.today()) if act.places else []
    context = {"form": form, "act": act, "row": row, "stay": stay, "steps": steps, "free_codes": codes}
    return render(request, "journeys/stays/act.html", context)


def _stay(request: HttpRequest, pk: int) -> Stay:
    stays = Stay.objects.visible_to(_user(request)).select_related("citizen", "place", "paying_municipality")
    return get_object_or_404(stays.prefetch_related("place__terms"), pk=pk)


def _without_key(service: Callable[..., Stay]) -> Callable[..., Stay]:
    """Acts that change a row instead of making one need no key: a second time there is nothing to do."""

    def do(user: Any, stay: Stay, *, key: str = "", **typed: Any) -> Stay:
        return service(user, stay, **typed)

    return do


def _start(user: Any, stay: Stay, *, actual_start: Any, version: str, key: str = "") -> Stay:
    return services.start_stay(user, stay, actual_start, version=version)


def _end(user: Any, stay: Stay, *, actual_end: Any, version: str, key: str = "") -> Stay:
    return services.end_stay(user, stay, actual_end, version=version)


def _move(user: Any, stay: Stay, *, place: Place, first_day: Any, version: str, key: str) -> Stay:
    return services.move_to_place(user, stay, place, first_day, version=version, key=key)


def _payer(
    user: Any, stay: Stay, *, paying_municipality: Any, first_day: Any, version: str, key: str
) -> Stay:
    return services.change_paying_municipality(
        user, stay, paying_municipality, first_day, version=version, key=key
    )


@requires("stay.book")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the ordered days and the rate."""
    return _act(
        request,
        pk,
        Act(
            title=_("Ret bookingen"),
            button=_("Gem"),
            done=_("Bookingen er rettet."),
            form=forms.ChangeForm,
            first=lambda stay: {
                "ordered_start": stay.ordered_start,
                "ordered_end": stay.ordered_end,
                "agreed_day_rate": stay.agreed_day_rate,
            },
            do=_without_key(services.change_booking),
        ),
    )


@requires("stay.book")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Write that the citizen moved in."""
    return _act(
        request,
        pk,
        Act(
            title=_("Borgeren er flyttet ind"),
            button=_("Gem indflytning"),
            done=_("Indflytningen er skrevet."),
            form=forms.StartForm,
            first=lambda stay: {"actual_start": min(stay.ordered_start, clock.today())},
            do=_start,
        ),
    )


@requires("stay.book")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Write that the citizen moved out."""
    return _act(
        request,
        pk,
        Act(
            title=_("Borgeren er flyttet ud"),
            button=_("Afslut opholdet"),
            done=_("Opholdet er afsluttet."),
            form=forms.EndForm,
            first=lambda stay: {
                "actual_end": proposed_end(
                    Booking(stay.ordered_start, stay.ordered_end, stay.actual_start, stay.actual_end),
                    clock.today(),
                )
            },
            do=_end,
            lead=_("Skriv den sidste dag, borgeren boede der. Dagen efter er pladsen fri."),
        ),
    )


@requires("stay.book")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the citizen to another place."""
    return _act(
        request,
        pk,
        Act(
            title=_("Flyt til en anden plads"),
            button=_("Flyt"),
            done=_("Flytningen er skrevet."),
            form=forms.MoveForm,
            first=lambda stay: {"first_day": max(clock.today(), stay.ordered_start)},
            do=_move,
            lead=_("Opholdet på den gamle plads slutter dagen før."),
            places=True,
        ),
    )


@requires("stay.book")
def payer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another municipality pay from a day on."""
    return _act(
        request,
        pk,
        Act(
            title=_("Skift betalingskommune"),
            button=_("Skift kommune"),
            done=_("Betalingskommunen er skiftet."),
            form=forms.PayerForm,
            first=lambda stay: {"first_day": clock.today()},
            do=_payer,
            lead=_("Tiden før dagen bliver hos den kommune, der betalte."),
        ),
    )


@requires("stay.book")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a booking nobody has moved into."""
    stay = _stay(request, pk)
    try:
        services.withdraw_booking(_user(request), stay)
    except Refusal as refusal:
        _warn(request, refusal)
    else:
        toast(request, _("Bookingen er fortrudt."), reverse("journeys:stay-undo", args=[stay.pk]))
    return redirect("journeys:citizen", key=stay.citizen.key)


@requires("stay.book")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one's latest change of the stay."""
    stay = _stay(request, pk)
    try:
        services.undo_last(_user(request), stay)
    except Refusal as refusal:
        _warn(request, refusal)
    else:
        toast(request, _("Det er fortrudt. Alt er, som det var."))
    return redirect("journeys:citizen", key=stay.citizen.key)


def _warn(request: HttpRequest, refusal: Refusal) -> None:
    messages.warning(request, str(refusal))
