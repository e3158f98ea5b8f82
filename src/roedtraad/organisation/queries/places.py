"""Where the offers lie: by municipality, on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from roedtraad.organisation.models import Municipality, PlaceTerm, RegionMembership
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.queries.pictures import Picture, UnitOnDay, picture
from roedtraad.organisation.queries.unit import PlacesHere
from roedtraad.organisation.rules import tile_grid


@dataclass(frozen=True)
class MunicipalityOnMap:
    """A municipality, its cell on the map, and the offers and places in it on the day."""

    code: str
    name: str
    column: int
    row: int
    offers: tuple[UnitOnDay, ...]
    places: PlacesHere


@dataclass(frozen=True)
class UnitMap:
    """The region's municipalities in Danish order; `elsewhere` are offers outside them."""

    as_of: dt.date
    region: str
    municipalities: list[MunicipalityOnMap]
    elsewhere: list[UnitOnDay]

    @property
    def with_offers(self) -> list[MunicipalityOnMap]:
        """Those that have at least one offer."""
        return [one for one in self.municipalities if one.offers]

    @property
    def offers(self) -> int:
        """All offers on the map and outside it."""
        return sum(len(one.offers) for one in self.municipalities) + len(self.elsewhere)


def unit_map(as_of: dt.date) -> UnitMap:
    """Offers and places by municipality on a day, for the municipalities of our own region.

    Places count where their offer lies, also when they belong to a house of it. Four SQL statements.
    """
    whole = picture(as_of, with_staff=False)
    offers = [unit for unit in whole.units.values() if unit.kind == UnitKind.OFFER]
    places = _places_by_offer(whole, as_of)
    region, municipalities = _own_municipalities(whole, as_of)
    grid = tile_grid(
        {
            m.code: (float(m.latitude), float(m.longitude))
            for m in municipalities
            if m.latitude is not None and m.longitude is not None
        }
    )
    found = []
    for one in municipalities:
        here = tuple(offer for offer in offers if offer.municipality_code == one.code)
        column, row = grid.get(one.code, (0, 0))
        found.append(
            MunicipalityOnMap(
                code=one.code,
                name=one.name,
                column=column,
                row=row,
                offers=here,
                places=PlacesHere(
                    sum(places.get((offer.id, Category.RESIDENTIAL), 0) for offer in here),
                    sum(places.get((offer.id, Category.DAY), 0) for offer in here),
                ),
            )
        )
    own = {one.code for one in municipalities}
    return UnitMap(as_of, region, found, [o for o in offers if o.municipality_code not in own])


def _own_municipalities(whole: Picture, as_of: dt.date) -> tuple[str, list[Municipality]]:
    """The region the top unit has its seat in and its municipalities. Two SQL statements."""
    seat = next((unit.municipality_code for unit in whole.units.values() if unit.parent_id is None), "")
    membership = (
        RegionMembership.objects.filter(municipality_id=seat, valid__contains=as_of)
        .select_related("region")
        .first()
    )
    if membership is None:
        return "", []
    rows = Municipality.objects.filter(
        memberships__region=membership.region_id, memberships__valid__contains=as_of
    )
    return membership.region.name, list(rows.order_by("sort_key"))


def _places_by_offer(whole: Picture, as_of: dt.date) -> dict[tuple[int, str], int]:
    """Places on the day by the offer they belong to and category. One SQL statement."""
    counts: dict[tuple[int, str], int] = {}
    rows = (
        PlaceTerm.objects.filter(valid__contains=as_of)
        .values_list("unit_id", "place__category")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for unit_id, category, n in rows:
        offer = whole.above(unit_id, UnitKind.OFFER)
        if offer is not None:
            counts[offer.id, category] = counts.get((offer.id, category), 0) + n
    return counts
