"""The figures behind the picture: what is counted, what is hidden, and that they follow every change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from roedtraad.core import clock
from roedtraad.journeys import occupancy
from roedtraad.organisation.models import AgreedPlaces
from roedtraad.steering.figures import figures
from roedtraad.steering.models import Indicator, IndicatorTarget
from roedtraad.steering.queries import indicators_of, target_picture
from tests import factories as make

KEY = "kapacitetsudnyttelse"


def tree(year: int) -> Any:
    return figures(KEY, 2017)[year]


def test_bed_days_over_agreed_days(scene: Any) -> None:
    offer = tree(2019).by_key["storgaarden"]
    assert (offer.numerator, offer.denominator, offer.persons) == (8 * 365, 10 * 365, 8)
    assert offer.value == Decimal("80.0")


def test_the_top_is_the_sum_of_all(scene: Any) -> None:
    root = tree(2019).root
    assert root.numerator == (8 + 2 + 6 + 9 + 7) * 365
    assert root.denominator == (10 + 4 + 8 + 9 + 10) * 365
    assert tree(2019).top.key == "region"


def test_a_running_year_counts_up_to_today(scene: Any) -> None:
    days = (clock.today() - dt.date(2026, 1, 1)).days + 1
    now = tree(2026)
    assert now.provisional
    assert not tree(2025).provisional
    assert (now.by_key["storgaarden"].numerator, now.by_key["storgaarden"].denominator) == (
        8 * days,
        10 * days,
    )


def test_few_are_hidden_with_company(scene: Any) -> None:
    now = tree(2019)
    hidden = {key for key, unit in now.by_key.items() if unit.hidden}
    assert hidden == {"lillebo", "mellemhuset"}
    assert {
        (now.by_key[key].numerator, now.by_key[key].persons, now.by_key[key].value) for key in hidden
    } == {(None, None, None)}


def test_the_same_few_people_in_two_units_are_one_small_group(scene: Any) -> None:
    """Four people, each in both houses of an offer: the offer is not shown as eight."""
    offer = make.unit("vandrehuset", parent=scene.units["omraade-syd"])
    houses = [make.unit(f"vandrehuset-{n}", kind="hus", parent=offer) for n in (1, 2)]
    for number in range(4):
        citizen = make.citizen()
        for half, house in enumerate(houses):
            bed = make.place(f"{house.key}-{number}", house)
            first, last = (dt.date(2019, 1, 1), dt.date(2019, 6, 30)) if half == 0 else (
                dt.date(2019, 7, 1), dt.date(2019, 12, 31),
            )  # fmt: skip
            make.stay(citizen, bed, first, ordered_end=last, moved_in=True)
    occupancy.refresh()
    now = tree(2019)
    assert all(now.by_key[key].hidden for key in ("vandrehuset", "vandrehuset-1", "vandrehuset-2"))
    assert sum(now.by_key[key].hidden for key in ("vandrehuset", "sydgaarden", "sydhuset")) >= 2


def test_what_is_kept_follows_every_change(scene: Any) -> None:
    before = tree(2019).by_key["storgaarden"].numerator
    bed = make.place("storgaarden-9", scene.units["storgaarden"])
    make.stay(make.citizen(), bed, dt.date(2019, 12, 1), moved_in=True)
    occupancy.refresh()
    assert tree(2019).by_key["storgaarden"].numerator == before + 31
    AgreedPlaces.objects.filter(unit=scene.units["storgaarden"]).update(places=20)
    assert tree(2019).by_key["storgaarden"].denominator == 20 * 365


def test_a_year_is_always_counted_in_its_own_tree(scene: Any) -> None:
    """A unit that moved in 2021 counts where it was in 2019, whatever year the page shows."""
    moved = scene.units["sydhuset"]
    moved.versions.update(valid=make.Period(make.BEGINNING, dt.date(2021, 1, 1)).to_range())
    make.unit("sydhuset", parent=scene.units["omraade-nord"], start=dt.date(2021, 1, 1))
    trend = {item.year: item.value for item in indicators_of(2025, "omraade-syd", key=KEY)[0].measured.trend}
    assert trend[2019] == indicators_of(2019, "omraade-syd", key=KEY)[0].measured.value
    assert trend[2025] == Decimal("100.0")


def test_the_nearest_target_above_a_unit_holds(scene: Any) -> None:
    indicator = Indicator.objects.get(key=KEY)
    north = scene.units["omraade-nord"]
    years = make.Period(dt.date(2019, 1, 1), dt.date(2020, 1, 1)).to_range()
    IndicatorTarget.objects.create(indicator=indicator, unit=north, value=Decimal(80), valid=years)
    assert indicators_of(2019, "storgaarden", key=KEY)[0].measured.target == Decimal(80)
    assert indicators_of(2019, "storgaarden", key=KEY)[0].measured.state == "good"
    assert indicators_of(2019, "sydhuset", key=KEY)[0].measured.target == Decimal(95)
    assert indicators_of(2020, "storgaarden", key=KEY)[0].measured.target == Decimal(95)


def test_marks_get_their_state_from_their_indicators(scene: Any) -> None:
    states = {mark.number: mark.state for mark in target_picture(2019).marks}
    assert states[7] == "attention"
    assert {state for number, state in states.items() if number != 7} == {"none"}
    assert {mark.number: mark.state for mark in target_picture(2025).marks}[1] == "attention"


def test_the_plan_of_the_year_is_shown(scene: Any) -> None:
    assert [target_picture(year).plan.key for year in (2019, 2023, 2024)] == [
        "maalbillede-2017",
        "maalbillede-2017",
        "visions-og-udviklingsplan-2024-27",
    ]


def test_indicators_without_a_source_say_so(scene: Any) -> None:
    views = {view.key: view for view in target_picture(2019).indicators}
    assert views["budgetoverholdelse"].measured.no_data
    assert views["budgetoverholdelse"].sentence == (
        "Budgetoverholdelse: ingen data endnu for 2019. Tallet kommer fra økonomi."
    )


def test_the_answer_in_words(scene: Any) -> None:
    assert target_picture(2020).indicators[1].sentence == (
        "Kapacitetsudnyttelsen er 78,0\u00a0% i 2020. Målet er 95\u00a0%. Den har ligget stabilt siden 2019."
    )
    assert "foreløbigt" in target_picture(2026).indicators[1].sentence
    assert "vises ikke" in target_picture(2020, "lillebo").indicators[1].sentence
