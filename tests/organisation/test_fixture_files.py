"""The organisation's fixture files say what the source documents say, and agree with one another.

Only the CSV files are read: no database and no Django, so a wrong row is found before it is loaded.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from itertools import pairwise

import pytest

FIXTURES = files("roedtraad.organisation") / "fixtures"
DOCUMENTS = {"000", "001", "002", "004", "K"}
KINDS = {
    "region",
    "direktion",
    "spor",
    "driftsfunktion",
    "faellesfunktion",
    "stab",
    "kontor",
    "team",
    "socialstab",
    "specialomraade",
    "tilbud",
    "afdeling",
    "hus",
}
MEASURES = {"medarbejdere", "ansatte", "årsværk", "fuldtidsstillinger", "helårsstillinger", "fastansatte"}
REGION_MIDTJYLLAND = "1082"
FILES = sorted(entry.name.removesuffix(".csv") for entry in FIXTURES.iterdir() if entry.name.endswith(".csv"))

Row = dict[str, str]
Period = tuple[date, date]


def rows(name: str) -> list[Row]:
    """All rows of one fixture file."""
    text = (FIXTURES / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def period(row: Row) -> Period:
    """The half-open validity of a row; an open end becomes the last date there is."""
    return date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"] or date.max.isoformat())


def valid_on(day: str, kind: str) -> list[Row]:
    """The versions of units of one kind that hold on a day."""
    when = date.fromisoformat(day)
    hits = [row for row in rows("units") if row["kind"] == kind]
    return [row for row in hits if period(row)[0] <= when < period(row)[1]]


def lives(table: Iterable[Row]) -> dict[str, list[Period]]:
    """Each key's periods in order of time."""
    found: dict[str, list[Period]] = defaultdict(list)
    for row in table:
        found[row["key"]].append(period(row))
    return {key: sorted(periods) for key, periods in found.items()}


def covers(periods: list[Period], inner: Period) -> bool:
    """Whether the periods, joined where they meet, hold the whole inner period."""
    reached = inner[0]
    for start, end in periods:
        if start <= reached < end:
            reached = end
    return reached >= inner[1]


@pytest.mark.parametrize("name", FILES)
def test_every_row_names_its_document_and_section(name: str) -> None:
    table = rows(name)
    assert table
    for row in table:
        assert row["document"] in DOCUMENTS, row
        assert row["section"], row
        assert None not in row and None not in row.values(), row


@pytest.mark.parametrize(
    ("day", "areas", "offers"),
    [("2013-12-31", 9, 31), ("2017-01-01", 8, 39), ("2020-07-01", 8, 39), ("2026-11-01", 8, 39)],
)
def test_areas_and_offers_on_a_day(day: str, areas: int, offers: int) -> None:
    assert len(valid_on(day, "specialomraade")) == areas
    assert len(valid_on(day, "tilbud")) == offers


def test_offers_per_area_are_those_of_the_documents() -> None:
    def per_area(day: str) -> dict[str, int]:
        counted: dict[str, int] = defaultdict(int)
        for row in valid_on(day, "tilbud"):
            counted[row["parent_key"]] += 1
        return dict(counted)

    assert per_area("2013-12-31") == {
        "ikh-omraade": 1,
        "sua": 7,
        "sau": 3,
        "soh": 3,
        "svo": 6,
        "dok": 3,
        "holmstrupgaard-omraade": 1,
        "socialpsykiatri-boern-unge": 3,
        "udviklingsforstyrrelser-fysisk-handicap": 4,
    }
    assert per_area("2026-11-01") == {
        "sau": 9,
        "soh": 5,
        "svo": 4,
        "sua": 5,
        "sbu": 8,
        "dok": 4,
        "ikh-omraade": 1,
        "holmstrupgaard-omraade": 3,
    }


@pytest.mark.parametrize("name", ["units", "posts", "med_committees"])
def test_versions_of_one_key_never_overlap(name: str) -> None:
    for key, periods in lives(rows(name)).items():
        for start, end in periods:
            assert start < end, key
        for (_, end), (start, _) in pairwise(periods):
            assert end <= start, key


