"""Small makers of domain rows, for tests only.

They write straight to the tables, past the services and their access checks, so that a test can set a scene
in few lines. `start` is the first day and `end` the first day that no longer counts (half-open, as the
`valid` columns); a stay's `ordered_end` and `actual_end` are last days, as the columns are. CPR numbers are
in the series of the public test persons only (7th and 8th digit 99).
"""

from __future__ import annotations

import datetime as dt
from datetime import date
from itertools import count
from typing import Any

from roedtraad.access.models import Grant
from roedtraad.access.roles import SCOPE, Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, Consent, MunicipalityRelation, Relation
from roedtraad.core import clock, danish
from roedtraad.core.cpr import parse_cpr
from roedtraad.core.encrypted import blind_index
from roedtraad.core.period import Period
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import (
    AgreedPlaces,
    LegalBasis,
    Municipality,
    Place,
    PlaceTerm,
    Region,
    RegionMembership,
    Unit,
    UnitVersion,
)

BEGINNING = date(2013, 1, 1)
PASSWORD = "en lang adgangskode"

_MUNICIPALITIES = {
    "0751": ("Aarhus", "1082"),
    "0791": ("Viborg", "1082"),
    "0661": ("Holstebro", "1082"),
    "0851": ("Aalborg", "1081"),
    "0461": ("Odense", "1083"),
    "0101": ("København", "1084"),
    "0265": ("Roskilde", "1085"),
}
_REGIONS = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}
_BASES = {
    "SEL108": ("Serviceloven", "§ 108", "Længerevarende botilbud", "residential"),
    "SEL107": ("Serviceloven", "§ 107", "Midlertidigt botilbud", "residential"),
    "SEL103": ("Serviceloven", "§ 103", "Beskyttet beskæftigelse", "day"),
    "SEL104": ("Serviceloven", "§ 104", "Aktivitets- og samværstilbud", "day"),
    "BL43": ("Barnets lov", "§ 43", "Anbringelse af børn og unge", "residential"),
}
_serial = count(1)


def unit(
    key: str,
    kind: str = "tilbud",
    name: str | None = None,
    parent: Unit | None = None,
    start: date = BEGINNING,
    end: date | None = None,
    **version: Any,
) -> Unit:
    """A unit with one version; further keywords go into the version (municipality_id, short_name, …)."""
    made, _ = Unit.objects.get_or_create(key=key)
    shown = name or key.replace("-", " ").capitalize()
    UnitVersion.objects.create(
        unit=made,
        valid=Period(start, end).to_range(),
        kind=kind,
        name=shown,
        sort_key=danish.sort_key(shown),
        parent=parent,
        **version,
    )
    return made


def region_root() -> Unit:
    """The region itself, the root of the tree; the same one each time."""
    found = Unit.objects.filter(key="region").first()
    return found or unit("region", kind="region", name="Region Midtjylland")


def municipality(code: str = "0751", name: str | None = None, region: str | None = None) -> Municipality:
    """A municipality in its region; the same one each time for the same code."""
    known_name, known_region = _MUNICIPALITIES.get(code, (f"Kommune {code}", "1082"))
    shown = name or known_name
    made, new = Municipality.objects.get_or_create(
        code=code, defaults={"name": shown, "sort_key": danish.sort_key(shown)}
    )
    if new:
        region_code = region or known_region
        region_name = _REGIONS[region_code]
        where, _ = Region.objects.get_or_create(
            code=region_code, defaults={"name": region_name, "sort_key": danish.sort_key(region_name)}
        )
        RegionMembership.objects.create(
            municipality=made, region=where, valid=Period(date(2007, 1, 1)).to_range()
        )
    return made


def legal_basis(code: str = "SEL108") -> LegalBasis:
    """A paragraph; the same one each time for the same code."""
    law, paragraph, name, category = _BASES[code]
    made, _ = LegalBasis.objects.get_or_create(
        code=code,
        defaults={
            "law": law,
            "paragraph": paragraph,
            "name": name,
            "category": category,
            "valid": Period(date(2007, 1, 1)).to_range(),
        },
    )
    return made


def agreed(
    unit: Unit, places: int, category: str = "residential", start: date = BEGINNING, end: date | None = None
) -> AgreedPlaces:
    """Places agreed in the framework agreement."""
    return AgreedPlaces.objects.create(
        unit=unit, category=category, places=places, valid=Period(start, end).to_range()
    )


