"""An order is read as it comes; what nothing can be done without is asked for in sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.exchange.fhir import shape
from roedtraad.exchange.fhir.order import Order, Person, order_of, outcome
from tests.exchange.fhir.orders import ORDER, careplan, order

NAMES = {"s": "Længerevarende ophold"}


def test_an_order_is_fhir_and_says_what_is_asked_for() -> None:
    assert shape.shape_faults(ORDER) == []
    assert order_of(ORDER, NAMES) == Order(
        sender="Viborg Kommune",
        receiver="Elmehuset",
        cpr="1502799995",
        first_name="Kaya Ø",
        last_name="Prøvesen",
        address="Bakkevej 1, 8800 Viborg",
        starts_on="2026-08-01",
        municipality="0791",
        wishes=("Jeg vil gerne bo et sted med en have.",),
        goals=("Jeg laver mad sammen med de andre.",),
        target_groups=("Autisme",),
        services=("Længerevarende ophold",),
        people=(
            Person("afsender", "Viborg Kommune"),
            Person("koordinerende myndighed", "Viborg Kommune"),
            Person("værge", "Ida Værge", "12345678"),
        ),
        guardianship="værgemålslovens § 5",
        account="K-77",
        ean="5790000120420",
        documents=("Udredning fra kommunen",),
    )


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**ORDER, "type": "collection"}, "ikke en meddelelse"),
    ({**ORDER, "entry": ORDER["entry"][1:]}, "begynder ikke med et hoved"),
    (order(MessageHeader={"eventCoding": {"code": "andet"}}), "ikke en bestilling"),
    (order(MessageHeader={"destination": [{"endpoint": "x"}]}), "hvilket tilbud den er til"),
    (order(MessageHeader={"destination": [{"name": "Elmehuset"}]}), "modtagerens adresse"),
    (order(MessageHeader={"focus": [{"reference": "Account/account"}]}), "peger ikke på den plan"),
    (careplan(subject={"reference": "Patient/nobody"}), "hvem den er til"),
    (order(Patient={"identifier": None}), "mangler et CPR-nummer"),
    (
        order(Patient={"identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": "3102799995"}]}),
        "mangler et CPR-nummer",
    ),
    (order(Patient={"name": None}), "mangler fornavn eller efternavn"),
]


@pytest.mark.parametrize(("bundle", "words"), REFUSED)
def test_what_is_no_order_is_refused_in_words(bundle: dict[str, Any], words: str) -> None:
    with pytest.raises(shape.NotFhir) as refused:
        order_of(bundle, NAMES)
    assert any(words in sentence for sentence in refused.value.sentences)
    answer = outcome(refused.value.sentences)
    assert answer["issue"][0]["diagnostics"] == refused.value.sentences[0]
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    OperationOutcome.model_validate(answer)


REMARKS: list[tuple[dict[str, Any], str]] = [
    (careplan(addresses=None), "ingen målgruppe"),
    (careplan(period=None), "hvornår planen begynder"),
    (careplan(extension=None), "handlekommune"),
    (order(MessageHeader={}, Account={"identifier": []}), ""),
]


@pytest.mark.parametrize(("bundle", "words"), REMARKS)
def test_the_rest_may_be_missing(bundle: dict[str, Any], words: str) -> None:
    remarks = order_of(bundle, NAMES).remarks
    assert [words in remark for remark in remarks] == ([True] if words else [])


def test_an_ean_that_cannot_be_is_told() -> None:
    changed = order()
    changed["entry"][3]["resource"]["identifier"][0]["value"] = "5790000120421"
    assert order_of(changed, NAMES).remarks == ("EAN-nummeret til fakturaen kan ikke være rigtigt.",)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_with_any_part_taken_away_it_is_read_or_refused(data: st.DataObject) -> None:
    made = order()
    for _n in range(data.draw(st.integers(1, 4))):
        resource = data.draw(st.sampled_from(made["entry"]))["resource"]
        removable = sorted(set(resource) - {"resourceType"})
        if removable:
            del resource[data.draw(st.sampled_from(removable))]
    try:
        found = order_of(made, NAMES)
    except shape.NotFhir as refused:
        assert refused.sentences
    else:
        assert found.cpr and found.receiver
