"""The people around a citizen: relations, who decides, what is shared, contact persons, the network map. Pure."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from uuid import UUID

from roedtraad.citizens.network.rules import RINGS, SECTORS, WIDTH, Spot, ring_start
from roedtraad.demo import distributions as d
from roedtraad.demo import names
from roedtraad.demo.draws import weighted
from roedtraad.demo.phrases import compose
from roedtraad.demo.record_people import DEMO_WORKER, Resident, in_hours, key_of, latest, workday

# Who is in a life: (kind, a man's, the family's name, weight for a child, for an adult).
KINDS: tuple[tuple[str, bool | None, bool, int, int], ...] = (
    ("mother", False, True, 40, 22), ("father", True, True, 30, 16), ("sibling", None, True, 10, 26),
    ("grandparent", None, True, 10, 0), ("child", None, True, 0, 12), ("partner", None, False, 0, 8),
    ("friend", None, False, 4, 8), ("foster", None, False, 6, 1), ("volunteer", None, False, 0, 5),
    ("family", None, True, 6, 6),
)  # fmt: skip
RELATIONS_EACH = ((1, 35), (2, 40), (3, 25))
CHOSEN_SHARE, CONSENT_SHARE, ENDED_SHARE, WITHDRAWN_SHARE, TO_MUNICIPALITY_SHARE = 0.85, 0.6, 0.08, 0.08, 0.4
# One adult in eight has a guardian; most of them about personal matters and money both.
GUARDIAN_SHARE, GUARDIAN_RELATED_SHARE = 0.12, 0.4
SCOPES: tuple[tuple[str, ...], ...] = (
    ("calendar", "messages"), ("goals", "calendar", "messages"), ("wishes", "goals", "calendar"),
    ("goals", "notes", "calendar", "messages"), ("messages",), ("calendar", "photos"),
)  # fmt: skip
# What the demo's relative may see.
RELATIVES_SCOPES = ("goals", "notes", "calendar", "messages")
SECOND_MAP_SHARE, MAP_PEOPLE = 0.4, (6, 11)
RING_OF = {"primary": (1, 1, 2), "secondary": (2, 3, 3), "tertiary": (3, 4, 5)}


@dataclass(frozen=True, slots=True)
class RelationPlan:
    """Somebody in a citizen's life; `login` is a demo user's, or ""."""

    key: UUID
    kind: str
    name: str
    phone: str
    chosen: bool
    login: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class GuardianPlan:
    """Who decides with the citizen: a relation (its place in the list), or somebody by name."""

    form: str
    personal: bool
    economic: bool
    relation: int | None
    name: str
    phone: str
    start: dt.date


@dataclass(frozen=True, slots=True)
class ConsentPlan:
    """What is shared with a relation (its place in the list), or with the municipality that pays."""

    key: UUID
    relation: int | None
    municipality: str
    scopes: tuple[str, ...]
    start: dt.date
    end: dt.date | None
    by_guardian: bool
    how: str
    at: dt.datetime
    by: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """A contact person, or one of the team."""

    user: str
    role: str
    start: dt.date


@dataclass(frozen=True, slots=True)
class MapPersonPlan:
    """Somebody on a map."""

    key: UUID
    name: str
    what: str
    sector: str
    tier: str
    spot: Spot
    relation: int | None


@dataclass(frozen=True, slots=True)
class MapPlan:
    """A network map of a day."""

    key: UUID
    drawn_on: dt.date
    drawn_with: str
    by: str
    people: tuple[MapPersonPlan, ...]


@dataclass(frozen=True, slots=True)
class CirclePlan:
    """All of them for one citizen."""

    relations: tuple[RelationPlan, ...]
    guardian: GuardianPlan | None
    consents: tuple[ConsentPlan, ...]
    contacts: tuple[ContactPlan, ...]
    maps: tuple[MapPlan, ...]

    def shares(self, scope: str) -> bool:
        """Whether some relation may see what the scope names on the last day."""
        return any(
            c.relation is not None
            and scope in c.scopes
            and c.withdrawn_at is None
            and (c.end is None or c.end > d.CUT_DAY)
            for c in self.consents
        )


def circle(resident: Resident, seed: int, *, login: str = "", demo_contact: bool = False) -> CirclePlan:
    """The circle of one citizen; with `login` the first relation is that demo user, who may see what a citizen chose."""
    rng = resident.draws(seed, "circle")
    relations = _relations(rng, resident, login)
    guardian = None if resident.is_child else _guardian(rng, resident, relations)
    consents = _consents(rng, resident, relations, guardian)
    return CirclePlan(
        relations, guardian, consents, _contacts(rng, resident, demo_contact), _maps(rng, resident, relations)
    )


def _one(rng: random.Random, choices: tuple[tuple[int, int], ...]) -> int:
    return weighted(rng, [value for value, _ in choices], [weight for _, weight in choices])


def _phone(rng: random.Random) -> str:
    """No Danish number begins with 00: nobody is called."""
    return f"00 {rng.randint(0, 99):02d} {rng.randint(0, 99):02d} {rng.randint(0, 99):02d}"


def _relations(rng: random.Random, resident: Resident, login: str) -> tuple[RelationPlan, ...]:
    made: list[RelationPlan] = []
    weights = [child if resident.is_child else adult for *_, child, adult in KINDS]
    for i in range(_one(rng, RELATIONS_EACH)):
        kind, male, family, *_ = weighted(rng, KINDS, weights)
        mine = login if i == 0 else ""
        if mine:
            kind, male, family = "mother", False, True
        if kind in ("mother", "father") and any(other.kind == kind for other in made):
            kind, male, family = "family", None, True
        first, last = names.full_name(rng, male=rng.random() < 0.5 if male is None else male)
        # The login's own name is the one the users' list says.
        name = f"Jette {resident.last_name}" if mine else f"{first} {resident.last_name if family else last}"
        start = resident.since + dt.timedelta(days=rng.randint(0, 20))
        end = None
        if not mine and rng.random() < ENDED_SHARE and (d.CUT_DAY - start).days > 400:
            end = d.CUT_DAY - dt.timedelta(days=rng.randint(20, 300))
        made.append(
            RelationPlan(
                key_of(rng, in_hours(rng, start)), kind, name, _phone(rng), bool(mine) or rng.random() < CHOSEN_SHARE,
                mine, min(start, d.CUT_DAY), end,
            )
        )  # fmt: skip
    return tuple(made)


def _guardian(
    rng: random.Random, resident: Resident, relations: tuple[RelationPlan, ...]
) -> GuardianPlan | None:
    if rng.random() >= GUARDIAN_SHARE:
        return None
    form, personal, economic = weighted(
        rng, (("5", True, True), ("5", False, True), ("5", True, False), ("6", False, True), ("7", False, True)),
        (40, 25, 15, 8, 12),
    )  # fmt: skip
    related = next(
        (i for i, r in enumerate(relations) if r.end is None and r.kind in ("mother", "father", "sibling")),
        None,
    )
    if related is not None and rng.random() < GUARDIAN_RELATED_SHARE:
        return GuardianPlan(form, personal, economic, related, "", "", resident.since)
    first, last = names.full_name(rng, male=rng.random() < 0.5)
    return GuardianPlan(
        form, personal, economic, None, f"{first} {last}, advokat", _phone(rng), resident.since
    )


def _consents(
    rng: random.Random,
    resident: Resident,
    relations: tuple[RelationPlan, ...],
    guardian: GuardianPlan | None,
) -> tuple[ConsentPlan, ...]:
    to: list[tuple[int | None, str, tuple[str, ...], bool]] = []
    for i, relation in enumerate(relations):
        if relation.login:
            to.append((i, "", RELATIVES_SCOPES, True))
        elif relation.chosen and relation.end is None and rng.random() < CONSENT_SHARE:
            to.append((i, "", rng.choice(SCOPES), False))
    if rng.random() < TO_MUNICIPALITY_SHARE:
        to.append((None, resident.payer, ("goals", "report"), False))
    made = []
    for place, municipality, scopes, kept in to:
        back = rng.randint(0, min(400, (d.CUT_DAY - resident.since).days))
        start = max(workday(d.CUT_DAY - dt.timedelta(days=back)), resident.since)
        at = in_hours(rng, start)
        # A consent lasts until it is withdrawn, or for a year.
        end = None if kept or rng.random() < 0.7 else start + dt.timedelta(days=365)
        withdrawn = None
        if not kept and rng.random() < WITHDRAWN_SHARE and back > 30:
            withdrawn = in_hours(rng, start + dt.timedelta(days=rng.randint(10, back)))
        by_guardian = guardian is not None and guardian.personal and rng.random() < 0.5
        how = rng.choice(("written", "written", "oral"))
        made.append(
            ConsentPlan(
                key_of(rng, at), place, municipality, scopes, start, end, by_guardian, how, at,
                rng.choice(resident.staff), withdrawn,
            )
        )  # fmt: skip
    return tuple(made)


def _contacts(rng: random.Random, resident: Resident, demo_contact: bool) -> tuple[ContactPlan, ...]:
    chosen = rng.sample(resident.staff, min(len(resident.staff), rng.choice((2, 2, 3))))
    if demo_contact:
        chosen = [DEMO_WORKER, *(user for user in chosen if user != DEMO_WORKER)]
    roles = ("primary", "secondary", "team", "team")
    return tuple(ContactPlan(user, role, resident.since) for user, role in zip(chosen, roles, strict=False))


def _maps(rng: random.Random, resident: Resident, relations: tuple[RelationPlan, ...]) -> tuple[MapPlan, ...]:
    recent = workday(resident.until - dt.timedelta(days=rng.randint(5, 120)))
    recent = max(recent, min(resident.since + dt.timedelta(days=3), resident.until))
    people = _people(rng, resident, relations)
    earlier = recent - dt.timedelta(days=rng.randint(250, 360))
    made = [_map(rng, resident, recent, people)]
    if rng.random() < SECOND_MAP_SHARE and earlier > resident.since:
        # A year ago some were farther away, and some not there yet.
        before = [
            (
                key,
                name,
                what,
                sector,
                tier,
                max(1, min(RINGS, ring + rng.choices((0, 1, -1), (50, 35, 15))[0])),
                relation,
            )
            for key, name, what, sector, tier, ring, relation in people
            if rng.random() < 0.85
        ]
        made.insert(0, _map(rng, resident, workday(earlier), before))
    return tuple(made)


_Placed = tuple[UUID, str, str, str, str, int, int | None]


def _people(rng: random.Random, resident: Resident, relations: tuple[RelationPlan, ...]) -> list[_Placed]:
    at = in_hours(rng, resident.since)
    words = {"mother": "mor", "father": "far", "sibling": "søskende", "child": "barn", "partner": "partner"}
    found: list[_Placed] = [
        (
            key_of(rng, at),
            r.name,
            words.get(r.kind, ""),
            "family_friends",
            "primary",
            rng.choice((1, 1, 2)),
            i,
        )
        for i, r in enumerate(relations)
        if r.end is None
    ]
    taken = {word for relation in relations for word in (words.get(relation.kind, "-"),)}
    for each in compose.network_people(rng, resident.person, rng.randint(*MAP_PEOPLE)):
        if each.who.casefold() not in taken:
            found.append(
                (key_of(rng, at), each.who, "", each.sector, each.tier, rng.choice(RING_OF[each.tier]), None)
            )
    return found


def _map(rng: random.Random, resident: Resident, day: dt.date, people: list[_Placed]) -> MapPlan:
    cells: dict[tuple[str, int], int] = {}
    placed = []
    for key, name, what, sector, tier, ring, relation in people:
        nth = cells[sector, ring] = cells.get((sector, ring), 0) + 1
        placed.append(MapPersonPlan(key, name, what, sector, tier, _spot(sector, ring, nth), relation))
    at, by = in_hours(rng, day), rng.choice(resident.staff)
    with_whom = rng.choice(("kontaktpersonen", "en medarbejder", "kontaktpersonen og en pårørende"))
    return MapPlan(key_of(rng, latest(at)), day, with_whom, by, tuple(placed))


def _spot(sector: str, ring: int, nth: int) -> Spot:
    """The nth place in a cell: across the sector from its middle, further places a little farther out."""
    # The inmost ring is short: three beside each other are what it has room for.
    beside = (0.5, 0.2, 0.8) if ring == 1 else (0.5, 0.2, 0.8, 0.35, 0.65)
    across = beside[(nth - 1) % len(beside)]
    outward = (0.5, 0.2, 0.8)[(nth - 1) // len(beside) % 3]
    return Spot(
        round((SECTORS.index(sector) + across) * WIDTH, 1), round(ring_start(ring) + outward / RINGS, 3)
    )