def place(
    code: str,
    unit: Unit,
    category: str = "residential",
    start: date = BEGINNING,
    end: date | None = None,
    age_group: str = "adult",
    target_group: str = "developmental",
    basis: LegalBasis | None = None,
) -> Place:
    """A place with one term."""
    made = Place.objects.create(code=code, category=category)
    term(made, unit, start, end, age_group=age_group, target_group=target_group, basis=basis)
    return made


def term(
    place: Place,
    unit: Unit,
    start: date,
    end: date | None = None,
    *,
    age_group: str = "adult",
    target_group: str = "developmental",
    basis: LegalBasis | None = None,
) -> PlaceTerm:
    """One more term of a place's life."""
    default = "SEL108" if place.category == "residential" else "SEL104"
    return PlaceTerm.objects.create(
        place=place,
        valid=Period(start, end).to_range(),
        unit=unit,
        legal_basis=basis or legal_basis(default),
        target_group=target_group,
        age_group=age_group,
    )


def cpr_number(n: int, *, child: bool = False) -> str:
    """The n-th CPR number of the public test series: adults are born 1950–1999, children from 2010 on."""
    first = date(2010, 1, 1) if child else date(1950, 1, 1)
    born = first + dt.timedelta(days=n % (5000 if child else 18000))
    return f"{born:%d%m%y}99{n % 100:02d}"


def citizen(n: int = 0, **kw: Any) -> Citizen:
    """The n-th citizen (0: the next unused number); `cpr`, `child` and any field may be given.

    `acting`, `paying` and `residence` take municipality codes and make relations from `BEGINNING`.
    """
    number = n or next(_serial) + 10_000
    cpr = parse_cpr(kw.pop("cpr", None) or cpr_number(number, child=kw.pop("child", False)))
    relations = {kind: kw.pop(kind) for kind in ("acting", "paying", "residence") if kind in kw}
    first_name = kw.pop("first_name", "Borger")
    last_name = kw.pop("last_name", f"Prøve {number}")
    made = Citizen.objects.create(
        first_name=first_name,
        last_name=last_name,
        sort_key=kw.pop("sort_key", danish.sort_key(f"{last_name} {first_name}")),
        cpr=cpr.number,
        cpr_index=blind_index(cpr.number, "cpr"),
        birth_date=kw.pop("birth_date", cpr.birth_date),
        **kw,
    )
    for kind, code in relations.items():
        MunicipalityRelation.objects.create(
            citizen=made, kind=kind, municipality=municipality(code), valid=Period(BEGINNING).to_range()
        )
    return made


def stay(citizen: Citizen, place: Place, ordered_start: date, **kw: Any) -> Stay:
    """A stay; `moved_in=True` makes the ordered days the actual ones too."""
    if kw.pop("moved_in", False):
        kw.setdefault("actual_start", ordered_start)
        kw.setdefault("actual_end", kw.get("ordered_end"))
    if "paying_municipality_id" not in kw:
        kw["paying_municipality"] = kw.get("paying_municipality") or municipality()
    kw.setdefault("key", f"stay-{next(_serial)}")
    return Stay.objects.create(citizen=citizen, place=place, ordered_start=ordered_start, **kw)


def user_with(
    role: Role | str,
    scope: Any,
    username: str | None = None,
    *,
    start: date = BEGINNING,
    end: date | None = None,
) -> User:
    """A user with one grant: `scope` is the unit, municipality or citizen the role is tied to."""
    held = Role(role)
    user = User.objects.create_user(
        username=username or f"{held.value}-{next(_serial)}",
        password=PASSWORD,
        full_name=f"Prøve {held.value}",
    )
    Grant.objects.create(
        user=user, role=held.value, valid=Period(start, end).to_range(), **{SCOPE[held]: scope}
    )
    return user


def relation(citizen: Citizen, name: str = "Mor Prøve", start: date = BEGINNING, **kw: Any) -> Relation:
    """Somebody the citizen has chosen; `user` links a login, `end` is the first day that no longer counts."""
    kw.setdefault("kind", "mother")
    kw.setdefault("chosen_by_citizen", True)
    valid = Period(start, kw.pop("end", None)).to_range()
    return Relation.objects.create(citizen=citizen, name=name, valid=valid, **kw)


def consent(to: Relation, *scopes: str, start: date = BEGINNING, recorded_by: User, **kw: Any) -> Consent:
    """What the relation's citizen shares with them."""
    valid = Period(start, kw.pop("end", None)).to_range()
    kw.setdefault("citizen", to.citizen)
    kw.setdefault("how", "oral")
    return Consent.objects.create(
        relation=to,
        scopes=list(scopes),
        valid=valid,
        recorded_by=recorded_by,
        recorded_at=clock.now(),
        **kw,
    )
