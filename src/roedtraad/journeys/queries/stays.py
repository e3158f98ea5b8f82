"""A citizen's stays, a place's life, and where citizens live now: what the pages of single rows show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.period import Period, gaps, union
from roedtraad.journeys.models import Stay, StayDays
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.journeys.rules import Booking, age_warning, days_in, is_overdue
from roedtraad.organisation.models import Place, PlaceTerm
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.tree import Node, Tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

# What a stay is just now: the word and the shape that goes with it.
STATES: dict[str, tuple[str | Promise, str]] = {
    "lives": (_("bor her nu"), "good"),
    "overdue": (_("er der længere end bestilt"), "attention"),
    "late": (_("skulle være flyttet ind"), "attention"),
    "coming": (_("booket"), "partly"),
    "ended": (_("afsluttet"), "none"),
    "withdrawn": (_("fortrudt"), "none"),
}


@dataclass(frozen=True)
class StayRow:
    """One stay as a page shows it. `last` is the last day known; `days` those lived so far."""

    stay: Stay
    state: str
    first: dt.date
    last: dt.date | None
    days: int
    unit: Node | None = None

    @property
    def words(self) -> str | Promise:
        """The state in words."""
        return STATES[self.state][0]

    @property
    def shape(self) -> str:
        """The state as one of the design system's."""
        return STATES[self.state][1]

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state not in ("ended", "withdrawn")


def row_of(stay: Stay, tree: Tree | None = None) -> StayRow:
    """The stay with its state today, and the unit its place had when the stay began.

    No SQL when the place's terms are prefetched.
    """
    today = clock.today()
    booking = Booking(stay.ordered_start, stay.ordered_end, stay.actual_start, stay.actual_end)
    days = 0
    if stay.actual_start is not None and stay.withdrawn_at is None:
        days = days_in(
            stay.actual_start, stay.actual_end, stay.actual_start, min(stay.actual_end or today, today)
        )
    unit = None
    if tree is not None:
        terms = sorted(stay.place.terms.all(), key=lambda term: term.valid.lower)
        unit_id = next((t.unit_id for t in reversed(terms) if t.valid.lower <= booking.first), None)
        unit = tree.by_id.get(unit_id) if unit_id is not None else None
    return StayRow(stay, _state(stay, booking, today), booking.first, booking.last, days, unit)


def _state(stay: Stay, booking: Booking, today: dt.date) -> str:
    if stay.withdrawn_at is not None:
        return "withdrawn"
    if stay.actual_end is not None:
        return "ended"
    if stay.actual_start is None:
        return "late" if stay.ordered_start < today else "coming"
    return "overdue" if is_overdue(booking, today) else "lives"


def stays_of(citizen: Citizen, user: User) -> tuple[list[StayRow], Tree]:
    """The citizen's stays the user may see, latest first, and the tree they hang in. Three SQL statements."""
    tree = last_known_tree(clock.today())
    stays = (
        Stay.objects.openable_by(user)
        .filter(citizen=citizen)
        .select_related("place", "paying_municipality")
        .prefetch_related("place__terms")
    )
    rows = [row_of(stay, tree) for stay in stays]
    return sorted(rows, key=lambda row: (row.first, row.stay.pk), reverse=True), tree


def booking_warnings(stay: Stay) -> list[str]:
    """What should be looked at in a new booking but does not forbid it. Two SQL statements.

    The age against the place's age group, and another place round the clock on the same days.
    """
    term = stay.place.terms.filter(valid__contains=stay.ordered_start).first()
    found = [age_warning(stay.citizen.birth_date, stay.ordered_start, term.age_group) if term else ""]
    other = StayDays.objects.booked().filter(citizen_id=stay.citizen_id, planned__overlap=stay.planned)
    both = other.exclude(pk=stay.pk).filter(place__category=Category.RESIDENTIAL)
    if stay.place.category == Category.RESIDENTIAL and both.exists():
        found.append(str(_("Borgeren har også en anden døgnplads i de dage.")))
    return [sentence for sentence in found if sentence]