def test_versions_of_one_unit_follow_without_a_gap_and_keep_their_kind() -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows("units"):
        kinds[row["key"]].add(row["kind"])
    assert all(len(found) == 1 and found <= KINDS for found in kinds.values())
    for key, periods in lives(rows("units")).items():
        assert covers(periods, (periods[0][0], periods[-1][1])), key


def test_a_new_version_differs_from_the_one_before() -> None:
    facts = ("name", "parent_key", "manager_title", "municipality_code")
    last: dict[str, Row] = {}
    for row in sorted(rows("units"), key=lambda each: each["valid_from"]):
        before = last.get(row["key"])
        assert before is None or any(before[fact] != row[fact] for fact in facts), row
        last[row["key"]] = row


def test_every_parent_lives_throughout_its_child() -> None:
    table = rows("units")
    alive = lives(table)
    roots = {row["key"] for row in table if not row["parent_key"]}
    assert roots == {"region-midtjylland"}
    for row in table:
        if row["parent_key"]:
            assert covers(alive[row["parent_key"]], period(row)), row


def test_date_basis_and_texts_are_filled() -> None:
    for row in rows("units"):
        assert row["date_basis"] in {"document", "assumption"}, row
        assert row["name"] and row["short_name"], row
        assert len(row["tasks"]) <= 100, row


def test_every_offer_lies_in_a_municipality_of_the_region() -> None:
    in_region = {row["code"] for row in rows("municipalities") if row["region_code"] == REGION_MIDTJYLLAND}
    offers = [row for row in rows("units") if row["kind"] == "tilbud"]
    for row in offers:
        assert row["municipality_code"] in in_region, row
        assert row["municipality_basis"] in {"document", "K", "K-usikker"}, row
    for row in rows("units"):
        assert bool(row["municipality_code"]) == bool(row["municipality_basis"]), row


def test_every_unit_of_2013_can_be_followed_to_2026() -> None:
    alive = lives(rows("units"))
    today = date(2026, 11, 1)
    after: dict[str, list[Row]] = defaultdict(list)
    for row in rows("successions"):
        after[row["predecessor_key"]].append(row)

    def followed(key: str) -> bool:
        if alive[key][-1][1] > today:
            return True
        steps = after[key]
        return bool(steps) and all(
            step["kind"] == "closed" or followed(step["successor_key"]) for step in steps
        )

    of_2013 = valid_on("2013-12-31", "specialomraade") + valid_on("2013-12-31", "tilbud")
    assert [row["key"] for row in of_2013 if not followed(row["key"])] == []


def test_every_ended_unit_has_a_succession_on_its_last_day() -> None:
    alive = lives(rows("units"))
    steps = rows("successions")
    for step in steps:
        on = date.fromisoformat(step["on"])
        assert step["kind"] in {"merged", "renamed", "moved", "split", "closed"}, step
        assert (step["kind"] == "closed") == (not step["successor_key"]), step
        assert alive[step["predecessor_key"]][-1][1] in {on, date.max}, step
        if step["successor_key"]:
            assert any(start <= on < end for start, end in alive[step["successor_key"]]), step
    predecessors = {step["predecessor_key"] for step in steps}
    assert {key for key, periods in alive.items() if periods[-1][1] != date.max} <= predecessors


def test_socialomraadet_became_its_own_on_1_july_2020() -> None:
    def parent_on(day: str) -> str:
        found = [row for row in valid_on(day, "driftsfunktion") if row["key"] == "socialomraadet"]
        return found[0]["parent_key"]

    assert parent_on("2020-06-30") == "psykiatri-og-social"
    assert parent_on("2020-07-01") == "region-midtjylland"
    offices = [row for row in valid_on("2020-07-01", "kontor") if row["parent_key"] == "socialstaben"]
    assert len(offices) == 3
    assert valid_on("2020-06-30", "socialstab") == []


def test_two_hr_offices_became_one_on_1_march_2026() -> None:
    def keys(day: str) -> set[str]:
        return {row["key"] for row in valid_on(day, "kontor") if row["key"].startswith("hr-")}

    before, after = keys("2026-02-28"), keys("2026-03-01")
    assert before - after == {"hr-arbejdsmiljoe", "hr-organisation-ledelse"}
    assert after - before == {"hr-arbejdsmiljoe-ledelse"}


