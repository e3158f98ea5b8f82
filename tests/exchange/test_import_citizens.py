"""Citizens from an old system: known by its number, whether or not they have a CPR number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from roedtraad.citizens.models import Citizen
from roedtraad.core.encrypted import blind_index
from roedtraad.exchange.models import ForeignRecord
from roedtraad.exchange.pipeline import Outcome
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


def row(**more: Any) -> dict[str, Any]:
    return {
        "cpr": "010170-9910",
        "first_name": "Ane",
        "last_name": "Ål",
        "system": "Sensum",
        "source_id": "77",
        **more,
    }


def test_the_number_of_the_old_system_finds_the_citizen_again(world: World, run: Run) -> None:
    assert run("borgere", [row()]).counts["new"] == 1
    citizen = Citizen.objects.get(first_name="Ane")
    assert run("borgere", [row()]).counts == {"new": 0, "changed": 0, "same": 1, "faulty": 0}
    # The number alone is enough, whatever the case of the system's name, and the CPR number stays.
    changed = run("borgere", [row(cpr="", system="SENSUM", last_name="Åse")])
    assert (changed.faults, changed.counts["changed"]) == ([], 1)
    citizen.refresh_from_db()
    assert (citizen.last_name, citizen.cpr) == ("Åse", "0101709910")


def test_a_citizen_without_a_cpr_number(world: World, run: Run) -> None:
    alone = row(cpr="", birth_date="1970-01-01")
    assert run("borgere", [alone, {**alone, "acting": "0751", "acting_from": "2020-01-01"}]).faults == []
    citizen = Citizen.objects.get(first_name="Ane")
    assert (citizen.cpr, citizen.municipality_relations.count()) == (None, 1)
    assert run("borgere", [alone]).counts["same"] == 1
    # A number they get later is written on them, and not on somebody new.
    assert run("borgere", [row()]).counts["changed"] == 1
    citizen.refresh_from_db()
    assert citizen.cpr == "0101709910"
    assert Citizen.objects.count() == len(world.citizens) + 1


def test_no_number_is_kept_in_clear(world: World, run: Run) -> None:
    run("borgere", [row(source_id="010170-9910")])
    stored = ForeignRecord.objects.get()
    assert (stored.system, stored.kind) == ("Sensum", "borgere")
    assert "9910" not in repr({name: value for name, value in vars(stored).items() if name != "_state"})
    assert Citizen.objects.get(first_name="Ane").cpr_index == blind_index("0101709910", "cpr")


FAULTS = [
    ({"source_id": ""}, "Udfyld både »kildesystem« og »kilde-id«"),
    ({"system": ""}, "Udfyld både »kildesystem« og »kilde-id«"),
    ({"cpr": make.cpr_number(1)}, "CPR-nummeret hører til en borger med en anden nøgle."),
    ({"cpr": "", "source_id": "", "system": ""}, "Udfyld »nøgle«, »cpr« eller »kilde-id«"),
    ({"cpr": "", "source_id": "78"}, "Borgeren er ny og har intet CPR-nummer."),
    ({"cpr": "010170-9929", "key": "KEY"}, "»kilde-id« hører til en anden borger."),
]


@pytest.mark.parametrize(("wrong", "words"), FAULTS)
def test_faults(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    run("borgere", [row()])
    if wrong.get("key"):
        wrong = {"key": str(world.citizens[1].key), "cpr": "", "first_name": "Bo", "last_name": "Bo"}
    outcome = run("borgere", [row(source_id="1", cpr="010180-9929"), row(**wrong)])
    assert any(fault.row == 3 and words in fault.sentence for fault in outcome.faults), outcome.faults
    assert Citizen.objects.count() == len(world.citizens) + 1


def test_two_citizens_of_one_file_cannot_have_one_number(world: World, run: Run) -> None:
    outcome = run("borgere", [row(), row(cpr="010180-9929", first_name="Bo")])
    assert any("»kilde-id« hører til en anden borger." in fault.sentence for fault in outcome.faults)
    assert Citizen.objects.count() == len(world.citizens)