def where_now(citizens: QuerySet[Citizen], user: User) -> QuerySet[Citizen]:
    """The citizens, each with `now`: place code, unit name and first day of where they live today, or None.

    Round the clock goes before by day. No SQL of its own: it rides on the caller's.
    """
    today = clock.today()
    living = (
        Stay.objects.visible_to(user)
        .occupying(today)
        .filter(
            citizen=OuterRef("pk"),
            place__terms__valid__contains=today,
            place__terms__unit__versions__valid__contains=today,
        )
        .order_by("-place__category", "pk")
        .values(
            found=JSONObject(
                code="place__code",
                place="place_id",
                unit="place__terms__unit__versions__name",
                since="actual_start",
            )
        )
    )
    return citizens.annotate(now=Subquery(living[:1]))


def living_here(citizens: QuerySet[Citizen], user: User) -> QuerySet[Citizen]:
    """Only those who live on a place today, as far as the user may see."""
    today = clock.today()
    return citizens.filter(
        Exists(Stay.objects.visible_to(user).occupying(today).filter(citizen=OuterRef("pk")))
    )


@dataclass(frozen=True)
class Stretch:
    """A piece of a place's life: a stay (`row`, None when the user may not see it) or free days."""

    first: dt.date
    last: dt.date | None
    free: bool
    row: StayRow | None = None


@dataclass
class PlaceLife:
    """All that can be told of a place: its terms, and its days from the latest back."""

    place: Place
    terms: list[tuple[PlaceTerm, Node | None]]
    stretches: list[Stretch]
    tree: Tree
    shown_citizens: list[int] = field(default_factory=list)

    @property
    def unit(self) -> Node | None:
        """The unit it belongs to today, else the one it belonged to last."""
        return self.terms[0][1] if self.terms else None

    @property
    def is_open(self) -> bool:
        """Whether the place exists today."""
        today = clock.today()
        return any(Period.from_range(term.valid).contains(today) for term, _unit in self.terms)

    @property
    def free_now(self) -> Stretch | None:
        """The free stretch today lies in."""
        today = clock.today()
        return next(
            (
                s
                for s in self.stretches
                if s.free and s.first <= today and (s.last is None or today <= s.last)
            ),
            None,
        )

    @property
    def next_free(self) -> Stretch | None:
        """The first free stretch that begins after today."""
        coming = [s for s in self.stretches if s.free and s.first > clock.today()]
        return min(coming, key=lambda s: s.first) if coming else None


def place_life(place: Place, user: User) -> PlaceLife:
    """A place's terms, stays and free days. Four SQL statements.

    Citizens are named only where the user may see the stay; `shown_citizens` must be written in the log of
    look-ups by the page that shows them. An overdue stay holds its place until the citizen has moved.
    """
    tree = last_known_tree(clock.today())
    terms = list(place.terms.select_related("legal_basis").order_by("-valid"))
    visible = Stay.objects.visible_to(user).booked().filter(place=place)
    seen = {stay.pk: stay for stay in visible.select_related("citizen", "paying_municipality")}
    taken: list[Stretch] = []
    held: list[Period] = []
    for stay in StayDays.objects.booked().filter(place=place).order_by("planned"):
        booking = Booking(stay.ordered_start, stay.ordered_end, stay.actual_start, stay.actual_end)
        last = None if is_overdue(booking, clock.today()) else booking.last
        held.append(Period.inclusive(booking.first, last))
        row = row_of(seen[stay.pk]) if stay.pk in seen else None
        taken.append(Stretch(booking.first, booking.last, False, row))
    life = union(Period.from_range(term.valid) for term in terms)
    free = [Stretch(gap.start, gap.last, True) for period in life for gap in gaps(period, held)]
    return PlaceLife(
        place=place,
        terms=[(term, tree.by_id.get(term.unit_id)) for term in terms],
        stretches=sorted([*taken, *free], key=lambda stretch: stretch.first, reverse=True),
        tree=tree,
        shown_citizens=[stay.citizen_id for stay in seen.values()],
    )


def free_codes(unit_ids: set[int] | frozenset[int], day: dt.date, limit: int = 200) -> list[str]:
    """The numbers of places in the units that nobody has booked or lives on, on the day. One SQL statement."""
    taken = StayDays.objects.booked().filter(place=OuterRef("place"))
    terms: Any = PlaceTerm.objects.filter(
        ~Exists(taken.filter(planned__contains=day)),
        ~Exists(taken.filter(actual__contains=day)),
        unit__in=unit_ids,
        valid__contains=day,
    )
    return list(terms.order_by("place__code").values_list("place__code", flat=True)[:limit])
