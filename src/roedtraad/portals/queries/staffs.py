"""The home pages of the staffs, the management and the council: figures, never persons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.journeys.queries.capacity import Capacity, Part, snapshot
from roedtraad.journeys.queries.turnover import Turnover, turnover_by_region
from roedtraad.journeys.queries.units import OFFER, last_known_tree, municipality_of
from roedtraad.organisation.models import Municipality
from roedtraad.organisation.tree import tree
from roedtraad.people.queries import Staffing, staffing
from roedtraad.steering.queries import IndicatorView, TargetPicture, target_picture


@dataclass(frozen=True)
class EconomistHome:
    """*Økonomi*: the capacity now, and where the year's turnover comes from."""

    capacity: Capacity
    turnover: Turnover
    areas: list[Part]


@dataclass(frozen=True)
class QualityHome:
    """*Kvalitet*: the offers, where they lie, who works there, and which lack a municipality."""

    capacity: Capacity
    offers: int
    by_municipality: list[tuple[str, int]]
    without_municipality: list[str]
    staffing: Staffing


@dataclass(frozen=True)
class PictureHome:
    """*Målbillede*: the newest plan's vision and tracks, and the indicators of this year for everything."""

    picture: TargetPicture

    @property
    def counted(self) -> list[IndicatorView]:
        """The indicators that have a figure."""
        return [view for view in self.picture.indicators if not view.measured.no_data]

    @property
    def waiting(self) -> list[IndicatorView]:
        """Those whose source does not exist yet."""
        return [view for view in self.picture.indicators if view.measured.no_data]


def economist_home(user: User) -> EconomistHome:
    """Capacity by specialområde today, and the running year's turnover by region."""
    today = clock.today()
    counted = snapshot(today, tree=last_known_tree(today))
    return EconomistHome(
        capacity=counted.total(), turnover=turnover_by_region(today.year), areas=counted.by("area")
    )


def quality_home(user: User) -> QualityHome:
    """The offers of today by municipality, the staffing, and which offers lack a municipality."""
    today = clock.today()
    units = tree(today)
    code_of = municipality_of(units)
    names = dict(Municipality.objects.values_list("code", "name"))
    offers = [node for node in units.by_id.values() if node.kind == OFFER]
    counted = Counter(code for node in offers if (code := code_of(node.id)))
    rows = [(names[code], number) for code, number in counted.items()]
    return QualityHome(
        capacity=snapshot(today, tree=units).total(),
        offers=len(offers),
        by_municipality=sorted(rows, key=lambda row: (-row[1], danish.sort_key(row[0]))),
        without_municipality=sorted(
            (node.name for node in offers if code_of(node.id) is None), key=danish.sort_key
        ),
        staffing=staffing(today),
    )


def strategist_home(user: User) -> PictureHome:
    """The target picture of this year; from here the plans are edited."""
    return PictureHome(target_picture())


def council_home(user: User) -> PictureHome:
    """The same picture: the council and the staffs look at one set of figures."""
    return PictureHome(target_picture())
