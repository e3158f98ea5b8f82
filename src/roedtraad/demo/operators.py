"""Who runs offers in a world of a given scale: the region, twenty of it, or the whole country. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from roedtraad.demo import distributions as d
from roedtraad.demo import facts
from roedtraad.demo.draws import share_out

Scale = Literal["region", "national", "x20"]
SCALES: tuple[Scale, ...] = ("region", "national", "x20")
ROOT, SOCIAL = "region-midtjylland", "socialomraadet"


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit the fixtures do not have, made for a larger world."""

    key: str
    kind: str
    name: str
    short_name: str
    parent: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Places of one profile in one unit; `base_key` is the unit of the fixtures it is modelled on."""

    unit: str
    base_key: str
    profile: str
    weight: float
    area: str
    target_group: str
    municipality: str


@dataclass(frozen=True)
class Operator:
    """Somebody who runs offers: its units, its totals and who buys from it.

    `totals` are places by (category, age group), the age group "" meaning both. `buyers` are shares with the
    municipalities that hold them. Only an operator of the documents is `fitted` to their counted citizens.
    """

    key: str
    units: tuple[UnitPlan, ...]
    offers: tuple[Offer, ...]
    totals: dict[tuple[str, str], int]
    buyers: tuple[tuple[float, dict[str, float]], ...]
    staff: dict[str, float]
    fitted: bool = True
    moves_capacity: bool = True


def operators(scale: Scale) -> list[Operator]:
    """The operators of a world. ValueError with a sentence when the scale is unknown."""
    home = _home()
    if scale == "region":
        return [home]
    if scale == "x20":
        return [home, *(_copy(home, n) for n in range(2, d.COPIES + 1))]
    if scale == "national":
        return [home, *_other_regions(home), *_municipal(home)]
    raise ValueError(f"Ukendt størrelse »{scale}«. Vælg {', '.join(SCALES)}.")


def _home() -> Operator:
    offers = []
    for unit, profile, weight in d.OFFERS:
        version = facts.unit_on(unit, facts.COUNTED_ON)
        area = facts.area_of(unit, facts.COUNTED_ON)
        offers.append(Offer(unit, unit, profile, weight, area, d.TARGET_GROUPS[area], version.municipality))
    return Operator(
        key="",
        units=(),
        offers=tuple(offers),
        totals=facts.home_places(),
        buyers=regional_buyers(facts.HOME_REGION),
        staff={category: float(fte) for category, fte in facts.staff().items()},
    )


def regional_buyers(region: str) -> tuple[tuple[float, dict[str, float]], ...]:
    """Who buys from a region's operator: its own municipalities, and the other regions'.

    Region Midtjylland's shares are the stated ones. Another region keeps the same home share and sells the
    rest evenly; its municipalities count alike, as nothing is known of them here.
    """
    stated = facts.turnover_shares(d.NO_MUNICIPALITY)
    by_region = facts.municipalities()
    if region == facts.HOME_REGION:
        nearness = {code: 0.5 ** (km / d.HALVING_KM) for code, km in facts.km_from_home().items()}
        return tuple(
            (
                share,
                {code: d.INHABITANTS[code] if key == region else nearness[code] for code in by_region[key]},
            )
            for key, share in stated.items()
        )
    home_share = stated[facts.HOME_REGION]
    others = [key for key in by_region if key != region]
    return (
        (home_share, dict.fromkeys(by_region[region], 1.0)),
        *(((1 - home_share) / len(others), dict.fromkeys(by_region[key], 1.0)) for key in others),
    )


def _below_social() -> list[facts.UnitFact]:
    """Areas, offers and departments of the fixtures, as on the counting day, parents first."""
    wanted, queue = [], [SOCIAL]
    everything = [
        v
        for vs in facts.units().values()
        for v in vs
        if v.start <= facts.COUNTED_ON and (v.end is None or v.end > facts.COUNTED_ON)
    ]
    while queue:
        parent = queue.pop(0)
        for version in everything:
            if version.parent_key == parent and version.kind in ("specialomraade", "tilbud", "afdeling"):
                wanted.append(version)
                queue.append(version.key)
    return wanted


def _like_home(
    home: Operator, suffix: str, label: str, parent: str
) -> tuple[tuple[UnitPlan, ...], tuple[Offer, ...]]:
    """Units and offers like the region's own, with other keys and names."""
    units = tuple(
        UnitPlan(
            f"{v.key}-{suffix}", v.kind, f"{v.name} ({label})", v.short_name and f"{v.short_name} ({label})",
            parent if v.parent_key == SOCIAL else f"{v.parent_key}-{suffix}", v.municipality,
        )
        for v in _below_social()
    )  # fmt: skip
    offers = tuple(replace(o, unit=f"{o.unit}-{suffix}", area=f"{o.area}-{suffix}") for o in home.offers)
    return units, offers


