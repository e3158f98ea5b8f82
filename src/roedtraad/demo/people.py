"""Citizens: who they are, which municipalities have to do with them, and their stays as registered. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from roedtraad.core.ids import stable_id
from roedtraad.demo import distributions as d
from roedtraad.demo import names
from roedtraad.demo.chains import Chain, narrowest
from roedtraad.demo.draws import stream, weighted
from roedtraad.demo.stays import YEAR_DAYS, Spell

_ADULT_HOUSING = {"SEL107", "SEL108", "ABL105"}


@dataclass(frozen=True, slots=True)
class RelationPlan:
    """A municipality's part in a citizen's life; `end` is the first day after."""

    kind: str
    municipality: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class StayPlan:
    """A stay as registered; the ends are last days."""

    key: str
    place: str
    payer: str
    ordered_start: dt.date
    ordered_end: dt.date | None
    actual_start: dt.date | None
    actual_end: dt.date | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class CitizenPlan:
    """A citizen with relations and stays."""

    key: UUID
    first_name: str
    last_name: str
    cpr: str | None
    birth_date: dt.date
    address: str
    address_protected: bool
    relations: tuple[RelationPlan, ...]
    stays: tuple[StayPlan, ...]


class Market:
    """Shares each year's turnover out among the buyers, so that their shares come out.

    Stays weigh very unlike, so drawing alone would not do: each group of buyers is owed its share of every
    year's turnover and pays with the citizens it is given. Who is owed most in the years of a citizen's stays
    is the likeliest to be given that citizen.
    """

    def __init__(self, buyers: tuple[tuple[float, dict[str, float]], ...]) -> None:
        self._buyers = [(share, list(group), list(group.values())) for share, group in buyers]
        self._owed: list[dict[int, float]] = [defaultdict(float) for _ in buyers]

    def buyer(self, turnover: dict[int, float], rng: random.Random) -> tuple[int, str]:
        """Who pays for a citizen worth `turnover` by year: the group's number and the municipality."""
        claims = []
        for owed, (share, _, _) in zip(self._owed, self._buyers, strict=True):
            for year, amount in turnover.items():
                owed[year] += amount * share
            claims.append(max(0.0, sum(owed[year] * amount for year, amount in turnover.items())))
        if not any(claims):
            claims = [share for share, _, _ in self._buyers]
        group = weighted(rng, range(len(claims)), claims)
        for year, amount in turnover.items():
            self._owed[group][year] -= amount
        return group, self.another(group, rng)

    def another(self, group: int, rng: random.Random) -> str:
        """A municipality of the group."""
        _, codes, weights = self._buyers[group]
        return weighted(rng, codes, weights)


def courses(chains: list[Chain], seed: int) -> list[list[Chain]]:
    """The chains of each citizen: a residential one, a day one, or both where the day offer lies at home."""
    homes: dict[tuple[str, str], list[Chain]] = defaultdict(list)
    mine: dict[int, list[Chain]] = {}
    for chain in sorted(chains, key=lambda c: c.sort_key):
        mine[id(chain)] = [chain]
        first = chain.spells[0]
        if first.place.category == d.RESIDENTIAL:
            homes[first.place.area, first.profile.age_group].append(chain)
    for chain in sorted(chains, key=lambda c: c.sort_key):
        first = chain.spells[0]
        if first.place.category != d.DAY:
            continue
        rng = stream(seed, "home", first.place.code, first.number)
        if rng.random() >= d.DAY_CITIZEN_LIVES_HERE[first.place.profile]:
            continue
        home = _home_of(chain, homes[first.place.area, first.profile.age_group], rng)
        if home is not None:
            mine[id(home)].append(chain)
            del mine[id(chain)]
    return list(mine.values())


def _home_of(chain: Chain, homes: list[Chain], rng: random.Random) -> Chain | None:
    """A resident of the same area on the day the day offer begins, who has none yet; taken from the list."""
    at = rng.randrange(len(homes)) if homes else 0
    for step in range(len(homes)):
        home = homes[(at + step) % len(homes)]
        if home.start <= chain.start <= home.end and home.can_be_followed_by(chain.window):
            homes.remove(home)
            return home
    return None


def citizens(
    courses_of: list[list[Chain]], market: Market, series: names.CprSeries, seed: int
) -> Iterator[CitizenPlan]:
    """The citizens of an operator, one for each course."""
    for course in courses_of:
        yield _citizen(course, market, series, seed)


def _citizen(course: list[Chain], market: Market, series: names.CprSeries, seed: int) -> CitizenPlan:
    spells = sorted((s for chain in course for s in chain.spells), key=lambda s: (s.start, s.place.code))
    first = course[0].spells[0]
    rng = stream(seed, "person", first.place.code, first.number)
    male = rng.random() < d.MALE_SHARE.get(first.profile.circle, d.MALE_SHARE_ELSEWHERE)
    birth = _birth_date(first, narrowest(chain.window for chain in course), rng)
    danish = names.full_name(rng, male=male)
    # Draws of their own, so that the others stay who they are.
    origin = stream(seed, "origin", first.place.code, first.number)
    first_name, last_name = names.name_of_origin(origin, male=male) or danish
    group, home = market.buyer(_turnover(spells), rng)
    known = max(birth, spells[0].start - dt.timedelta(days=rng.randint(*d.KNOWN_BEFORE_DAYS)))
    payers = [(known, home)]
    if len(course[0].spells) > 1 and rng.random() < d.PAYER_CHANGE_SHARE:
        moved = course[0].spells[1].start
        # Not in the middle of a day offer, which keeps the municipality it was agreed with.
        if not any(spell.start < moved <= spell.end for spell in spells):
            payers.append((moved, market.another(group, rng)))
    last_of_chain = {id(chain.spells[-1]) for chain in course}
    followed = {id(a): b for chain in course for a, b in zip(chain.spells, chain.spells[1:], strict=False)}
    return CitizenPlan(
        key=stable_id("demo.citizen", seed, first.place.code, first.number),
        first_name=first_name,
        last_name=last_name,
        cpr=series.take(birth, male=male),
        birth_date=birth,
        address=names.address(rng),
        address_protected=rng.random() < d.ADDRESS_PROTECTED,
        relations=_relations(payers, spells),
        stays=tuple(
            _stay(spell, _at(payers, spell.start), followed.get(id(spell)), id(spell) in last_of_chain, seed)
            for spell in spells
        ),
    )


