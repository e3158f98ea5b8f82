"""The fixture files in the tables: complete, idempotent, and clear about what is wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.types.range import DateRange

from roedtraad.organisation import models as m
from roedtraad.organisation.loading import load_organisation
from roedtraad.organisation.reading import FIXTURES, STATED, LoadingError, read, stated_facts
from roedtraad.organisation.tree import tree

pytestmark = pytest.mark.django_db


def _history_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'organisation_%event'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        assert tables
        total = 0
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            total += cursor.fetchone()[0]
    return total


def _copy(folder: Path) -> Path:
    target = folder / "fixtures"
    shutil.copytree(FIXTURES, target)
    return target


def _replace(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_row_of_the_files_is_in_the_tables(organisation: None) -> None:
    for model, name in [
        (m.UnitVersion, "units"),
        (m.Headcount, "headcounts"),
        (m.UnitSuccession, "successions"),
        (m.LeadershipPost, "posts"),
        (m.ReferenceLine, "reference_lines"),
        (m.MedCommittee, "med_committees"),
        (m.MedCoverage, "med_coverage"),
        (m.Scenario, "scenarios"),
        (m.ScenarioPost, "scenario_posts"),
        (m.ScenarioLine, "scenario_lines"),
        (m.LeadershipRoom, "leadership_room"),
        (m.NationalPlaces, "national_places"),
        (m.LegalBasis, "legal_basis"),
        (m.Region, "regions"),
    ]:
        assert model.objects.count() == len(read(FIXTURES, name)), name  # type: ignore[attr-defined]


@pytest.mark.parametrize(("day", "areas", "offers"), [("2013-12-31", 9, 31), ("2026-06-15", 8, 39)])
def test_areas_and_offers_of_the_documents(organisation: None, day: str, areas: int, offers: int) -> None:
    kinds = [node.kind for node in tree(dt.date.fromisoformat(day)).by_id.values()]
    assert kinds.count("specialomraade") == areas
    assert kinds.count("tilbud") == offers


def test_the_socialomraade_before_and_after_1_july_2020(organisation: None) -> None:
    before, after = tree(dt.date(2020, 6, 30)), tree(dt.date(2020, 7, 1))
    was, now = before.by_key("socialomraadet"), after.by_key("socialomraadet")
    assert was and now
    assert [node.key for node in before.path(was.id)] == [
        "region-midtjylland", "psykiatri-og-social", "socialomraadet",
    ]  # fmt: skip
    assert [node.key for node in after.path(now.id)] == ["region-midtjylland", "socialomraadet"]
    assert before.by_key("socialstaben") is None
    staff = after.by_key("socialstaben")
    assert staff and staff.kind == "socialstab" and staff.parent_id == now.id
    assert sorted(node.name for node in staff.children if node.kind == "kontor") == [
        "Kvalitet, sundhed og udvikling",
        "Strategi, sekretariat og kommunikation",
        "Økonomi og bygninger",
    ]


def test_loading_twice_leaves_no_trace(organisation: None) -> None:
    before = _history_rows()
    again = load_organisation()
    assert again.changes == 0
    assert _history_rows() == before


def test_loading_uses_few_statements_whatever_the_files_hold(
    organisation: None, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(90):  # type: ignore[operator]
        load_organisation()


def test_a_changed_row_is_changed_in_the_table(organisation: None, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    _replace(
        folder,
        "headcounts.csv",
        "socialomraadet,2026-01-01,cirka 2300,,2300,,",
        "socialomraadet,2026-01-01,cirka 2300,,2301,,",
    )
    _replace(
        folder,
        "posts.csv",
        "regionsdirektoer,direktionen,Regionsdirektør,1",
        "regionsdirektoer,direktionen,Regionsdirektør,2",
    )
    done = load_organisation(folder)
    assert done.changes == 2
    assert m.Headcount.objects.get(unit__key="socialomraadet", wording="cirka 2300").number == Decimal(2301)
    assert m.LeadershipPost.objects.get(key="regionsdirektoer").holders == 2


def test_a_moved_boundary_between_two_versions_is_taken_over(organisation: None, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    path = folder / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = [
        line.replace("2021-01-01", "2021-02-01") if line.startswith("socialstaben,") else line
        for line in lines
    ]
    path.write_text("".join(moved), encoding="utf-8")
    load_organisation(folder)
    starts = m.UnitVersion.objects.filter(unit__key="socialstaben").values_list("valid", flat=True)
    assert sorted(valid.lower for valid in starts) == [dt.date(2020, 7, 1), dt.date(2021, 2, 1)]


def test_a_unit_changed_in_the_system_keeps_its_change(organisation: None) -> None:
    version = m.UnitVersion.objects.get(unit__key="tangkaer")
    version.name, version.basis = "Nye Tangkær", m.base.Basis.REGISTERED
    version.save()
    assert load_organisation().changes == 0
    assert m.UnitVersion.objects.get(unit__key="tangkaer").name == "Nye Tangkær"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("units.csv", "direktionen,direktion,", "direktionen,ministerium,", "units.csv, række 3 har kind"),
        ("units.csv", "n,region-midtjylland,2007-01-01", "n,region-midtjylland,2007-13-01", "har valid_from »2007-13-01«"),
        ("posts.csv", "samlet,direktionen,", "samlet,findes-ikke,", "række 2 peger med unit_key på »findes-ikke«"),
        ("headcounts.csv", ",30000,30000,,", ",30000,mange,,", "headcounts.csv, række 2 har number »mange«"),
        ("national_places.csv", "residential,621", "residential,-621", "række 2 har places »-621«"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_loaded(
    db: None, tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    folder = _copy(tmp_path)
    _replace(folder, name, old, new)
    with pytest.raises(LoadingError) as refusal:
        load_organisation(folder)
    assert says in str(refusal.value)
    assert not m.Region.objects.exists()


def test_two_rows_of_a_unit_on_one_day_are_refused(db: None, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    period = "psykiatri-og-social,2007-01-01,{},assumption,Socialdirektør"
    _replace(folder, "units.csv", period.format("2020-07-01"), period.format("2020-08-01"))
    with pytest.raises(LoadingError, match="overlapper en anden række for samme enhed"):
        load_organisation(folder)


def test_the_database_refuses_an_overlap_and_an_own_parent(organisation: None) -> None:
    version = m.UnitVersion.objects.get(unit__key="tangkaer")
    twin = {"unit": version.unit, "kind": "tilbud", "name": "Tangkær", "sort_key": "tangkær"}
    with pytest.raises(IntegrityError, match="unit_version_no_overlap"), transaction.atomic():
        m.UnitVersion.objects.create(**twin, valid=DateRange(dt.date(2020, 1, 1), None))
    with pytest.raises(IntegrityError, match="unit_not_own_parent"), transaction.atomic():
        m.UnitVersion.objects.create(
            **twin, parent=version.unit, valid=DateRange(dt.date(2012, 1, 1), dt.date(2013, 1, 1))
        )


def test_stated_facts_are_read_as_they_stand() -> None:
    assert {name for name in STATED if stated_facts(name)} == set(STATED)
    staff = {row["category"]: int(row["fte"]) for row in stated_facts("staffing_facts")}
    assert staff["Pædagogisk personale"] == 1148
    with pytest.raises(ValueError, match="oplyste tal"):
        stated_facts("units")
