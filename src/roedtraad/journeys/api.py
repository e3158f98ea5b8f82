"""Places and stays in the REST API: counts only, never a person."""

# Annotations are evaluated here and not later: the decorator's module, where the framework would look them
# up, does not know this one's names.
import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access.tokens import api_action
from roedtraad.core import clock
from roedtraad.core.api import Error
from roedtraad.core.suppress import THRESHOLD
from roedtraad.journeys.queries import definitions
from roedtraad.journeys.queries.capacity import capacity
from roedtraad.journeys.queries.market import market_share
from roedtraad.journeys.queries.occupancy import Days, TimeDays, daily
from roedtraad.journeys.queries.people import unique_citizens
from roedtraad.journeys.queries.shares import occupancy_by
from roedtraad.journeys.queries.units import last_known_tree

router = Router(tags=["kapacitet"])

REFUSALS = {400: Error, 401: Error, 403: Error, 404: Error, 422: Error}
FIRST_YEAR, LAST_YEAR = 1900, 2999
LONGEST_YEARS = 30
LONGEST_DAYS = 1100

AsOf = Annotated[dt.date | None, Query(description="Dagen, der spørges til. Uden den: i dag.")]
UnitNumber = Annotated[
    int | None,
    Query(alias="unit", ge=1, le=2**63 - 1, description="Enhedens id: den og alt under den. Uden den: alle."),
]
From = Annotated[dt.date, Query(alias="from", description="Periodens første dag.")]
To = Annotated[dt.date, Query(alias="to", description="Periodens sidste dag, som selv er med.")]


class By(StrEnum):
    """By what occupancy can be told apart."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    AREA = "area"
    OFFER = "offer"
    PARAGRAPH = "paragraph"
    AGE = "age"
    TARGET = "target"
    MUNICIPALITY = "municipality"
    REGION = "region"


class CapacityOut(Schema):
    """Places on a day. Free places are those that exist and are neither occupied nor reserved."""

    as_of: dt.date
    unit: int | None
    residential: int
    day: int
    occupied_residential: int
    occupied_day: int
    reserved_residential: int
    reserved_day: int
    agreed_residential: int
    agreed_day: int
    free_residential: int
    free_day: int


class OccupancyItem(Schema):
    """Used days of one part, and the days they are measured against; `percent` is null without any."""

    key: str
    label: str
    bed_days: int
    agreed_days: int | None = Field(description="Kun hvor nævneren er aftalte pladser × dage.")
    denominator_days: int | None
    percent: float | None


class OccupancyOut(Schema):
    """Occupancy of a period; days after today are not counted."""

    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    by: By
    denominator: str
    items: list[OccupancyItem]
    next: str | None = Field(default=None, description="Altid null: svaret har alle dele.")


class CountOut(Schema):
    """A number of citizens. A group of one to four is not told: `count` is null and `suppressed` true."""

    count: int | None
    suppressed: bool


class MarketItem(Schema):
    """Own places of an age group beside the country's, with the year and source of the latter."""

    age_group: str
    own_places: int
    national_places: int
    percent: float | None
    national_year: int
    source: str
    stated_own_places: int | None
    difference: int | None


class MarketOut(Schema):
    """Our part of the country's residential places."""

    as_of: dt.date
    items: list[MarketItem]
    next: str | None = Field(default=None, description="Altid null: svaret har alle dele.")


@router.get("/capacity", response={200: CapacityOut, **REFUSALS}, summary="Pladser på en dag")
@api_action("capacity.view")
def get_capacity(request: HttpRequest, as_of: AsOf = None, unit: UnitNumber = None) -> CapacityOut:
    """Places existing, agreed, occupied, reserved and free."""
    day = _day(as_of)
    found = capacity(day, _below(day, unit))
    return CapacityOut(
        as_of=day,
        unit=unit,
        residential=found.residential.existing,
        day=found.day.existing,
        occupied_residential=found.residential.occupied,
        occupied_day=found.day.occupied,
        reserved_residential=found.residential.reserved,
        reserved_day=found.day.reserved,
        agreed_residential=found.residential.agreed or 0,
        agreed_day=found.day.agreed or 0,
        free_residential=found.residential.free,
        free_day=found.day.free,
    )


