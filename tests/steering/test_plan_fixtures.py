"""The fixtures of the target picture hold what documents 001 and 003 hold: counts, numbers, sources."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "src" / "roedtraad" / "steering" / "fixtures"
MAX_TEXT = 160
MAX_EFFORT_WORDS = 12
MAX_TITLE_WORDS = 6

Node = dict[str, Any]

# Bullets under each pejlemærke, counted in the text of document 001.
EFFORTS = {1: 4, 2: 2, 3: 5, 4: 4, 5: 6, 6: 3, 7: 3, 8: 3, 9: 2, 10: 4, 11: 2, 12: 3, 13: 4, 14: 4, 15: 4}

# Bullets per year in the timetable of document 001, in the order of the tracks.
TIMETABLE = {2024: [5, 4, 4], 2025: [6, 5, 6]}

UN_GOALS = [
    {13: ["13.2"], 16: ["16.6", "16.7"], 17: ["17.17"]},
    {3: ["3.4", "3.5"], 10: ["10.2", "10.3"]},
    {4: ["4.4"], 8: ["8.5", "8.6"]},
]

HEADINGS = [
    (1, "Attraktiv samarbejdspartner"),
    (2, "Attraktiv samarbejdspartner"),
    (3, "Tætte partnerskaber"),
    (4, "Videndeling på tværs"),
    (5, "Et grønnere socialområde"),
    (6, "Medansvar til borgere og pårørende"),
    (7, "En del af fællesskabet"),
    (8, "Lighed i sundhed"),
    (9, "Lighed i sundhed"),
    (10, "Helhedsorienterede indsatser"),
    (11, "Mere tid til borgeren"),
    (12, "Mere tid til borgeren"),
    (13, "Tiltrække dygtige medarbejdere"),
    (14, "Attraktiv arbejdsplads skaber tilknytning"),
    (15, "Udvikling af medarbejdere og ledere"),
]


def load(name: str) -> Any:
    """Read one fixture file."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plans() -> dict[str, Node]:
    return {plan["key"]: plan for plan in load("plans.json")["plans"]}


@pytest.fixture(scope="module")
def picture(plans: dict[str, Node]) -> Node:
    return plans["maalbillede-2017"]


@pytest.fixture(scope="module")
def vision_plan(plans: dict[str, Node]) -> Node:
    return plans["visions-og-udviklingsplan-2024-27"]


@pytest.fixture(scope="module")
def indicators() -> list[Node]:
    found: list[Node] = load("indicators.json")["indicators"]
    return found


def pejlemaerker(plan: Node) -> list[Node]:
    """All pejlemærker of a plan, in the order of its tracks."""
    return [mark for track in plan["tracks"] for mark in track["pejlemaerker"]]


def sourced_nodes(plan: Node) -> Iterator[Node]:
    """The plan and everything in it that must name its source."""
    yield plan
    for track in plan["tracks"]:
        yield track
        for part in ("statements", "goals", "pejlemaerker", "un_goals", "timetable"):
            yield from track[part]
        for mark in track["pejlemaerker"]:
            yield from mark["efforts"]


