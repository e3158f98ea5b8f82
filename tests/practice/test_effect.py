"""»Effekt«: a unit's goals by what has come of them, for whoever leads the unit."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from roedtraad.access.roles import Role
from tests import factories as make
from tests.practice.outcomes import rated
from tests.practice.scene import Record


@pytest.fixture
def full(scene: Record) -> Record:
    """Ane has two goals to develop and one to keep, all rated, and one that nobody has rated; Bo has one next door."""
    rated(scene.worker, scene.ane, -1, 0, year=2026)
    rated(scene.worker, scene.ane, -1, -2, year=2026)
    rated(scene.worker, scene.ane, 0, year=2026, kind="maintain")
    rated(scene.worker, scene.ane, year=2026)
    rated(scene.stranger, scene.bo, -2, -1, year=2026)
    return scene


def test_the_leader_sees_the_shares_of_the_unit(full: Record, django_assert_max_num_queries: Any) -> None:
    client = full.client(full.leader)
    with django_assert_max_num_queries(15):
        page = client.get("/effekt/elmehuset/").content.decode()
    assert "Elmehuset 2026: 2 af 3 vurderede mål er nået (66,7\u00a0%), og 1 er gået tilbage." in page
    assert "Mål om at udvikle" in page and "Mål om at fastholde" in page
    assert "1 mål er ikke vurderet" in page
    assert client.get("/effekt/").content.decode().count("Elmehuset 2026") == 1


def test_a_leader_of_several_units_sees_them_one_by_one(full: Record) -> None:
    leader = make.user_with(Role.LEADER, full.area)
    page = full.client(leader).get("/effekt/omraade/").content.decode()
    assert 'href="/effekt/birkehuset/?aar=2026"' in page
    assert "2 af 4 vurderede mål er nået" in page


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("leader", "birkehuset/", 404),
        ("leader", "omraade/", 404),
        ("leader", "elmehuset/?aar=2019", 404),
        ("leader", "elmehuset/?aar=æ", 404),
        ("leader", "elmehuset/udtraek.pdf", 404),
        ("worker", "elmehuset/", 403),
    ],
)
def test_nobody_sees_a_unit_they_do_not_lead(full: Record, who: str, path: str, status: int) -> None:
    assert full.client(getattr(full, who)).get(f"/effekt/{path}").status_code == status


def test_the_year_before_tells_that_there_is_nothing(full: Record) -> None:
    assert (
        "ingen mål er vurderet i 2025"
        in full.client(full.leader).get("/effekt/elmehuset/?aar=2025").content.decode()
    )


def test_the_figures_as_files(full: Record) -> None:
    client = full.client(full.leader)
    lines = client.get("/effekt/elmehuset/udtraek.csv?aar=2026").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Gruppe;Borgere;Nået;nået, pct.;På vej")
    assert lines[1] == "Elmehuset;1;2;66,7;0;0,0;0;0,0;1;33,3;1"
    assert lines[-1].startswith("Ikke til videregivelse")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/effekt/elmehuset/udtraek.xlsx").content))
    assert [cell.value for cell in book.active[2]][:3] == ["Elmehuset", 1, 2]