def _copy(home: Operator, number: int) -> Operator:
    units, offers = _like_home(home, f"k{number:02d}", str(number), SOCIAL)
    return replace(home, key=f"k{number:02d}", units=units, offers=offers)


def _other_regions(home: Operator) -> list[Operator]:
    names = {r["code"]: r["name"] for r in facts.rows("regions")}
    weights = list(d.OTHER_REGIONS.values())
    children = share_out(facts.national_rest(d.CHILD), weights)
    adults = share_out(facts.national_rest(d.ADULT), weights)
    made = []
    for code, child, adult in zip(d.OTHER_REGIONS, children, adults, strict=True):
        root, social = f"region-{code}", f"socialomraadet-{code}"
        towns = sorted(facts.municipalities()[code])
        units, offers = _like_home(home, f"r{code}", names[code], social)
        placed = {u.key: towns[i % len(towns)] for i, u in enumerate(units)}
        size = (child + adult) / sum(
            n for (category, _), n in home.totals.items() if category == d.RESIDENTIAL
        )
        made.append(
            Operator(
                key=f"r{code}",
                units=(
                    UnitPlan(root, "region", names[code], names[code], "", ""),
                    UnitPlan(
                        social, "driftsfunktion", f"Socialområdet i {names[code]}", "Socialområdet", root, ""
                    ),
                    *(replace(u, municipality=placed[u.key]) for u in units),
                ),
                offers=tuple(replace(o, municipality=placed[o.unit]) for o in offers),
                totals={
                    (d.RESIDENTIAL, d.CHILD): child,
                    (d.RESIDENTIAL, d.ADULT): adult,
                    (d.DAY, ""): round(home.totals[d.DAY, ""] * size),
                },
                buyers=regional_buyers(code),
                staff={category: round(fte * size) for category, fte in home.staff.items()},
                fitted=False,
                moves_capacity=False,
            )
        )
    return made


def _municipal(home: Operator) -> list[Operator]:
    """Every municipality as an operator of one area with a few offers."""
    child, adult, by_day = d.MUNICIPAL_PLACES
    size = (child + adult) / sum(n for (category, _), n in home.totals.items() if category == d.RESIDENTIAL)
    made = []
    for names in facts.municipalities().values():
        for code, name in names.items():
            root, area = f"kommune-{code}", f"kommune-{code}-omraade"
            neighbours = {other: 1.0 for other in names if other != code}
            made.append(
                Operator(
                    key=f"m{code}",
                    units=(
                        UnitPlan(root, "driftsfunktion", f"{name} Kommune", name, "", code),
                        UnitPlan(
                            area, "specialomraade", f"Socialområdet i {name}", f"Social {name}", root, code
                        ),
                        *(
                            UnitPlan(f"{root}-{k}", "tilbud", f"{word} i {name}", word, area, code)
                            for k, word, _, _ in d.MUNICIPAL_OFFERS
                        ),
                    ),
                    offers=tuple(
                        Offer(
                            f"{root}-{k}",
                            f"{root}-{k}",
                            profile,
                            weight,
                            area,
                            "developmental",
                            code,
                        )
                        for k, _, profile, weight in d.MUNICIPAL_OFFERS
                    ),
                    totals={
                        (d.RESIDENTIAL, d.CHILD): child,
                        (d.RESIDENTIAL, d.ADULT): adult,
                        (d.DAY, ""): by_day,
                    },
                    buyers=((d.MUNICIPAL_OWN_SHARE, {code: 1.0}), (1 - d.MUNICIPAL_OWN_SHARE, neighbours)),
                    staff={category: round(fte * size) for category, fte in home.staff.items()},
                    fitted=False,
                    moves_capacity=False,
                )
            )
    return made