def strings(node: Any) -> Iterator[str]:
    """Every text value anywhere below a node."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def test_there_are_the_two_plans_one_after_the_other(picture: Node, vision_plan: Node) -> None:
    assert [plan["key"] for plan in load("plans.json")["plans"]] == [picture["key"], vision_plan["key"]]
    assert (picture["kind"], vision_plan["kind"]) == ("maalbillede", "visions_og_udviklingsplan")
    assert (picture["valid_from"], picture["valid_to"]) == ("2017-01-01", "2024-01-01")
    assert (vision_plan["valid_from"], vision_plan["valid_to"]) == ("2024-01-01", "2028-01-01")
    assert picture["successor_of"] is None
    assert vision_plan["successor_of"] == picture["key"]
    assert picture["valid_basis"]


def test_the_visions_are_the_documents_own_names(picture: Node, vision_plan: Node) -> None:
    assert picture["vision"] == "Et socialområde med borgeren som aktiv medborger"
    assert vision_plan["vision"] == "Vi understøtter borgeren i at udleve ønsker, håb og drømme"


def test_each_plan_has_its_three_tracks(picture: Node, vision_plan: Node) -> None:
    assert [(t["number"], t["name"]) for t in picture["tracks"]] == [
        (1, "Faglig indsats af høj kvalitet målrettet den enkelte borger"),
        (2, "Sammenhæng og tilfredshed"),
        (3, "Et effektivt socialområde"),
    ]
    assert [(t["number"], t["name"]) for t in vision_plan["tracks"]] == [
        (1, "Ét socialområde"),
        (2, "Det hele menneske"),
        (3, "Fagligt stærke specialområder"),
    ]


def test_the_picture_of_2017_has_seven_goals_under_the_right_tracks(picture: Node) -> None:
    assert [[goal["name"] for goal in track["goals"]] for track in picture["tracks"]] == [
        ["Udvikling for borgeren", "Høj faglighed i indsatsen", "Høj sikkerhed"],
        ["Sammenhæng i indsatsen", "Oplevet borgertilfredshed", "Kommunernes foretrukne eksterne valg"],
        ["God økonomi og relevant aktivitet"],
    ]
    assert [goal["number"] for track in picture["tracks"] for goal in track["goals"]] == list(range(1, 8))


def test_each_plan_has_only_the_parts_its_document_has(picture: Node, vision_plan: Node) -> None:
    for track in picture["tracks"]:
        assert [track[part] for part in ("statements", "pejlemaerker", "un_goals", "timetable")] == [[]] * 4
    assert [track["goals"] for track in vision_plan["tracks"]] == [[], [], []]


def test_nine_statements_three_in_each_column(vision_plan: Node) -> None:
    for track in vision_plan["tracks"]:
        assert [statement["number"] for statement in track["statements"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("track", "words"),
    [
        (0, ["tværfagligt", "viden", "klimaet"]),
        (1, ["hele borgeren", "pårørende", "sundhed"]),
        (2, ["specialiserede", "vaner", "arbejdsplads"]),
    ],
)
def test_a_statement_stands_in_the_column_it_is_printed_in(
    vision_plan: Node, track: int, words: list[str]
) -> None:
    statements = vision_plan["tracks"][track]["statements"]
    for statement, word in zip(statements, words, strict=True):
        assert word in statement["text"]


def test_fifteen_pejlemaerker_five_to_a_track_under_their_headings(vision_plan: Node) -> None:
    assert [[mark["number"] for mark in track["pejlemaerker"]] for track in vision_plan["tracks"]] == [
        list(range(1, 6)),
        list(range(6, 11)),
        list(range(11, 16)),
    ]
    assert [(mark["number"], mark["heading"]) for mark in pejlemaerker(vision_plan)] == HEADINGS


def test_every_bullet_of_a_pejlemaerke_is_an_effort(vision_plan: Node) -> None:
    assert {mark["number"]: len(mark["efforts"]) for mark in pejlemaerker(vision_plan)} == EFFORTS
    for mark in pejlemaerker(vision_plan):
        assert [effort["number"] for effort in mark["efforts"]] == list(range(1, len(mark["efforts"]) + 1))


def test_titles_and_efforts_are_short(vision_plan: Node) -> None:
    for mark in pejlemaerker(vision_plan):
        assert len(mark["title"].split()) <= MAX_TITLE_WORDS, mark["title"]
        for effort in mark["efforts"]:
            assert len(effort["text"].split()) <= MAX_EFFORT_WORDS, effort["text"]


def test_titles_of_pejlemaerker_differ(vision_plan: Node) -> None:
    titles = [mark["title"] for mark in pejlemaerker(vision_plan)]
    assert len(set(titles)) == len(titles)


def test_seven_un_goals_with_exactly_the_named_sub_goals(vision_plan: Node) -> None:
    found = [
        {goal["number"]: [target["code"] for target in goal["targets"]] for goal in track["un_goals"]}
        for track in vision_plan["tracks"]
    ]
    assert found == UN_GOALS


def test_the_timetable_has_every_bullet_by_year_and_track(vision_plan: Node) -> None:
    for year, counts in TIMETABLE.items():
        found = [[line for line in t["timetable"] if line["year"] == year] for t in vision_plan["tracks"]]
        assert [len(lines) for lines in found] == counts
    years = {line["year"] for track in vision_plan["tracks"] for line in track["timetable"]}
    assert years == set(TIMETABLE)


def test_every_node_names_its_document_and_section(plans: dict[str, Node], indicators: list[Node]) -> None:
    documents = {"maalbillede-2017": "003", "visions-og-udviklingsplan-2024-27": "001"}
    for key, plan in plans.items():
        for node in sourced_nodes(plan):
            assert node["source"]["document"] == documents[key]
            assert node["source"]["section"]
    for indicator in indicators:
        from_the_record = indicator["data_source"] == "practice"
        assert indicator["source"]["document"] == ("002" if from_the_record else "003")
        assert indicator["source"]["section"].startswith(
            "Dokumentation af indsats" if from_the_record else "3.4 "
        )


@pytest.mark.parametrize("name", ["plans.json", "indicators.json"])
def test_no_text_is_long_empty_or_scarred_by_the_pdf(name: str) -> None:
    # What is left of words whose "fl" or "fi" the PDF's text layer dropped.
    scars = ("feksib", "fere ", "fnde", "fnans", "defnit", "profler", "specifk", "indfyd", "kvalifc")
    file = load(name)
    # How we count is our own text and may be as long as its column; only what is a document's must be short.
    for indicator in file.get("indicators", []):
        assert 0 < len(indicator.pop("definition")) <= 400
        assert 0 < len(indicator.pop("definition_basis")) <= 400
    for text in strings(file):
        assert 0 < len(text) <= MAX_TEXT, text
        assert text == text.strip()
        assert not [scar for scar in scars if scar in f"{text.lower()} "], text


def test_keys_are_unique(plans: dict[str, Node], indicators: list[Node]) -> None:
    keys = list(plans)
    for plan in plans.values():
        for track in plan["tracks"]:
            keys += [track["key"], *(goal["key"] for goal in track["goals"])]
    keys += [indicator["key"] for indicator in indicators]
    assert len(set(keys)) == len(keys)


def test_the_indicators_and_who_feeds_them(indicators: list[Node]) -> None:
    assert [(i["number"], i["key"], i["data_source"], i["direction"]) for i in indicators] == [
        (1, "budgetoverholdelse", "economy", "band"),
        (2, "kapacitetsudnyttelse", "journeys", "up"),
        (3, "tilfredshed", "voices", "up"),
        (4, "maal-naaet", "practice", "up"),
        (5, "maal-gaaet-tilbage", "practice", "down"),
    ]
    for indicator in indicators:
        assert indicator["unit"] == "procent"
        assert indicator["numerator"] and indicator["denominator"] and indicator["question"]


def test_an_indicator_hangs_on_goals_and_pejlemaerker_that_exist(
    plans: dict[str, Node], vision_plan: Node, indicators: list[Node]
) -> None:
    numbers = {mark["number"] for mark in pejlemaerker(vision_plan)}
    for indicator in indicators:
        plan = plans[indicator["plan_key"]]
        goals = {goal["key"] for track in plan["tracks"] for goal in track["goals"]}
        assert indicator["goal_keys"] and set(indicator["goal_keys"]) <= goals
        assert indicator["pejlemaerke_numbers"] and set(indicator["pejlemaerke_numbers"]) <= numbers
        assert indicator["pejlemaerke_basis"] == "suggested"
        assert date.fromisoformat(plan["valid_from"]) <= date.fromisoformat(indicator["valid_from"])


def test_only_capacity_has_a_target_and_it_says_it_is_assumed(indicators: list[Node]) -> None:
    targets = {i["key"]: [(t["value"], t["basis"]) for t in i["targets"]] for i in indicators}
    assert targets == {
        "budgetoverholdelse": [],
        "kapacitetsudnyttelse": [(95, "assumption")],
        "tilfredshed": [],
        "maal-naaet": [],
        "maal-gaaet-tilbage": [],
    }
    for target in (t for i in indicators for t in i["targets"]):
        assert target["year_from"] <= target["year_to"]
        assert target["note"]
