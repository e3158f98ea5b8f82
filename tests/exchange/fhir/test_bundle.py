"""A report goes out as KL's guide says, without a word of free text, and comes in as the same plan."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from roedtraad.core.refusal import Refusal
from roedtraad.exchange.fhir import build, profiles, read, rules, shape
from roedtraad.exchange.fhir.rules import Report
from roedtraad.exchange.fhir.terms import Part, Terms, missing, read_codes
from roedtraad.practice.rules import kl_ffb
from tests.exchange.fhir.plans import reports
from tests.exchange.fhir.terms import CONDITIONS, TERMS, ffb_csv, ffb_json

MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(reports())
def test_out_checked_and_in_again_is_the_same_plan(report: Report) -> None:
    assert rules.lacks(replace(report, plan=kl_ffb.without_text(report.plan)), TERMS) == []
    made = build.bundle(report, TERMS)
    assert shape.shape_faults(made) == []
    assert profiles.faults(made) == []
    again = read.report_of(shape.parsed(json.dumps(made).encode()), TERMS)
    assert again == replace(report, plan=kl_ffb.without_text(report.plan))


@MANY
@given(reports())
def test_no_free_text_leaves_the_house(report: Report) -> None:
    plan = report.plan
    texts = [
        plan.text,
        *(item.text for group in (plan.conditions, plan.goals, plan.interventions) for item in group),
    ]
    written = json.dumps(build.bundle(report, TERMS), ensure_ascii=False)
    for text in texts:
        assert text.strip() == "" or text not in written
    assert not any(sign in written for sign in "æøåÆØÅ☀")


def leaves(value: Any) -> Iterator[tuple[Any, str]]:
    """Every place in a bundle where something could be put beside what is there."""
    if isinstance(value, dict):
        for name, inner in list(value.items()):
            yield value, name
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


@MANY
@given(reports())
def test_a_text_put_in_anywhere_is_found(report: Report) -> None:
    made = build.bundle(report, TERMS)
    places = list(leaves(made["entry"]))
    for number in range(0, len(places), 7):
        other = copy.deepcopy(made)
        holder, _name = list(leaves(other["entry"]))[number]
        holder["text"] = "Ane har det godt"
        assert any("Fri tekst" in sentence for sentence in profiles.faults(other))


@MANY
@given(reports())
def test_what_a_profile_asks_for_is_missed(report: Report) -> None:
    made = build.bundle(report, TERMS)
    for number, entry in enumerate(made["entry"]):
        profile = profiles.PROFILES[profiles.profile_of(entry["resource"])]
        for name in sorted(profile.must - {"basedOn", "focus"}):
            other = copy.deepcopy(made)
            del other["entry"][number]["resource"][name]
            assert any(f"»{name}«" in sentence for sentence in profiles.faults(other)), name


@MANY
@given(reports())
def test_unknown_codes_are_told_and_nothing_is_guessed(report: Report) -> None:
    made = build.bundle(report, TERMS)
    poorer = Terms(tuple(code for code in TERMS.codes if code.part is not Part.SERVICE), {"another": True})
    if report.plan.conditions or report.plan.interventions:
        with pytest.raises(read.Unreadable) as refused:
            read.report_of(made, poorer)
        assert all("ikke i den terminologi" in sentence for sentence in refused.value.sentences)


def test_without_the_terminology_it_says_what_is_missing() -> None:
    nothing = missing(Terms())
    assert [sentence.split(" er ikke")[0] for sentence in nothing] == [
        "Fælles Faglige Begreber (FFB)",
        "KL's fælles koder (CareSocialCodes)",
    ]
    assert len(missing(Terms(tuple(read_codes(ffb_json())), CONDITIONS))) == 1
    assert missing(TERMS) == []


def test_the_codes_are_found_in_csv_and_json_alike() -> None:
    assert read_codes(ffb_csv()) == read_codes(ffb_json())
    assert {part: len(TERMS.listed(part)) for part in Part} == {
        Part.LEVEL: 6,
        Part.NEED: 5,
        Part.KIND: 3,
        Part.DECISION: 3,
        Part.SERVICE: 3,
        Part.OFFER: 1,
        Part.GROUP: 3,
        Part.TECHNICAL: 5,
    }


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"concept": [1]}', b"a,b\n1,2", b"\xff\xfe", b'{"concept": []}']
)
def test_a_file_without_codes_is_refused(raw: bytes) -> None:
    with pytest.raises(Refusal):
        read_codes(raw)


NOT_FHIR = [
    (b"", "kan ikke læses som JSON"),
    (b"[]", "ikke en samling"),
    (b"[" * 100_000, "kan ikke læses som JSON"),
    (b'{"resourceType": "Patient"}', "ikke en samling"),
    (
        b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Goal"}}]}',
        "følger ikke FHIR R4",
    ),
    (b" " * (shape.LARGEST + 1), "fylder mere end"),
]


@pytest.mark.parametrize(("raw", "words"), NOT_FHIR)
def test_what_is_no_fhir_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(shape.NotFhir, match=words):
        shape.parsed(raw)


@MANY
@given(reports())
def test_what_keeps_a_report_back_is_said(report: Report) -> None:
    plan = kl_ffb.without_text(report.plan)
    for wrong, words in (
        (replace(report, cpr=""), "intet CPR-nummer"),
        (replace(report, organisation="x"), "organisationsnummer (STS)"),
        (replace(report, offer="x"), "Tilbudstypen er ikke på listen"),
        (replace(report, plan=replace(plan, case_number="Anes sag")), "Sagsnummeret må kun have"),
        (replace(report, plan=replace(plan, case_number="")), "mangler kommunens sagsnummer"),
    ):
        sentences = [lack.sentence for lack in rules.lacks(wrong, TERMS)]
        assert any(words in sentence for sentence in sentences), words