def test_headcounts_keep_the_meaning_of_their_wording() -> None:
    alive = lives(rows("units"))
    for row in rows("headcounts"):
        low, number, high = row["low"], row["number"], row["high"]
        digits = re.sub(r"\D", "", row["wording"])
        assert not digits or digits == number, row
        word = row["wording"].split()[0]
        if word in {"godt", "over"}:
            assert (low, high) == (number, ""), row
        elif word in {"knap", "knapt"}:
            assert (low, high) == ("", number), row
        elif word in {"ca.", "cirka", "omkring"}:
            assert (low, high) == ("", ""), row
        else:
            assert low == high == number, row
        assert float(number) > 0 and row["measure"] in MEASURES, row
        as_of = date.fromisoformat(row["as_of"])
        assert any(start <= as_of < end for start, end in alive[row["key"]]), row


def test_a_unit_has_one_total_per_day_and_measure() -> None:
    totals = [(row["key"], row["as_of"], row["measure"]) for row in rows("headcounts") if not row["scope"]]
    assert len(totals) == len(set(totals))


def test_posts_belong_to_a_unit_that_lives() -> None:
    alive = lives(rows("units"))
    for row in rows("posts"):
        assert covers(alive[row["unit_key"]], period(row)), row
        assert int(row["holders"]) >= 0, row
        assert row["is_body"] in {"yes", "no"}, row


def test_each_area_has_one_chief_for_its_whole_life() -> None:
    chiefs = {row["unit_key"]: period(row) for row in rows("posts") if row["title"] == "Områdechef"}
    areas = lives(row for row in rows("units") if row["kind"] == "specialomraade")
    assert {key: [chief] for key, chief in chiefs.items()} == areas


def test_reference_lines_join_two_posts_while_both_exist() -> None:
    alive = lives(rows("posts"))
    for row in rows("reference_lines"):
        assert row["kind"] in {"formal", "practical"}, row
        assert row["post_key"] != row["refers_to_key"], row
        assert covers(alive[row["post_key"]], period(row)), row
        assert covers(alive[row["refers_to_key"]], period(row)), row


def test_chiefs_referred_formally_to_the_joint_leadership_until_2020() -> None:
    def lines(day: str) -> set[tuple[str, str]]:
        when = date.fromisoformat(day)
        return {
            (row["refers_to_key"], row["kind"])
            for row in rows("reference_lines")
            if row["post_key"].startswith("omraadechef-") and period(row)[0] <= when < period(row)[1]
        }

    assert lines("2020-06-30") == {
        ("psykiatri-og-socialledelsen", "formal"),
        ("socialdirektoer", "practical"),
    }
    assert lines("2020-07-01") == {("socialdirektoer", "formal")}


def test_every_committee_covers_a_unit_while_both_exist() -> None:
    units = lives(rows("units"))
    committees = lives(rows("med_committees"))
    assert {row["level"] for row in rows("med_committees")} == {"region", "hoved", "lokal"}
    coverage = rows("med_coverage")
    for row in coverage:
        assert covers(units[row["unit_key"]], period(row)), row
        assert covers(committees[row["committee_key"]], period(row)), row
    assert {row["committee_key"] for row in coverage} == set(committees)
    covered = {row["unit_key"] for row in coverage if row["committee_key"].startswith("lokal-med-")}
    assert {row["key"] for row in rows("units") if row["kind"] == "tilbud"} <= covered


def extra_pay(key: str) -> int:
    """A scenario's yearly extra pay in kroner, with that of the scenario it builds on."""
    base = next(row["base_key"] for row in rows("scenarios") if row["key"] == key)
    own = sum(
        int(row["count"]) * int(row["yearly_pay"])
        for row in rows("scenario_posts")
        if row["scenario_key"] == key
    )
    return own + (extra_pay(base) if base else 0)


