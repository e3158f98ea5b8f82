"""The home pages of the citizen and of the relative."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from roedtraad.access.lookups import record
from roedtraad.access.roles import Role
from roedtraad.access.scope import reach_as
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, Consent, ContactPerson, MunicipalityRelation
from roedtraad.citizens.sharing import scopes_shared
from roedtraad.core import clock
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm, UnitVersion
from roedtraad.organisation.tree import Tree, tree
from roedtraad.portals.queries.happenings import OWN, Happening, happenings
from roedtraad.voices import queries as voices
from roedtraad.voices.models import MoodReading, ReadingChoice, Side


class NoCitizenError(Exception):
    """The account is tied to no citizen it may see; the message is a sentence for the page."""


@dataclass(frozen=True)
class Home:
    """Where somebody lives or is by day: the offer in plain facts."""

    name: str
    house: str
    address: str
    municipality: str
    leader_title: str
    since: dt.date
    until: dt.date | None
    coming: bool
    by_day: bool


@dataclass(frozen=True)
class CitizenHome:
    """*Min side*: today."""

    first_name: str
    today: dt.date
    happenings: list[Happening]
    contacts: list[ContactPerson]
    mood: MoodReading | None
    faces: list[tuple[int, Any]]
    new_messages: int
    reading: ReadingChoice


@dataclass(frozen=True)
class About:
    """Where the citizen lives, and the municipalities that decide and pay."""

    homes: list[Home]
    municipalities: list[tuple[str, str]]
    address_protected: bool


@dataclass(frozen=True)
class Near:
    """A citizen as their relative's front page shows them."""

    citizen: Citizen
    homes: list[Home]
    shared: list[str]


@dataclass(frozen=True)
class RelativeHome:
    """*Pårørende*: for each citizen, where they live and what they share."""

    people: list[Near]
    new_messages: int
    reading: ReadingChoice


def citizen_home(user: User) -> CitizenHome:
    """The citizen's day, who is there for them, how they have said they are. The opening is itself logged.

    NoCitizenError when the account's grant names no citizen it may see.
    """
    person = own_citizens(user, Role.CITIZEN)[0]
    record(user, [person.pk], "min side")
    today = clock.today()
    mood = next(iter(voices.moods(person, 1)), None)
    return CitizenHome(
        first_name=person.first_name,
        today=today,
        happenings=happenings(OWN, user, person, today, today),
        contacts=contacts_of(person),
        mood=mood if mood and mood.written_at.astimezone(clock.COPENHAGEN).date() == today else None,
        faces=list(MoodReading.Mood.choices),
        new_messages=voices.unread_count(user, Side.CITIZEN),
        reading=voices.reading_of(user),
    )


def contacts_of(person: Citizen) -> list[ContactPerson]:
    """Who among the staff is there for the citizen today, the contact person first. One SQL statement."""
    found = ContactPerson.objects.filter(citizen=person, valid__contains=clock.today()).select_related("user")
    return sorted(found, key=lambda one: ContactPerson.Role.values.index(one.role))


def about(user: User, person: Citizen) -> About:
    """The plain facts about the citizen. Six SQL statements."""
    relations = (
        MunicipalityRelation.objects.filter(citizen=person, valid__contains=clock.today())
        .select_related("municipality")
        .order_by("kind")
    )
    return About(
        homes=_homes(user, person, tree(), with_address=True),
        municipalities=[(relation.kind, relation.municipality.name) for relation in relations],
        address_protected=person.address_protected,
    )


def relative_home(user: User) -> RelativeHome:
    """Where the relative's people live, and what they share: nothing of what it says."""
    people = own_citizens(user, Role.RELATIVE)
    record(user, [person.pk for person in people], "hvor borgeren bor")
    today = tree()
    return RelativeHome(
        people=[
            Near(person, _where_living(user, person, today), scope_words(scopes_shared(user, person)))
            for person in people
        ],
        new_messages=voices.unread_count(user, Side.RELATIVE),
        reading=voices.reading_of(user),
    )


def scope_words(scopes: Collection[str]) -> list[str]:
    """What is shared, in words, in the order of the list of scopes."""
    return [str(scope.label) for scope in Consent.Scope if scope.value in scopes]


def own_citizens(user: User, role: Role) -> list[Citizen]:
    """Whom the user's grants in this role name. NoCitizenError for nobody that may be seen."""
    named = reach_as(user, role).citizens
    people = list(Citizen.objects.visible_to(user).filter(pk__in=named).order_by("sort_key", "pk"))
    if not people:
        raise NoCitizenError(_("Din adgang er ikke knyttet til en borger. Spørg din administrator."))
    return people


def _where_living(user: User, person: Citizen, today: Tree) -> list[Home]:
    homes = _homes(user, person, today, with_address=not person.address_protected)
    return [home for home in homes if not (home.coming or home.by_day)]


def _homes(user: User, person: Citizen, today: Tree, *, with_address: bool) -> list[Home]:
    """The person's stays of today, and the next ones where nothing has begun. Three SQL statements."""
    day = clock.today()
    open_or_later = Q(actual_end__isnull=True) | Q(actual_end__gte=day)
    stays = list(
        Stay.objects.visible_to(user).booked().filter(open_or_later, citizen=person).select_related("place")
    )
    terms = PlaceTerm.objects.filter(place__in=[stay.place_id for stay in stays]).order_by("valid")
    units: dict[int, int] = {}
    for term in terms:
        if term.valid.lower <= day or term.place_id not in units:
            units[term.place_id] = term.unit_id
    path = {node.id for unit_id in units.values() for node in today.path(unit_id)}
    versions = {
        version.unit_id: version
        for version in UnitVersion.objects.filter(unit_id__in=path, valid__contains=day).select_related(
            "municipality"
        )
    }
    homes = [_home(stay, today, units.get(stay.place_id), versions, with_address) for stay in stays]
    return sorted(homes, key=lambda home: (home.coming, home.by_day, home.since))


def _home(
    stay: Stay, today: Tree, unit_id: int | None, versions: dict[int, UnitVersion], with_address: bool
) -> Home:
    steps = [versions[node.id] for node in reversed(today.path(unit_id or 0)) if node.id in versions]
    offer = today.above(unit_id or 0, "tilbud")
    house = today.by_id.get(unit_id or 0)
    # The nearest unit that has the fact; never past the offer itself, a region's leader is nobody's leader.
    near = steps[: 1 + next((n for n, step in enumerate(steps) if offer and step.unit_id == offer.id), 0)]
    municipality = next((step.municipality.name for step in steps if step.municipality), "")
    return Home(
        name=offer.name if offer else (house.name if house else ""),
        house=house.name if house and offer and house.id != offer.id else "",
        address=next((step.address for step in near if step.address), "") if with_address else "",
        municipality=municipality if with_address else "",
        leader_title=next((step.manager_title for step in near if step.manager_title), ""),
        since=stay.actual_start or stay.ordered_start,
        until=stay.actual_end or stay.ordered_end,
        coming=stay.actual_start is None,
        by_day=stay.place.category == "day",
    )
