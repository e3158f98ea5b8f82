"""`/api/v1/citizens/{citizen}/network-map`: the people in a citizen's life, and drawing them."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenPath, caller, opened
from roedtraad.citizens.models import Citizen, NetworkMap, NetworkPerson
from roedtraad.citizens.network import services
from roedtraad.citizens.network.queries import Drawn, drawn, maps_of, with_people
from roedtraad.citizens.network.services import Conflict, Someone
from roedtraad.core.api import REFUSALS, WRITE_REFUSALS, Day, Error, Text, Version, example
from roedtraad.core.refusal import Refusal

router = Router(tags=["netværkskort"])
PART = "netværkskort"

PersonPath = Annotated[UUID, Path(description="Personens id på kortet; det samme fra kort til kort.")]
Sector = Literal["family_friends", "education_work", "leisure", "home", "other"]
Tier = Literal["primary", "secondary", "tertiary"]


class PersonOut(Schema):
    """Somebody on a map. From the angle and the distance follow the sector and the ring."""

    id: UUID
    name: str
    what: str
    sector: str
    ring: int = Field(description="1 (tættest på) til 5.")
    tier: str
    angle: float = Field(description="Grader med uret fra toppen.")
    distance: float = Field(description="0 (hos borgeren) til 1 (randen).")
    version: int

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000070",
        name="Mona",
        what="søster",
        sector="family_friends",
        ring=1,
        tier="primary",
        angle=36.0,
        distance=0.1,
        version=1,
    )


class MapOut(Schema):
    """A map with everybody on it, and its index numbers."""

    id: UUID
    citizen: UUID
    drawn_on: dt.date
    drawn_with: str
    note: str
    latest: bool = Field(description="Kun det seneste kort kan ændres.")
    people: list[PersonOut]
    count: int
    close: int = Field(description="Hvor mange der er i de to inderste ringe.")
    mean_ring: float | None
    by_ring: dict[int, int]
    by_tier: dict[str, int]
    by_sector: dict[str, int]

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000069",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        drawn_on="2026-06-15",
        drawn_with="Mette",
        note="",
        latest=True,
        people=[],
        count=0,
        close=0,
        mean_ring=None,
        by_ring={"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
        by_tier={"primary": 0, "secondary": 0, "tertiary": 0},
        by_sector={"family_friends": 0, "education_work": 0, "leisure": 0, "home": 0, "other": 0},
    )


class MapIn(Schema):
    """A new map; it begins with everybody from the latest one."""

    drawn_on: Annotated[Day | None, Field(description="Uden den: i dag.")] = None
    drawn_with: Text = ""
    note: Text = ""

    model_config = example(drawn_on="2026-06-15", drawn_with="Mette")


class PersonIn(Schema):
    """Somebody to put on the latest map, where there is room in the sector and the ring."""

    name: Text
    what: Text = ""
    sector: Sector
    ring: Annotated[int, Field(ge=1, le=5)]
    tier: Tier

    model_config = example(name="Mona", what="søster", sector="family_friends", ring=1, tier="primary")


class Placing(Schema):
    """A new place for somebody on the latest map."""

    version: Version
    angle: Annotated[float, Field(ge=0, lt=360)]
    distance: Annotated[float, Field(ge=0, le=1)]

    model_config = example(version=1, angle=36.0, distance=0.3)


class PersonClash(Error):
    """Somebody changed the person meanwhile: how they stand. Nothing was written."""

    current: PersonOut | None = None
    yours: Placing | None = None


def person_out(person: NetworkPerson) -> PersonOut:
    """Somebody on a map as the API shows them."""
    return PersonOut(
        id=person.key,
        name=person.name,
        what=person.what,
        sector=person.sector,
        ring=person.ring,
        tier=person.tier,
        angle=person.angle,
        distance=person.distance,
        version=person.version,
    )


def map_out(citizen: Citizen, found: Drawn) -> MapOut:
    """A map of the citizen as the API shows it."""
    return MapOut(
        id=found.map.key,
        citizen=citizen.key,
        drawn_on=found.map.drawn_on,
        drawn_with=found.map.drawn_with,
        note=found.map.note,
        latest=found.latest,
        people=[person_out(person) for person in found.people],
        count=found.figures.count,
        close=found.figures.close,
        mean_ring=found.figures.mean_ring,
        by_ring=dict(found.figures.by_ring),
        by_tier=dict(found.figures.by_tier),
        by_sector=dict(found.figures.by_sector),
    )


@router.get(
    "/citizens/{citizen}/network-map",
    response={200: MapOut, **REFUSALS},
    summary="En borgers netværkskort",
    description=(
        "Det seneste kort; med »on« det, der gjaldt den dag. Er der intet kort endnu, er svaret 404. Omfang: record."
    ),
)
@api_action("record.view")
def get_network_map(
    request: HttpRequest,
    citizen: CitizenPath,
    on: Annotated[Day | None, Query(description="Det kort, der gjaldt den dag.")] = None,
) -> MapOut:
    """The latest map, or the one in force on a day."""
    person = opened(request, citizen, PART)
    maps = maps_of(person)
    chosen = next((one for one in maps if on is None or one.drawn_on <= on), None)
    if chosen is None:
        raise Http404
    return map_out(person, with_people(chosen, latest=chosen is maps[0]))


@router.post(
    "/citizens/{citizen}/network-map",
    response={201: MapOut, **WRITE_REFUSALS},
    summary="Tegn et nyt netværkskort",
    description="Et nyt kort med dem, der er på det seneste. De tidligere kort låses. Omfang: record.write.",
)
@api_write("record.write")
def post_network_map(request: HttpRequest, citizen: CitizenPath, new: MapIn) -> Write:
    """Draw a new map."""
    person = opened(request, citizen, PART)

    def write() -> Answer:
        made = services.draw_map(caller(request), person, **new.model_dump())
        return Answer(201, map_out(person, with_people(made, latest=True)))

    return write


@router.post(
    "/citizens/{citizen}/network-map/people",
    response={201: PersonOut, **WRITE_REFUSALS},
    summary="Sæt en person på netværkskortet",
    description="Sæt en person på det seneste kort, hvor der er plads. Omfang: record.write.",
)
@api_write("record.write")
def post_person(request: HttpRequest, citizen: CitizenPath, someone: PersonIn) -> Write:
    """Put somebody on the latest map."""
    person = opened(request, citizen, PART)

    def write() -> Answer:
        made = services.add_person(caller(request), _latest(person), Someone(**someone.model_dump()))
        return Answer(201, person_out(made))

    return write


@router.patch(
    "/citizens/{citizen}/network-map/people/{person}",
    response={200: PersonOut, **WRITE_REFUSALS, 409: PersonClash},
    summary="Flyt en person på netværkskortet",
    description=(
        "Flyt en person på det seneste kort. »version« er den, du har læst; har en anden ændret imens, er svaret 409 med "
        "begge. Omfang: record.write."
    ),
)
@api_write("record.write")
def patch_person(request: HttpRequest, citizen: CitizenPath, person: PersonPath, placing: Placing) -> Write:
    """Move somebody on the latest map."""
    whose = opened(request, citizen, PART)
    found = drawn(whose)
    held = next((one for one in found.people if one.key == person), None) if found else None
    if held is None:
        raise Http404

    def write() -> Answer:
        try:
            moved = services.move_person(
                caller(request), held, placing.angle, placing.distance, placing.version
            )
        except Conflict as clash:
            return Answer(409, PersonClash(detail=str(clash), current=person_out(clash.now), yours=placing))
        return Answer(200, person_out(moved))

    return write


def _latest(person: Citizen) -> NetworkMap:
    latest = services.latest_map(person)
    if latest is None:
        raise Refusal(_("Der er intet netværkskort endnu. Tegn et først."))
    return latest