@router.get(
    "/occupancy", response={200: OccupancyOut, **REFUSALS}, by_alias=True, summary="Kapacitetsudnyttelse"
)
@api_action("capacity.view")
def get_occupancy(
    request: HttpRequest,
    *,
    first: From,
    last: To,
    by: By = By.MONTH,
    unit: UnitNumber = None,
    kind: Annotated[
        Literal["residential", "day"] | None, Query(description="Kun døgn eller kun dag.")
    ] = None,
) -> OccupancyOut:
    """Bed-days from one day to another by time, kind of place or payer; the denominator is named in the answer."""
    _period(first, last)
    if by is By.DAY and (last - first).days >= LONGEST_DAYS:
        raise HttpError(400, _("Dag for dag kan du spørge om højst %(days)s dage.") % {"days": LONGEST_DAYS})
    units = _below(last, unit)
    if by in (By.DAY, By.MONTH, By.YEAR):
        items = [
            OccupancyItem(
                key=key,
                label=key,
                bed_days=days.bed_days,
                agreed_days=days.agreed_days,
                denominator_days=days.agreed_days,
                percent=_percent(days.percent),
            )
            for key, days in _in_time(by, daily(units, first, last), kind)
        ]
        denominator = str(definitions.AGREED_DAYS)
    else:
        found = occupancy_by(by.value, first, last, units, kind)
        items = [
            OccupancyItem(
                key=item.key,
                label=item.label,
                bed_days=item.bed_days,
                agreed_days=item.base_days if found.agreed else None,
                denominator_days=item.base_days,
                percent=_percent(item.percent),
            )
            for item in found.items
        ]
        denominator = str(found.denominator)
    return OccupancyOut.model_validate(
        {"from": first, "to": last, "by": by, "denominator": denominator, "items": items}
    )


@router.get("/citizens/count", response={200: CountOut, **REFUSALS}, summary="Unikke borgere i en periode")
@api_action("capacity.view")
def get_citizen_count(
    request: HttpRequest,
    first: From,
    last: To,
    kind: Annotated[Literal["residential", "day"], Query(description="Døgn eller dag.")],
    unit: UnitNumber = None,
) -> CountOut:
    """Different citizens with at least one day in the period."""
    _period(first, last)
    count = unique_citizens(first, last, kind, _below(last, unit))
    hidden = 0 < count < THRESHOLD
    return CountOut(count=None if hidden else count, suppressed=hidden)


@router.get("/market-share", response={200: MarketOut, **REFUSALS}, summary="Andel af landets døgnpladser")
@api_action("capacity.view")
def get_market_share(request: HttpRequest, as_of: AsOf = None) -> MarketOut:
    """Own places on the day, the country's as a source states them, and the share."""
    day = _day(as_of)
    return MarketOut(
        as_of=day,
        items=[
            MarketItem(
                age_group=item.age_group,
                own_places=item.own_places,
                national_places=item.national_places,
                percent=_percent(item.percent),
                national_year=item.year,
                source=item.source,
                stated_own_places=item.stated_own_places,
                difference=item.difference,
            )
            for item in market_share(as_of=day)
        ],
    )


def _in_time(by: By, days: list[TimeDays], kind: str | None) -> list[tuple[str, Days]]:
    """The days added up to days, months or years, keyed as dates are written: 2026-06-15, 2026-06, 2026."""
    length = {By.DAY: 10, By.MONTH: 7, By.YEAR: 4}[by]
    found: dict[str, Days] = {}
    for each in days:
        counted = each.total if kind is None else each.by_category[kind]
        key = each.start.isoformat()[:length]
        found[key] = found.get(key, Days()) + counted
    return list(found.items())


def _percent(value: object) -> float | None:
    return None if value is None else float(str(value))


def _day(as_of: dt.date | None) -> dt.date:
    day = as_of or clock.today()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise HttpError(400, _("Året skal ligge mellem %(first)s og %(last)s.") % _YEARS)
    return day


_YEARS = {"first": FIRST_YEAR, "last": LAST_YEAR}


def _period(first: dt.date, last: dt.date) -> None:
    _day(first)
    _day(last)
    if last < first:
        raise HttpError(400, _("Perioden slutter, før den begynder. Byt om på »from« og »to«."))
    if last.year - first.year > LONGEST_YEARS:
        raise HttpError(
            400, _("Perioden er for lang. Spørg om højst %(years)s år.") % {"years": LONGEST_YEARS}
        )


def _below(day: dt.date, unit: int | None) -> set[int] | None:
    """The unit and all below it as they were on the day; 404 when there is no such unit."""
    if unit is None:
        return None
    found = last_known_tree(day).below(unit)
    if not found:
        raise HttpError(404, _("Der er ingen enhed med id %(unit)s.") % {"unit": unit})
    return found