def _birth_date(first: Spell, window: tuple[int, int], rng: random.Random) -> dt.date:
    """A birth day that fits every stay; the usual age where it can be had, else any that fits."""
    low, usual, high = first.profile.ages
    wanted = round(first.start.toordinal() - rng.triangular(low, high + 1, usual) * YEAR_DAYS)
    return dt.date.fromordinal(wanted if window[0] <= wanted <= window[1] else rng.randint(*window))


def _turnover(spells: list[Spell]) -> dict[int, float]:
    """What the citizen's stays have cost, kr. by year, up to the cut day."""
    found: dict[int, float] = defaultdict(float)
    for spell in spells:
        last = min(spell.end, d.CUT_DAY)
        for year in range(spell.start.year, last.year + 1):
            since, until = max(spell.start, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
            found[year] += max(0, (until - since).days + 1) * float(spell.rate)
    return dict(found)


def _at(timeline: list[tuple[dt.date, str]], day: dt.date) -> str:
    return next(value for since, value in reversed(timeline) if since <= day)


def _relations(payers: list[tuple[dt.date, str]], spells: list[Spell]) -> tuple[RelationPlan, ...]:
    """Who decides, who pays and where the citizen lives, through time.

    Who is placed in adults' housing (SEL §§ 107–110, ABL § 105) keeps the municipality that decides, even
    when another one comes to pay, and lives where the housing is.
    """
    in_housing = [s for s in spells if s.profile.basis in _ADULT_HOUSING]
    moves = [(s.start, s.place.municipality) for s in in_housing if s.happened and s.place.municipality]
    acting = payers[:1] if in_housing else payers
    # Once in housing, a change of payer moves no furniture.
    before = [step for step in payers if not moves or step[0] < moves[0][0]]
    return (
        *_as_relations("acting", acting),
        *_as_relations("paying", payers),
        *_as_relations("residence", [*before, *moves]),
    )


def _as_relations(kind: str, timeline: list[tuple[dt.date, str]]) -> Iterator[RelationPlan]:
    """The timeline as periods; a step that changes nothing, or is overtaken the same day, is no step."""
    by_day = dict(timeline)
    steps = [(since, value) for since, value in sorted(by_day.items())]
    changes = [step for i, step in enumerate(steps) if i == 0 or step[1] != steps[i - 1][1]]
    for i, (since, value) in enumerate(changes):
        yield RelationPlan(kind, value, since, changes[i + 1][0] if i + 1 < len(changes) else None)


def _stay(spell: Spell, payer: str, following: Spell | None, is_last: bool, seed: int) -> StayPlan:
    """The stay as ordered and as lived. What is beyond the cut day is only ordered."""
    rng = stream(seed, "order", spell.place.code, spell.number)
    ordered_start, ordered_end = spell.start, None
    if spell.happened and spell.start > spell.place.start and rng.random() < d.LATE_START_SHARE:
        ordered_start -= dt.timedelta(days=rng.randint(1, d.LATE_START_DAYS))
    if not spell.happened:
        ordered_end = spell.end if spell.profile.ends_known else None
    elif not spell.is_open:
        ordered_end = _slipped(spell, ordered_start, rng)
    elif spell.next_is_booked or following is not None or spell.profile.ends_known:
        ordered_end = spell.end
    if spell.is_open and is_last and not spell.next_is_booked and rng.random() < d.OVERDUE_SHARE:
        ended = d.CUT_DAY - dt.timedelta(days=rng.randint(*d.OVERDUE_DAYS))
        ordered_end = max(ended, spell.start)
    return StayPlan(
        key=f"ophold-{spell.place.code}-{spell.number:03d}",
        place=spell.place.code,
        payer=payer,
        ordered_start=ordered_start,
        ordered_end=ordered_end,
        actual_start=spell.start if spell.happened else None,
        actual_end=spell.end if spell.happened and not spell.is_open else None,
        rate=spell.rate,
    )


def _slipped(spell: Spell, ordered_start: dt.date, rng: random.Random) -> dt.date:
    """When a stay that is over should have ended: mostly when it did, sometimes before or after."""
    draw, slip = rng.random(), dt.timedelta(days=rng.randint(1, d.ORDER_SLIP_DAYS))
    if not spell.profile.ends_known or draw >= d.OVERSTAY_SHARE + d.LEFT_EARLY_SHARE:
        return spell.end
    if draw < d.OVERSTAY_SHARE:
        return max(spell.end - slip, ordered_start)
    return spell.end + slip
