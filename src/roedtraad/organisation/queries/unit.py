"""A unit's page: what it is on a day, who leads it, what it holds, and how it came to be so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.organisation.models import (
    Headcount,
    LeadershipPost,
    MedCoverage,
    PlaceTerm,
    ReferenceLine,
    Unit,
    UnitSuccession,
    UnitVersion,
)
from roedtraad.organisation.models.base import Basis
from roedtraad.organisation.models.places import Category
from roedtraad.organisation.queries.pictures import (
    CountedStaff,
    Picture,
    UnitOnDay,
    counted,
    kinds_counted,
    on_day,
    picture,
    source_of,
)
from roedtraad.organisation.rules import headline_count

# A longer number is no id of ours and no bigint.
LONGEST_ID = 19


@dataclass(frozen=True)
class Chapter:
    """One period of a unit's history, with what it rests on."""

    unit: UnitOnDay
    period: Period
    parent_key: str
    parent_name: str
    basis_label: str
    note: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class PersonInCharge:
    """A leadership post in force and the posts it refers to or that refer to it, as (title, kind)."""

    title: str
    holders: int
    is_body: bool
    refers_to: tuple[tuple[str, str], ...]
    referred_by: tuple[tuple[str, str], ...]
    basis_label: str
    source: str


@dataclass(frozen=True)
class Committee:
    """A MED committee that covers the unit, itself or through a unit above."""

    name: str
    level: str
    chair_title: str
    through: UnitOnDay


@dataclass(frozen=True)
class Thread:
    """Where a unit came from or went: a succession seen from one side."""

    key: str
    name: str
    on: dt.date
    kind: str
    basis_label: str
    note: str


@dataclass(frozen=True)
class PlacesHere:
    """Places on the day at the unit and below, by category."""

    residential: int = 0
    day: int = 0

    @property
    def any(self) -> bool:
        """Whether there are places at all."""
        return bool(self.residential or self.day)


@dataclass(frozen=True)
class UnitPage:
    """Everything the page shows. `now` is None when the unit did not exist on the day."""

    id: int
    key: str
    name: str
    as_of: dt.date
    now: UnitOnDay | None
    path: list[UnitOnDay]
    children: list[UnitOnDay]
    kinds_below: dict[str, int]
    posts: list[PersonInCharge]
    staff: list[CountedStaff]
    committees: list[Committee]
    places: PlacesHere
    history: list[Chapter]
    came_from: list[Thread]
    became: list[Thread]
    can_undo: bool

    @property
    def first_day(self) -> dt.date:
        """The first day of its life."""
        return self.history[0].period.start

    @property
    def last_day(self) -> dt.date | None:
        """The last day of its life, None while it lives."""
        return self.history[-1].period.last


def history(key: str) -> list[UnitVersion]:
    """A unit's versions, oldest first; empty when there is no such unit. One SQL statement."""
    return list(
        UnitVersion.objects.filter(unit__key=key)
        .select_related("unit", "municipality", "parent")
        .order_by("valid")
    )


def history_of(reference: str) -> list[tuple[UnitOnDay, str]]:
    """The periods of the unit with this id or key, oldest first, each with its note. Two SQL statements.

    The headcount of a period is the newest that was known when it ended, or is known today.
    """
    named = Q(unit__key=reference)
    if reference.isascii() and reference.isdecimal() and len(reference) < LONGEST_ID:
        named |= Q(unit_id=int(reference))
    elif "\x00" in reference:
        return []
    versions = list(
        UnitVersion.objects.filter(named).select_related("unit", "municipality").order_by("unit_id", "valid")
    )
    # A key of digits that is another unit's id: the key goes first.
    if any(version.unit.key == reference for version in versions):
        versions = [version for version in versions if version.unit.key == reference]
    counts = [
        counted(row)
        for row in Headcount.objects.filter(unit_id__in={v.unit_id for v in versions}, scope="").order_by(
            "pk"
        )
    ]
    return [(on_day(version, _known_in(version, counts)), version.note) for version in versions]


def _known_in(version: UnitVersion, counts: list[CountedStaff]) -> CountedStaff | None:
    end = version.valid.upper
    last = end - dt.timedelta(days=1) if end else max(clock.today(), version.valid.lower)
    known = [(one.as_of, one.measure, place) for place, one in enumerate(counts) if one.as_of <= last]
    place = headline_count(known)
    return None if place is None else counts[place]


def unit_page(key: str, as_of: dt.date) -> UnitPage | None:
    """The page of a unit on a day, None when there is no such unit. Ten SQL statements at most."""
    versions = history(key)
    if not versions:
        return None
    unit = versions[0].unit
    whole = picture(as_of)
    now = whole.units.get(unit.pk)
    below = whole.below(unit.pk) if now else []
    path = whole.path(unit.pk) if now else []
    ended = UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit)).select_related(
        "predecessor", "successor"
    )
    threads = list(ended.order_by("on", "pk"))
    names = _names_of(
        {v.parent_id for v in versions if v.parent_id}
        | {t.predecessor_id for t in threads}
        | {t.successor_id for t in threads if t.successor_id}
    )
    chapters = _chapters(versions, names)
    nearest = min(versions, key=lambda v: (abs((v.valid.lower - as_of).days), v.valid.lower))
    return UnitPage(
        id=unit.pk,
        key=unit.key,
        name=now.name if now else nearest.name,
        as_of=as_of,
        now=now,
        path=path,
        children=whole.children(unit.pk) if now else [],
        kinds_below=kinds_counted(below),
        posts=_posts(unit, as_of) if now else [],
        staff=_staff(unit, as_of),
        committees=_committees(path, as_of) if now else [],
        places=places_at([unit.pk, *(one.id for one in below)], as_of) if now else PlacesHere(),
        history=chapters,
        came_from=[_thread(t, t.predecessor, names) for t in threads if t.successor_id == unit.pk],
        became=[_thread(t, t.successor, names) for t in threads if t.predecessor_id == unit.pk],
        can_undo=any(v.basis == Basis.REGISTERED for v in versions)
        or any(t.basis == Basis.REGISTERED and t.predecessor_id == unit.pk for t in threads),
    )


