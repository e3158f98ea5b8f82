"""Importing units, places and citizens: what is written, and how each fault is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.exchange.pipeline import Outcome
from roedtraad.organisation.models import Place, PlaceTerm, Unit, UnitVersion
from roedtraad.organisation.models.base import Basis
from tests import factories as make
from tests.exchange.worlds import World

pytestmark = pytest.mark.django_db
Run = Callable[..., Outcome]


def unit_row(**more: Any) -> dict[str, Any]:
    return {
        "key": "ny",
        "kind": "tilbud",
        "name": "Åhus",
        "parent": "region",
        "municipality": "Viborg Kommune",
        "valid_from": "2020-01-01",
        "valid_last": "",
        **more,
    }


def place_row(**more: Any) -> dict[str, Any]:
    return {
        "code": "N-1",
        "category": "Døgn",
        "unit": "tang",
        "legal_basis": "SEL108",
        "target_group": "autisme",
        "age_group": "voksne",
        "valid_from": "2020-01-01",
        "valid_last": "",
        **more,
    }


def citizen_row(**more: Any) -> dict[str, Any]:
    return {"cpr": "010170-9910", "first_name": "Ane", "last_name": "Ål", "address": "Vej 1", **more}


def sentences(outcome: Outcome) -> list[str]:
    return [str(fault) for fault in outcome.faults]


def test_units_with_versions_and_a_parent_in_the_same_file(world: World, run: Run) -> None:
    rows = [
        unit_row(key="hus-1", kind="hus", parent="ny"),
        unit_row(valid_last="2022-12-31"),
        unit_row(name="Aahus", valid_from="01.01.2023"),
    ]
    outcome = run("enheder", rows)
    assert sentences(outcome) == []
    assert outcome.counts["new"] == 3
    versions = UnitVersion.objects.filter(unit__key="ny").order_by("valid")
    assert [(v.name, v.valid.lower, v.valid.upper) for v in versions] == [
        ("Åhus", date(2020, 1, 1), date(2023, 1, 1)),
        ("Aahus", date(2023, 1, 1), None),
    ]
    assert versions[0].municipality_id == "0791"
    assert UnitVersion.objects.get(unit__key="hus-1").parent == Unit.objects.get(key="ny")
    again = run("enheder", rows)
    assert again.counts["same"] == 3


def test_a_change_takes_the_fact_from_its_document(world: World, run: Run) -> None:
    UnitVersion.objects.filter(unit=world.offer).update(basis=Basis.DOCUMENT, source_document="004")
    outcome = run(
        "enheder", [unit_row(key="tang", name="Nyt navn", municipality="", valid_from="2013-01-01")]
    )
    assert outcome.counts["changed"] == 1
    version = UnitVersion.objects.get(unit=world.offer)
    assert (version.name, version.basis, version.source_document) == ("Nyt navn", Basis.REGISTERED, "")


UNIT_FAULTS = [
    ({"parent": "findes-ikke"}, "»hører under« peger på »findes-ikke«, som ikke findes."),
    ({"parent": "ny"}, "En enhed kan ikke høre under sig selv."),
    ({"kind": "slot"}, "»art« skal være en af: region,"),
    ({"key": "Stort Navn"}, "»nøgle« må kun have små bogstaver"),
    ({"valid_last": "2019-01-01"}, "»gælder til og med« (1. januar 2019) ligger før »gælder fra«"),
    ({"valid_from": "2010-01-01"}, "Enheden hører under »region«, som ikke findes fra den 1. januar 2010."),
    (
        {"key": "tang", "valid_from": "2020-01-01"},
        "Enheden står fra den 1. januar 2020 også i den periode, der er skrevet fra 2013-01-01",
    ),
    (
        {
            "key": "region",
            "kind": "region",
            "parent": "",
            "valid_from": "2013-01-01",
            "valid_last": "2019-12-31",
        },
        "Enheden »tang« hører under denne enhed fra den 1. januar 2020, hvor den er væk.",
    ),
    ({"key": "region", "kind": "region", "parent": "tang", "valid_from": "2013-01-01"}, "under sig selv"),
]


@pytest.mark.parametrize(("wrong", "words"), UNIT_FAULTS)
def test_faults_of_units(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    outcome = run("enheder", [unit_row(key="god"), unit_row(**wrong)])
    assert not outcome.good
    assert any(sentence.startswith("række 3: ") and words in sentence for sentence in sentences(outcome))
    assert not Unit.objects.filter(key="god").exists()


def test_places_with_terms(world: World, run: Run) -> None:
    make.unit("ny", parent=world.root)
    rows = [place_row(valid_last="2021-12-31"), place_row(unit="ny", valid_from="2022-01-01")]
    outcome = run("pladser", rows)
    assert sentences(outcome) == []
    place = Place.objects.get(code="N-1")
    assert [(t.unit.key, t.valid.lower, t.valid.upper) for t in place.terms.order_by("valid")] == [
        ("tang", date(2020, 1, 1), date(2022, 1, 1)),
        ("ny", date(2022, 1, 1), None),
    ]
    assert run("pladser", rows).counts["same"] == 2


PLACE_FAULTS = [
    ({"unit": "findes-ikke"}, "»enhed« peger på »findes-ikke«"),
    ({"unit": "tang", "valid_from": "2012-01-01"}, "Enheden »tang« findes ikke fra den 1. januar 2012."),
    ({"legal_basis": "XYZ"}, "»lovgrundlag« peger på »XYZ«"),
    ({"category": "dag"}, "Lovgrundlaget »SEL108« gælder ikke for den slags plads."),
    ({"code": "T-1", "category": "dag"}, "Plads T-1 er en anden slags (døgn i »døgn eller dag«)."),
    (
        {"code": "T-1"},
        "Pladsen står fra den 1. januar 2020 også i den periode, der er skrevet fra 2013-01-01",
    ),
    ({"code": "N-0"}, "Pladsen står fra den 1. januar 2020 også i række 2."),
    ({"age_group": "pensionister"}, "»aldersgruppe« skal være en af: børn og unge, voksne."),
    (
        {"code": "T-1", "valid_from": "2013-01-01", "valid_last": "2024-01-31"},
        "Plads T-1 har et ophold fra den 1. januar 2024, som kommer til at ligge uden for pladsens levetid.",
    ),
]


@pytest.mark.parametrize(("wrong", "words"), PLACE_FAULTS)
def test_faults_of_places(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    make.stay(world.citizens[0], world.places[0], date(2024, 1, 1))
    outcome = run("pladser", [place_row(code="N-0"), place_row(**wrong)])
    assert any(sentence.startswith("række 3: ") and words in sentence for sentence in sentences(outcome))
    assert PlaceTerm.objects.count() == 2


def test_a_citizen_with_municipalities_through_time(world: World, run: Run) -> None:
    rows = [
        citizen_row(
            acting="0751",
            acting_from="2020-01-01",
            acting_last="2021-12-31",
            paying="Viborg",
            paying_from="2020-01-01",
        ),
        citizen_row(acting="0791", acting_from="2022-01-01"),
    ]
    outcome = run("borgere", rows)
    assert sentences(outcome) == []
    citizen = Citizen.objects.get(first_name="Ane")
    assert (citizen.cpr, citizen.birth_date) == ("0101709910", date(1970, 1, 1))
    relations = MunicipalityRelation.objects.filter(citizen=citizen).order_by("kind", "valid")
    assert [(r.kind, r.municipality_id, r.valid.upper) for r in relations] == [
        ("acting", "0751", date(2022, 1, 1)),
        ("acting", "0791", None),
        ("paying", "0791", None),
    ]
    again = run("borgere", rows)
    assert (again.counts["same"], citizen.events.count()) == (2, 1)


def test_a_protected_address_is_not_emptied_by_a_file_without_it(world: World, run: Run) -> None:
    citizen = make.citizen(7, address="Hemmelig 1", address_protected=True)
    row = {
        "key": str(citizen.key),
        "cpr": "",
        "first_name": citizen.first_name,
        "last_name": "Ny",
        "address": "",
        "address_protected": "ja",
    }
    assert run("borgere", [row]).counts["changed"] == 1
    citizen.refresh_from_db()
    assert (citizen.last_name, citizen.address, citizen.cpr) == ("Ny", "Hemmelig 1", make.cpr_number(7))


def test_only_another_address_is_a_change(world: World, run: Run) -> None:
    citizen = make.citizen(7, last_name="Prøve", address="Vej 1")
    row = {
        "key": str(citizen.key),
        "cpr": "",
        "first_name": citizen.first_name,
        "last_name": citizen.last_name,
        "address_protected": "nej",
    }
    for address, state in (("Vej 1", "same"), ("Vej 2", "changed"), ("Vej 2", "same"), ("", "changed")):
        outcome = run("borgere", [{**row, "address": address}])
        assert sentences(outcome) == []
        assert outcome.counts[state] == 1, address
        assert all(sample.changes == ["adresse"] for sample in outcome.samples if sample.state == "changed")
        citizen.refresh_from_db()
        assert citizen.address == address
    assert run("borgere", [row]).counts["same"] == 1
    # The database would take it for a change as often as it is written.
    assert [event.address for event in citizen.events.order_by("pgh_id")] == ["Vej 1", "Vej 2", ""]


def test_two_addresses_of_one_citizen_in_a_file_are_a_fault(world: World, run: Run) -> None:
    same = run("borgere", [citizen_row(), citizen_row()])
    assert (sentences(same), same.counts["new"]) == ([], 2)
    [fault] = sentences(run("borgere", [citizen_row(), citizen_row(address="Vej 2")]))
    assert "Rækken siger noget andet om den samme borger end række 2." in fault
    assert Citizen.objects.get(first_name="Ane").address == "Vej 1"


CITIZEN_FAULTS = [
    ({"cpr": "310270-9910"}, "CPR-nummeret har en dato, der ikke findes."),
    ({"cpr": ""}, "Udfyld »nøgle«, »cpr« eller »kilde-id«"),
    ({"first_name": "An3"}, "Fornavnet har tegn, der ikke hører til i et navn."),
    ({"birth_date": "1980-01-01"}, "»fødselsdato« er en anden dag"),
    ({"key": "01890000-0000-7000-8000-000000000001", "cpr": ""}, "Borgeren er ny og har intet CPR-nummer."),
    (
        {"key": "01890000-0000-7000-8000-000000000001", "cpr": make.cpr_number(1)},
        "CPR-nummeret hører til en borger med en anden nøgle.",
    ),
    ({"acting": "0751"}, "Udfyld »handlekommune fra«"),
    ({"last_name": "Anderledes"}, "Rækken siger noget andet om den samme borger end række 2."),
    ({"acting": "0751", "acting_from": "2021-01-01"}, "Borgeren har en kommune i samme rolle"),
    ({"address_protected": "måske"}, "»adressebeskyttelse« skal være ja eller nej."),
]


@pytest.mark.parametrize(("wrong", "words"), CITIZEN_FAULTS)
def test_faults_of_citizens(world: World, run: Run, wrong: dict[str, Any], words: str) -> None:
    first = citizen_row(acting="0791", acting_from="2020-01-01")
    outcome = run("borgere", [first, citizen_row(**wrong)])
    assert any(sentence.startswith("række 3: ") and words in sentence for sentence in sentences(outcome))
    assert not any("0101709910" in sentence or "010170-9910" in sentence for sentence in sentences(outcome))
    assert Citizen.objects.count() == len(world.citizens)
