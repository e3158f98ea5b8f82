"""Relations from an old system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from roedtraad.citizens.models import Relation
from roedtraad.exchange.pipeline import Outcome
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


def row(**more: Any) -> dict[str, Any]:
    return {
        "system": "Sensum",
        "source_id": "R-1",
        "citizen": make.cpr_number(1),
        "kind": "mor",
        "name": "Inge  Prøve",
        "phone": "12 34 56 78",
        "chosen_by_citizen": "ja",
        "valid_from": "01-01-2020",
        "valid_last": "31-12-2026",
        **more,
    }


def test_a_relation_is_written_and_the_same_file_changes_nothing(world: World, run: Run) -> None:
    assert run("relationer", [row()], keep=False).counts["new"] == 1
    assert not Relation.objects.exists()
    assert run("relationer", [row()]).faults == []
    relation = Relation.objects.get()
    assert (relation.citizen, relation.kind, relation.name) == (world.citizens[0], "mother", "Inge Prøve")
    assert (relation.phone, relation.chosen_by_citizen, relation.user) == ("12 34 56 78", True, None)
    assert (str(relation.valid.lower), str(relation.valid.upper)) == ("2020-01-01", "2027-01-01")
    again = run("relationer", [row()])
    assert again.counts == {"new": 0, "changed": 0, "same": 1, "faulty": 0}
    assert relation.events.count() == 1


def test_a_corrected_file_corrects_and_keeps_the_old(world: World, run: Run) -> None:
    run("relationer", [row()])
    outcome = run("relationer", [row(name="Inge Ny", phone="")])
    assert (outcome.counts["changed"], outcome.samples[0].changes) == (1, ["navn", "telefon"])
    relation = Relation.objects.get()
    assert (relation.name, relation.phone) == ("Inge Ny", "")
    assert [event.name for event in relation.events.order_by("pgh_id")] == ["Inge Prøve", "Inge Ny"]


def test_what_was_corrected_here_stays_when_the_file_says_the_same(world: World, run: Run) -> None:
    run("relationer", [row()])
    Relation.objects.update(phone="87 65 43 21")
    assert run("relationer", [row()]).counts["same"] == 1
    assert Relation.objects.get().phone == "87 65 43 21"


def test_what_was_removed_here_stays_away(world: World, run: Run) -> None:
    run("relationer", [row()])
    Relation.objects.all().delete()
    outcome = run("relationer", [row(name="Inge Ny")])
    assert outcome.counts == {"new": 0, "changed": 0, "same": 1, "faulty": 0}
    assert "slettet her" in outcome.remarks[0].sentence
    assert not Relation.objects.exists()


def test_a_guardian_comes_without_the_guardianship(world: World, run: Run) -> None:
    outcome = run("relationer", [row(kind="værge")])
    assert [remark.row for remark in outcome.remarks] == [2]
    assert "værgemålet er ikke med" in outcome.remarks[0].sentence


def test_the_citizen_by_key_and_by_the_old_systems_number(world: World, run: Run) -> None:
    citizen = {"first_name": "Ane", "last_name": "Ål", "birth_date": "1970-01-01", "cpr": ""}
    run("borgere", [{**citizen, "system": "Sensum", "source_id": "0101709999"}])
    rows = [
        row(citizen=str(world.citizens[1].key)),
        row(source_id="R-2", citizen="0101709999"),
    ]
    assert run("relationer", rows).faults == []
    names = [r.citizen.first_name for r in Relation.objects.order_by("pk").select_related("citizen")]
    assert names == [world.citizens[1].first_name, "Ane"]


FAULTS = [
    ({"citizen": "ukendt"}, "»borger« er hverken en nøgle, et CPR-nummer eller"),
    ({"citizen": make.cpr_number(9)}, "»borger« er hverken en nøgle, et CPR-nummer eller"),
    ({"kind": "nabo"}, "»relation« skal være en af: mor"),
    ({"phone": "12"}, "Skriv telefonnummeret med mindst 8 cifre"),
    ({"email": "inge"}, "E-mailen kan ikke være rigtig."),
    ({"valid_last": "2019-01-01"}, "»gælder til og med« (1. januar 2019) ligger før"),
    ({"source_id": "R-0"}, "Kilde-id »R-0« står også i række 2."),
    ({"name": ""}, "»navn« mangler."),
]


@pytest.mark.parametrize(("wrong", "words"), FAULTS)
def test_faults_name_their_row_and_nothing_is_written(
    world: World, run: Run, wrong: dict[str, Any], words: str
) -> None:
    outcome = run("relationer", [row(source_id="R-0"), row(**wrong)])
    assert any(fault.row == 3 and words in fault.sentence for fault in outcome.faults), outcome.faults
    assert not any(make.cpr_number(9) in fault.sentence for fault in outcome.faults)
    assert not Relation.objects.exists()


def test_a_row_keeps_its_citizen(world: World, run: Run) -> None:
    run("relationer", [row()])
    outcome = run("relationer", [row(citizen=make.cpr_number(2))])
    assert "er før indlæst om en anden borger" in outcome.faults[0].sentence