def places_at(unit_ids: Collection[int], as_of: dt.date) -> PlacesHere:
    """How many places the units have on the day, by category. One SQL statement."""
    rows = (
        PlaceTerm.objects.filter(unit_id__in=unit_ids, valid__contains=as_of)
        .values_list("place__category")
        .annotate(n=Count("pk"))
    )
    found = dict(rows.order_by())
    return PlacesHere(found.get(Category.RESIDENTIAL, 0), found.get(Category.DAY, 0))


def _names_of(unit_ids: Collection[int]) -> dict[int, str]:
    """The newest name of each unit. One SQL statement."""
    versions = UnitVersion.objects.filter(unit_id__in=unit_ids).order_by("unit_id", "valid")
    return {
        unit_id: short or name
        for unit_id, short, name in versions.values_list("unit_id", "short_name", "name")
    }


_FIELDS = ("name", "kind", "parent_id", "manager_title", "municipality_id", "sites", "address", "tasks")


def _chapters(versions: list[UnitVersion], names: dict[int, str]) -> list[Chapter]:
    chapters = []
    before: UnitVersion | None = None
    for version in versions:
        changed = tuple(
            str(UnitVersion._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
            for name in _FIELDS
            if before is not None and getattr(before, name) != getattr(version, name)
        )
        chapters.append(
            Chapter(
                unit=on_day(version),
                period=Period.from_range(version.valid),
                parent_key=version.parent.key if version.parent else "",
                parent_name=names.get(version.parent_id or 0, ""),
                basis_label=version.get_basis_display(),
                note=version.note,
                changes=changed,
            )
        )
        before = version
    return chapters


def _posts(unit: Unit, as_of: dt.date) -> list[PersonInCharge]:
    """The posts in force and their lines. Two SQL statements."""
    posts = list(LeadershipPost.objects.filter(unit=unit, valid__contains=as_of).order_by("-is_body", "pk"))
    ids = [post.pk for post in posts]
    lines = list(
        ReferenceLine.objects.filter(
            Q(post_id__in=ids) | Q(refers_to_id__in=ids),
            valid__contains=as_of,
            post__valid__contains=as_of,
            refers_to__valid__contains=as_of,
        )
        .select_related("post", "refers_to")
        .order_by("kind", "pk")
    )
    found = []
    for post in posts:
        up = [(one.refers_to.title, str(one.get_kind_display())) for one in lines if one.post_id == post.pk]
        down = [(one.post.title, str(one.get_kind_display())) for one in lines if one.refers_to_id == post.pk]
        found.append(
            PersonInCharge(
                title=post.title,
                holders=post.holders,
                is_body=post.is_body,
                refers_to=tuple(up),
                referred_by=tuple(_counted_titles(down)),
                basis_label=post.get_basis_display(),
                source=source_of(post),
            )
        )
    return found


def _counted_titles(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Eight lines from eight posts of one title become one: "Områdechef (8)"."""
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    return [(f"{title} ({n})" if n > 1 else title, kind) for (title, kind), n in counts.items()]


def _staff(unit: Unit, as_of: dt.date) -> list[CountedStaff]:
    """The headcounts known on the day, newest first. One SQL statement."""
    rows = Headcount.objects.filter(unit=unit, as_of__lte=as_of).order_by("-as_of", "scope", "pk")
    return [counted(row) for row in rows]


def _committees(path: list[UnitOnDay], as_of: dt.date) -> list[Committee]:
    """The committees of the unit and of all above it, nearest first. One SQL statement."""
    nearness = {unit.id: place for place, unit in enumerate(reversed(path))}
    by_id = {unit.id: unit for unit in path}
    rows = MedCoverage.objects.filter(
        unit_id__in=nearness, valid__contains=as_of, committee__valid__contains=as_of
    ).select_related("committee")
    return [
        Committee(
            name=row.committee.name,
            level=row.committee.get_level_display(),
            chair_title=row.committee.chair_title,
            through=by_id[row.unit_id],
        )
        for row in sorted(rows, key=lambda row: (nearness[row.unit_id], row.committee.name))
    ]


def _thread(row: UnitSuccession, other: Unit | None, names: dict[int, str]) -> Thread:
    return Thread(
        key=other.key if other else "",
        name=names.get(other.pk, other.key) if other else "",
        on=row.on,
        kind=row.get_kind_display(),
        basis_label=row.get_basis_display(),
        note=row.note,
    )


__all__ = ["Chapter", "Picture", "PlacesHere", "UnitPage", "history", "history_of", "places_at", "unit_page"]
