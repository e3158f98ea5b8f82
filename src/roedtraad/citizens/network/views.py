"""The network map: to look at, to compare, and to draw. Whoever is shown is written in the log of look-ups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roedtraad.access import lookups
from roedtraad.citizens.models import Citizen, NetworkPerson, Relation
from roedtraad.citizens.network import queries, rules, services
from roedtraad.citizens.network.forms import MapForm, PersonForm, SpotForm
from roedtraad.citizens.network.queries import Drawn
from roedtraad.citizens.network.services import Conflict
from roedtraad.citizens.pages import form_page, opened, steps, user_of, worked_with
from roedtraad.citizens.reach import within
from roedtraad.core import clock
from roedtraad.core.danish import day, number
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.network import spoken
from roedtraad.design.toasts import toast

PART = "netværkskort"


@requires("record.view")
@never_cache
@require_GET
def network(request: HttpRequest, key: UUID) -> HttpResponse:
    """A map (the latest when `kort` names none), alone or, with `mod`, against an earlier one."""
    person, emergency = opened(request, key, PART)
    maps = queries.maps_of(person)
    chosen = next((one for one in maps if str(one.key) == request.GET.get("kort")), maps[0] if maps else None)
    after = queries.with_people(chosen, latest=chosen is maps[0]) if chosen else None
    earlier = [one for one in maps if chosen and one.drawn_on < chosen.drawn_on]
    other = next((one for one in earlier if str(one.key) == request.GET.get("mod")), None)
    before = queries.with_people(other, latest=False) if other else None
    may_write = emergency is None and within(user_of(request), person, "record.write")
    may_change = may_write and before is None and after is not None and after.latest
    context = {
        "citizen": person,
        "maps": maps,
        "drawn": after,
        "before": before,
        "earlier": earlier,
        "may_write": may_write,
        "may_change": may_change,
        "sectors": queries.sector_names(),
        "rings": queries.ring_names(),
        "tiers": queries.tier_names(),
        "steps": steps(person, (_("Netværkskort"), "")),
        **_picture(person, before, after, links=may_change),
    }
    return render(request, "citizens/network.html", context)


def _picture(person: Citizen, before: Drawn | None, after: Drawn | None, *, links: bool) -> dict[str, Any]:
    """The people as they are drawn, the map in a sentence, and its index numbers beside those of the earlier one."""
    if after is None:
        return {"summary": queries.summary(rules.figures([]))}
    summary = queries.summary(after.figures)
    if before is None:
        people = queries.shown(after.people)
    else:
        moves, people = queries.shown_with_change(before, after)
        summary = f"{queries.difference(before.map, moves)} {summary}"
    if links:
        people = [
            row | {"url": reverse("citizens:network-person", args=[person.key, row["key"]])} for row in people
        ]
    return {"people": people, "summary": summary, "figures": _figures(before, after)}


def _figures(before: Drawn | None, after: Drawn) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The index numbers in groups: what, before (empty when nothing is compared) and now."""

    def rows(kind: str, names: list[str]) -> list[tuple[str, str, str]]:
        now = list(getattr(after.figures, kind).values())
        then = list(getattr(before.figures, kind).values()) if before else [""] * len(now)
        return [(name, str(a), str(b)) for name, a, b in zip(names, then, now, strict=True)]

    def mean(drawn: Drawn | None) -> str:
        ring = drawn.figures.mean_ring if drawn else None
        return "" if drawn is None else "–" if ring is None else number(ring, 1)

    whole = [
        (_("I alt"), str(before.figures.count) if before else "", str(after.figures.count)),
        (
            _("I de to inderste ringe"),
            str(before.figures.close) if before else "",
            str(after.figures.close),
        ),
        (_("Ring i gennemsnit (1 er tættest)"), mean(before), mean(after)),
    ]
    return [
        (_("Hele kortet"), whole),
        (_("Ring"), rows("by_ring", queries.ring_names())),
        (_("Lag"), rows("by_tier", queries.tier_names())),
        (_("Felt"), rows("by_sector", queries.sector_names())),
    ]


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new map, with everybody from the latest one."""
    person = worked_with(request, key)
    form = MapForm(request.POST or None, initial={"drawn_on": clock.today()})

    def save() -> str:
        services.draw_map(user_of(request), person, **form.cleaned_data)
        return _("Kortet er tegnet. Sæt personerne, hvor de hører til nu.")

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Tegn et nyt netværkskort"),
        lead=_("Det nye kort begynder med dem, der er på det seneste. De tidligere kort bliver stående."),
        button=_("Tegn kortet"),
    )


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody more on the latest map."""
    person = worked_with(request, key)
    latest = services.latest_map(person)
    if latest is None:
        return redirect("citizens:network-draw", key=person.key)
    form = PersonForm(request.POST or None, relations=_relations(person))

    def save() -> str:
        made = services.add_person(user_of(request), latest, form.someone())
        return _("%(name)s er på kortet.") % {"name": made.name}

    return form_page(
        request,
        person,
        form,
        save,
        page=_home(person),
        title=_("Sæt en person på kortet"),
        lead=_("Kortet fra %(day)s.") % {"day": day(latest.drawn_on)},
        button=_("Sæt på kortet"),
    )


