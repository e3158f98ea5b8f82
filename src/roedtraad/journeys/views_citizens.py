"""The list of citizens, a citizen's page, and a place's life. Whoever is shown is written in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from roedtraad.access import lookups as lookup_log
from roedtraad.access.scope import may, reach
from roedtraad.accounts.models import User
from roedtraad.citizens import queries as citizen_queries
from roedtraad.citizens.fields import HIDDEN
from roedtraad.citizens.protection import protection_of
from roedtraad.citizens.reach import within
from roedtraad.core import clock
from roedtraad.core.policy import requires
from roedtraad.core.sheets import sheet_response
from roedtraad.journeys.queries.stays import StayRow, living_here, place_life, stays_of, where_now
from roedtraad.journeys.rules import age_on
from roedtraad.organisation.models import Place
from roedtraad.organisation.tree import Tree

SEARCH = "citizen_search"
A_PAGE = 50


def _user(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


@requires("citizen.view")
def citizens(request: HttpRequest) -> HttpResponse:
    """The citizens the user may see: those living on a place now, or all that a search finds."""
    text = request.session.get(SEARCH, "")
    everybody = bool(text) or request.GET.get("vis") == "alle"
    found = citizen_queries.find(_user(request), text)
    if not everybody:
        found = living_here(found, _user(request))
    found = where_now(found, _user(request))
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        return _export(request, kind, found)
    page = citizen_queries.page(found, request.GET.get("efter", ""), A_PAGE)
    if page.citizens:
        lookup_log.record(_user(request), [citizen.pk for citizen in page.citizens], "liste")
    context = {
        "rows": [(citizen, _since(citizen)) for citizen in page.citizens],
        "next": page.next,
        "text": text,
        "everybody": everybody,
        "may_export": may(_user(request), "export.run"),
        "may_book": may(_user(request), "stay.book"),
        "may_open_others": may(_user(request), "citizen.emergency"),
    }
    return render(request, "journeys/stays/citizens.html", context)


def _since(citizen: Any) -> dt.date | None:
    now = citizen.now
    return dt.date.fromisoformat(now["since"]) if now else None


def _export(request: HttpRequest, kind: str, found: Any) -> HttpResponse:
    """The list as a file, without addresses; everybody in it is written in the log."""
    if not may(_user(request), "export.run"):
        raise PermissionDenied(_("Din rolle giver ikke adgang til at trække data ud."))
    people = list(found.order_by("sort_key", "pk"))
    if people:
        lookup_log.record(_user(request), [citizen.pk for citizen in people], "udtræk")
    header = [_("Efternavn"), _("Fornavn"), _("Født"), _("Enhed"), _("Plads"), _("Siden")]
    rows = [
        (
            citizen.last_name,
            citizen.first_name,
            citizen.birth_date,
            citizen.now["unit"] if citizen.now else "",
            citizen.now["code"] if citizen.now else "",
            _since(citizen) or "",
        )
        for citizen in people
    ]
    response = sheet_response(kind, f"borgere-{clock.today()}", header, rows)
    return response or redirect("journeys:citizens")


@requires("citizen.view")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Remember what is searched for. By POST and session, so that no name or number stands in an address."""
    request.session[SEARCH] = request.POST.get("q", "").strip()[:120]
    return redirect("journeys:citizens")


@requires("citizen.view")
def citizen(request: HttpRequest, key: UUID) -> HttpResponse:
    """A citizen: where they live, their stays, their municipalities, their address."""
    opened = citizen_queries.open_page(_user(request), key)
    if opened is None:
        raise Http404
    person, emergency = opened
    lookup_log.record(_user(request), [person.pk], "ophold", emergency=emergency)
    rows, tree = stays_of(person, _user(request))
    bookable = reach(_user(request), "stay.book").all_units
    changeable = [(row, _may_change(row, bookable)) for row in rows]
    here = [row for row in rows if row.state in ("lives", "overdue")]
    home = next((row.unit.id for row in here if row.unit), None)
    context = {
        "emergency": emergency,
        "protection": protection_of(person),
        "may_protect": emergency is None and bool(reach(_user(request), "citizen.protect").all_units),
        "special": citizen_queries.special_fields(_user(request), person),
        "hidden_words": HIDDEN,
        "citizen": person,
        "age": age_on(person.birth_date, clock.today()),
        "address": citizen_queries.shown_address(person, _user(request)),
        "rows": changeable,
        "open_rows": [(row, may_change) for row, may_change in changeable if row.is_open],
        "steps": [(_("Borgere"), reverse("journeys:citizens")), *_unit_steps(tree, home), (str(person), "")],
        "here": here,
        "coming": [row for row in rows if row.state in ("coming", "late")],
        "relations": citizen_queries.relations(person),
        "may_read_record": emergency is not None or within(_user(request), person, "record.view"),
        "may_book": bool(bookable) and emergency is None,
        "may_handle_rights": emergency is None and may(_user(request), "rights.handle"),
        "may_see_lookups": person.pk in reach(_user(request), "lookup_log.own").citizens,
        "today": clock.today(),
    }
    return render(request, "journeys/stays/citizen.html", context)


def _unit_steps(tree: Tree, unit_id: int | None) -> list[tuple[str, str]]:
    """The units down to this one, each with its capacity page."""
    path = tree.path(unit_id) if unit_id is not None else []
    return [(node.label, reverse("journeys:unit", args=[node.key])) for node in path]


def _may_change(row: StayRow, units: frozenset[int]) -> bool:
    return any(term.unit_id in units for term in row.stay.place.terms.all())


@requires("capacity.view")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """A place's life: its terms, its stays and its free days. Names only where the user may see them."""
    life = place_life(get_object_or_404(Place, pk=pk), _user(request))
    if life.shown_citizens:
        lookup_log.record(_user(request), life.shown_citizens, "plads")
    bookable = reach(_user(request), "stay.book").all_units
    context = {
        "life": life,
        "may_book": life.unit is not None and life.unit.id in bookable,
        "steps": [
            (_("Kapacitet"), reverse("journeys:capacity")),
            *_unit_steps(life.tree, life.unit.id if life.unit else None),
            (life.place.code, ""),
        ],
        "today": clock.today(),
    }
    return render(request, "journeys/stays/place.html", context)
