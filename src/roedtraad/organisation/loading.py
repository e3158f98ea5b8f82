"""Reads the organisation's fixture files into the tables.

The files (`fixtures/README.md`) say what the documents say. Loading is idempotent: a row that is as it should
be is not touched, so a second run leaves no trace in the history. A unit that has been changed in the system
since keeps those changes; the files no longer speak for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pghistory
from django.db import transaction

from roedtraad.core.danish import sort_key
from roedtraad.organisation import models as m
from roedtraad.organisation.models.base import Basis
from roedtraad.organisation.reading import FIXTURES, LoadingError, Row, read, stated_facts
from roedtraad.organisation.syncing import Counts, Loaded, sync

__all__ = ["Counts", "Loaded", "LoadingError", "load_organisation", "stated_facts"]

REASON = "indlæst fra dokumenterne"


@dataclass
class _Load:
    """One run: where the files are, and what has been read so far."""

    folder: Path
    loaded: Loaded = field(default_factory=Loaded)
    units: dict[str, m.Unit] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def rows(self, name: str) -> list[Row]:
        return read(self.folder, name)

    def unit(self, row: Row, column: str) -> m.Unit:
        return row.found(column, self.units)

    def unit_or_none(self, row: Row, column: str) -> m.Unit | None:
        return self.unit(row, column) if row.text(column) else None


@transaction.atomic
def load_organisation(folder: Path = FIXTURES) -> Loaded:
    """Load every file of the organisation from `folder`, all or nothing. About twenty statements.

    LoadingError names file and row when a row cannot be used.
    """
    load = _Load(folder)
    with pghistory.context(reason=REASON):
        _municipalities(load)
        _units(load)
        _counts_and_fates(load)
        _leadership(load)
        _committees(load)
        _scenarios(load)
        _law_and_country(load)
    return load.loaded


def _municipalities(load: _Load) -> None:
    regions = {
        row.text("code"): m.Region(
            code=row.needed("code"), name=row.needed("name"), sort_key=sort_key(row.text("name"))
        )
        for row in load.rows("regions")
    }
    sync(load.loaded, "regions", m.Region, ["code"], [(None, region) for region in regions.values()])
    positions = {row.text("code"): row for row in load.rows("municipality_positions")}
    rows = load.rows("municipalities")
    municipalities = {}
    for row in rows:
        at = positions.get(row.text("code"))
        municipalities[row.text("code")] = m.Municipality(
            code=row.needed("code"),
            name=row.needed("name"),
            sort_key=sort_key(row.text("name")),
            latitude=at.decimal("lat") if at else None,
            longitude=at.decimal("lon") if at else None,
        )
    sync(
        load.loaded,
        "municipalities",
        m.Municipality,
        ["code"],
        [(None, one) for one in municipalities.values()],
    )
    memberships = [
        (
            row,
            m.RegionMembership(
                municipality=municipalities[row.text("code")],
                region=row.found("region_code", regions),
                valid=row.period(),
            ),
        )
        for row in rows
        if row.text("region_code")
    ]
    stale = m.RegionMembership.objects.all()
    sync(
        load.loaded,
        "municipalities",
        m.RegionMembership,
        ["municipality_id", "valid"],
        memberships,
        stale=stale,
    )


def _units(load: _Load) -> None:
    rows = load.rows("units")
    sync(
        load.loaded,
        "units",
        m.Unit,
        ["key"],
        [(row, m.Unit(key=row.needed("key"))) for row in {r.text("key"): r for r in rows}.values()],
    )
    load.units = {unit.key: unit for unit in m.Unit.objects.all()}
    load.touched = set(
        m.UnitVersion.objects.filter(basis=Basis.REGISTERED).values_list("unit_id", flat=True)
    ) | set(m.UnitSuccession.objects.filter(basis=Basis.REGISTERED).values_list("predecessor_id", flat=True))
    municipalities = m.Municipality.objects.in_bulk()
    versions = []
    for row in rows:
        unit = load.unit(row, "key")
        if unit.pk in load.touched:
            continue
        version = m.UnitVersion(
            unit=unit,
            valid=row.period(),
            kind=row.choice("kind", m.unit.UnitKind.values),
            name=row.needed("name"),
            short_name=row.text("short_name"),
            sort_key=sort_key(row.text("name")),
            parent=load.unit_or_none(row, "parent_key"),
            manager_title=row.text("manager_title"),
            municipality=row.found("municipality_code", municipalities)
            if row.text("municipality_code")
            else None,
            municipality_basis=row.text("municipality_basis"),
            sites=row.text("sites"),
            address=row.text("address"),
            tasks=row.text("tasks"),
            **row.source(),
        )
        versions.append((row, version))
    _refuse_overlaps(versions)
    sync(
        load.loaded,
        "units",
        m.UnitVersion,
        ["unit_id", "valid"],
        versions,
        stale=m.UnitVersion.objects.exclude(unit_id__in=load.touched).exclude(basis=Basis.REGISTERED),
    )


def _counts_and_fates(load: _Load) -> None:
    headcounts = [
        (
            row,
            m.Headcount(
                unit=load.unit(row, "key"),
                as_of=row.date("as_of"),
                wording=row.needed("wording"),
                low=row.decimal_or_none("low"),
                number=row.decimal("number"),
                high=row.decimal_or_none("high"),
                measure=row.needed("measure"),
                scope=row.text("scope"),
                **row.source(),
            ),
        )
        for row in load.rows("headcounts")
    ]
    sync(
        load.loaded,
        "headcounts",
        m.Headcount,
        ["unit_id", "as_of", "measure", "wording", "scope"],
        headcounts,
        stale=m.Headcount.objects.exclude(basis=Basis.REGISTERED),
    )
    successions = [
        (
            row,
            m.UnitSuccession(
                predecessor=load.unit(row, "predecessor_key"),
                successor=load.unit_or_none(row, "successor_key"),
                on=row.date("on"),
                kind=row.choice("kind", m.UnitSuccession.Kind.values),
                **row.source(),
            ),
        )
        for row in load.rows("successions")
    ]
    sync(
        load.loaded,
        "successions",
        m.UnitSuccession,
        ["predecessor_id", "successor_id", "on"],
        successions,
        stale=m.UnitSuccession.objects.exclude(basis=Basis.REGISTERED),
    )


def _leadership(load: _Load) -> None:
    posts = {
        row.text("key"): (
            row,
            m.LeadershipPost(
                key=row.needed("key"),
                unit=load.unit(row, "unit_key"),
                title=row.needed("title"),
                holders=row.integer("holders"),
                is_body=row.choice("is_body", ["yes", "no"]) == "yes",
                valid=row.period(),
                **row.source(),
            ),
        )
        for row in load.rows("posts")
    }
    sync(load.loaded, "posts", m.LeadershipPost, ["key"], list(posts.values()))
    found = {post.key: post for post in m.LeadershipPost.objects.all()}
    lines = [
        (
            row,
            m.ReferenceLine(
                post=row.found("post_key", found),
                refers_to=row.found("refers_to_key", found),
                kind=row.choice("kind", m.ReferenceLine.Kind.values),
                valid=row.period(),
                **row.source(),
            ),
        )
        for row in load.rows("reference_lines")
    ]
    sync(
        load.loaded,
        "reference_lines",
        m.ReferenceLine,
        ["post_id", "refers_to_id", "kind", "valid"],
        lines,
        stale=m.ReferenceLine.objects.exclude(basis=Basis.REGISTERED),
    )


def _committees(load: _Load) -> None:
    committees = [
        (
            row,
            m.MedCommittee(
                key=row.needed("key"),
                name=row.needed("name"),
                level=row.choice("level", m.MedCommittee.Level.values),
                chair_title=row.text("chair_title"),
                valid=row.period(),
                **row.source(),
            ),
        )
        for row in load.rows("med_committees")
    ]
    sync(load.loaded, "med_committees", m.MedCommittee, ["key"], committees)
    found = {committee.key: committee for committee in m.MedCommittee.objects.all()}
    coverage = [
        (
            row,
            m.MedCoverage(
                committee=row.found("committee_key", found),
                unit=load.unit(row, "unit_key"),
                valid=row.period(),
            ),
        )
        for row in load.rows("med_coverage")
    ]
    stale = m.MedCoverage.objects.all()
    sync(
        load.loaded,
        "med_coverage",
        m.MedCoverage,
        ["committee_id", "unit_id", "valid"],
        coverage,
        stale=stale,
    )


def _scenarios(load: _Load) -> None:
    rows = load.rows("scenarios")
    # A scenario stands after the one it builds on, so that the base has its number first.
    for wave in ([r for r in rows if not r.text("base_key")], [r for r in rows if r.text("base_key")]):
        known = {one.key: one for one in m.Scenario.objects.filter(owner__isnull=True)}
        scenarios = [
            (
                row,
                m.Scenario(
                    key=row.needed("key"),
                    name=row.needed("name"),
                    base=row.found("base_key", known) if row.text("base_key") else None,
                    description=row.text("description"),
                    published=row.choice("published", ["true", "false"]) == "true",
                    **row.source(),
                ),
            )
            for row in wave
        ]
        sync(load.loaded, "scenarios", m.Scenario, ["key"], scenarios)
    known = {one.key: one for one in m.Scenario.objects.filter(owner__isnull=True)}
    own = [one.pk for one in known.values() if one.basis != Basis.REGISTERED]
    posts = [
        (
            row,
            m.ScenarioPost(
                scenario=row.found("scenario_key", known),
                action=row.choice("action", m.ScenarioPost.Action.values),
                title=row.needed("title"),
                from_title=row.text("from_title"),
                count=row.integer("count"),
                yearly_pay=row.decimal("yearly_pay"),
                **row.source(),
            ),
        )
        for row in load.rows("scenario_posts")
    ]
    sync(
        load.loaded,
        "scenario_posts",
        m.ScenarioPost,
        ["scenario_id", "action", "title", "from_title"],
        posts,
        stale=m.ScenarioPost.objects.filter(scenario_id__in=own),
    )
    lines = [
        (
            row,
            m.ScenarioLine(
                scenario=row.found("scenario_key", known),
                from_title=row.needed("from_title"),
                to_title=row.needed("to_title"),
            ),
        )
        for row in load.rows("scenario_lines")
    ]
    sync(
        load.loaded,
        "scenario_lines",
        m.ScenarioLine,
        ["scenario_id", "from_title", "to_title"],
        lines,
        stale=m.ScenarioLine.objects.filter(scenario_id__in=own),
    )
    rooms = [
        (
            row,
            m.LeadershipRoom(
                year=row.integer("year"),
                surplus_income=row.decimal("merafloeft"),
                set_aside=row.decimal_or_none("set_aside") or 0,
                **row.source(),
            ),
        )
        for row in load.rows("leadership_room")
    ]
    sync(load.loaded, "leadership_room", m.LeadershipRoom, ["year"], rooms)


def _law_and_country(load: _Load) -> None:
    laws = [
        (
            row,
            m.LegalBasis(
                code=row.needed("code"),
                law=row.needed("law"),
                paragraph=row.needed("paragraph"),
                name=row.needed("name"),
                category=row.choice("category", m.places.Category.values),
                valid=row.period(),
                **row.source(),
            ),
        )
        for row in load.rows("legal_basis")
    ]
    sync(load.loaded, "legal_basis", m.LegalBasis, ["code", "valid"], laws)
    totals = [
        (
            row,
            m.NationalPlaces(
                year=row.integer("year"),
                age_group=row.choice("age_group", m.places.AgeGroup.values),
                category=row.choice("category", m.places.Category.values),
                places=row.integer("places"),
                stated_own_places=row.integer("own_places"),
                **row.source(),
            ),
        )
        for row in load.rows("national_places")
    ]
    sync(load.loaded, "national_places", m.NationalPlaces, ["year", "age_group", "category"], totals)


def _refuse_overlaps(versions: Iterable[tuple[Row, m.UnitVersion]]) -> None:
    """LoadingError when two rows of one unit share a day; the database says so too, but not which row."""
    ordered = sorted(versions, key=lambda pair: (pair[1].unit_id, pair[1].valid.lower))
    for (_first_row, first), (row, second) in pairwise(ordered):
        if first.unit_id == second.unit_id and (
            first.valid.upper is None or second.valid.lower < first.valid.upper
        ):
            raise row.wrong("har en periode, der overlapper en anden række for samme enhed")