@requires("record.write")
@never_cache
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, key: UUID, person: UUID) -> HttpResponse:
    """Somebody on the latest map: who, where and how close, as a form. Two at once are both told."""
    citizen = worked_with(request, key)
    lookups.record(user_of(request), [citizen.pk], PART, action="record.view")
    kept = _on_latest(citizen, person)
    form = PersonForm(request.POST or None, initial=_typed(kept), relations=_relations(citizen))

    def save() -> str:
        version = form.cleaned_data["version"] or 0
        try:
            changed = services.change_person(user_of(request), kept, form.someone(), version)
        except Conflict as conflict:
            # What was typed stays in the form, and what stands now is told; sent again it is meant.
            again = request.POST.copy()
            again["version"] = str(conflict.now.version)
            form.data = again
            raise
        return _("%(name)s er rettet.") % {"name": changed.name}

    return form_page(
        request,
        citizen,
        form,
        save,
        page=_home(citizen),
        title=kept.name,
        lead=_("Kortet fra %(day)s.") % {"day": day(kept.map.drawn_on)},
        button=_("Gem"),
        remove=(
            _("Tag %(name)s af kortet") % {"name": kept.name},
            reverse("citizens:network-remove", args=[citizen.key, kept.key]),
        ),
    )


@requires("record.write")
@require_POST
def person_remove(request: HttpRequest, key: UUID, person: UUID) -> HttpResponse:
    """Take somebody off the latest map."""
    citizen = worked_with(request, key)
    kept = _on_latest(citizen, person)
    services.remove_person(user_of(request), kept)
    toast(request, _("%(name)s er taget af kortet.") % {"name": kept.name})
    return redirect("citizens:network", key=citizen.key)


@requires("record.write")
@require_POST
def spread(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give everybody on the latest map room."""
    citizen = worked_with(request, key)
    latest = services.latest_map(citizen)
    if latest is None:
        raise Http404
    services.spread_people(user_of(request), latest)
    toast(request, _("Personerne er spredt ud i deres ringe."))
    return redirect("citizens:network", key=citizen.key)


@requires("record.write")
@never_cache
@require_POST
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody was dragged or stepped to another place: where they stand now, in figures and in words.

    409 when another moved them meanwhile, with where they stand; 422 for what cannot be.
    """
    citizen = worked_with(request, key)
    form = SpotForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"said": _("Pladsen på kortet kan ikke læses. Flyt personen igen.")}, status=422)
    typed = form.cleaned_data
    kept = _on_latest(citizen, typed["person"])
    try:
        moved = services.move_person(
            user_of(request), kept, typed["angle"], typed["distance"], typed["version"]
        )
    except Conflict as conflict:
        spot = rules.held(typed["angle"], typed["distance"])
        yours = _("Du ville sætte %(name)s i %(sector)s, ring %(ring)s.") % {
            "name": kept.name,
            "sector": NetworkPerson.Sector(spot.sector).label,
            "ring": spot.ring,
        }
        return JsonResponse(_stands(conflict.now, f"{conflict} {yours}"), status=409)
    except Refusal as refusal:
        return JsonResponse({"said": str(refusal)}, status=422)
    where = _("%(name)s står nu i %(sector)s, ring %(ring)s. Gemt.") % {
        "name": moved.name,
        "sector": moved.get_sector_display(),
        "ring": moved.ring,
    }
    return JsonResponse(_stands(moved, where))


def _stands(person: NetworkPerson, said: str) -> dict[str, Any]:
    words = spoken(
        person.name,
        person.what,
        queries.sector_names()[rules.SECTORS.index(person.sector)],
        queries.ring_names()[person.ring - 1],
        queries.tier_names()[rules.TIERS.index(person.tier)],
    )
    return {
        "angle": person.angle,
        "distance": person.distance,
        "version": person.version,
        "words": words,
        "said": said,
    }


def _on_latest(citizen: Citizen, person: UUID) -> NetworkPerson:
    latest = services.latest_map(citizen)
    people = NetworkPerson.objects.select_related("map__citizen", "relation")
    return get_object_or_404(people, map=latest, key=person)


def _typed(person: NetworkPerson) -> dict[str, Any]:
    names = ("name", "what", "sector", "ring", "tier", "version")
    return {name: getattr(person, name) for name in names} | {"relation": str(person.relation_id or "")}


def _relations(citizen: Citizen) -> list[Relation]:
    """Those who are in the citizen's life today."""
    return list(
        Relation.objects.filter(citizen=citizen, valid__contains=clock.today()).order_by("name", "pk")
    )


def _home(person: Citizen) -> tuple[str, str]:
    return _("Netværkskort"), reverse("citizens:network", args=[person.key])