def test_scenario_sums_are_those_of_the_hearing_note() -> None:
    assert extra_pay("model-1") == 500_000
    assert extra_pay("model-2") == 1_500_000
    assert extra_pay("model-1-to-vicedirektoerer") - extra_pay("model-1") == 1_100_000
    assert extra_pay("model-2-tre-direktoerer") - extra_pay("model-2") == 1_300_000


def test_only_model_1_fits_the_room_of_2020() -> None:
    (row,) = [row for row in rows("leadership_room") if row["year"] == "2020"]
    room = int(row["merafloeft"]) - int(row["set_aside"])
    assert room == 1_100_000
    assert [s["key"] for s in rows("scenarios") if extra_pay(s["key"]) <= room] == ["model-1"]


def test_scenario_rows_point_at_a_scenario_and_know_their_actions() -> None:
    keys = {row["key"] for row in rows("scenarios")}
    for row in rows("scenario_posts"):
        assert row["scenario_key"] in keys, row
        assert row["action"] in {"add", "reclass", "remove", "vacate"}, row
        assert (row["action"] == "reclass") == bool(row["from_title"]), row
        assert row["basis"] in {"document", "derived"}, row
    assert {row["scenario_key"] for row in rows("scenario_lines")} == keys


def test_one_printed_staffing_percent_differs_from_the_computed_one() -> None:
    """250 of 2,224 posts are 11.2 %; the hearing note prints 11.3 % (the printed figures sum to 100.1)."""
    table = rows("staffing_facts")
    total = sum(int(row["fte"]) for row in table)
    assert total == 2224
    computed = {row["category"]: f"{100 * int(row['fte']) / total:.1f}" for row in table}
    differing = [
        (row["category"], computed[row["category"]], row["printed_percent"])
        for row in table
        if computed[row["category"]] != row["printed_percent"]
    ]
    assert differing == [("Øvrige", "11.2", "11.3")]


def test_market_share_agrees_with_the_printed_percent() -> None:
    for row in rows("national_places"):
        assert round(100 * int(row["own_places"]) / int(row["places"])) == int(row["printed_percent"]), row


def test_places_of_both_age_groups_are_the_agreed_residential_places() -> None:
    own = sum(int(row["own_places"]) for row in rows("national_places"))
    agreed = {(row["year"], row["category"]): int(row["places"]) for row in rows("agreement_facts")}
    assert own == agreed["2020", "residential"]
    assert agreed == {
        ("2013", "residential"): 1022,
        ("2013", "day"): 775,
        ("2020", "residential"): 905,
        ("2020", "day"): 589,
    }


def test_unique_citizens_of_2019_are_those_of_the_hearing_note() -> None:
    counted = {(row["year"], row["category"]): int(row["unique_citizens"]) for row in rows("usage_facts")}
    assert counted == {("2019", "residential"): 1058, ("2019", "day"): 914}


def test_turnover_shares_sum_to_a_whole_and_one_label_is_certain() -> None:
    shares = [row for row in rows("turnover_facts") if row["measure"] == "share"]
    assert sum(int(row["value"]) for row in shares) == 100
    certain = [(row["label"], row["value"]) for row in shares if row["basis"] == "document"]
    assert certain == [("Region Midtjylland", "74")]


def test_municipalities_change_region_once_in_2027() -> None:
    table = rows("municipalities")
    regions = {row["code"]: row for row in rows("regions")}
    assert len({row["code"] for row in table}) == 99
    for row in table:
        if row["region_code"]:
            region = regions[row["region_code"]]
            assert region["name"] == row["region_name"], row
            assert covers([period(region)], period(row)), row
    merged = [row for row in table if row["region_name"] == "Region Østdanmark"]
    assert len(merged) == 46
    assert {row["valid_from"] for row in merged} == {"2027-01-01"}


def test_every_municipality_has_one_position_in_denmark() -> None:
    table = rows("municipality_positions")
    codes = [row["code"] for row in table]
    assert len(codes) == len(set(codes))
    assert set(codes) == {row["code"] for row in rows("municipalities")}
    for row in table:
        assert 54.5 < float(row["lat"]) < 57.8 and 8.0 < float(row["lon"]) < 15.3, row
